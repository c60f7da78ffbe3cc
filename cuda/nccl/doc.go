// Package nccl joins processes, each with a GPU of its own, by NVIDIA's library NCCL, for
// programs that import it. The library is loaded at the first use, without cgo: from the
// folder of MLXSTAR_CUDA_PATH, or where the compiler of kernels is found.
//
// The variables are those of MLX's launcher. Operations run on streams of the GPU, on
// arrays that live there. NCCL notices by itself neither a process of the same machine
// that is gone nor one that stalls, so that processes watch each other over a star of
// connections, by which they have found each other; when one is lost the operations of
// all others are ended.
package nccl
