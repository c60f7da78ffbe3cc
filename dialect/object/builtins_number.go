package object

import (
	"bufio"
	"context"
	"io"
	"math"
	"math/big"
	"strings"
	"unicode/utf8"
	"unsafe"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/number"
	"github.com/mlxstar/mlxstar/dialect/object/text"
)

// OutputLocal and InputLocal are the thread-local keys under which a host puts
// a script's standard output (an io.Writer; also a Flush() error method is
// honoured) and standard input (an io.Reader, best a *bufio.Reader). Without an
// output, print calls the thread's Print function with each text, its last
// newline removed.
const (
	OutputLocal = "mlxstar.stdout"
	InputLocal  = "mlxstar.stdin"
)

// WriteOutput writes a text to a script's standard output.
func WriteOutput(thread *starlark.Thread, text string) error {
	return writeOutput(thread, text, "", false)
}

func writeOutput(thread *starlark.Thread, text, end string, flush bool) error {
	if w, ok := thread.Local(OutputLocal).(io.Writer); ok {
		if _, err := io.WriteString(w, text+end); err != nil {
			return AsException(err)
		}
		if f, ok := w.(interface{ Flush() error }); ok && flush {
			return f.Flush()
		}
		return nil
	}
	if thread.Print != nil {
		thread.Print(thread, strings.TrimSuffix(text+end, "\n"))
		return nil
	}
	return Errorf(OSError, "print: the thread has no output")
}

func inputLine(c *call) (starlark.Value, error) {
	if c.arg(0) != nil {
		s, err := Str(c.thread, c.arg(0))
		if err != nil {
			return nil, err
		}
		if err := writeOutput(c.thread, s, "", true); err != nil {
			return nil, err
		}
	}
	in, ok := c.thread.Local(InputLocal).(io.Reader)
	if !ok {
		return nil, Errorf(EOFError, "EOF when reading a line")
	}
	line, err := readLine(in)
	if err != nil && line == "" {
		if err == io.EOF {
			return nil, Errorf(EOFError, "EOF when reading a line")
		}
		return nil, AsException(err)
	}
	return newString(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"))
}

func readLine(in io.Reader) (string, error) {
	if r, ok := in.(*bufio.Reader); ok {
		return r.ReadString('\n')
	}
	var line []byte
	one := make([]byte, 1)
	for {
		n, err := in.Read(one)
		if n > 0 {
			line = append(line, one[0])
			if one[0] == '\n' {
				return string(line), nil
			}
		}
		if err != nil {
			return string(line), err
		}
	}
}

func abs(f float64) float64       { return math.Abs(f) }
func hypot(x, y float64) float64  { return math.Hypot(x, y) }
func roundEven(f float64) float64 { return math.RoundToEven(f) }

func powMod(thread *starlark.Thread, base, exp, mod starlark.Int) (starlark.Value, error) {
	if mod.Sign() == 0 {
		return nil, Errorf(ValueError, "pow() 3rd argument cannot be 0")
	}
	_, small := mod.Int64()
	_, alsoSmall := exp.Int64()
	if small && alsoSmall {
		return powModBig(context.Background(), base, exp, mod)
	}
	return AsideUntil(thread, func(ctx context.Context) (starlark.Value, error) { return powModBig(ctx, base, exp, mod) })
}

func powModBig(ctx context.Context, base, exp, mod starlark.Int) (starlark.Value, error) {
	l, m := number.NewLong(ctx), mod.BigInt()
	size := new(big.Int).Abs(m)
	_, b, err := l.DivMod(base.BigInt(), size)
	if err != nil {
		return nil, err
	}
	e := exp.BigInt()
	if e.Sign() < 0 {
		g, inverse, err := l.GCD(b, size)
		if err != nil {
			return nil, err
		}
		if g.Cmp(big.NewInt(1)) != 0 {
			return nil, Errorf(ValueError, "base is not invertible for the given modulus")
		}
		if _, b, err = l.DivMod(inverse, size); err != nil {
			return nil, err
		}
		e.Neg(e)
	}
	r, err := l.ExpMod(b, e, size)
	if err != nil {
		return nil, err
	}
	if m.Sign() < 0 && r.Sign() != 0 {
		r.Add(r, m)
	}
	return starlark.MakeBigInt(r), nil
}

func chrOf(c *call) (starlark.Value, error) {
	i, err := Index(c.thread, c.arg(0))
	if err != nil {
		return nil, err
	}
	n, ok := i.Int64()
	if !ok || n < 0 || n > utf8.MaxRune {
		return nil, Errorf(ValueError, "chr() arg not in range(0x110000)")
	}
	return newString(string(rune(n)))
}

func ordOf(c *call) (starlark.Value, error) {
	switch v := unwrap(c.arg(0)).(type) {
	case starlark.String:
		if n := text.Length(string(v)); n != 1 {
			return nil, Errorf(TypeError, "ord() expected a character, but string of length %d found", n)
		}
		r, _ := utf8.DecodeRuneInString(string(v))
		return newInt(int(r))
	case starlark.Bytes:
		if len(v) != 1 {
			return nil, Errorf(TypeError, "ord() expected a character, but string of length %d found", len(v))
		}
		return newInt(int(v[0]))
	}
	return nil, Errorf(TypeError, "ord() expected string of length 1, but %s found", typeName(c.arg(0)))
}

// baseOf is hex, oct or bin.
func baseOf(verb string) func(c *call) (starlark.Value, error) {
	return func(c *call) (starlark.Value, error) {
		i, err := Index(c.thread, c.arg(0))
		if err != nil {
			return nil, err
		}
		s, err := Format(c.thread, i, "#"+verb)
		return starlark.String(s), err
	}
}

// idOf is a value's address, or a number made from the value where it has none.
func idOf(c *call) (starlark.Value, error) {
	switch v := c.arg(0).(type) {
	case starlark.Int:
		return v.Mul(starlark.MakeInt(32)).Add(starlark.MakeInt(1 << 40)), nil
	case starlark.Bool:
		return boolInt(v).Add(starlark.MakeInt(1 << 20)), nil
	case starlark.NoneType:
		return starlark.MakeInt(1 << 21), nil
	case starlark.Float:
		return starlark.MakeUint64(math.Float64bits(float64(v)) | 1), nil
	case starlark.String:
		return starlark.MakeUint64(uint64(uintptr(unsafe.Pointer(unsafe.StringData(string(v)))))), nil
	case starlark.Tuple:
		return starlark.MakeUint64(uint64(uintptr(unsafe.Pointer(unsafe.SliceData(v))))), nil
	default:
		return starlark.MakeUint64(uint64(uintptr(identity(v)))), nil
	}
}
