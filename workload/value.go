package workload

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/big"
	"reflect"
	"sort"
	"strconv"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/formats"
)

// Values of results are apart from any runtime: nil, bool, int64, *big.Int, float64,
// complex128, string, []byte, []any, map[string]any, map[any]any and mlxstar.Tensor.

// detach copies a value that a script gave away from its runtime.
func detach(ctx context.Context, v any, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("the result has more than %d levels", maxDepth)
	}
	switch v := v.(type) {
	case nil, bool, int64, *big.Int, float64, complex128, string, []byte, mlxstar.Tensor:
		return v, nil
	case *mlxstar.Array:
		return mlxstar.TensorOf(ctx, v)
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			var err error
			if out[i], err = detach(ctx, x, depth+1); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			var err error
			if out[k], err = detach(ctx, x, depth+1); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[any]any:
		out := make(map[any]any, len(v))
		for k, x := range v {
			var err error
			if out[k], err = detach(ctx, x, depth+1); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	var items []any // of a set
	if err := mlxstar.Decode(ctx, v, &items); err == nil {
		return detach(ctx, items, depth+1)
	}
	var attrs map[string]any // of an object
	if err := mlxstar.Decode(ctx, v, &attrs); err == nil && attrs != nil {
		return detach(ctx, attrs, depth+1)
	}
	return nil, fmt.Errorf("a value such as %s has no form outside of the script", kindOf(v))
}

// kindOf names a value's type for messages, as scripts do.
func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		return "a bool"
	case int64, *big.Int:
		return "an int"
	case float64:
		return "a float"
	case string:
		return "a str"
	case []byte:
		return "bytes"
	case []any:
		return "a list"
	case map[string]any, map[any]any:
		return "a dict"
	case mlxstar.Tensor:
		return fmt.Sprintf("an array of %s with shape %s", v.Dtype, formats.ShapeString(v.Shape))
	case interface{ Type() string }:
		return "of type '" + v.Type() + "'"
	}
	return reflect.TypeOf(v).String()
}

// writeJSON writes a value as JSON on one line. Arrays are lists, bytes base64, complex
// numbers lists of two; what is no number is null, as JSON has none such.
func writeJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	if err := appendJSON(&b, v); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

func appendJSON(b *bytes.Buffer, v any) error {
	switch v := v.(type) {
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			b.WriteString("null")
			return nil
		}
		text, err := json.Marshal(v)
		b.Write(text)
		return err
	case complex128:
		return appendJSON(b, []any{real(v), imag(v)})
	case []byte:
		return appendJSON(b, base64.StdEncoding.EncodeToString(v))
	case []any:
		b.WriteByte('[')
		for i, x := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := appendJSON(b, x); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	case map[string]any:
		b.WriteByte('{')
		for i, k := range sortedKeys(v) {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := appendJSON(b, k); err != nil {
				return err
			}
			b.WriteByte(':')
			if err := appendJSON(b, v[k]); err != nil {
				return err
			}
		}
		b.WriteByte('}')
		return nil
	case map[any]any:
		named := make(map[string]any, len(v))
		for k, x := range v {
			named[fmt.Sprint(k)] = x
		}
		return appendJSON(b, named)
	case mlxstar.Tensor:
		return appendTensor(b, v, v.Shape, 0)
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	b.Write(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
	return err
}

// appendTensor writes the elements from one on as nested lists.
func appendTensor(b *bytes.Buffer, t mlxstar.Tensor, shape []int, at int) error {
	if len(shape) == 0 {
		return appendJSON(b, element(t, at))
	}
	width := 1
	for _, n := range shape[1:] {
		width *= n
	}
	b.WriteByte('[')
	for i := range shape[0] {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := appendTensor(b, t, shape[1:], at+i*width); err != nil {
			return err
		}
	}
	b.WriteByte(']')
	return nil
}

// element gives one element in row-major order: a bool, int64, uint64, float64 or
// complex128.
func element(t mlxstar.Tensor, at int) any {
	size := t.Dtype.Size()
	e := dtype.ReadElement(t.Data[at*size:][:size], t.Dtype)
	switch d := t.Dtype; {
	case d == mlxstar.Bool:
		return e.Int != 0
	case d == mlxstar.Uint64:
		return uint64(e.Int)
	case d.IsInteger():
		return e.Int
	case d == mlxstar.Complex64:
		return complex64(e.Complex)
	case d.IsComplex():
		return e.Complex
	case d == mlxstar.Float64:
		return e.Float
	}
	// The shortest text that reads back as the narrower number, not the one of its double.
	short, _ := strconv.ParseFloat(strconv.FormatFloat(e.Float, 'g', -1, 32), 64)
	return short
}

// array gives a tensor as a writer of formats takes it.
func array(name string, t mlxstar.Tensor) formats.Array {
	return formats.Array{Spec: formats.Spec{Name: name, Dtype: t.Dtype, Shape: t.Shape}, Data: formats.Bytes(t.Data)}
}

// tensor makes a value of what a reader of formats gave.
func tensor(l formats.Loaded) mlxstar.Tensor {
	return mlxstar.Tensor{Dtype: l.Dtype, Shape: append([]int{}, l.Shape...), Data: l.Data}
}

// arraysOf gives a value's arrays by name: of a dict, or the one that it is.
func arraysOf(v any, alone string) ([]formats.Array, error) {
	switch v := v.(type) {
	case mlxstar.Tensor:
		return []formats.Array{array(alone, v)}, nil
	case map[string]any:
		var out []formats.Array
		for _, k := range sortedKeys(v) {
			t, ok := v[k].(mlxstar.Tensor)
			if !ok {
				return nil, fmt.Errorf("%q is %s, want an array", k, kindOf(v[k]))
			}
			out = append(out, array(k, t))
		}
		return out, nil
	}
	return nil, fmt.Errorf("got %s, want an array or a dict of arrays", kindOf(v))
}

// outline says of a value what its need of memory goes by: types, dtypes and shapes, and
// small values themselves.
func outline(v any) string {
	switch v := v.(type) {
	case mlxstar.Tensor:
		return v.Dtype.String() + fmt.Sprint(v.Shape)
	case map[string]any:
		keys := sortedKeys(v)
		s := "{"
		for _, k := range keys {
			s += k + ":" + outline(v[k]) + ","
		}
		return s + "}"
	case []any:
		s := "["
		for _, x := range v {
			s += outline(x) + ","
		}
		return s + "]"
	case string:
		return "str" + strconv.Itoa(len(v))
	case []byte:
		return "bytes" + strconv.Itoa(len(v))
	}
	if x := reflect.ValueOf(v); x.IsValid() && x.Kind() == reflect.Slice {
		return fmt.Sprintf("%T%d", v, x.Len())
	}
	return fmt.Sprint(v)
}

// natural sorts names so that numbers in them go by their values: part2 before part10.
func natural(names []string) {
	sort.SliceStable(names, func(i, j int) bool { return naturally(names[i], names[j]) })
}

func naturally(a, b string) bool {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x > 0 && y > 0 {
			m, _ := new(big.Int).SetString(a[:x], 10)
			n, _ := new(big.Int).SetString(b[:y], 10)
			if c := m.Cmp(n); c != 0 {
				return c < 0
			}
			a, b = a[x:], b[y:]
			continue
		}
		if a[0] != b[0] {
			return a[0] < b[0]
		}
		a, b = a[1:], b[1:]
	}
	return len(a) < len(b)
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
