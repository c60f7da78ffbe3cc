package dialect

import "github.com/mlxstar/mlxstar/dialect/syntax"

// arrayNames are attributes that arrays have and texts, lists and dicts have not: what an
// expression gives that is asked for one may be an array. (Those that others have, too, such
// as real or split, are found where something else tells.)
var arrayNames = map[string]bool{
	"T": true, "mT": true, "abs": true, "all": true, "any": true, "argmax": true, "argmin": true, "argpartition": true, "argsort": true,
	"astype": true, "conj": true, "cos": true, "cummax": true, "cummin": true, "cumprod": true, "cumsum": true, "diag": true, "diagonal": true,
	"dtype": true, "exp": true, "flatten": true, "item": true, "itemsize": true, "log": true, "log10": true, "log1p": true, "log2": true,
	"logcumsumexp": true, "logsumexp": true, "max": true, "maximum": true, "mean": true, "min": true, "minimum": true, "moveaxis": true,
	"nbytes": true, "ndim": true, "prod": true, "reciprocal": true, "reshape": true, "round": true, "rsqrt": true, "shape": true, "sin": true,
	"size": true, "sqrt": true, "square": true, "squeeze": true, "std": true, "sum": true, "swapaxes": true, "tolist": true,
	"transpose": true, "unflatten": true, "var": true, "view": true,
}

// made reports whether an expression gives what it has just made, which may be an array: the
// result of an operator, or of a call but of those of modules without arrays.
func (l *lowerer) made(x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.Binary:
		return fold(x) == nil && !isScalar(l.scope.typeOf(x))
	case *syntax.Call:
		if isScalar(l.scope.typeOf(x)) || arrayless[moduleOf(x)] {
			return false
		}
		n, ok := x.Fn.(*syntax.Name)
		return !ok || !builtinNames[n.ID]
	case *syntax.Attribute:
		return arrayNames[x.Name] && l.made(x.X)
	case *syntax.Subscript:
		return l.made(x.X)
	}
	return false
}

// builtinNames are builtins that are called and whose results are no arrays.
var builtinNames = map[string]bool{
	"super": true, "str": true, "repr": true, "len": true, "range": true, "list": true, "dict": true, "tuple": true, "set": true,
	"open": true, "type": true, "getattr": true, "vars": true, "globals": true, "locals": true, "enumerate": true, "zip": true,
	"map": true, "filter": true, "sorted": true, "reversed": true, "iter": true, "int": true, "float": true, "bool": true, "bytes": true,
	"input": true, "format": true, "isinstance": true, "hasattr": true, "id": true, "hash": true, "print": true, "dir": true,
}

// isSlice reports whether an index is a slice, or several with slices among them.
func isSlice(x syntax.Expr) bool {
	_, ok := x.(*syntax.Slice)
	return ok || isPart(x)
}
