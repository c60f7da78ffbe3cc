// Package alloc gives out the memory that arrays live in and keeps count of it.
//
// A [Source] supplies raw blocks: the machine's own memory outside the Go heap,
// or a device's. A [Pool] draws on one source, keeps freed blocks for reuse and
// knows every live [Buffer]. An [Account] counts what pools hold, may set a
// limit to it, and stands in a tree, so that several runtimes can share one.
//
// Three numbers are kept. Active is the bytes of the live buffers, each rounded
// to 16 bytes when it is small and to whole pages otherwise. Peak is the largest
// active since it was last reset. Cache is what is held for reuse; it includes
// the unused end of a live buffer that was served from a somewhat larger block.
// Active plus cache is what the pools hold of the machine's memory.
//
// # Lifetimes
//
// A buffer whose last use is known is released explicitly. Any other buffer dies
// when nothing reaches it: the pool watches it through a weak pointer, and a
// sweep after a garbage collection takes its block back. Sweeping is synchronous
// and never depends on finalizers. [Account.Collect] forces a collection, so that
// the counters answer for exactly what is reachable at the call. Collections that
// only save memory are paced to a small share of the time; those that an answer
// or a limit depends on always run.
//
// The memory of a Buffer is not Go memory: whoever works on its bytes must keep
// the Buffer itself reachable until the work is done, with runtime.KeepAlive
// where no other reference outlasts it.
package alloc
