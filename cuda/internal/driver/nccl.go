package driver

import (
	"encoding/binary"
	"fmt"
	"math"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

type communicatorFunctions struct {
	GetVersion         uintptr
	GetUniqueId        uintptr
	CommInitRankConfig uintptr
	CommSplit          uintptr
	CommDestroy        uintptr
	CommAbort          uintptr
	CommGetAsyncError  uintptr
	CommCount          uintptr
	CommUserRank       uintptr
	GetErrorString     uintptr
	GetLastError       uintptr
	GroupStart         uintptr
	GroupEnd           uintptr
	AllReduce          uintptr
	AllGather          uintptr
	ReduceScatter      uintptr
	Send               uintptr
	Recv               uintptr
}

// NCCL is the library, loaded.
type NCCL struct {
	f       communicatorFunctions
	Version int // 22805 is 2.28.5
}

// Comm is a communicator.
type Comm uintptr

// UniqueID is what the processes of a communicator find each other by.
type UniqueID [128]byte

// NCCLType is NCCL's number of an element type.
type NCCLType int32

// The element types.
const (
	NCCLInt8     NCCLType = 0
	NCCLUint8    NCCLType = 1
	NCCLInt32    NCCLType = 2
	NCCLUint32   NCCLType = 3
	NCCLInt64    NCCLType = 4
	NCCLUint64   NCCLType = 5
	NCCLFloat16  NCCLType = 6
	NCCLFloat32  NCCLType = 7
	NCCLBFloat16 NCCLType = 9
)

// Reduction is how NCCL combines elements.
type Reduction int32

// The reductions.
const (
	NCCLSum Reduction = 0
	NCCLMax Reduction = 2
	NCCLMin Reduction = 3
)

// The results of calls that are told apart.
const (
	ncclSuccess    = 0
	ncclInProgress = 7
)

// leastNCCL is the version whose configuration of communicators is written here.
const leastNCCL = 21800

// LoadNCCL finds the library's functions.
func LoadNCCL(link Linker) (*NCCL, error) {
	n := new(NCCL)
	if err := bind(link, "nccl", &n.f); err != nil {
		return nil, err
	}
	var version int32
	if err := n.check("ncclGetVersion", 0, n.call(n.f.GetVersion, uintptr(unsafe.Pointer(&version)))); err != nil {
		return nil, err
	}
	if n.Version = int(version); n.Version < leastNCCL {
		return nil, fmt.Errorf("it is NCCL %s, want 2.18 or later", n.version())
	}
	return n, nil
}

// version words the version's number.
func (n *NCCL) version() string {
	if n.Version < 10000 {
		return fmt.Sprintf("%d.%d.%d", n.Version/1000, n.Version/100%10, n.Version%100)
	}
	return fmt.Sprintf("%d.%d.%d", n.Version/10000, n.Version/100%100, n.Version%100)
}

// call keeps what its arguments point to in place until the call has returned.
//
//go:uintptrescapes
func (n *NCCL) call(f uintptr, args ...uintptr) int32 {
	r, _, _ := purego.SyscallN(f, args...)
	return int32(r)
}

// text copies a string that a function gives, which is the library's own.
func (n *NCCL) text(f uintptr, args ...uintptr) string {
	at, _, _ := purego.SyscallN(f, args...)
	return goString(*(**byte)(unsafe.Pointer(&at)))
}

// check words what a call gave. The last error is told of a communicator, or of none.
func (n *NCCL) check(call string, c Comm, r int32) error {
	if r == ncclSuccess || r == ncclInProgress {
		return nil
	}
	words := n.text(n.f.GetErrorString, uintptr(r))
	if last := n.text(n.f.GetLastError, uintptr(c)); last != "" {
		words += ": " + last
	}
	return fmt.Errorf("%s: %s", call, words)
}

// UniqueID makes an identity for a communicator that is to be.
func (n *NCCL) UniqueID() (id UniqueID, err error) {
	err = n.check("ncclGetUniqueId", 0, n.call(n.f.GetUniqueId, uintptr(unsafe.Pointer(&id))))
	return id, err
}

// config is how a communicator is to be, as version 2.18 lays it out.
type config struct {
	size                        uint64
	magic, version              uint32
	blocking, cluster, min, max int32
	network                     uintptr
	splitShare                  int32
	_                           int32
}

const (
	configMagic  = 0xcafebeef
	notSet       = math.MinInt32
	identityWord = 8
)

// InitRank makes this process's part of a communicator of the current context's GPU, once
// all others make theirs.
func (n *NCCL) InitRank(size, rank int, id UniqueID) (c Comm, err error) {
	how := config{magic: configMagic, version: leastNCCL, blocking: 1, cluster: notSet, min: notSet, max: notSet, splitShare: notSet}
	how.size = uint64(unsafe.Sizeof(how))
	var pins runtime.Pinner // the arguments are a list, whose elements nothing else keeps in place
	defer pins.Unpin()
	pins.Pin(&how)
	pins.Pin(&id)
	pins.Pin(&c)
	args := []uintptr{uintptr(unsafe.Pointer(&c)), uintptr(size)}
	switch runtime.GOARCH {
	case "amd64":
		// The identity is handed over by value, which is on the stack: behind what the
		// registers hold.
		args = append(args, uintptr(rank), uintptr(unsafe.Pointer(&how)), 0, 0)
		for i := 0; i < len(id); i += identityWord {
			args = append(args, uintptr(binary.NativeEndian.Uint64(id[i:])))
		}
	case "arm64":
		// By value is by the address of a copy.
		args = append(args, uintptr(unsafe.Pointer(&id)), uintptr(rank), uintptr(unsafe.Pointer(&how)))
	default:
		return 0, fmt.Errorf("ncclCommInitRankConfig cannot be called on %s", runtime.GOARCH)
	}
	err = n.check("ncclCommInitRankConfig", 0, n.call(n.f.CommInitRankConfig, args...))
	return c, err
}

// Split makes the communicator of those that give one colour.
func (n *NCCL) Split(c Comm, color, key int) (part Comm, err error) {
	err = n.check("ncclCommSplit", c, n.call(n.f.CommSplit, uintptr(c), uintptr(color), uintptr(key), uintptr(unsafe.Pointer(&part)), 0))
	return part, err
}

// Count is the number of processes.
func (n *NCCL) Count(c Comm) (size int, err error) {
	var v int32
	err = n.check("ncclCommCount", c, n.call(n.f.CommCount, uintptr(c), uintptr(unsafe.Pointer(&v))))
	return int(v), err
}

// UserRank is this process's number among them.
func (n *NCCL) UserRank(c Comm) (rank int, err error) {
	var v int32
	err = n.check("ncclCommUserRank", c, n.call(n.f.CommUserRank, uintptr(c), uintptr(unsafe.Pointer(&v))))
	return int(v), err
}

// Destroy lets a communicator go whose operations are over.
func (n *NCCL) Destroy(c Comm) error {
	return n.check("ncclCommDestroy", 0, n.call(n.f.CommDestroy, uintptr(c)))
}

// Abort ends the operations that run, and lets the communicator go.
func (n *NCCL) Abort(c Comm) error {
	return n.check("ncclCommAbort", 0, n.call(n.f.CommAbort, uintptr(c)))
}

// AsyncError is what has failed since the operations were put on their streams.
func (n *NCCL) AsyncError(c Comm) error {
	var r int32
	if err := n.check("ncclCommGetAsyncError", c, n.call(n.f.CommGetAsyncError, uintptr(c), uintptr(unsafe.Pointer(&r)))); err != nil {
		return err
	}
	return n.check("NCCL", c, r)
}

// GroupStart begins a list of calls of this thread that make one operation.
func (n *NCCL) GroupStart() error { return n.check("ncclGroupStart", 0, n.call(n.f.GroupStart)) }

// GroupEnd ends it.
func (n *NCCL) GroupEnd() error { return n.check("ncclGroupEnd", 0, n.call(n.f.GroupEnd)) }

// AllReduce combines the processes' elements.
func (n *NCCL) AllReduce(in, out DevicePtr, count int, t NCCLType, by Reduction, c Comm, s Stream) error {
	return n.check("ncclAllReduce", c, n.call(n.f.AllReduce, uintptr(in), uintptr(out), uintptr(count), uintptr(t), uintptr(by), uintptr(c), uintptr(s)))
}

// AllGather puts the elements of all one after the other, so many of each.
func (n *NCCL) AllGather(in, out DevicePtr, count int, t NCCLType, c Comm, s Stream) error {
	return n.check("ncclAllGather", c, n.call(n.f.AllGather, uintptr(in), uintptr(out), uintptr(count), uintptr(t), uintptr(c), uintptr(s)))
}

// ReduceScatter leaves each process so many of the combined elements.
func (n *NCCL) ReduceScatter(in, out DevicePtr, count int, t NCCLType, by Reduction, c Comm, s Stream) error {
	return n.check("ncclReduceScatter", c, n.call(n.f.ReduceScatter, uintptr(in), uintptr(out), uintptr(count), uintptr(t), uintptr(by), uintptr(c), uintptr(s)))
}

// Send gives elements to a process, which takes them by Recv.
func (n *NCCL) Send(in DevicePtr, count int, t NCCLType, peer int, c Comm, s Stream) error {
	return n.check("ncclSend", c, n.call(n.f.Send, uintptr(in), uintptr(count), uintptr(t), uintptr(peer), uintptr(c), uintptr(s)))
}

// Recv takes elements that a process gives by Send.
func (n *NCCL) Recv(out DevicePtr, count int, t NCCLType, peer int, c Comm, s Stream) error {
	return n.check("ncclRecv", c, n.call(n.f.Recv, uintptr(out), uintptr(count), uintptr(t), uintptr(peer), uintptr(c), uintptr(s)))
}
