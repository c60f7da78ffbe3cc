package object

import (
	"reflect"
	"sync/atomic"
	"unsafe"

	"go.starlark.net/starlark"
)

// go.starlark.net keeps two things private that Python's meaning needs: the
// elements of a list (deleting, slice assignment, sorting in place, clearing
// the slot of a popped element so that the value can die, iteration while the
// list changes), and a thread's locals and cancellation (a generator's body
// runs on a thread of its own that must share them). This file is the only one
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
	if cancelOffset < 0 {
		return "", false
	}
	p := (*atomic.Pointer[string])(unsafe.Add(unsafe.Pointer(t), cancelOffset)).Load()
	if p == nil {
		return "", false
	}
	return *p, true
}

// stepLimit is the thread's limit on steps; 0 means none was set.
func stepLimit(t *starlark.Thread) uint64 {
	if limitOffset < 0 {
		return 0
	}
	return *(*uint64)(unsafe.Add(unsafe.Pointer(t), limitOffset))
}
