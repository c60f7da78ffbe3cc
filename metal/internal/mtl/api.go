package mtl

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/mlxstar/mlxstar/metal/internal/objc"
)

// API is Metal, loaded.
type API struct {
	run           *objc.Runtime
	m             methods
	defaultDevice func() Device
	nsString      id
	nsURL         id
	options       id
	captures      id
	settings      id

	residencySettings id // 0 before macOS 15
}

// Load finds what the package calls. It creates nothing.
func Load(link objc.Linker) (*API, error) {
	run, err := objc.Open(link)
	if err != nil {
		return nil, err
	}
	a := &API{run: run}
	if err := run.Function(&a.defaultDevice, "MTLCreateSystemDefaultDevice"); err != nil {
		return nil, err
	}
	for name, c := range map[string]*id{
		"NSString": &a.nsString, "NSURL": &a.nsURL, "MTLCompileOptions": &a.options,
		"MTLCaptureManager": &a.captures, "MTLCaptureDescriptor": &a.settings,
	} {
		if *c, err = run.Class(name); err != nil {
			return nil, err
		}
	}
	a.residencySettings, _ = run.Class("MTLResidencySetDescriptor") // not everywhere
	if err := run.Methods(&a.m); err != nil {
		return nil, err
	}
	return a, nil
}

// Autoreleased runs f under an autorelease pool, bound to its thread.
func (a *API) Autoreleased(f func()) { a.run.Autoreleased(f) }

// DefaultDevice is the GPU that the system prefers, retained, or nil.
func (a *API) DefaultDevice() Device { return a.defaultDevice() }

// Retain keeps an object beyond its autorelease pool.
func (a *API) Retain(o Object) { a.m.Retain.Call(o, a.m.Retain.Sel) }

// Release lets an object go; nil is nothing.
func (a *API) Release(o Object) {
	if o != 0 {
		a.m.Release.Call(o, a.m.Release.Sel)
	}
}

// text makes an autoreleased string.
func (a *API) text(s string) String {
	return a.m.StringWithCString.Call(a.nsString, a.m.StringWithCString.Sel, s, UTF8)
}

func (a *API) goString(s String) string {
	if s == 0 {
		return ""
	}
	return a.m.UTF8String.Call(s, a.m.UTF8String.Sel)
}

// failure turns what a call left behind into a Go error.
func (a *API) failure(op string, e Error) error {
	if e == 0 {
		return fmt.Errorf("%s: Metal gave nothing and no reason", op)
	}
	return fmt.Errorf("%s: %s", op, a.goString(a.m.LocalizedDescription.Call(e, a.m.LocalizedDescription.Sel)))
}

// DeviceName is the GPU's name.
func (a *API) DeviceName(d Device) (name string) {
	a.Autoreleased(func() { name = a.goString(a.m.DeviceName.Call(d, a.m.DeviceName.Sel)) })
	return name
}

// ArchitectureName is the name of the GPU's architecture, such as applegpu_g13g.
func (a *API) ArchitectureName(d Device) (name string) {
	a.Autoreleased(func() {
		arch := a.m.DeviceArchitecture.Call(d, a.m.DeviceArchitecture.Sel)
		if arch != 0 {
			name = a.goString(a.m.ArchitectureName.Call(arch, a.m.ArchitectureName.Sel))
		}
	})
	return name
}

// MaxBufferLength is the size of the largest buffer, in bytes.
func (a *API) MaxBufferLength(d Device) uint {
	return a.m.MaxBufferLength.Call(d, a.m.MaxBufferLength.Sel)
}

// RecommendedWorkingSet is how many bytes the GPU works on without loss.
func (a *API) RecommendedWorkingSet(d Device) uint64 {
	return a.m.RecommendedWorkingSet.Call(d, a.m.RecommendedWorkingSet.Sel)
}

// NewBuffer makes a shared buffer, or nil where memory lacks.
func (a *API) NewBuffer(d Device, length int) Buffer {
	return a.m.NewBuffer.Call(d, a.m.NewBuffer.Sel, uint(length), StorageModeShared)
}

// NewBufferNoCopy makes a shared buffer over whole pages that stay the caller's,
// or nil where the system refuses. They must outlive the work that uses them.
func (a *API) NewBufferNoCopy(d Device, at unsafe.Pointer, length int) Buffer {
	return a.m.NewBufferNoCopy.Call(d, a.m.NewBufferNoCopy.Sel, at, uint(length), StorageModeShared, 0)
}

// Contents is where the processor sees the buffer.
func (a *API) Contents(b Buffer) unsafe.Pointer { return a.m.Contents.Call(b, a.m.Contents.Sel) }

// Length is the buffer's size in bytes.
func (a *API) Length(b Buffer) int { return int(a.m.Length.Call(b, a.m.Length.Sel)) }

// NewCommandQueue makes a queue.
func (a *API) NewCommandQueue(d Device) (CommandQueue, error) {
	if q := a.m.NewCommandQueue.Call(d, a.m.NewCommandQueue.Sel); q != 0 {
		return q, nil
	}
	return 0, errors.New("metal: no command queue")
}

// NewSharedEvent makes an event that processor and GPU both signal and wait for.
func (a *API) NewSharedEvent(d Device) (SharedEvent, error) {
	if e := a.m.NewSharedEvent.Call(d, a.m.NewSharedEvent.Sel); e != 0 {
		return e, nil
	}
	return 0, errors.New("metal: no shared event")
}

// answers reports whether an object has a method, which depends on the system's version.
func (a *API) answers(o Object, method sel) bool {
	return a.m.Answers.Call(o, a.m.Answers.Sel, method)
}

// NewLibrary compiles source text. Where arithmetic is to be safe it follows the
// IEEE rules: the optimisations that give them up are switched off. Systems before
// macOS 15 take relaxed arithmetic for safe.
func (a *API) NewLibrary(d Device, source string, mode MathMode) (lib Library, err error) {
	a.Autoreleased(func() {
		o := CompileOptions(a.m.Init.Call(a.m.Alloc.Call(a.options, a.m.Alloc.Sel), a.m.Init.Sel))
		defer a.Release(Object(o))
		if a.answers(Object(o), a.m.SetMathMode.Sel) {
			a.m.SetMathMode.Call(o, a.m.SetMathMode.Sel, mode)
		} else {
			a.m.SetFastMathEnabled.Call(o, a.m.SetFastMathEnabled.Sel, mode == MathFast)
		}
		var e Error
		if lib = a.m.NewLibrary.Call(d, a.m.NewLibrary.Sel, a.text(source), o, &e); lib == 0 {
			err = a.failure("compile", e)
		}
	})
	return lib, err
}

// NewPipeline makes a function of a library ready to run.
func (a *API) NewPipeline(d Device, lib Library, name string) (p Pipeline, err error) {
	a.Autoreleased(func() {
		f := a.m.NewFunction.Call(lib, a.m.NewFunction.Sel, a.text(name))
		if f == 0 {
			err = fmt.Errorf("pipeline: the library has no function %s", name)
			return
		}
		defer a.Release(Object(f))
		var e Error
		if p = a.m.NewComputePipeline.Call(d, a.m.NewComputePipeline.Sel, f, &e); p == 0 {
			err = a.failure("pipeline "+name, e)
		}
	})
	return p, err
}

// MaxThreads is how many threads a threadgroup of the pipeline may have.
func (a *API) MaxThreads(p Pipeline) int {
	return int(a.m.MaxThreadsPerGroup.Call(p, a.m.MaxThreadsPerGroup.Sel))
}

// ThreadExecutionWidth is the number of threads of a simdgroup.
func (a *API) ThreadExecutionWidth(p Pipeline) int {
	return int(a.m.ThreadExecutionWidth.Call(p, a.m.ThreadExecutionWidth.Sel))
}

// StartCapture begins to write a GPU trace to a file, or with no path to show it
// in Xcode.
func (a *API) StartCapture(d Device, path string) (err error) {
	a.Autoreleased(func() {
		manager := a.m.SharedCaptureManager.Call(a.captures, a.m.SharedCaptureManager.Sel)
		s := CaptureSettings(a.m.Init.Call(a.m.Alloc.Call(a.settings, a.m.Alloc.Sel), a.m.Init.Sel))
		defer a.Release(Object(s))
		a.m.SetCaptureObject.Call(s, a.m.SetCaptureObject.Sel, id(d))
		if path == "" {
			a.m.SetCaptureDestination.Call(s, a.m.SetCaptureDestination.Sel, CaptureToTools)
		} else {
			a.m.SetCaptureDestination.Call(s, a.m.SetCaptureDestination.Sel, CaptureToDocument)
			url := a.m.FileURLWithPath.Call(a.nsURL, a.m.FileURLWithPath.Sel, a.text(path))
			a.m.SetCaptureURL.Call(s, a.m.SetCaptureURL.Sel, url)
		}
		var e Error
		if !a.m.StartCapture.Call(manager, a.m.StartCapture.Sel, s, &e) {
			err = a.failure("start_capture", e)
		}
	})
	return err
}

// StopCapture ends the capture.
func (a *API) StopCapture() {
	a.Autoreleased(func() {
		a.m.StopCapture.Call(a.m.SharedCaptureManager.Call(a.captures, a.m.SharedCaptureManager.Sel), a.m.StopCapture.Sel)
	})
}
