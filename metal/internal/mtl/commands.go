package mtl

import (
	"errors"
	"unsafe"
)

// NewCommandBuffer makes a command buffer, retained.
func (a *API) NewCommandBuffer(q CommandQueue) (b CommandBuffer, err error) {
	a.Autoreleased(func() {
		b = a.m.CommandBuffer.Call(q, a.m.CommandBuffer.Sel)
		if b == 0 {
			err = errors.New("metal: no command buffer")
			return
		}
		a.Retain(Object(b))
	})
	return b, err
}

// NewEncoder begins a pass whose dispatches may overlap, retained.
func (a *API) NewEncoder(b CommandBuffer) (e ComputeEncoder, err error) {
	a.Autoreleased(func() {
		e = a.m.NewEncoder.Call(b, a.m.NewEncoder.Sel, DispatchConcurrent)
		if e == 0 {
			err = errors.New("metal: no compute encoder")
			return
		}
		a.Retain(Object(e))
	})
	return e, err
}

// Commit hands the command buffer to the GPU.
func (a *API) Commit(b CommandBuffer) {
	a.Autoreleased(func() { a.m.Commit.Call(b, a.m.Commit.Sel) })
}

// WaitUntilCompleted blocks the thread until the GPU has done the command
// buffer, and gives its error.
func (a *API) WaitUntilCompleted(b CommandBuffer) (err error) {
	a.Autoreleased(func() {
		a.m.WaitUntilCompleted.Call(b, a.m.WaitUntilCompleted.Sel)
		if a.m.Status.Call(b, a.m.Status.Sel) != StatusCompleted {
			err = a.failure("gpu", a.m.BufferError.Call(b, a.m.BufferError.Sel))
		}
	})
	return err
}

// EncodeSignal sets the event to the value when what was encoded before is done.
func (a *API) EncodeSignal(b CommandBuffer, e SharedEvent, value uint64) {
	a.m.EncodeSignal.Call(b, a.m.EncodeSignal.Sel, e, value)
}

// EncodeWait holds what is encoded later until the event has reached the value.
func (a *API) EncodeWait(b CommandBuffer, e SharedEvent, value uint64) {
	a.m.EncodeWait.Call(b, a.m.EncodeWait.Sel, e, value)
}

// Signal sets the event's value from the processor.
func (a *API) Signal(e SharedEvent, value uint64) {
	a.m.SetSignaledValue.Call(e, a.m.SetSignaledValue.Sel, value)
}

// Signaled is the event's value.
func (a *API) Signaled(e SharedEvent) uint64 {
	return a.m.SignaledValue.Call(e, a.m.SignaledValue.Sel)
}

// EndEncoding ends the pass.
func (a *API) EndEncoding(e ComputeEncoder) {
	a.Autoreleased(func() { a.m.EndEncoding.Call(e, a.m.EndEncoding.Sel) })
}

// SetPipeline chooses the kernel of the dispatches that follow.
func (a *API) SetPipeline(e ComputeEncoder, p Pipeline) {
	a.m.SetPipeline.Call(e, a.m.SetPipeline.Sel, p)
}

// SetBuffer binds a buffer from an offset in bytes.
func (a *API) SetBuffer(e ComputeEncoder, b Buffer, offset, index int) {
	a.m.SetBuffer.Call(e, a.m.SetBuffer.Sel, b, uint(offset), uint(index))
}

// SetBytes binds a copy of at most 4 KiB.
func (a *API) SetBytes(e ComputeEncoder, p unsafe.Pointer, length, index int) {
	a.m.SetBytes.Call(e, a.m.SetBytes.Sel, p, uint(length), uint(index))
}

// SetThreadgroupMemory gives the kernel's threadgroup argument its size in bytes.
func (a *API) SetThreadgroupMemory(e ComputeEncoder, length, index int) {
	a.m.SetThreadgroupMemory.Call(e, a.m.SetThreadgroupMemory.Sel, uint(length), uint(index))
}

// Dispatch runs groups of threads.
func (a *API) Dispatch(e ComputeEncoder, groups, threads Size) {
	a.m.DispatchGroups.Call(e, a.m.DispatchGroups.Sel, groups, threads)
}

// DispatchThreads runs a grid of threads in groups; those at its ends may be smaller.
func (a *API) DispatchThreads(e ComputeEncoder, threads, group Size) {
	a.m.DispatchThreads.Call(e, a.m.DispatchThreads.Sel, threads, group)
}

// Barrier makes later dispatches of the pass wait for the writes of earlier ones.
func (a *API) Barrier(e ComputeEncoder) { a.m.Barrier.Call(e, a.m.Barrier.Sel, ScopeBuffers) }
