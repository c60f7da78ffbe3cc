package driver

import (
	"fmt"
	"unsafe"

	"github.com/ebitengine/purego"
)

type productFunctions struct {
	Create                       uintptr
	Destroy                      uintptr
	GetVersion                   uintptr
	MatmulDescCreate             uintptr
	MatmulDescSetAttribute       uintptr
	MatmulDescDestroy            uintptr
	MatrixLayoutCreate           uintptr
	MatrixLayoutSetAttribute     uintptr
	MatrixLayoutDestroy          uintptr
	MatmulPreferenceCreate       uintptr
	MatmulPreferenceSetAttribute uintptr
	MatmulPreferenceDestroy      uintptr
	MatmulAlgoGetHeuristic       uintptr
	Matmul                       uintptr
}

// Products is cuBLASLt, loaded.
type Products struct {
	f       productFunctions
	handle  uintptr
	Version int
}

// DataType is cuBLASLt's number of an element type.
type DataType int32

// The element types.
const (
	R32F  DataType = 0
	R16F  DataType = 2
	R16BF DataType = 14
)

// ComputeType says in what products are summed.
type ComputeType int32

// The compute types: float32, and that with factors of 19 bits.
const (
	Compute32F     ComputeType = 68
	Compute32FTF32 ComputeType = 77
)

// The attributes that are set.
const (
	descTransA, descTransB, descEpilogue, descBiasPointer = 3, 4, 7, 8
	layoutBatchCount, layoutBatchOffset                   = 5, 6
	preferWorkspace, preferAlignmentA                     = 1, 5
	epilogueBias                                          = 4
)

// LoadProducts finds cuBLASLt's functions, and makes a handle in the current context.
func LoadProducts(link Linker) (*Products, error) {
	p := new(Products)
	if err := bind(link, "cublasLt", &p.f); err != nil {
		return nil, err
	}
	if err := p.check("cublasLtCreate", p.call(p.f.Create, uintptr(unsafe.Pointer(&p.handle)))); err != nil {
		return nil, err
	}
	p.Version = int(p.call(p.f.GetVersion))
	return p, nil
}

// call keeps what its arguments point to in place until the call has returned.
//
//go:uintptrescapes
func (p *Products) call(f uintptr, args ...uintptr) uint32 {
	r, _, _ := purego.SyscallN(f, args...)
	return uint32(r)
}

func (p *Products) check(call string, r uint32) error {
	if r == 0 {
		return nil
	}
	return fmt.Errorf("%s: status %d", call, r)
}

// Close lets the handle go.
func (p *Products) Close() { p.call(p.f.Destroy, p.handle) }

// MatrixOf is a matrix of columns, or a stack of such.
type MatrixOf struct {
	Rows, Columns, Lead int // Lead is the number of elements between columns
	Apart               int64
	Alignment           uint32 // of its address, in bytes
}

// Multiplication is D = alpha * op(A) op(B) + beta * C in columns, or with a bias for
// each row of D.
type Multiplication struct {
	Type           DataType
	Compute        ComputeType
	TransA, TransB bool
	Bias           bool
	Stack          int
	A, B, C, D     MatrixOf
}

// algorithm is what the heuristic answers.
type algorithm struct {
	algo      [8]uint64
	workspace uintptr
	state     int32
	waves     float32
	_         [4]int32
}

// Prepared is a multiplication that the library has an algorithm for.
type Prepared struct {
	desc          uintptr
	a, b, c, d    uintptr
	chosen        algorithm
	bias          bool
	workspaceSize int
}

// Bias reports whether what is added is a number for each row.
func (p *Prepared) Bias() bool { return p.bias }

// Prepare chooses an algorithm that takes so much workspace at most, or gives nil
// where the library has none.
func (p *Products) Prepare(m *Multiplication, workspace int) *Prepared {
	out := &Prepared{bias: m.Bias, workspaceSize: workspace}
	if p.call(p.f.MatmulDescCreate, uintptr(unsafe.Pointer(&out.desc)), uintptr(m.Compute), uintptr(R32F)) != 0 {
		return nil
	}
	set := func(attribute uintptr, v int32) bool {
		return p.call(p.f.MatmulDescSetAttribute, out.desc, attribute, uintptr(unsafe.Pointer(&v)), 4) == 0
	}
	ok := set(descTransA, flag(m.TransA)) && set(descTransB, flag(m.TransB))
	if m.Bias {
		ok = ok && set(descEpilogue, epilogueBias)
	}
	for _, l := range []struct {
		at *uintptr
		m  *MatrixOf
	}{{&out.a, &m.A}, {&out.b, &m.B}, {&out.c, &m.C}, {&out.d, &m.D}} {
		ok = ok && p.layout(l.at, m.Type, l.m, m.Stack)
	}
	var preference uintptr
	ok = ok && p.call(p.f.MatmulPreferenceCreate, uintptr(unsafe.Pointer(&preference))) == 0
	if ok {
		size := uint64(workspace)
		p.call(p.f.MatmulPreferenceSetAttribute, preference, preferWorkspace, uintptr(unsafe.Pointer(&size)), 8)
		for i, x := range []*MatrixOf{&m.A, &m.B, &m.C, &m.D} {
			p.call(p.f.MatmulPreferenceSetAttribute, preference, uintptr(preferAlignmentA+i), uintptr(unsafe.Pointer(&x.Alignment)), 4)
		}
		var found int32
		r := p.call(p.f.MatmulAlgoGetHeuristic, p.handle, out.desc, out.a, out.b, out.c, out.d, preference, 1,
			uintptr(unsafe.Pointer(&out.chosen)), uintptr(unsafe.Pointer(&found)))
		ok = r == 0 && found > 0 && out.chosen.state == 0
		p.call(p.f.MatmulPreferenceDestroy, preference)
	}
	if !ok {
		p.Drop(out)
		return nil
	}
	return out
}

func flag(b bool) int32 {
	if b {
		return 1
	}
	return 0
}

func (p *Products) layout(at *uintptr, t DataType, m *MatrixOf, stack int) bool {
	if p.call(p.f.MatrixLayoutCreate, uintptr(unsafe.Pointer(at)), uintptr(t), uintptr(m.Rows), uintptr(m.Columns), uintptr(m.Lead)) != 0 {
		return false
	}
	if stack <= 1 {
		return true
	}
	n := int32(stack)
	return p.call(p.f.MatrixLayoutSetAttribute, *at, layoutBatchCount, uintptr(unsafe.Pointer(&n)), 4) == 0 &&
		p.call(p.f.MatrixLayoutSetAttribute, *at, layoutBatchOffset, uintptr(unsafe.Pointer(&m.Apart)), 8) == 0
}

// Drop lets a prepared multiplication go.
func (p *Products) Drop(m *Prepared) {
	for _, l := range []uintptr{m.a, m.b, m.c, m.d} {
		if l != 0 {
			p.call(p.f.MatrixLayoutDestroy, l)
		}
	}
	p.call(p.f.MatmulDescDestroy, m.desc)
}

// Run puts a multiplication on a stream. C is the bias where there is one. It is not
// to be called with the same multiplication by two goroutines at once.
func (p *Products) Run(m *Prepared, alpha, beta float32, a, b, c, d, workspace DevicePtr, s Stream) error {
	if m.bias {
		p.call(p.f.MatmulDescSetAttribute, m.desc, descBiasPointer, uintptr(unsafe.Pointer(&c)), 8)
		c = d
	}
	return p.check("cublasLtMatmul", p.call(p.f.Matmul, p.handle, m.desc, uintptr(unsafe.Pointer(&alpha)), uintptr(a), m.a, uintptr(b), m.b,
		uintptr(unsafe.Pointer(&beta)), uintptr(c), m.c, uintptr(d), m.d, uintptr(unsafe.Pointer(&m.chosen)), uintptr(workspace), uintptr(m.workspaceSize), uintptr(s)))
}
