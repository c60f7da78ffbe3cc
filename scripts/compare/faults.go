package main

import (
	"regexp"
)

// fault is what is wrong or absent in MLX 0.32.4, and the programs that may show it. A
// drawn program that differs and shows one is counted apart.
type fault struct {
	shows  *regexp.Regexp
	reason string
}

var faults = []fault{
	{regexp.MustCompile(`mx\.grad\(.*conv_general.*input_dilation=\[[^\]]*2`), "the gradient by an input that is spread out has another shape than the input"},
	{regexp.MustCompile(`mx\.(mean|var|std)\(.*dtype=mx\.u?int(32|64)`), "the sum that a mean of integers is made of wraps at the ends of their range"},
	{regexp.MustCompile(`mx\.isclose\(.*-9223372036854775808`), "the distance of the least int64 from 0 is negative, and so within any tolerance"},
	{regexp.MustCompile(`mx\.(max|min|minmax)\(.*complex\(.*nan`), "the extremes of complex numbers take NaN apart"},
	{regexp.MustCompile(`a\[.*\] [-+*]= v\[None\]`), "a value with a leading unit axis is refused beside some indices"},
	{regexp.MustCompile(`arg(min|max)\(mx\.array\([^\[].*axis=None, keepdims=True`), "argmin and argmax of a 0-d array with keepdims ask for a vector of negative length"},
	{regexp.MustCompile(`mx\.as_strided\(`), "as_strided reads outside of the array"},
	{regexp.MustCompile(`(?s)float32\)\.reshape\([^)]*\), mx\.array.*groups=2`), "groups are not there for convolutions of three axes"},
	{regexp.MustCompile(`mx\.(divide|floor_divide|power)\(.*complex64`), "quotients and powers of complex numbers lose digits, and NaN takes the place of an infinite part"},
	{regexp.MustCompile(`mx\.(softmax|logcumsumexp|logsumexp)\(.*dtype=mx\.(u?int|bool)`), "integers wrap in softmax, logsumexp and logcumsumexp over other axes than the last"},
	{regexp.MustCompile(`mx\.(cummax|cummin)\(.*float16`), "cummax and cummin of float16 lose NaN"},
	{regexp.MustCompile(`bool_.*bitwise_xor|bitwise_xor.*bool_`), "the exclusive or of bools is the left operand"},
	{regexp.MustCompile(`uint64.*(9223372036854775808|18446744073709551615)`), "uint64 above 2^63 cannot be read back"},
	{regexp.MustCompile(`mx\.zeros\(|reshape\([^)]*\b0\b|reshape\(\(0,`), "empty axes end the process in sorts, scans and scatters, or are refused"},
	{regexp.MustCompile(`mx\.round\(`), "rounding to decimals multiplies by a rounded reciprocal"},
	{regexp.MustCompile(`mx\.pad\(.*vmap|vmap.*mx\.pad\(`), "vmap of pad"},
}

// faultOf is the reason why a program may differ, or "".
func faultOf(src string) string {
	for _, f := range faults {
		if f.shows.MatchString(src) {
			return f.reason
		}
	}
	return ""
}
