package builtins

import (
	"math"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// types are the Python types of the module's values.
type types struct {
	array, arrayAt, arrayIterator, arrayLike *object.Type
	dtype, category, finfo, iinfo            *object.Type
	device, deviceType                       *object.Type
	stream, threadLocalStream, streamContext *object.Type
	printOptions, printOptionsContext        *object.Type
}

// typeRow declares a type: where it is kept, what constructs it, and its methods.
type typeRow struct {
	name    string
	at      func(t *types) **object.Type
	sig     string // of the constructor, or "" for a type that cannot be called
	doc     string
	body    func(c *Call) starlark.Value
	methods []function
	hidden  bool // not a member of mlx.core
}

// typeRows lists every type; bodies lie beside what they make. It is a
// function, for bodies reach the types again.
func typeRows() []typeRow {
	return []typeRow{
		{name: "array", at: func(t *types) **object.Type { return &t.array },
			sig:  "array(val, dtype: Dtype | None = None)",
			doc:  "An N-dimensional array object. Val is a number, a nested list or tuple of numbers and arrays, an array, bytes, or an object with __mlx_array__. Without a dtype bools give bool, ints int32 (int64 where they need it), floats float32, complex numbers complex64.",
			body: constructArray, methods: arrayMethods()},
		{name: "ArrayAt", at: func(t *types) **object.Type { return &t.arrayAt },
			doc:     "Updates at the indices it was given, which apply once for every occurrence of an index: a.at[i].add(v).",
			methods: atMethods},
		{name: "ArrayIterator", at: func(t *types) **object.Type { return &t.arrayIterator },
			doc: "The iterator over an array's first axis."},
		{name: "ArrayLike", at: func(t *types) **object.Type { return &t.arrayLike },
			sig: "ArrayLike(value)", doc: "Any object with a method __mlx_array__, which gives the array to use for it.",
			body: constructArrayLike},
		{name: "Dtype", at: func(t *types) **object.Type { return &t.dtype },
			doc: "The type of an array's elements: mx.float32, mx.int8, ..."},
		{name: "DtypeCategory", at: func(t *types) **object.Type { return &t.category },
			sig: "DtypeCategory(value)", doc: "A kind of dtype, for issubdtype: mx.floating, mx.integer, ...",
			body: constructCategory},
		{name: "finfo", at: func(t *types) **object.Type { return &t.finfo },
			sig: "finfo(dtype: Dtype)", doc: "The limits of a floating or complex dtype: min, max, eps, smallest_normal, bits.",
			body: constructFinfo},
		{name: "iinfo", at: func(t *types) **object.Type { return &t.iinfo },
			sig: "iinfo(dtype: Dtype)", doc: "The limits of an integer dtype: min and max.",
			body: constructIinfo},
		{name: "Device", at: func(t *types) **object.Type { return &t.device },
			sig: "Device(type: DeviceType, index: int = 0)", doc: "A device to run operations on.",
			body: constructDevice},
		{name: "DeviceType", at: func(t *types) **object.Type { return &t.deviceType },
			sig: "DeviceType(value)", doc: "A type of device: mx.cpu or mx.gpu.",
			body: constructDeviceType},
		{name: "Stream", at: func(t *types) **object.Type { return &t.stream },
			doc: "A queue of operations on a device. new_stream makes one."},
		{name: "ThreadLocalStream", at: func(t *types) **object.Type { return &t.threadLocalStream },
			doc: "A stream that each thread has of its own. A script has one thread, so that it is a stream like any other."},
		{name: "StreamContext", at: func(t *types) **object.Type { return &t.streamContext },
			sig: "StreamContext(s: Stream | ThreadLocalStream | Device | DeviceType)",
			doc: "Makes a stream the default within a with statement.", body: streamBody, methods: streamContextMethods},
		{name: "PrintOptions", at: func(t *types) **object.Type { return &t.printOptions },
			sig: "PrintOptions(precision: int = -1)", doc: "How arrays are printed; see set_printoptions.",
			body: constructPrintOptions},
		{name: "_PrintOptionsContext", at: func(t *types) **object.Type { return &t.printOptionsContext },
			doc: "Sets print options within a with statement.", methods: printContextMethods, hidden: true},
	}
}

func (m *Module) declareTypes() {
	for _, row := range typeRows() {
		t := object.NewGoType("mlx.core", row.name, row.doc, m.constructor(&row))
		*row.at(&m.types) = t
		m.declareMethods(t, row.methods)
		if !row.hidden {
			m.attrs[row.name] = t
		}
	}
	for i := range attributes {
		m.types.array.Attrs().Set(attributes[i].name, &attributes[i])
	}
	for _, t := range []engine.DeviceType{engine.CPU, engine.GPU} {
		m.types.deviceType.Attrs().Set(t.String(), DeviceType{t, m})
	}
	for _, k := range categories {
		m.types.category.Attrs().Set(k.String(), DtypeCategory{k, m})
	}
}

// constructor binds the arguments of a type's call by its signature.
func (m *Module) constructor(row *typeRow) object.Constructor {
	if row.body == nil {
		return nil
	}
	sig, body := ParseSignature(row.sig), row.body
	return func(thread *starlark.Thread, _ *object.Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		return m.invoke(thread, sig, body, args, kwargs)
	}
}

// categories are the members of DtypeCategory, in the order of their values.
var categories = []engine.Category{
	engine.ComplexFloating, engine.Floating, engine.Inexact, engine.SignedInteger,
	engine.UnsignedInteger, engine.Integer, engine.Number, engine.Generic,
}

// eulerGamma is the Euler-Mascheroni constant.
const eulerGamma = 0.57721566490153286060651209008240243

// mlxVersion is the version of MLX whose interface the module has.
const mlxVersion = "0.32.2"

func (m *Module) declareConstants() {
	for _, d := range engine.Dtypes() {
		name := d.String()
		if d == engine.Bool {
			name = "bool_"
		}
		m.attrs[name] = Dtype{d, m}
	}
	for _, k := range categories {
		m.attrs[k.String()] = DtypeCategory{k, m}
	}
	for name, v := range map[string]starlark.Value{
		"cpu": DeviceType{engine.CPU, m}, "gpu": DeviceType{engine.GPU, m},
		"pi": starlark.Float(math.Pi), "e": starlark.Float(math.E), "euler_gamma": starlark.Float(eulerGamma),
		"inf": starlark.Float(math.Inf(1)), "nan": starlark.Float(math.NaN()), "newaxis": starlark.None,
		"__version__": starlark.String(mlxVersion), "__name__": starlark.String("mlx.core"),
		"__doc__": starlark.String("Arrays, operations on them and their transformations."),
	} {
		m.attrs[name] = v
	}
}
