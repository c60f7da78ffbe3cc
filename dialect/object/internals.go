package object

import (
	"math/big"
	"math/bits"
	"reflect"
	"sync/atomic"
	"unsafe"

	"go.starlark.net/starlark"
)

// go.starlark.net keeps three things private that Python's meaning needs: the
// elements of a list (deleting, slice assignment, sorting in place, clearing
// the slot of a popped element so that the value can die, iteration while the
// list changes), a thread's locals and cancellation (a generator's body
// runs on a thread of its own that must share them), and the length of an int,
// which is not worth a copy of it. This file is the only one
// that reaches for them; a test checks the layout against the library.

// elements gives the storage of a list. The caller has checked mutable before
// it writes.
func elements(l *starlark.List) *[]starlark.Value {
	return (*[]starlark.Value)(unsafe.Pointer(l))
}

// mutable fails for a list that is frozen or that Starlark itself iterates over.
func mutable(l *starlark.List) error {
	if l.Len() > 0 {
		return l.SetIndex(0, l.Index(0))
	}
	return l.Clear()
}

var (
	localsOffset = threadField("locals", reflect.TypeFor[map[string]any]())
	cancelOffset = threadField("cancelReason", reflect.TypeFor[atomic.Pointer[string]]())
	limitOffset  = threadField("maxSteps", reflect.TypeFor[uint64]())
)

// threadField is the offset of a field of starlark.Thread, or -1 if this
// version of the library has none of that name and type.
func threadField(name string, typ reflect.Type) int {
	f, ok := reflect.TypeFor[starlark.Thread]().FieldByName(name)
	if !ok || f.Type != typ {
		return -1
	}
	return int(f.Offset)
}

func threadLocals(t *starlark.Thread) map[string]any {
	if localsOffset < 0 {
		return nil
	}
	return *(*map[string]any)(unsafe.Add(unsafe.Pointer(t), localsOffset))
}

// cancelled returns the reason for which t was cancelled.
func cancelled(t *starlark.Thread) (string, bool) {
	if cancelOffset < 0 || t == nil {
		return "", false
	}
	p := (*atomic.Pointer[string])(unsafe.Add(unsafe.Pointer(t), cancelOffset)).Load()
	if p == nil {
		return "", false
	}
	return *p, true
}

// isCancelled reports whether t, which may be nil, was cancelled.
func isCancelled(t *starlark.Thread) bool {
	return t != nil && cancelOffset >= 0 && (*atomic.Pointer[string])(unsafe.Add(unsafe.Pointer(t), cancelOffset)).Load() != nil
}

// stepLimit is the thread's limit on steps; 0 means none was set.
func stepLimit(t *starlark.Thread) uint64 {
	if limitOffset < 0 {
		return 0
	}
	return *(*uint64)(unsafe.Add(unsafe.Pointer(t), limitOffset))
}

// BytesOf is a bytes object of a slice, not a copy of it: nobody writes to the slice as long
// as there is the object.
func BytesOf(b []byte) starlark.Bytes {
	return starlark.Bytes(unsafe.String(unsafe.SliceData(b), len(b)))
}

// longOffset is where an int that no int64 holds has its *big.Int, or -1 if this version of
// the library has none: in the union's pointer, or in the arm of that type.
var longOffset = longField()

func longField() int {
	impl := reflect.TypeFor[starlark.Int]().Field(0).Type
	if impl.Kind() == reflect.UnsafePointer {
		return 0
	}
	if impl.Kind() == reflect.Struct {
		for i := range impl.NumField() {
			if f := impl.Field(i); f.Type == reflect.TypeFor[*big.Int]() {
				return int(f.Offset)
			}
		}
	}
	return -1
}

// intBits is the length of an int in bits, without its sign.
func intBits(x starlark.Int) int {
	if n, ok := x.Int64(); ok {
		if n < 0 {
			n = -n
		}
		return bits.Len64(uint64(n))
	}
	if longOffset < 0 {
		return x.BigInt().BitLen()
	}
	return (*(**big.Int)(unsafe.Add(unsafe.Pointer(&x), longOffset))).BitLen()
}
