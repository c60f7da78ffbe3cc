// Package metal is the engine's backend for Apple GPUs. It loads Metal when a
// backend is made, compiles kernels from embedded source when they are first
// used, and encodes tasks into command buffers that hold many of them.
//
// Buffers are shared memory: the processor reads and writes the same bytes.
// Nothing waits on the GPU but a goroutine per queue with work in flight.
package metal
