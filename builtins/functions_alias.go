package builtins

// functionAliases are the further names of functions.
var functionAliases = map[string]string{
	"acos": "arccos", "acosh": "arccosh", "asin": "arcsin", "asinh": "arcsinh",
	"atan": "arctan", "atan2": "arctan2", "atanh": "arctanh",
	"bitwise_left_shift": "left_shift", "bitwise_right_shift": "right_shift",
	"concat": "concatenate", "conj": "conjugate",
	"cumulative_prod": "cumprod", "cumulative_sum": "cumsum",
	"empty": "zeros", "empty_like": "zeros_like",
	"permute_dims": "transpose", "pow": "power",
}

// declareAliases adds the members that stand for others, and the random state.
func (m *Module) declareAliases() {
	for alias, name := range functionAliases {
		m.attrs[alias] = m.attrs[name]
	}
	m.attrs["matrix_norm"] = m.members("linalg")["norm"]
	m.members("random")["state"] = &RandomState{m}
}
