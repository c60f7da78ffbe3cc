// Package mtl is the part of Foundation and Metal that the backend uses, under
// Apple's names. Objects are counted by hand: a method whose name begins with
// New gives an object that the caller releases, others give one that lives as
// long as the autorelease pool it was asked for in.
package mtl

import "github.com/mlxstar/mlxstar/metal/internal/objc"

// The classes. The zero value of each is nil.
type (
	Object          objc.ID
	String          objc.ID
	Error           objc.ID
	URL             objc.ID
	Device          objc.ID
	CommandQueue    objc.ID
	CommandBuffer   objc.ID
	ComputeEncoder  objc.ID
	Buffer          objc.ID
	Library         objc.ID
	Function        objc.ID
	Pipeline        objc.ID
	CompileOptions  objc.ID
	SharedEvent     objc.ID
	Architecture    objc.ID
	CaptureManager  objc.ID
	CaptureSettings objc.ID

	ResidencySet      objc.ID
	ResidencySettings objc.ID
)

// Size is a count of threads or threadgroups along three axes.
type Size struct{ Width, Height, Depth uint }

// Range is a run of indices.
type Range struct{ Location, Length uint }

// ResourceOptions say where a resource lives and how it is tracked.
type ResourceOptions uint

// StorageModeShared is memory that processor and GPU both see.
const StorageModeShared ResourceOptions = 0

// DispatchType says whether the dispatches of an encoder may overlap.
type DispatchType uint

// The dispatch types.
const (
	DispatchSerial     DispatchType = 0
	DispatchConcurrent DispatchType = 1
)

// BarrierScope is what a memory barrier covers.
type BarrierScope uint

// ScopeBuffers covers all buffers.
const ScopeBuffers BarrierScope = 1

// CommandBufferStatus is how far a command buffer has come.
type CommandBufferStatus uint

// The states that end a command buffer's life.
const (
	StatusCompleted CommandBufferStatus = 4
	StatusError     CommandBufferStatus = 5
)

// CaptureDestination is where a capture goes.
type CaptureDestination int

// The destinations: Xcode, and a trace file.
const (
	CaptureToTools    CaptureDestination = 1
	CaptureToDocument CaptureDestination = 2
)

// MathMode is how far a compiler may take floating-point arithmetic from IEEE's rules.
type MathMode int

// The math modes.
const (
	MathSafe    MathMode = 0
	MathRelaxed MathMode = 1
	MathFast    MathMode = 2
)

// StringEncoding names a text encoding.
type StringEncoding uint

// UTF8 is NSUTF8StringEncoding.
const UTF8 StringEncoding = 4
