// Package objc sends messages to Objective-C objects without cgo. What it calls
// is found through a [Linker], so that the same code runs on the frameworks of
// macOS and on a library that stands in for them.
package objc

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
)

// ID is an object; 0 is nil.
type ID uintptr

// SEL is a registered selector.
type SEL uintptr

// Linker finds C functions and makes them callable.
type Linker interface {
	// Symbol is the address of a C function or variable.
	Symbol(name string) (uintptr, error)
	// Bind sets the function variable that fptr points to, so that it calls the
	// C function at the address with the variable's own argument types.
	Bind(fptr any, address uintptr)
}

// Runtime is the Objective-C run time behind a linker.
type Runtime struct {
	link     Linker
	send     uintptr
	getClass func(name string) ID
	selector func(name string) SEL
	push     func() uintptr
	pop      func(pool uintptr)
}

// Open finds the run time's entry points.
func Open(link Linker) (*Runtime, error) {
	r := &Runtime{link: link}
	send, err := link.Symbol("objc_msgSend")
	if err != nil {
		return nil, fmt.Errorf("objc: %w", err)
	}
	r.send = send
	for name, fptr := range map[string]any{
		"objc_getClass":            &r.getClass,
		"sel_registerName":         &r.selector,
		"objc_autoreleasePoolPush": &r.push,
		"objc_autoreleasePoolPop":  &r.pop,
	} {
		if err := r.Function(fptr, name); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// Function makes the function variable that fptr points to call a C function.
func (r *Runtime) Function(fptr any, name string) error {
	at, err := r.link.Symbol(name)
	if err != nil {
		return fmt.Errorf("objc: %w", err)
	}
	r.link.Bind(fptr, at)
	return nil
}

// Class finds a class by name.
func (r *Runtime) Class(name string) (ID, error) {
	c := r.getClass(name)
	if c == 0 {
		return 0, fmt.Errorf("objc: there is no class %s", name)
	}
	return c, nil
}

// Method is one message: its selector, and a function that sends it. F is the
// method's own signature, with the receiver and the selector in front.
type Method[F any] struct {
	Sel  SEL
	Call F
}

// Methods binds every [Method] field of the struct that set points to. A field's
// tag objc is the class, "-" or "+", and the selector: `objc:"MTLBuffer -length"`.
func (r *Runtime) Methods(set any) error {
	v := reflect.ValueOf(set).Elem()
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag.Get("objc")
		_, name, ok := strings.Cut(tag, " ")
		if !ok || len(name) < 2 {
			return fmt.Errorf("objc: field %s has the tag %q, want class and selector", v.Type().Field(i).Name, tag)
		}
		f := v.Field(i)
		f.Field(0).SetUint(uint64(r.selector(name[1:])))
		r.link.Bind(f.Field(1).Addr().Interface(), r.send)
	}
	return nil
}

// Autoreleased runs f under an autorelease pool. The pool belongs to the thread,
// to which the goroutine is bound meanwhile.
func (r *Runtime) Autoreleased(f func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	pool := r.push()
	defer r.pop(pool)
	f()
}
