package builtins

import (
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/signature"
	"github.com/mlxstar/mlxstar/engine"
)

const streamParam = "stream: Stream | ThreadLocalStream | Device | DeviceType | None = None"

// forwarded are the methods that do what the function of the name does, with
// the array as its first argument. Their signatures are their own.
var forwarded = []string{
	"abs(self, *, S) -> array",
	"all(self, axis: int | Sequence[int] | None = None, keepdims: bool = False, *, S) -> array",
	"any(self, axis: int | Sequence[int] | None = None, keepdims: bool = False, *, S) -> array",
	"argmax(self, axis: int | None = None, keepdims: bool = False, *, S) -> array",
	"argmin(self, axis: int | None = None, keepdims: bool = False, *, S) -> array",
	"conj(self, *, S) -> array",
	"cos(self, *, S) -> array",
	"cummax(self, axis: int | None = None, *, reverse: bool = False, inclusive: bool = True, S) -> array",
	"cummin(self, axis: int | None = None, *, reverse: bool = False, inclusive: bool = True, S) -> array",
	"cumprod(self, axis: int | None = None, *, reverse: bool = False, inclusive: bool = True, S) -> array",
	"cumsum(self, axis: int | None = None, *, reverse: bool = False, inclusive: bool = True, S) -> array",
	"diag(self, k: int = 0, *, S) -> array",
	"diagonal(self, offset: int = 0, axis1: int = 0, axis2: int = 1, S) -> array",
	"exp(self, *, S) -> array",
	"flatten(self, start_axis: int = 0, end_axis: int = -1, *, S) -> array",
	"log(self, *, S) -> array",
	"log10(self, *, S) -> array",
	"log1p(self, *, S) -> array",
	"log2(self, *, S) -> array",
	"logcumsumexp(self, axis: int | None = None, *, reverse: bool = False, inclusive: bool = True, S) -> array",
	"logsumexp(self, axis: int | Sequence[int] | None = None, keepdims: bool = False, *, S) -> array",
	"max(self, axis: int | Sequence[int] | None = None, keepdims: bool = False, *, S) -> array",
	"mean(self, axis: int | Sequence[int] | None = None, keepdims: bool = False, *, S) -> array",
	"min(self, axis: int | Sequence[int] | None = None, keepdims: bool = False, *, S) -> array",
	"moveaxis(self, source: int, destination: int, *, S) -> array",
	"prod(self, axis: int | Sequence[int] | None = None, keepdims: bool = False, *, S) -> array",
	"reciprocal(self, *, S) -> array",
	"round(self, decimals: int = 0, *, S) -> array",
	"rsqrt(self, *, S) -> array",
	"sin(self, *, S) -> array",
	"split(self, indices_or_sections: int | tuple[int, ...], axis: int = 0, *, S) -> list[array]",
	"sqrt(self, *, S) -> array",
	"square(self, *, S) -> array",
	"squeeze(self, axis: int | Sequence[int] | None = None, *, S) -> array",
	"std(self, axis: int | Sequence[int] | None = None, keepdims: bool = False, ddof: int = 0, *, correction: int | None = None, S) -> array",
	"sum(self, axis: int | Sequence[int] | None = None, keepdims: bool = False, *, S) -> array",
	"swapaxes(self, axis1: int, axis2: int, *, S) -> array",
	"var(self, axis: int | Sequence[int] | None = None, keepdims: bool = False, ddof: int = 0, *, correction: int | None = None, S) -> array",
}

// ownMethods are the methods of arrays that no function has, or not in their form.
var ownMethods = []function{
	{"astype(self, dtype: Dtype, S) -> array", "The array converted to a dtype.",
		func(c *Call) starlark.Value {
			d, ok := c.arg("dtype").(Dtype)
			if !ok {
				c.mistyped("dtype", c.arg("dtype"), "Dtype")
			}
			return c.out(c.b.AsType(c.self(), d.d))
		}},
	{"view(self, dtype: Dtype, *, S) -> array", "The array's bytes read as another dtype. Where the sizes differ the last axis grows or shrinks.",
		func(c *Call) starlark.Value {
			d, ok := c.arg("dtype").(Dtype)
			if !ok {
				c.mistyped("dtype", c.arg("dtype"), "Dtype")
			}
			return c.out(c.b.Bitcast(c.self(), d.d))
		}},
	{"reshape(self, *shape, S) -> array", "The array with another shape, given as integers or as one sequence of them; one of them may be -1 and is worked out.",
		func(c *Call) starlark.Value { return c.out(c.b.Reshape(c.self(), c.restInts("shape"))) }},
	{"transpose(self, *axes, S) -> array", "The array with its axes in another order, given as integers or as one sequence of them; reversed where none is given.",
		func(c *Call) starlark.Value {
			if len(c.rest) == 0 {
				return c.out(c.b.Transpose(c.self(), nil))
			}
			return c.out(c.b.Transpose(c.self(), c.restInts("axes")))
		}},
	{"item(self) -> scalar", "The only element as a Python number.",
		func(c *Call) starlark.Value { return c.value(c.bound[0].(*Array).item()) }},
	{"tolist(self) -> list_or_scalar", "The elements as nested lists of Python numbers; a number for a 0-d array.",
		func(c *Call) starlark.Value { return c.value(c.bound[0].(*Array).list(c.thread)) }},
	{"__copy__(self) -> array", "An array of its own with the same elements.",
		func(c *Call) starlark.Value { return c.out(c.self()) }},
	{"__deepcopy__(self, memo: dict) -> array", "An array of its own with the same elements.",
		func(c *Call) starlark.Value { return c.out(c.self()) }},
	{"__array_namespace__(self, *, api_version: str | None = None)", "The module mlx.core.",
		func(c *Call) starlark.Value { return c.m }},
	{"__dlpack__(self, *, stream: object | None = None, max_version: object | None = None, dl_device: tuple[int, int] | None = None, copy: bool | None = None) -> ndarray[]", "The array's memory, for another library's from_dlpack.",
		func(c *Call) starlark.Value {
			a := c.bound[0].(*Array)
			c.check(c.m.Engine.Eval(c.m.host.Context(), a.Node()))
			if c.arg("copy") == starlark.True {
				a = c.m.wrap(c.b.Contiguous(a.Node()))
			}
			return &capsule{a}
		}},
	{"__dlpack_device__(self) -> tuple", "The device of the array in DLPack's numbers: 1 is a CPU, 8 Metal.",
		func(c *Call) starlark.Value {
			if c.m.Engine.DefaultDevice().Type == engine.GPU {
				return intTuple([]int{8, 0})
			}
			return intTuple([]int{1, 0})
		}},
}

// self is the array that a method is of.
func (c *Call) self() *engine.Node { return c.bound[0].(*Array).Node() }

// arrayMethods lists the methods of arrays. A row without a body is forwarded.
func arrayMethods() []function {
	rows := append(binaryMethodRows(), protocolMethods...)
	for _, sig := range forwarded {
		rows = append(rows, function{sig: strings.Replace(sig, "S)", streamParam+")", 1)})
	}
	for _, row := range ownMethods {
		row.sig = strings.Replace(row.sig, "S)", streamParam+")", 1)
		rows = append(rows, row)
	}
	return rows
}

// declareMethods puts methods into a type. A forwarded one takes documentation
// and body from the function of its name; that there is none is a mistake of
// this package.
func (m *Module) declareMethods(t *object.Type, rows []function) {
	all := make([]Func, len(rows))
	t.Attrs().Reserve(len(rows))
	for i := range rows {
		row := &rows[i]
		sig := signature.Parse(row.sig)
		if row.body == nil {
			f, ok := m.attrs[sig.Name].(*Func)
			if !ok {
				panic("builtins: no function for the method " + row.sig)
			}
			row = &function{row.sig, f.row.doc, forward(sig, f)}
		}
		f := &all[i]
		*f = Func{m: m, sig: sig, row: row, owner: t}
		t.Attrs().Set(sig.Name, f)
		if m.isPureMethod(t, sig.Name) {
			m.callable = append(m.callable, f)
		}
	}
}

// isPureMethod reports whether a program may call a method: one of arrays that
// gives arrays. Operators and indexing have steps of their own.
func (m *Module) isPureMethod(t *object.Type, name string) bool {
	return (t == m.types.array || t == m.types.arrayAt) && !strings.HasPrefix(name, "__") && name != "item" && name != "tolist"
}

// forward makes a method's body of a function: self is its first argument, the
// others go by their names.
func forward(method *signature.Signature, f *Func) func(c *Call) starlark.Value {
	to := make([]int, len(method.Params))
	for i, p := range method.Params {
		to[i] = i
		for j, q := range f.sig.Params {
			if q.Name == p.Name {
				to[i] = j
			}
		}
	}
	return func(c *Call) starlark.Value {
		bound := make([]starlark.Value, len(f.sig.Params))
		for i, v := range c.bound {
			bound[to[i]] = v
		}
		c.sig, c.bound = f.sig, bound
		return f.row.body(c)
	}
}
