// Package driver is the part of NVIDIA's driver API, and of its libraries NVRTC, cuBLASLt
// and NCCL, that the backend uses, under NVIDIA's names. Libraries are loaded when they
// are first wanted, without cgo.
package driver

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unsafe"

	"github.com/ebitengine/purego"
)

// Linker finds the functions of a library.
type Linker interface {
	Symbol(name string) (uintptr, error)
}

// The driver's objects. The zero value of each is none.
type (
	Device   int32
	Context  uintptr
	Stream   uintptr
	Event    uintptr
	Module   uintptr
	Function uintptr
	// DevicePtr is an address of the GPU.
	DevicePtr uint64
)

// Result is what a call of the driver gives; 0 is success.
type Result uint32

// The results that callers tell apart.
const (
	Success       Result = 0
	OutOfMemory   Result = 2
	NotReady      Result = 600
	NotSupported  Result = 801
	PeerEnabled   Result = 704
	InvalidSource Result = 300
)

// The constants of the calls.
const (
	HostAllocPortable  = 1
	HostAllocDeviceMap = 2
	StreamNonBlocking  = 1
	EventBlockingSync  = 1
	EventDisableTiming = 2
)

// Attribute is a fact of a device.
type Attribute int32

// The attributes that are asked for.
const (
	MaxThreadsPerBlock           Attribute = 1
	MultiprocessorCount          Attribute = 16
	ComputeCapabilityMajor       Attribute = 75
	ComputeCapabilityMinor       Attribute = 76
	MaxSharedMemoryPerBlockOptin Attribute = 97

	FuncMaxThreads           int32 = 0
	FuncMaxDynamicSharedSize int32 = 8
)

// functions are the addresses of what is called; the fields' names with cu before
// them, and the suffix of their tag, are the library's.
type functions struct {
	Init                    uintptr
	DriverGetVersion        uintptr
	DeviceGetCount          uintptr
	DeviceGet               uintptr
	DeviceGetName           uintptr
	DeviceTotalMem          uintptr `suffix:"_v2"`
	DeviceGetAttribute      uintptr
	DeviceGetUuid           uintptr `suffix:"_v2"`
	DeviceGetPCIBusId       uintptr
	DevicePrimaryCtxRetain  uintptr
	DevicePrimaryCtxRelease uintptr `suffix:"_v2"`
	CtxSetCurrent           uintptr
	CtxEnablePeerAccess     uintptr
	DeviceCanAccessPeer     uintptr
	MemAlloc                uintptr `suffix:"_v2"`
	MemFree                 uintptr `suffix:"_v2"`
	MemGetInfo              uintptr `suffix:"_v2"`
	MemHostAlloc            uintptr
	MemFreeHost             uintptr
	MemcpyHtoDAsync         uintptr `suffix:"_v2"`
	MemcpyDtoHAsync         uintptr `suffix:"_v2"`
	MemcpyDtoDAsync         uintptr `suffix:"_v2"`
	StreamCreate            uintptr
	StreamDestroy           uintptr `suffix:"_v2"`
	StreamSynchronize       uintptr
	StreamWaitEvent         uintptr
	EventCreate             uintptr
	EventRecord             uintptr
	EventSynchronize        uintptr
	EventQuery              uintptr
	EventElapsedTime        uintptr
	EventDestroy            uintptr `suffix:"_v2"`
	ModuleLoadData          uintptr
	ModuleUnload            uintptr
	ModuleGetFunction       uintptr
	FuncGetAttribute        uintptr
	FuncSetAttribute        uintptr
	LaunchKernel            uintptr
	GetErrorName            uintptr
	GetErrorString          uintptr
}

// bind fills a structure of addresses.
func bind(link Linker, prefix string, fields any) error {
	v := reflect.ValueOf(fields).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name := prefix + f.Name + f.Tag.Get("suffix")
		at, err := link.Symbol(name)
		if err != nil || at == 0 {
			return fmt.Errorf("%s is not in the library: %w", name, err)
		}
		v.Field(i).SetUint(uint64(at))
	}
	return nil
}

// API is the driver, loaded.
type API struct {
	f        functions
	currents currents
}

// Load finds what the package calls and initialises the driver.
func Load(link Linker) (*API, error) {
	a := new(API)
	if err := bind(link, "cu", &a.f); err != nil {
		return nil, err
	}
	return a, a.check("cuInit", a.call(a.f.Init, 0))
}

// call keeps what its arguments point to in place until the call has returned.
//
//go:uintptrescapes
func (a *API) call(f uintptr, args ...uintptr) Result {
	r, _, _ := purego.SyscallN(f, args...)
	return Result(uint32(r))
}

// Error is a call of the driver that failed.
type Error struct {
	Call   string
	Result Result
	Text   string
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.Call, e.Text) }

// Is reports whether an error is a failure with the result.
func Is(err error, r Result) bool {
	var e *Error
	return errors.As(err, &e) && e.Result == r
}

func (a *API) check(call string, r Result) error {
	if r == Success {
		return nil
	}
	var name, text *byte
	a.call(a.f.GetErrorName, uintptr(r), uintptr(unsafe.Pointer(&name)))
	a.call(a.f.GetErrorString, uintptr(r), uintptr(unsafe.Pointer(&text)))
	words := fmt.Sprintf("error %d", uint32(r))
	if name != nil {
		words = goString(name)
	}
	if text != nil {
		words += " (" + goString(text) + ")"
	}
	return &Error{call, r, words}
}

// goString copies a string of C.
func goString(p *byte) string {
	if p == nil {
		return ""
	}
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		n++
	}
	return string(unsafe.Slice(p, n))
}

func cString(s string) *byte { return unsafe.SliceData(append([]byte(s), 0)) }

// DriverVersion is the newest CUDA that the driver knows, as 1000 times the major and
// 10 times the minor version.
func (a *API) DriverVersion() (v int32) {
	a.call(a.f.DriverGetVersion, uintptr(unsafe.Pointer(&v)))
	return v
}

// Devices is how many GPUs there are.
func (a *API) Devices() (n int32, err error) {
	err = a.check("cuDeviceGetCount", a.call(a.f.DeviceGetCount, uintptr(unsafe.Pointer(&n))))
	a.currents.keep(err == nil && n == 1)
	return n, err
}

// DeviceGet is the GPU of a number.
func (a *API) DeviceGet(i int) (d Device, err error) {
	err = a.check("cuDeviceGet", a.call(a.f.DeviceGet, uintptr(unsafe.Pointer(&d)), uintptr(i)))
	return d, err
}

// Name is the GPU's.
func (a *API) Name(d Device) string {
	var buf [256]byte
	a.call(a.f.DeviceGetName, uintptr(unsafe.Pointer(&buf)), uintptr(len(buf)-1), uintptr(d))
	return goString(&buf[0])
}

// PCIBusID is where the GPU is.
func (a *API) PCIBusID(d Device) string {
	var buf [64]byte
	a.call(a.f.DeviceGetPCIBusId, uintptr(unsafe.Pointer(&buf)), uintptr(len(buf)-1), uintptr(d))
	return strings.ToLower(goString(&buf[0]))
}

// UUID is the GPU's, of 16 bytes.
func (a *API) UUID(d Device) (id [16]byte) {
	a.call(a.f.DeviceGetUuid, uintptr(unsafe.Pointer(&id)), uintptr(d))
	return id
}

// TotalMem is the GPU's memory, in bytes.
func (a *API) TotalMem(d Device) (n uint64) {
	a.call(a.f.DeviceTotalMem, uintptr(unsafe.Pointer(&n)), uintptr(d))
	return n
}

// Attribute is a fact of the GPU, 0 where the driver does not know it.
func (a *API) Attribute(d Device, at Attribute) int {
	var n int32
	a.call(a.f.DeviceGetAttribute, uintptr(unsafe.Pointer(&n)), uintptr(at), uintptr(d))
	return int(n)
}

// RetainPrimary makes the GPU's context, which programs share.
func (a *API) RetainPrimary(d Device) (c Context, err error) {
	err = a.check("cuDevicePrimaryCtxRetain", a.call(a.f.DevicePrimaryCtxRetain, uintptr(unsafe.Pointer(&c)), uintptr(d)))
	return c, err
}

// ReleasePrimary lets it go.
func (a *API) ReleasePrimary(d Device) {
	a.currents.forget()
	a.call(a.f.DevicePrimaryCtxRelease, uintptr(d))
}

// SetCurrent makes a context that of the calling thread, which the caller has locked.
func (a *API) SetCurrent(c Context) error {
	t := thread()
	if a.currents.have(t, c) {
		return nil
	}
	err := a.check("cuCtxSetCurrent", a.call(a.f.CtxSetCurrent, uintptr(c)))
	if err == nil {
		a.currents.note(t, c)
	}
	return err
}

// CanAccessPeer reports whether a GPU can use another's memory.
func (a *API) CanAccessPeer(d, peer Device) bool {
	var can int32
	return a.call(a.f.DeviceCanAccessPeer, uintptr(unsafe.Pointer(&can)), uintptr(d), uintptr(peer)) == Success && can != 0
}

// EnablePeerAccess lets the current context use the memory of another's.
func (a *API) EnablePeerAccess(peer Context) error {
	r := a.call(a.f.CtxEnablePeerAccess, uintptr(peer), 0)
	if r == PeerEnabled {
		return nil
	}
	return a.check("cuCtxEnablePeerAccess", r)
}

// MemGetInfo is the memory that is free, and all there is.
func (a *API) MemGetInfo() (free, total uint64) {
	a.call(a.f.MemGetInfo, uintptr(unsafe.Pointer(&free)), uintptr(unsafe.Pointer(&total)))
	return free, total
}

// MemAlloc gives memory of the GPU.
func (a *API) MemAlloc(size int) (p DevicePtr, err error) {
	err = a.check("cuMemAlloc", a.call(a.f.MemAlloc, uintptr(unsafe.Pointer(&p)), uintptr(size)))
	return p, err
}

// MemFree gives it back.
func (a *API) MemFree(p DevicePtr) error {
	return a.check("cuMemFree", a.call(a.f.MemFree, uintptr(p)))
}

// MemHostAlloc gives pinned memory, which the GPU sees at the same address.
func (a *API) MemHostAlloc(size int) (p unsafe.Pointer, err error) {
	err = a.check("cuMemHostAlloc", a.call(a.f.MemHostAlloc, uintptr(unsafe.Pointer(&p)), uintptr(size), HostAllocPortable|HostAllocDeviceMap))
	return p, err
}

// MemFreeHost gives it back.
func (a *API) MemFreeHost(p unsafe.Pointer) { a.call(a.f.MemFreeHost, uintptr(p)) }

// MemcpyHtoD copies to the GPU in the order of a stream.
func (a *API) MemcpyHtoD(to DevicePtr, from unsafe.Pointer, size int, s Stream) error {
	return a.check("cuMemcpyHtoDAsync", a.call(a.f.MemcpyHtoDAsync, uintptr(to), uintptr(from), uintptr(size), uintptr(s)))
}

// MemcpyDtoH copies from the GPU in the order of a stream.
func (a *API) MemcpyDtoH(to unsafe.Pointer, from DevicePtr, size int, s Stream) error {
	return a.check("cuMemcpyDtoHAsync", a.call(a.f.MemcpyDtoHAsync, uintptr(to), uintptr(from), uintptr(size), uintptr(s)))
}

// MemcpyDtoD copies within the GPU in the order of a stream.
func (a *API) MemcpyDtoD(to, from DevicePtr, size int, s Stream) error {
	return a.check("cuMemcpyDtoDAsync", a.call(a.f.MemcpyDtoDAsync, uintptr(to), uintptr(from), uintptr(size), uintptr(s)))
}

// StreamCreate makes a stream that the default one does not hold up.
func (a *API) StreamCreate() (s Stream, err error) {
	err = a.check("cuStreamCreate", a.call(a.f.StreamCreate, uintptr(unsafe.Pointer(&s)), StreamNonBlocking))
	return s, err
}

// StreamDestroy lets it go once its work is done.
func (a *API) StreamDestroy(s Stream) { a.call(a.f.StreamDestroy, uintptr(s)) }

// StreamSynchronize waits for a stream's work.
func (a *API) StreamSynchronize(s Stream) error {
	return a.check("cuStreamSynchronize", a.call(a.f.StreamSynchronize, uintptr(s)))
}

// StreamWaitEvent makes later work of the stream wait for the event's last record.
func (a *API) StreamWaitEvent(s Stream, e Event) error {
	return a.check("cuStreamWaitEvent", a.call(a.f.StreamWaitEvent, uintptr(s), uintptr(e), 0))
}

// EventCreate makes an event without a time.
func (a *API) EventCreate() (e Event, err error) {
	err = a.check("cuEventCreate", a.call(a.f.EventCreate, uintptr(unsafe.Pointer(&e)), EventDisableTiming))
	return e, err
}

// TimedEventCreate makes an event that keeps when it was.
func (a *API) TimedEventCreate() (e Event, err error) {
	err = a.check("cuEventCreate", a.call(a.f.EventCreate, uintptr(unsafe.Pointer(&e)), 0))
	return e, err
}

// EventElapsed is the milliseconds between two timed events, which are over.
func (a *API) EventElapsed(from, to Event) (ms float32, err error) {
	err = a.check("cuEventElapsedTime", a.call(a.f.EventElapsedTime, uintptr(unsafe.Pointer(&ms)), uintptr(from), uintptr(to)))
	return ms, err
}

// EventRecord makes the event stand for the stream's work so far.
func (a *API) EventRecord(e Event, s Stream) error {
	return a.check("cuEventRecord", a.call(a.f.EventRecord, uintptr(e), uintptr(s)))
}

// EventSynchronize waits for it, and tells what failed before.
func (a *API) EventSynchronize(e Event) error {
	return a.check("cuEventSynchronize", a.call(a.f.EventSynchronize, uintptr(e)))
}

// EventOver reports whether it is over, and what failed before.
func (a *API) EventOver(e Event) (over bool, err error) {
	r := a.call(a.f.EventQuery, uintptr(e))
	if r == NotReady {
		return false, nil
	}
	return true, a.check("cuEventQuery", r)
}

// EventDestroy lets it go.
func (a *API) EventDestroy(e Event) { a.call(a.f.EventDestroy, uintptr(e)) }

// ModuleLoad loads machine code, or PTX.
func (a *API) ModuleLoad(image []byte) (m Module, err error) {
	err = a.check("cuModuleLoadData", a.call(a.f.ModuleLoadData, uintptr(unsafe.Pointer(&m)), uintptr(unsafe.Pointer(unsafe.SliceData(image)))))
	return m, err
}

// ModuleUnload lets it go.
func (a *API) ModuleUnload(m Module) { a.call(a.f.ModuleUnload, uintptr(m)) }

// ModuleFunction finds a kernel.
func (a *API) ModuleFunction(m Module, name string) (f Function, err error) {
	err = a.check("cuModuleGetFunction "+name, a.call(a.f.ModuleGetFunction, uintptr(unsafe.Pointer(&f)), uintptr(m), uintptr(unsafe.Pointer(cString(name)))))
	return f, err
}

// FuncAttribute is a fact of a kernel.
func (a *API) FuncAttribute(f Function, at int32) int {
	var n int32
	a.call(a.f.FuncGetAttribute, uintptr(unsafe.Pointer(&n)), uintptr(at), uintptr(f))
	return int(n)
}

// SetFuncAttribute changes one.
func (a *API) SetFuncAttribute(f Function, at int32, n int) error {
	return a.check("cuFuncSetAttribute", a.call(a.f.FuncSetAttribute, uintptr(f), uintptr(at), uintptr(n)))
}

// Launch runs a kernel on a grid of blocks with the parameters that it is given the
// addresses of.
func (a *API) Launch(f Function, grid, block [3]uint32, shared int, s Stream, params []unsafe.Pointer) error {
	return a.check("cuLaunchKernel", a.call(a.f.LaunchKernel, uintptr(f), uintptr(grid[0]), uintptr(grid[1]), uintptr(grid[2]),
		uintptr(block[0]), uintptr(block[1]), uintptr(block[2]), uintptr(shared), uintptr(s), uintptr(unsafe.Pointer(unsafe.SliceData(params))), 0))
}
