package stdlib

import (
	"math"
	"math/big"
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// structCode is one code of a format: how many bytes it takes natively and in
// the standard sizes, and of which kind it is.
type structCode struct {
	native, standard int
	kind             byte // 'i' signed, 'u' unsigned, 'f' float, '?' bool, 'c' char, 's' bytes, 'p' counted bytes, 'x' padding
}

var structCodes = map[byte]structCode{
	'x': {1, 1, 'x'}, 'c': {1, 1, 'c'}, '?': {1, 1, '?'}, 's': {1, 1, 's'}, 'p': {1, 1, 'p'},
	'b': {1, 1, 'i'}, 'B': {1, 1, 'u'}, 'h': {2, 2, 'i'}, 'H': {2, 2, 'u'}, 'i': {4, 4, 'i'}, 'I': {4, 4, 'u'},
	'l': {8, 4, 'i'}, 'L': {8, 4, 'u'}, 'q': {8, 8, 'i'}, 'Q': {8, 8, 'u'}, 'n': {8, 0, 'i'}, 'N': {8, 0, 'u'}, 'P': {8, 0, 'u'},
	'e': {2, 2, 'f'}, 'f': {4, 4, 'f'}, 'd': {8, 8, 'f'},
}

// structItem is one code with its count: count elements, or one of count bytes.
type structItem struct {
	code        byte
	kind        byte
	size, count int
	pad         int // bytes before it, for alignment
}

// structDtypes are the dtypes of numbers by kind and size.
var structDtypes = map[byte]map[int]engine.Dtype{
	'i': {1: engine.Int8, 2: engine.Int16, 4: engine.Int32, 8: engine.Int64},
	'u': {1: engine.Uint8, 2: engine.Uint16, 4: engine.Uint32, 8: engine.Uint64},
	'f': {2: engine.Float16, 4: engine.Float32, 8: engine.Float64},
}

func (it structItem) dtype() engine.Dtype { return structDtypes[it.kind][it.size] }

// structLayout is a format, read.
type structLayout struct {
	swapped bool // the bytes of numbers are not in the machine's order
	items   []structItem
	size    int
}

// reorder turns a number's bytes between the machine's order and the format's.
func (l *structLayout) reorder(b []byte) {
	if l.swapped {
		slices.Reverse(b)
	}
}

// maxStructSize bounds what a format may describe.
const maxStructSize = 1 << 30

// structType is struct.Struct, and structError what formats raise.
type structModule struct {
	err *object.Type
	typ *object.Type
}

func (m *structModule) fail(format string, args ...any) error {
	return object.Errorf(m.err, format, args...)
}

// parse reads a format.
func (m *structModule) parse(format string) (*structLayout, error) {
	l := &structLayout{} // every machine that this runs on is little-endian
	native := true
	i := 0
	if format != "" {
		switch format[0] {
		case '>', '!':
			l.swapped, native, i = true, false, 1
		case '<', '=':
			native, i = false, 1
		case '@':
			i = 1
		}
	}
	for ; i < len(format); i++ {
		c := format[i]
		if c == ' ' || c == '\n' || c == '\t' {
			continue
		}
		count, counted := 1, false
		for i < len(format) && format[i] >= '0' && format[i] <= '9' {
			if !counted {
				count, counted = 0, true
			}
			if count = count*10 + int(format[i]-'0'); count > maxStructSize {
				return nil, m.fail("total struct size too long")
			}
			i++
		}
		if i >= len(format) {
			return nil, m.fail("repeat count given without format specifier")
		}
		code, ok := structCodes[format[i]]
		size := code.standard
		if native {
			size = code.native
		}
		if !ok || size == 0 {
			return nil, m.fail("bad char in struct format")
		}
		item := structItem{code: format[i], kind: code.kind, size: size, count: count}
		if native && size > 1 {
			item.pad = (size - l.size%size) % size
		}
		if l.size += item.pad + size*count; l.size > maxStructSize {
			return nil, m.fail("total struct size too long")
		}
		l.items = append(l.items, item)
	}
	return l, nil
}

// values is how many arguments a format takes.
func (l *structLayout) values() (n int) {
	for _, it := range l.items {
		switch it.kind {
		case 'x':
		case 's', 'p':
			n++
		default:
			n += it.count
		}
	}
	return n
}

// pack writes values.
func (m *structModule) pack(c *call, l *structLayout, values []starlark.Value) ([]byte, error) {
	if want := l.values(); len(values) != want {
		return nil, m.fail("%s expected %d items for packing (got %d)", c.Name, want, len(values))
	}
	if err := object.Grow(c.Thread, 3*int64(l.size)); err != nil {
		return nil, err
	}
	out := make([]byte, 0, l.size)
	for _, it := range l.items {
		out = append(out, make([]byte, it.pad)...)
		switch it.kind {
		case 'x':
			out = append(out, make([]byte, it.count)...)
		case 's', 'p':
			b, ok := native.AsBytes(values[0])
			if !ok {
				return nil, m.fail("argument for '%c' must be a bytes object", it.code)
			}
			values = values[1:]
			field := make([]byte, it.count)
			if it.kind == 's' {
				copy(field, b)
			} else if it.count > 0 {
				n := copy(field[1:], b)
				field[0] = byte(min(n, 255))
			}
			out = append(out, field...)
		default:
			for range it.count {
				b, err := m.packOne(c, l, it, values[0])
				if err != nil {
					return nil, err
				}
				out, values = append(out, b...), values[1:]
			}
		}
	}
	return out, nil
}

func (m *structModule) packOne(c *call, l *structLayout, it structItem, v starlark.Value) ([]byte, error) {
	b := make([]byte, it.size)
	switch it.kind {
	case '?':
		t, err := object.Truth(c.Thread, v)
		if t {
			b[0] = 1
		}
		return b, err
	case 'c':
		x, ok := native.AsBytes(v)
		if !ok || len(x) != 1 {
			return nil, m.fail("char format requires a bytes object of length 1")
		}
		return x, nil
	case 'f':
		f, err := native.AsFloat(c.Thread, v)
		if err != nil {
			return nil, m.fail("required argument is not a float")
		}
		engine.PutElement(b, it.dtype(), complex(f, 0))
		if math.IsInf(engine.ReadElement(b, it.dtype()).Float, 0) && !math.IsInf(f, 0) {
			return nil, object.Errorf(object.OverflowError, "float too large to pack with %c format", it.code)
		}
		l.reorder(b)
		return b, nil
	}
	n, err := object.Index(c.Thread, v)
	if err != nil {
		return nil, m.fail("required argument is not an integer")
	}
	low, high := new(big.Int), new(big.Int).Lsh(big.NewInt(1), uint(it.size*8))
	if it.kind == 'i' {
		low.Neg(new(big.Int).Rsh(high, 1))
		high.Rsh(high, 1)
	}
	high.Sub(high, big.NewInt(1))
	if x := n.BigInt(); x.Cmp(low) < 0 || x.Cmp(high) > 0 {
		name := map[byte]string{'b': "byte", 'B': "ubyte"}[it.code]
		if name == "" {
			name = "'" + string(it.code) + "'"
		}
		return nil, m.fail("%s format requires %s <= number <= %s", name, low, high)
	}
	whole, _ := builtins.Bits64(n)
	builtins.PutInt(b, whole)
	l.reorder(b)
	return b, nil
}

// unpack reads values of exactly the layout's bytes.
func (l *structLayout) unpack(thread *starlark.Thread, b []byte) (starlark.Tuple, error) {
	if err := object.GrowTimes(thread, l.values(), 24); err != nil {
		return nil, err
	}
	out := make(starlark.Tuple, 0, l.values())
	for _, it := range l.items {
		b = b[it.pad:]
		switch it.kind {
		case 'x':
		case 's':
			out = append(out, starlark.Bytes(b[:it.count]))
		case 'p':
			n := 0
			if it.count > 0 {
				n = min(int(b[0]), it.count-1)
			}
			out = append(out, starlark.Bytes(b[min(1, it.count):min(1, it.count)+n]))
		default:
			for i := range it.count {
				out = append(out, l.unpackOne(it, b[i*it.size:][:it.size]))
			}
		}
		b = b[it.size*it.count:]
	}
	return out, nil
}

func (l *structLayout) unpackOne(it structItem, b []byte) starlark.Value {
	switch it.kind {
	case '?':
		return starlark.Bool(b[0] != 0)
	case 'c':
		return starlark.Bytes(b)
	}
	element := append([]byte(nil), b...)
	l.reorder(element)
	return builtins.Number(engine.ReadElement(element, it.dtype()), it.dtype())
}

// structValue is struct.Struct: a format that was read once.
type structValue struct {
	m      *structModule
	format string
	layout *structLayout
}

var (
	_ starlark.HasAttrs = (*structValue)(nil)
	_ object.HasType    = (*structValue)(nil)
)

func (s *structValue) String() string        { return "Struct('" + s.format + "')" }
func (s *structValue) Type() string          { return "Struct" }
func (s *structValue) Freeze()               {}
func (s *structValue) Truth() starlark.Bool  { return true }
func (s *structValue) Hash() (uint32, error) { return starlark.String(s.format).Hash() }
func (s *structValue) PyType() *object.Type  { return s.m.typ }
func (s *structValue) AttrNames() []string   { return []string{"format", "size"} }

// Attr gives format and size.
func (s *structValue) Attr(name string) (starlark.Value, error) {
	switch name {
	case "format":
		return starlark.String(s.format), nil
	case "size":
		return starlark.MakeInt(s.layout.size), nil
	}
	return nil, nil
}

// structRow is an operation on a format, for the module and for Struct.
type structRow struct {
	name, params, doc string
	body              func(m *structModule, c *call, l *structLayout, args []starlark.Value, named func(i int) starlark.Value) (starlark.Value, error)
}

var structRows = []structRow{
	{"pack", "*v", "Return bytes with the values packed by the format.", func(m *structModule, c *call, l *structLayout, args []starlark.Value, _ func(int) starlark.Value) (starlark.Value, error) {
		b, err := m.pack(c, l, args)
		return starlark.Bytes(b), err
	}},
	{"pack_into", "buffer, offset, /, *v", "Pack the values into a writable buffer.", func(m *structModule, c *call, l *structLayout, args []starlark.Value, named func(int) starlark.Value) (starlark.Value, error) {
		buffer, ok := named(0).(interface{ Bytes() []byte })
		if !ok {
			return nil, object.Errorf(object.TypeError, "pack_into() argument must be read-write bytes-like object, not %s", object.TypeName(named(0)))
		}
		at, err := object.AsIndex(c.Thread, named(1))
		if err != nil {
			return nil, err
		}
		data := buffer.Bytes()
		if at < 0 {
			at += len(data)
		}
		if at < 0 || at+l.size > len(data) {
			return nil, m.fail("pack_into requires a buffer of at least %d bytes for packing %d bytes at offset %d (actual buffer size is %d)", at+l.size, l.size, at, len(data))
		}
		b, err := m.pack(c, l, args)
		copy(data[max(at, 0):], b)
		return nil, err
	}},
	{"unpack", "buffer, /", "Return the values that bytes spell by the format.", func(m *structModule, c *call, l *structLayout, _ []starlark.Value, named func(int) starlark.Value) (starlark.Value, error) {
		b, ok := native.AsBytes(named(0))
		if !ok {
			return nil, object.Errorf(object.TypeError, "a bytes-like object is required, not '%s'", object.TypeName(named(0)))
		}
		if len(b) != l.size {
			return nil, m.fail("unpack requires a buffer of %d bytes", l.size)
		}
		return l.unpack(c.Thread, b)
	}},
	{"unpack_from", "buffer, offset=0", "Return the values that the bytes at an offset spell.", func(m *structModule, c *call, l *structLayout, _ []starlark.Value, named func(int) starlark.Value) (starlark.Value, error) {
		b, ok := native.AsBytes(named(0))
		if !ok {
			return nil, object.Errorf(object.TypeError, "a bytes-like object is required, not '%s'", object.TypeName(named(0)))
		}
		at := 0
		if v := named(1); v != nil {
			var err error
			if at, err = object.AsIndex(c.Thread, v); err != nil {
				return nil, err
			}
		}
		if at < 0 {
			at += len(b)
		}
		if at < 0 || len(b)-at < l.size {
			return nil, m.fail("unpack_from requires a buffer of at least %d bytes for unpacking %d bytes at offset %d (actual buffer size is %d)", at+l.size, l.size, at, len(b))
		}
		return l.unpack(c.Thread, b[at:at+l.size])
	}},
	{"iter_unpack", "buffer, /", "Return an iterator of tuples over consecutive records.", func(m *structModule, c *call, l *structLayout, _ []starlark.Value, named func(int) starlark.Value) (starlark.Value, error) {
		b, ok := native.AsBytes(named(0))
		if !ok {
			return nil, object.Errorf(object.TypeError, "a bytes-like object is required, not '%s'", object.TypeName(named(0)))
		}
		if l.size == 0 || len(b)%l.size != 0 {
			return nil, m.fail("iterative unpacking requires a buffer of a multiple of %d bytes", l.size)
		}
		var rows []starlark.Value
		for ; len(b) > 0; b = b[l.size:] {
			if len(rows) == cap(rows) {
				if err := object.GrowTimes(c.Thread, len(rows), 64); err != nil {
					return nil, err
				}
			}
			row, err := l.unpack(c.Thread, b[:l.size])
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
		it, err := object.Iterate(c.Thread, starlark.NewList(rows))
		if err != nil {
			return nil, err
		}
		return object.NewIterator("unpack_iterator", it), nil
	}},
}

// makeStruct makes the module struct.
func makeStruct(*Modules) *native.Module {
	mod := native.NewModule("struct", "Functions to convert between Python values and C structs represented as bytes.")
	m := &structModule{err: native.NewClass("error", "struct", object.ExceptionType)}
	formatOf := func(v starlark.Value) (string, error) {
		if s, ok := object.AsString(v); ok {
			return s, nil
		}
		if b, ok := v.(starlark.Bytes); ok {
			return string(b), nil
		}
		return "", object.Errorf(object.TypeError, "Struct() argument 1 must be a str or bytes object, not %s", object.TypeName(v))
	}
	m.typ = object.NewGoType("_struct", "Struct", "A format, read once.", func(_ *starlark.Thread, _ *object.Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var v starlark.Value
		if err := starlark.UnpackArgs("Struct", args, kwargs, "format", &v); err != nil {
			return nil, object.Errorf(object.TypeError, "%s", err)
		}
		format, err := formatOf(v)
		if err != nil {
			return nil, err
		}
		l, err := m.parse(format)
		return &structValue{m, format, l}, err
	})
	var functions []function
	var methods []method[*structValue]
	for _, row := range structRows {
		functions = append(functions, function{row.name + "(format, " + row.params + ")", row.doc, func(c *call) (starlark.Value, error) {
			format, err := formatOf(c.Arg(0))
			if err != nil {
				return nil, err
			}
			l, err := m.parse(format)
			if err != nil {
				return nil, err
			}
			return row.body(m, c, l, c.Rest, func(i int) starlark.Value { return c.Arg(i + 1) })
		}})
		methods = append(methods, method[*structValue]{row.name + "(" + row.params + ")", row.doc, func(s *structValue, c *call) (starlark.Value, error) {
			return row.body(m, c, s.layout, c.Rest, c.Arg)
		}})
	}
	functions = append(functions, function{"calcsize(format, /)", "Return the size of the struct described by the format.", func(c *call) (starlark.Value, error) {
		format, err := formatOf(c.Arg(0))
		if err != nil {
			return nil, err
		}
		l, err := m.parse(format)
		if err != nil {
			return nil, err
		}
		return starlark.MakeInt(l.size), nil
	}})
	defineMethods(m.typ, methods)
	mod.Members["Struct"], mod.Members["error"] = m.typ, m.err
	define(mod, functions)
	return mod
}
