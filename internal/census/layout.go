package census

import (
	"cmp"
	"math/bits"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"go.starlark.net/starlark"
)

// layout is where values of a type refer to others.
type layout struct {
	size   uintptr
	fields []field
	frame  bool // of a Starlark function: its operands lie behind its variables
}

// field is a reference.
type field struct {
	offset uintptr
	typ    reflect.Type
	elem   *layout // of what is referred to
	read   func(c *Census, f *field, at unsafe.Pointer)
	inline int            // 1 for an array within the value, else 0
	last   unsafe.Pointer // what an interface read before, which often comes again
}

var (
	valueType = reflect.TypeFor[starlark.Value]()
	intType   = reflect.TypeFor[starlark.Int]()
	frameType = frameOf()
)

// frameOf is the type of the frames of Starlark's threads, which has no name outside.
func frameOf() reflect.Type {
	var found reflect.Type
	look := starlark.NewBuiltin("look", func(thread *starlark.Thread, _ *starlark.Builtin, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		found = reflect.TypeOf(thread.DebugFrame(0)).Elem()
		return starlark.None, nil
	})
	if _, err := starlark.Call(new(starlark.Thread), look, nil, nil); err != nil {
		return nil
	}
	return found
}

// layout gives the type's. Types may be recursive: the entry is there before it is
// filled.
func (c *Census) layout(t reflect.Type) *layout {
	if l, ok := c.layouts[t]; ok {
		return l
	}
	l := &layout{size: t.Size(), frame: t == frameType}
	c.layouts[t] = l
	c.describe(l, t, 0)
	// Arrays come first, so that slices of them are known for what they are.
	slices.SortStableFunc(l.fields, func(a, b field) int { return cmp.Compare(b.inline, a.inline) })
	return l
}

// describe appends what a value of t at the offset refers to.
func (c *Census) describe(l *layout, t reflect.Type, offset uintptr) {
	ref := field{offset: offset, typ: t}
	switch t.Kind() {
	case reflect.Pointer:
		if within[t.Elem().String()] {
			return
		}
		ref.read, ref.elem = readPointer, c.layout(t.Elem())
	case reflect.Slice:
		ref.read, ref.elem = readSlice, c.layout(t.Elem())
	case reflect.String:
		ref.read = readString
	case reflect.Map:
		ref.read = readMap
	case reflect.Interface:
		ref.read = readInterface
		if t == valueType {
			ref.read = readValue
		}
	case reflect.Array:
		if t.Size() >= inlineSize {
			l.fields = append(l.fields, field{offset: offset, read: readInline, inline: 1})
		}
		for i := range t.Len() {
			c.describe(l, t.Elem(), offset+uintptr(i)*t.Elem().Size())
		}
		return
	case reflect.Struct:
		switch {
		case t == intType:
			ref.read = readInt
		case !c.follow(t):
			return
		default:
			for i := range t.NumField() {
				c.describe(l, t.Field(i).Type, offset+t.Field(i).Offset)
			}
			return
		}
	default:
		return
	}
	l.fields = append(l.fields, ref)
}

// within are types whose values lie within others that are counted.
var within = map[string]bool{"starlark.entry": true, "*starlark.entry": true}

// inlineSize is the size from which on an array in a structure is taken to be what a slice
// refers to as well, until it needs more.
const inlineSize = 64

func readInline(c *Census, _ *field, at unsafe.Pointer) { c.first(at) }

func readPointer(c *Census, f *field, at unsafe.Pointer) {
	if p := *(*unsafe.Pointer)(at); p != nil {
		c.object(f.elem, p)
	}
}

func (c *Census) object(of *layout, p unsafe.Pointer) {
	if c.first(p) {
		c.add(of.size)
		c.look(of, p, 1)
	}
}

func readSlice(c *Census, f *field, at unsafe.Pointer) {
	// A slice's header has the same form whatever its elements are.
	s := *(*[]byte)(at)
	n := cap(s)
	if p := unsafe.Pointer(unsafe.SliceData(s)); n > 0 && f.elem.size > 0 && c.first(p) {
		c.add(uintptr(n) * f.elem.size)
		c.look(f.elem, p, n)
	}
}

// shortString is a length up to which a string is counted wherever it occurs.
const shortString = 64

func readString(c *Census, _ *field, at unsafe.Pointer) {
	s := *(*string)(at)
	if len(s) == 0 || len(s) > shortString && !c.first(unsafe.Pointer(unsafe.StringData(s))) {
		return
	}
	c.add(uintptr(len(s)))
}

func readInt(c *Census, _ *field, at unsafe.Pointer) { c.integer(*(*starlark.Int)(at)) }

func (c *Census) integer(i starlark.Int) {
	if _, small := i.Int64(); !small {
		c.add(uintptr(i.BigInt().BitLen()/8 + 5*bits.UintSize/8)) // it leaves four words to grow
		c.add(unsafe.Sizeof(uintptr(0)) * 4)
	}
}

func readValue(c *Census, f *field, at unsafe.Pointer) {
	if v := *(*starlark.Value)(at); v != nil {
		c.boxed(f, v)
	}
}

func readInterface(c *Census, f *field, at unsafe.Pointer) {
	if v := reflect.NewAt(f.typ, at).Elem(); !v.IsNil() {
		c.boxed(f, v.Elem().Interface())
	}
}

// boxed is dynamic for the content of a field. Lists often have the same value many times
// over.
func (c *Census) boxed(f *field, v any) {
	if word := wordOf(&v); word != f.last {
		f.last = word
		c.dynamic(v)
	}
}

// wordOf is the second word of an interface: the value if it is a pointer, or else where
// it lies.
func wordOf(v *any) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(v))[1] }

// dynamic counts what an interface holds.
func (c *Census) dynamic(v any) {
	switch v := v.(type) {
	case nil, starlark.NoneType, starlark.Bool:
		return
	case starlark.Int:
		c.integer(v)
		return
	case starlark.Float:
		c.add(8)
		return
	case starlark.String:
		c.add(16)
		readString(c, nil, unsafe.Pointer(&v))
		return
	}
	t, word := reflect.TypeOf(v), wordOf(&v)
	switch {
	case t.Kind() == reflect.Pointer:
		c.object(c.layout(t.Elem()), word)
	case isWord(t):
		if l := c.layout(t); len(l.fields) > 0 {
			holder := new(unsafe.Pointer)
			*holder = word
			c.look(l, unsafe.Pointer(holder), 1)
		}
	default:
		if t.Kind() == reflect.Struct && !c.follow(t) {
			return
		}
		if l := c.layout(t); len(l.fields) == 0 || c.first(word) {
			c.add(l.size)
			c.look(l, word, 1)
		}
	}
}

// isWord tells whether an interface holds values of the type themselves.
func isWord(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return true
	case reflect.Struct:
		return t.NumField() == 1 && isWord(t.Field(0).Type)
	case reflect.Array:
		return t.Len() == 1 && isWord(t.Elem())
	}
	return false
}

// mapSlack is what a map takes for an entry besides the key and the value, on average.
const mapSlack = 1.4

func readMap(c *Census, f *field, at unsafe.Pointer) {
	m := reflect.NewAt(f.typ, at).Elem()
	if m.IsNil() || !c.first(m.UnsafePointer()) {
		return
	}
	key, elem := f.typ.Key(), f.typ.Elem()
	c.add(48)
	c.Bytes += int64(mapSlack * float64(m.Len()) * float64(key.Size()+elem.Size()+1))
	if keys, elems := c.layout(key), c.layout(elem); len(keys.fields)+len(elems.fields) > 0 {
		for it := m.MapRange(); it.Next(); {
			c.entry(keys, it.Key())
			c.entry(elems, it.Value())
		}
	}
}

// entry looks into a copy of a part of a map.
func (c *Census) entry(l *layout, v reflect.Value) {
	if len(l.fields) > 0 {
		p := reflect.New(v.Type())
		p.Elem().Set(v)
		c.look(l, p.UnsafePointer(), 1)
	}
}

// operands looks at the operand stack of a frame, which lies behind its variables in the
// same allocation.
func (c *Census) operands(_ *layout, at unsafe.Pointer) {
	frame := reflect.NewAt(frameType, at).Elem()
	locals, callable := frame.FieldByName("locals"), frame.FieldByName("callable")
	if !locals.IsValid() || !callable.IsValid() || locals.Type() != reflect.SliceOf(valueType) || callable.IsNil() {
		return
	}
	fn := callable.Elem()
	if fn.Kind() != reflect.Pointer || !strings.HasSuffix(fn.Type().String(), "starlark.Function") {
		return
	}
	code := fn.Elem().FieldByName("funcode")
	if !code.IsValid() || code.Kind() != reflect.Pointer || code.IsNil() {
		return
	}
	deepest, variables := code.Elem().FieldByName("MaxStack"), code.Elem().FieldByName("Locals")
	if !deepest.IsValid() || !variables.IsValid() || locals.Len() != variables.Len() || locals.Cap() != locals.Len() || locals.Pointer() == 0 {
		return
	}
	first := unsafe.Add(locals.UnsafePointer(), uintptr(locals.Len())*valueType.Size())
	n := int(deepest.Int())
	c.Bytes += int64(n) * int64(valueType.Size())
	c.look(c.layout(valueType), first, n)
}
