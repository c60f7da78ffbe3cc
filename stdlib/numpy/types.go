package numpy

import (
	"math"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// version is the version of NumPy whose behaviour the module follows.
const version = "2.4.6"

func (m *Library) declareTypes() {
	t := &m.types
	abstract := func(name string, bases ...*object.Type) *object.Type {
		typ := object.NewGoSubtype("numpy", name, "Abstract kind of numpy scalars.", nil, bases...)
		m.module.Members[name] = typ
		return typ
	}
	t.generic = abstract("generic", object.ObjectType)
	t.number = abstract("number", t.generic)
	t.integer = abstract("integer", t.number)
	t.signed = abstract("signedinteger", t.integer)
	t.unsigned = abstract("unsignedinteger", t.integer)
	t.inexact = abstract("inexact", t.number)
	t.floating = abstract("floating", t.inexact)
	t.complexfloating = abstract("complexfloating", t.inexact)
	t.scalar = map[engine.Dtype]*object.Type{}
	for i := range dtypes {
		m.declareScalar(&dtypes[i])
	}
	t.ndarray = object.NewGoType("numpy", "ndarray", "An array of numbers of one dtype. Make one with numpy.array.", nil)
	t.dtype = object.NewGoType("numpy", "dtype", "The type of an array's elements.", m.constructor("dtype(dtype, align=False, copy=False)", func(p *np) starlark.Value {
		return p.dtype(p.c.Arg(0))
	}))
	defineMethods(m, t.dtype, dtypeMethods)
	t.ufunc = object.NewGoType("numpy", "ufunc", "A function that works element by element.", nil)
	m.module.Members["ndarray"], m.module.Members["dtype"], m.module.Members["ufunc"] = t.ndarray, t.dtype, t.ufunc
	t.axisError = native.NewClass("AxisError", "numpy.exceptions", object.ValueError, object.IndexError)
	t.castError = native.NewClass("UFuncTypeError", "numpy._core._exceptions", object.TypeError)
	m.declareMethods()
}

// constructor makes a type callable by a signature.
func (m *Library) constructor(sig string, body func(p *np) starlark.Value) object.Constructor {
	f := native.NewFunction("numpy", sig, "", m.bodyOf(body))
	return func(thread *starlark.Thread, _ *object.Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		return f.CallInternal(thread, args, kwargs)
	}
}

// declareScalar makes the scalar type of a dtype. A float64 is a float, too, and a
// complex128 a complex number.
func (m *Library) declareScalar(info *dtypeInfo) {
	t := &m.types
	d := info.dtype
	bases := map[string][]*object.Type{"b": {t.generic}, "i": {t.signed}, "u": {t.unsigned}, "f": {t.floating}, "c": {t.complexfloating}}[info.kind]
	if python := map[engine.Dtype]*object.Type{engine.Float64: object.FloatType, engine.Complex128: object.ComplexType}[d]; python != nil {
		bases = append(bases, python)
	}
	name := d.String()
	typ := object.NewGoSubtype("numpy", name, "The scalar of dtype "+name+"; called, it converts its argument.", m.constructor(name+"(value=0, /)", func(p *np) starlark.Value {
		v := p.c.ValueOr(0, starlark.MakeInt(0))
		if s, ok := v.(starlark.String); ok {
			return p.newScalar(p.parsed(string(s), d), d)
		}
		if o, ok := p.operand(v); ok && o.a == nil {
			if !o.d.Valid() {
				return p.newScalar(v, d)
			}
			return p.astype(p.filled(o.v, o.d, nil), d).result()
		}
		return p.astype(p.array(v, 0), d).result()
	}), bases...)
	t.scalar[d] = typ
	m.module.Members[name] = typ
	for _, other := range info.others {
		m.module.Members[other] = typ
	}
}

func (m *Library) declareConstants() {
	a := m.module.Members
	for name, f := range map[string]float64{"pi": math.Pi, "e": math.E, "euler_gamma": 0.57721566490153286060651209008240243, "inf": math.Inf(1), "nan": math.NaN()} {
		a[name] = starlark.Float(f)
	}
	a["newaxis"] = starlark.None
	a["__version__"] = starlark.String(version)
	a["True_"], a["False_"] = &scalar{m, engine.Bool, starlark.True}, &scalar{m, engine.Bool, starlark.False}
}

// partsOf lists which of a package's parts, files of the script language that
// begin with an underscore, defines which name. They are compiled when one of
// their names is first used.
func partsOf(pkg string, parts ...string) map[string]string {
	out := map[string]string{}
	for _, part := range parts {
		src, err := sources.ReadFile(part + ".py")
		if err != nil {
			panic("stdlib: " + err.Error()) // the parts are constants of this package
		}
		for line := range strings.Lines(string(src)) {
			rest, ok := strings.CutPrefix(line, "def ")
			if !ok {
				rest, ok = strings.CutPrefix(line, "class ")
			}
			if end := strings.IndexAny(rest, "(:"); ok && end > 0 && rest[0] != '_' {
				out[rest[:end]] = pkg + "." + part
			}
		}
	}
	return out
}
