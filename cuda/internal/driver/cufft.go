package driver

import (
	"fmt"
	"unsafe"

	"github.com/ebitengine/purego"
)

type transformFunctions struct {
	Create            uintptr
	SetAutoAllocation uintptr
	MakePlanMany64    uintptr
	SetStream         uintptr
	SetWorkArea       uintptr
	ExecC2C           uintptr
	ExecR2C           uintptr
	Destroy           uintptr
}

// Transforms is cuFFT, loaded.
type Transforms struct{ f transformFunctions }

// LoadTransforms finds cuFFT's functions.
func LoadTransforms(link Linker) (*Transforms, error) {
	t := new(Transforms)
	if err := bind(link, "cufft", &t.f); err != nil {
		return nil, err
	}
	return t, nil
}

// The library's constants.
const (
	transformC2C     = 0x29
	transformR2C     = 0x2a
	transformForward = -1
	transformInverse = 1
)

// TransformPlan is a kind of transforms that the library is ready for.
type TransformPlan struct {
	handle int32
	real   bool
	// Workspace is how many bytes of the GPU's memory it wants for a while.
	Workspace int
}

// call keeps what its arguments point to in place until the call has returned.
//
//go:uintptrescapes
func (t *Transforms) call(f uintptr, args ...uintptr) uint32 {
	r, _, _ := purego.SyscallN(f, args...)
	return uint32(r)
}

// Plan makes a plan in the current context: for so many rows of n numbers that lie one
// after the other.
func (t *Transforms) Plan(n, rows int, real bool) (*TransformPlan, error) {
	p := &TransformPlan{real: real}
	if r := t.call(t.f.Create, uintptr(unsafe.Pointer(&p.handle))); r != 0 {
		return nil, fmt.Errorf("cufftCreate: result %d", r)
	}
	kind, length, size := uintptr(transformC2C), int64(n), uintptr(0)
	if real {
		kind = transformR2C
	}
	r := t.call(t.f.SetAutoAllocation, uintptr(p.handle), 0)
	if r == 0 {
		r = t.call(t.f.MakePlanMany64, uintptr(p.handle), 1, uintptr(unsafe.Pointer(&length)), 0, 1, uintptr(n), 0, 1, uintptr(n),
			kind, uintptr(rows), uintptr(unsafe.Pointer(&size)))
	}
	if r != 0 {
		t.Drop(p)
		return nil, fmt.Errorf("cufftMakePlanMany64: result %d", r)
	}
	p.Workspace = int(size)
	return p, nil
}

// Drop lets a plan go.
func (t *Transforms) Drop(p *TransformPlan) { t.call(t.f.Destroy, uintptr(p.handle)) }

// Run puts transforms on a stream. It is not to be called with the same plan by two
// goroutines at once.
func (t *Transforms) Run(p *TransformPlan, in, out, workspace DevicePtr, inverse bool, s Stream) error {
	r := t.call(t.f.SetStream, uintptr(p.handle), uintptr(s))
	if r == 0 && p.Workspace > 0 {
		r = t.call(t.f.SetWorkArea, uintptr(p.handle), uintptr(workspace))
	}
	if r == 0 {
		if p.real {
			r = t.call(t.f.ExecR2C, uintptr(p.handle), uintptr(in), uintptr(out))
		} else {
			direction := int32(transformForward)
			if inverse {
				direction = transformInverse
			}
			r = t.call(t.f.ExecC2C, uintptr(p.handle), uintptr(in), uintptr(out), uintptr(uint32(direction)))
		}
	}
	if r != 0 {
		return fmt.Errorf("cuFFT: result %d", r)
	}
	return nil
}
