package builtins

import (
	"math/big"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// array takes an argument that must be an array.
func (c *Call) array(name string) *engine.Node {
	v := c.arg(name)
	if v == nil {
		v = starlark.None
	}
	if a := c.asArray(v); a != nil {
		return a
	}
	c.mistyped(name, v, "array")
	return nil
}

// asArray is the node of an array, or of an object that offers __mlx_array__; else nil.
func (c *Call) asArray(v starlark.Value) *engine.Node {
	if a, ok := v.(*Array); ok {
		return a.Node()
	}
	return c.m.fromProtocol(c, v)
}

// optArray is array for an optional argument: nil where absent.
func (c *Call) optArray(name string) *engine.Node {
	if c.arg(name) == nil {
		return nil
	}
	return c.array(name)
}

// pair takes two operands, either of which may be a Python number: a number
// takes on the other operand's dtype where MLX lets it.
func (c *Call) pair(first, second string) (x, y *engine.Node) {
	return c.operands(first, c.arg(first), second, c.arg(second))
}

func (c *Call) operands(nx string, vx starlark.Value, ny string, vy starlark.Value) (x, y *engine.Node) {
	x, y = c.asArray(vx), c.asArray(vy)
	if x == nil {
		x = c.number(nx, vx, y)
	}
	if y == nil {
		y = c.number(ny, vy, x)
	}
	return x, y
}

// beside is a value as an operand of what is made with x, of which scripts know nothing: a handle on it would
// keep it until a collection.
func (c *Call) beside(x *engine.Node, name string, v starlark.Value) *engine.Node {
	if y := c.asArray(v); y != nil {
		return y
	}
	return c.number(name, v, x)
}

// number makes a Python number, or a nested list of them, an array. With a
// partner the number takes its dtype, unless it is of a higher kind.
func (c *Call) number(name string, v starlark.Value, partner *engine.Node) *engine.Node {
	n, err := c.m.scalar(c.b, v, partner)
	c.check(err)
	if n == nil {
		n = c.convertible(v)
	}
	switch {
	case n != nil:
	case v == nil || v == starlark.None:
		c.mistyped(name, orNone(v), "array or a number")
	default: // MLX takes any object for an array and refuses its value
		c.fail(object.ValueError, "%s(): argument '%s' must be array or a number, not %s", c.sig.Name, name, object.TypeName(v))
	}
	return n
}

// convertible makes an object that says what number it is, by __complex__, __float__ or __index__, the
// complex number that MLX takes it for, whichever method it is; others give nil.
func (c *Call) convertible(v starlark.Value) *engine.Node {
	x, ok := v.(*object.Instance)
	if !ok || object.Unwrap(v) != v {
		return nil
	}
	for _, name := range []string{"__complex__", "__float__", "__index__"} {
		if _, ok := x.PyType().Lookup(name); !ok {
			continue
		}
		z, err := object.Call(c.thread, object.ComplexType, starlark.Tuple{v}, nil)
		if err == nil {
			return c.b.ScalarComplex(complex128(z.(object.Complex)))
		}
		if object.IsUncatchable(err) {
			c.check(err)
		}
		return nil // as MLX passes over what fails to say it
	}
	return nil
}

// operand takes an array or a number.
func (c *Call) operand(name string) *engine.Node {
	v := c.arg(name)
	if a := c.asArray(v); a != nil {
		return a
	}
	return c.number(name, v, nil)
}

// scalar makes a Python bool, int, float or complex a 0-d array: of the
// partner's dtype if that is of the number's kind or above, else of the kind's
// own dtype. It gives nil for other values. An int that a partner of up to 4
// bytes cannot hold is a ValueError.
func (m *Module) scalar(b *engine.Builder, v starlark.Value, partner *engine.Node) (*engine.Node, error) {
	if partner == nil {
		return m.freeScalar(b, v)
	}
	like := partner.Dtype()
	switch v := object.Unwrap(v).(type) { // numbers of classes of one's own, too
	case starlark.Bool:
		x := complex128(0)
		if v {
			x = 1
		}
		return b.Operand(x, like), nil
	case starlark.Int:
		d, n, err := intDtype(v, like)
		if err != nil {
			return nil, err
		}
		if d.IsInexact() {
			return b.Operand(complex(float64(v.Float()), 0), d), nil
		}
		return b.OperandInt(n, d), nil
	case starlark.Float:
		if !like.IsInexact() {
			like = engine.Float32
		}
		return b.Operand(complex(float64(v), 0), like), nil
	case object.Complex:
		return b.Operand(complex128(v), engine.Complex64), nil
	}
	return nil, nil
}

// freeScalar makes a Python number a 0-d array of its kind's own dtype, or gives
// nil for other values.
func (m *Module) freeScalar(b *engine.Builder, v starlark.Value) (*engine.Node, error) {
	switch v := object.Unwrap(v).(type) { // numbers of classes of one's own, too
	case starlark.Bool:
		x := 0.0
		if v {
			x = 1
		}
		return b.Scalar(x, engine.Bool), nil
	case starlark.Int:
		d, n, err := intDtype(v, 0)
		if err != nil {
			return nil, err
		}
		return b.FullInt(nil, n, d), nil
	case starlark.Float:
		return b.Scalar(float64(v), engine.Float32), nil
	case object.Complex:
		return b.ScalarComplex(complex128(v)), nil
	}
	return nil, nil
}

// intDtype finds the dtype of a Python integer beside an array of a dtype, or
// alone, and its 64 bits. One that does not fit is a ValueError.
func intDtype(v starlark.Int, like engine.Dtype) (d engine.Dtype, bits int64, err error) {
	n, small := v.Int64()
	d = like
	if !d.Valid() || d == engine.Bool {
		d = engine.Int32
		if (!small || n != int64(int32(n))) && !like.Valid() {
			d = engine.Int64
		}
	}
	if d.IsInexact() || small && d == engine.Int64 || small && d == engine.Int32 && n == int64(int32(n)) {
		return d, n, nil
	}
	if d.IsUnsigned() && d.Size() == 8 && small {
		return d, n, nil // a negative one wraps, as in MLX for dtypes of 8 bytes
	}
	if _, unsigned := v.Uint64(); like == engine.Bool && (small || unsigned) {
		return d, int64(int32(lowBits(v))), nil // wraps, as MLX casts it
	}
	if !fits(v.BigInt(), d) {
		return 0, 0, object.Errorf(object.ValueError, "the integer %s is out of range for %s", v, d)
	}
	if !small {
		n = lowBits(v)
	}
	return d, n, nil
}

// lowBits are the last 64 bits of an integer.
func lowBits(v starlark.Int) int64 {
	if n, ok := v.Int64(); ok {
		return n
	}
	u, _ := v.Uint64()
	return int64(u)
}

// fits reports whether an integer dtype holds the value.
func fits(v *big.Int, d engine.Dtype) bool {
	bits := d.Size() * 8
	if d.IsUnsigned() {
		return v.Sign() >= 0 && v.BitLen() <= bits
	}
	low := new(big.Int).Lsh(big.NewInt(-1), uint(bits-1))
	return v.Cmp(low) >= 0 && v.Cmp(new(big.Int).Not(low)) <= 0
}
