// Package cuda drives NVIDIA GPUs for package gpu, which holds the kernels and divides
// the work. It loads the driver when a backend is made, without cgo, and NVRTC when the
// first kernel is compiled; machine code is kept in the user's cache folder.
//
// Memory is the GPU's own: arrays are copied where the processor reads them. A program
// that imports the package is linked dynamically on Linux.
package cuda
