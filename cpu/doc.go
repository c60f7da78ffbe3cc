// Package cpu is the engine's backend for the machine's processors.
//
// A [Backend] owns a pool of workers and a table of kernels keyed by operation
// and dtypes. A kernel works on a task's operands in place and allocates nothing
// that grows with them. Elementwise kernels are loops over contiguous slices;
// one driver brings operands of any layout before them, tile by tile, so that a
// loop can be replaced by assembly without touching anything else.
//
// Results never depend on the number of workers: elementwise work is split
// anywhere, and whatever folds many elements into one is cut into blocks whose
// size depends on the shapes alone, combined in order.
package cpu
