package main

import (
	"regexp"
)

// fault is what is wrong or absent in MLX 0.32.4, and the programs that may show it. A
// drawn program that differs and shows one is counted apart. The proof is a program that
// ends without an error where the fault is there: a test runs it where Python has MLX.
type fault struct {
	shows         *regexp.Regexp
	reason, proof string
}

// faults are told by the program.
var faults = []fault{
	{regexp.MustCompile(`mx\.grad\(.*conv_general.*input_dilation=\[[^\]]*2`),
		"the gradient by an input that is spread out has another shape than the input",
		"x, w = mx.ones((1, 4, 2)), mx.ones((2, 1, 2))\ng = mx.grad(lambda x: mx.conv_general(x, w, stride=[1], padding=[1], input_dilation=[2]).sum())(x)\nassert g.shape != x.shape"},
	{regexp.MustCompile(`mx\.(mean|var|std)\(.*dtype=mx\.u?int(32|64)`),
		"the sum that a mean of integers is made of wraps at the ends of their range",
		"assert mx.mean(mx.array([2147483647, 2147483647])).item() < 2e9"},
	{regexp.MustCompile(`mx\.isclose\(.*(-9223372036854775808|-2147483648)`),
		"the distance of the least integer from 0 is negative, and so within any tolerance",
		"assert mx.isclose(mx.array(-2**31), mx.array(0)).item()"},
	{regexp.MustCompile(`mx\.(max|min|minmax|median|argmax|argmin|cummax|cummin)\(.*complex\(.*nan`),
		"the extremes, their places and the order of complex numbers take NaN apart",
		"assert any(z == z for z in [mx.max(mx.array([complex(1, nan), complex(2, 0), 0j])).item(), mx.max(mx.array([complex(nan, 1), complex(2, 0)])).item()])"},
	{regexp.MustCompile(`mx\.(max|min|minmax)\(.*complex\(-?inf,-?inf\)`),
		"the extreme of numbers of which both parts are infinite loses its imaginary part",
		"assert mx.max(mx.array([complex(-inf, -inf), complex(-inf, -inf)])).item().imag == 0"},
	{regexp.MustCompile(`mx\.isclose\(.*complex\(.*inf`),
		"complex numbers with an infinite part are compared as finite ones are",
		"z = mx.array(complex(0, inf))\nassert mx.isclose(mx.array(0j), z).item() and not mx.isclose(z, z).item()"},
	{regexp.MustCompile(`mx\.isclose\(.*mx\.uint`),
		"the distance of unsigned numbers wraps, and so may be small",
		"assert mx.isclose(mx.array(6, dtype=mx.uint32), mx.array(4294967295, dtype=mx.uint32)).item()"},
	{regexp.MustCompile(`a\[.*\] [-+*]?= v\[None\]`),
		"a value with a leading unit axis is refused beside some indices, which NumPy takes",
		"a = mx.zeros((2, 3, 1))\ntry:\n    a[-1, ..., :] = a[-1, ..., :][None]\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError"},
	{regexp.MustCompile(`arg(min|max)\(\(?(mx\.contiguous\()?mx\.array\([^\[].*axis=None, keepdims=True`),
		"argmin and argmax of a 0-d array with keepdims ask for a vector of negative length",
		"try:\n    mx.argmin(mx.array(3), axis=None, keepdims=True)\nexcept Exception:\n    pass\nelse:\n    raise AssertionError"},
	{regexp.MustCompile(`mx\.as_strided\(`),
		"as_strided reads outside of the array",
		"mx.eval(mx.as_strided(mx.arange(3), (2,), (1,), 2))"},
	{regexp.MustCompile(`(?s)float32\)\.reshape\([^)]*\), mx\.array.*groups=2`),
		"groups are not there for convolutions of three axes",
		"try:\n    mx.eval(mx.conv3d(mx.ones((1, 2, 2, 2, 2)), mx.ones((2, 1, 1, 1, 1)), groups=2))\nexcept Exception:\n    pass\nelse:\n    raise AssertionError"},
	{regexp.MustCompile(`mx\.(divide|floor_divide|power)\(.*complex64`),
		"quotients and powers of complex numbers lose digits, and NaN takes the place of an infinite part",
		"assert mx.power(mx.array(1j), mx.array(2 + 0j)).item() != -1\nassert mx.divide(mx.array(complex(inf, 1)), mx.array(2 + 0j)).item().imag != 0.5"},
	{regexp.MustCompile(`mx\.(softmax|logcumsumexp|logsumexp)\(.*dtype=mx\.(u?int|bool)`),
		"integers wrap in softmax, logsumexp and logcumsumexp over other axes than the last",
		"assert mx.logsumexp(mx.array([[1, 9], [3, 2]], dtype=mx.uint32), axis=(0, 1)).item() > 20"},
	{regexp.MustCompile(`mx\.(cummax|cummin)\(.*float16`),
		"cummax and cummin of float16 lose NaN",
		"assert not mx.isnan(mx.cummax(mx.array([nan, 1.0], dtype=mx.float16))).all().item()"},
	{regexp.MustCompile(`uint64.*(9223372036854775808|18446744073709551615)`),
		"uint64 above 2^63 cannot be read back",
		"try:\n    back = mx.array(2**63, dtype=mx.uint64).item()\nexcept Exception:\n    back = None\nassert back != 2**63"},
	{regexp.MustCompile(`mx\.zeros\(|reshape\([^)]*\b0\b|reshape\(\(0,`),
		"empty axes end the process in sorts, scans and scatters, or are refused",
		"try:\n    mx.eval(mx.zeros((0,)).at[mx.array([], dtype=mx.int32)].add(1))\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError"},
	{regexp.MustCompile(`mx\.round\(`),
		"rounding to decimals multiplies by a rounded reciprocal",
		"assert any(mx.round(mx.array(k / 100), 2).item() != mx.array(k / 100).item() for k in range(2000))"},
	{regexp.MustCompile(`float16.*nan.*\.view\(`),
		"NaN becomes a signalling NaN in float16, and loses its sign in bfloat16, which show when their bits are looked at",
		"assert mx.array([nan], dtype=mx.float16).view(mx.uint16).item() & 0x200 == 0"},
	{regexp.MustCompile(`mx\.(sin|cos|tan|sinh|cosh|tanh|exp)\(.*complex\(-?inf,-?inf\)`),
		"C leaves the signs of functions of complex infinities open, and MLX has those of its library",
		"z = mx.sin(mx.array(complex(-inf, -inf))).item()\nassert z.real != z.real and z.imag == inf"},
	{regexp.MustCompile(`mx\.cumprod\(.*complex\(.*(inf|3e38)`),
		"products of infinite complex numbers have NaN in one part or both, by how they are multiplied",
		"assert mx.cumprod(mx.array([complex(-1.42, -inf), complex(2.08, -3e38)])).tolist()[1] != complex(-inf, -inf)"},
}

// faultsSaid are told by how the two runs differ.
var faultsSaid = []fault{
	{regexp.MustCompile(`python with a crash`),
		"MLX ends the process",
		"import os, sys\nif os.fork() == 0:\n    mx.eval(mx.zeros((5, 1)).at[mx.array([0, -2, -1]), 3:1].subtract(2))\n    os._exit(0)\nassert os.WIFSIGNALED(os.wait()[1])"},
	{regexp.MustCompile(`python with ValueError: \[broadcast_to\] Negative dimensions`),
		"a range that is empty because its end lies before its start counts as one of a negative length",
		"a = mx.zeros((3, 1, 2))\ntry:\n    a[2, mx.array([-1]), 4:-2] = mx.zeros((1, 1, 0))\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError"},
	{regexp.MustCompile(`python with ValueError: \[Primitive::(jvp|vmap)\] Not implemented for Depends`),
		"gradients of functions that checkpoint made have no jvp and no batches",
		"try:\n    mx.vmap(mx.grad(mx.checkpoint(lambda x: mx.sin(x).sum())))(mx.ones((2, 2)))\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError"},
	{regexp.MustCompile(`mlxstar ends with ValueError: conv\w*: a kernel of \d+ elements exceeds`),
		"the negative count of places of a kernel that does not fit is rounded towards zero, which gives one place",
		"assert mx.conv_general(mx.ones((1, 4, 1)), mx.ones((1, 5, 1)), stride=[2]).shape == (1, 1, 1)"},
}

// faultOf is the reason why a program may differ, or "".
func faultOf(src string) string { return reasonIn(faults, src) }

// faultSaid is the reason for what differs, or "".
func faultSaid(detail string) string { return reasonIn(faultsSaid, detail) }

func reasonIn(list []fault, text string) string {
	for _, f := range list {
		if f.shows.MatchString(text) {
			return f.reason
		}
	}
	return ""
}
