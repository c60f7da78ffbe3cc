// Package metal drives Apple GPUs for package gpu, which holds the kernels and
// divides the work. It loads Metal when a backend is made.
//
// Buffers are shared memory: the processor reads and writes the same bytes.
package metal
