package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

const precisionMeans = "Precision is the number of decimals of floats; -1 is the usual form of 6 significant digits."

var printFunctions = []function{
	{"set_printoptions(precision: int = -1) -> None",
		"Sets how arrays are printed. " + precisionMeans,
		func(c *Call) starlark.Value {
			c.m.print = printOptions{c.int("precision", -1)}
			return starlark.None
		}},
	{"get_printoptions() -> PrintOptions",
		"The options that set_printoptions or printoptions set.",
		func(c *Call) starlark.Value { return &PrintOptions{c.m.print, c.m} }},
	{"printoptions(precision: int = -1)",
		"Sets print options within a with statement. " + precisionMeans,
		func(c *Call) starlark.Value {
			return &printContext{m: c.m, opts: printOptions{c.int("precision", -1)}}
		}},
}

// PrintOptions is mx.PrintOptions.
type PrintOptions struct {
	opts printOptions
	m    *Module
}

var (
	_ object.HasType       = (*PrintOptions)(nil)
	_ starlark.HasSetField = (*PrintOptions)(nil)
)

func constructPrintOptions(c *Call) starlark.Value {
	return &PrintOptions{printOptions{c.int("precision", -1)}, c.m}
}

func (p *PrintOptions) String() string        { return "<mlx.core.PrintOptions object>" }
func (p *PrintOptions) Type() string          { return "PrintOptions" }
func (p *PrintOptions) Freeze()               {}
func (p *PrintOptions) Truth() starlark.Bool  { return true }
func (p *PrintOptions) Hash() (uint32, error) { return uint32(p.opts.precision), nil }

// PyType is mx.PrintOptions.
func (p *PrintOptions) PyType() *object.Type { return p.m.types.printOptions }

// Attr gives precision.
func (p *PrintOptions) Attr(name string) (starlark.Value, error) {
	if name == "precision" {
		return starlark.MakeInt(p.opts.precision), nil
	}
	return nil, nil
}

// AttrNames lists precision.
func (p *PrintOptions) AttrNames() []string { return []string{"precision"} }

// SetField sets precision.
func (p *PrintOptions) SetField(name string, v starlark.Value) error {
	n, ok := indexOf(v)
	switch {
	case name != "precision":
		return starlark.NoSuchAttrError(name)
	case !ok:
		return object.Errorf(object.TypeError, "PrintOptions.precision must be int, not %s", object.TypeName(v))
	}
	p.opts.precision = n
	return nil
}

// printContext sets print options on entry and puts the old ones back on exit.
type printContext struct {
	m         *Module
	opts, old printOptions
}

var _ object.HasType = (*printContext)(nil)

func (p *printContext) String() string        { return "<mlx.core._PrintOptionsContext object>" }
func (p *printContext) Type() string          { return "_PrintOptionsContext" }
func (p *printContext) Freeze()               {}
func (p *printContext) Truth() starlark.Bool  { return true }
func (p *printContext) Hash() (uint32, error) { return uint32(p.opts.precision), nil }

// PyType is mlx.core._PrintOptionsContext.
func (p *printContext) PyType() *object.Type { return p.m.types.printOptionsContext }

var printContextMethods = []function{
	{"__enter__(self)", "Sets the options.", func(c *Call) starlark.Value {
		p := c.bound[0].(*printContext)
		p.old, c.m.print = c.m.print, p.opts
		return p
	}},
	{"__exit__(self, exc_type=None, exc_value=None, traceback=None)", "Puts the former options back.", func(c *Call) starlark.Value {
		c.m.print = c.bound[0].(*printContext).old
		return starlark.None
	}},
}
