// Package numpy is the module numpy: the part of NumPy that programs for MLX use,
// over the engine that computes mlx.core's arrays.
//
// An ndarray is a window (shape, strides, offset) on a store, which is the memory
// of an evaluated array of the engine that nothing else refers to. Basic indexing,
// reshape where the strides allow it, and transpose give windows on the same
// store, so that what is assigned through one is seen through the other. All else
// computes at once, by the engine's kernels where the engine has the operation,
// else by loops here, and gives an array of its own. Elements count against the
// runtime's memory limit like those of any array.
//
// What is here is NumPy's meaning where it differs from MLX's: float64 and int64
// as the defaults, NumPy's promotion with Python's numbers as weak, casts that are
// undefined in MLX, bounds that are checked, random streams that a seed fixes.
// What Python numbers elements are, how they are packed, how half types convert
// and how shapes broadcast are the engine's and builtins'.
//
// Functions are rows of tables (create.go, shape.go, reduce.go, ...): a signature
// and a body over an np, which is one use of the library, a call or an operator.
// Functions that are made of others are in the script language, in source; a part
// of it is compiled when one of its names is first used.
//
// The package does not import stdlib, which registers it: what it needs of the
// runtime around it, files and imports, is a Host.
package numpy
