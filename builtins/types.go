package builtins

import (
	"math"
	"sync"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/signature"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// types are the Python types of the module's values.
type types struct {
	array, arrayAt, arrayIterator, arrayLike *object.Type
	dtype, category, finfo, iinfo            *object.Type
	device, deviceType                       *object.Type
	stream, threadLocalStream, streamContext *object.Type
	printOptions, printOptionsContext        *object.Type
	customFunction, group, functionExporter  *object.Type
}

// typeRow declares a type: where it is kept, what constructs it, and its methods.
type typeRow struct {
	name    string
	path    string // of the module it is a member of; "" is mlx.core itself
	at      func(t *types) **object.Type
	sig     string // of the constructor, or "" for a type that cannot be called
	doc     string
	body    func(c *Call) starlark.Value
	methods []function
	props   []propertyRow
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
			doc:     "The iterator over an array's first axis.",
			methods: iteratorMethods},
		{name: "ArrayLike", at: func(t *types) **object.Type { return &t.arrayLike },
			sig: "ArrayLike(value)", doc: "Any object with a method __mlx_array__, which gives the array to use for it.",
			body: constructArrayLike},
		{name: "Dtype", at: func(t *types) **object.Type { return &t.dtype },
			doc:     "The type of an array's elements: mx.float32, mx.int8, ...",
			methods: valueMethods("Dtype"), props: []propertyRow{{"size", "The bytes of an element."}}},
		{name: "DtypeCategory", at: func(t *types) **object.Type { return &t.category },
			sig: "DtypeCategory" + enumSignature, doc: "A kind of dtype, for issubdtype: mx.floating, mx.integer, ...",
			body: constructCategory},
		{name: "finfo", at: func(t *types) **object.Type { return &t.finfo },
			sig: "finfo(arg: Dtype, /)", doc: "The limits of a floating or complex dtype: min, max, eps, smallest_normal, bits.",
			body: constructFinfo, methods: []function{reprMethod},
			props: append([]propertyRow{{"bits", "The bits of an element."}, {"eps", "The distance from 1 to the next larger value."},
				{"smallest_normal", "The smallest positive value of full precision."}}, limitProps...)},
		{name: "iinfo", at: func(t *types) **object.Type { return &t.iinfo },
			sig: "iinfo(arg: Dtype, /)", doc: "The limits of an integer dtype: min and max.",
			body: constructIinfo, methods: []function{reprMethod}, props: limitProps},
		{name: "Device", at: func(t *types) **object.Type { return &t.device },
			sig: "Device(type: DeviceType, index: int = 0)", doc: "A device to run operations on.",
			body: constructDevice, methods: valueMethods("Device"), props: []propertyRow{{"type", "The device's type."}}},
		{name: "DeviceType", at: func(t *types) **object.Type { return &t.deviceType },
			sig: "DeviceType" + enumSignature, doc: "A type of device: mx.cpu or mx.gpu.",
			body: constructDeviceType},
		{name: "Stream", at: func(t *types) **object.Type { return &t.stream },
			doc:     "A queue of operations on a device. new_stream makes one.",
			methods: valueMethods("Stream"), props: []propertyRow{{"device", "The device that the stream is on."}}},
		{name: "ThreadLocalStream", at: func(t *types) **object.Type { return &t.threadLocalStream },
			doc:     "A stream that each thread has of its own. A script has one thread, so that it is a stream like any other.",
			methods: valueMethods("ThreadLocalStream"), props: []propertyRow{{"device", "The device that the stream is on."}}},
		{name: "StreamContext", at: func(t *types) **object.Type { return &t.streamContext },
			sig: "StreamContext(s: Stream | ThreadLocalStream | Device | DeviceType)",
			doc: "Makes a stream the default within a with statement.", body: streamBody, methods: streamContextMethods},
		{name: "PrintOptions", at: func(t *types) **object.Type { return &t.printOptions },
			sig: "PrintOptions(precision: int = -1)", doc: "How arrays are printed; see set_printoptions.",
			body: constructPrintOptions, props: []propertyRow{{"precision", precisionMeans}}},
		{name: "_PrintOptionsContext", at: func(t *types) **object.Type { return &t.printOptionsContext },
			doc: "Sets print options within a with statement.", methods: printContextMethods, hidden: true},
		{name: "Group", path: "distributed", at: func(t *types) **object.Type { return &t.group },
			doc: "The processes that compute together.", methods: groupMethods},
		{name: "FunctionExporter", at: func(t *types) **object.Type { return &t.functionExporter },
			doc: "Gathers traces of a function for a file; see exporter.", methods: exporterMethods},
		{name: "custom_function", at: func(t *types) **object.Type { return &t.customFunction },
			sig: "custom_function(f: Callable)", doc: "A function whose rules for transforms can be given: f.vjp(rule), f.jvp(rule), f.vmap(rule).",
			body: func(c *Call) starlark.Value { return &CustomFunction{m: c.m, fn: c.callable("f")} }, methods: customMethods},
	}
}

// allTypes are the rows, which never change once they are made. Bodies reach it again, too.
var allTypes func() []typeRow

func init() { allTypes = sync.OnceValue(typeRows) }

func (m *Module) declareTypes() {
	for _, row := range allTypes() {
		module := "mlx.core"
		if row.path != "" {
			module += "." + row.path
		}
		t := object.NewGoType(module, row.name, row.doc, m.constructor(&row))
		*row.at(&m.types) = t
		if row.sig != "" {
			t.SetParameters(object.SignatureParameters(signature.Parse(row.sig)))
		}
		for _, p := range row.props {
			t.Attrs().Set(p.name, &property{t, p.name, p.doc})
		}
		m.declareMethods(t, row.methods)
		if row.name == "array" { // mx.array(list of arrays) is part of a program, too
			m.callable = append(m.callable, &Func{m: m, sig: signature.Parse(row.sig), row: &function{row.sig, row.doc, row.body}})
		}
		if !row.hidden {
			m.members(row.path)[row.name] = t
		}
	}
	for _, a := range attributes {
		m.types.array.Attrs().Set(a.name, &property{m.types.array, a.name, a.doc})
	}
	m.newEnum(m.types.deviceType, m.deviceTypes())
	m.newEnum(m.types.category, m.categories())
}

// limitProps are the properties that finfo and iinfo share.
var limitProps = []propertyRow{{"dtype", "The dtype whose limits they are."}, {"max", "The largest value."}, {"min", "The smallest value."}}

// reprMethod is the __repr__ of a type that shows its values by String.
var reprMethod = function{"__repr__(self) -> str", "The value as text.", func(c *Call) starlark.Value {
	return starlark.String(c.bound[0].String())
}}

// valueMethods are those of a type whose values compare and hash by what they are.
func valueMethods(name string) []function {
	return []function{
		reprMethod,
		{"__hash__(self) -> int", "A number that is the same for equal values.", func(c *Call) starlark.Value {
			h, err := c.bound[0].Hash()
			c.check(err)
			return starlark.MakeUint64(uint64(h))
		}},
		{"__eq__(self, arg: object, /) -> bool", "Whether the other is the same " + name + ".", func(c *Call) starlark.Value {
			return c.value(c.bound[0].(object.HasCompare).RichCompare(c.thread, object.Eq, orNone(c.arg("arg")), starlark.Left))
		}},
	}
}

// iteratorMethods are those of mx.ArrayIterator.
var iteratorMethods = []function{
	{"__iter__(self) -> ArrayIterator", "The iterator itself.", func(c *Call) starlark.Value { return c.bound[0] }},
	{"__next__(self) -> array", "The next row; StopIteration after the last.", func(c *Call) starlark.Value {
		v, ok, err := object.Next(c.thread, c.bound[0])
		c.check(err)
		if !ok {
			c.check(object.NewException(object.StopIteration))
		}
		return v
	}},
}

// constructor binds the arguments of a type's call by its signature.
func (m *Module) constructor(row *typeRow) object.Constructor {
	if row.body == nil {
		return nil
	}
	sig, body, name := signature.Parse(row.sig), row.body, row.name
	return func(thread *starlark.Thread, _ *object.Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		return m.invoke(thread, name, sig, body, args, kwargs)
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
const mlxVersion = "0.32.4"

func (m *Module) declareConstants() {
	for _, d := range dtype.All() {
		if !d.OfMLX() {
			continue
		}
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
