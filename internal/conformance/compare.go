package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// comparison compares one case's values within its tolerance.
type comparison struct{ rtol, atol float64 }

func compare(c *Case, got starlark.Value) error {
	dec := json.NewDecoder(bytes.NewReader(c.Out))
	dec.UseNumber()
	var want any
	if err := dec.Decode(&want); err != nil {
		return fmt.Errorf("the answer is no JSON: %w", err)
	}
	cmp := comparison{c.Rtol, c.Atol}
	return cmp.value("out", got, want)
}

func differ(at string, got starlark.Value, want any) error {
	return fmt.Errorf("%s is %s %s, want %s", at, object.TypeName(got), shorten(got.String()), shorten(fmt.Sprint(want)))
}

func shorten(s string) string {
	const most = 200
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "..."
	}
	return s
}

// value compares a value with its encoding; at says where it stands.
func (c comparison) value(at string, got starlark.Value, want any) error {
	switch want := want.(type) {
	case nil:
		if got != starlark.None {
			return differ(at, got, "None")
		}
		return nil
	case bool:
		if b, ok := got.(starlark.Bool); !ok || bool(b) != want {
			return differ(at, got, want)
		}
		return nil
	case string:
		if s, ok := object.AsString(got); !ok || s != want {
			return differ(at, got, fmt.Sprintf("%q", want))
		}
		return nil
	case json.Number:
		return c.number(at, got, want)
	case []any:
		l, ok := object.AsList(got)
		if !ok {
			return differ(at, got, "a list")
		}
		items := make([]starlark.Value, l.Len())
		for i := range items {
			items[i] = l.Index(i)
		}
		return c.items(at, items, want)
	case map[string]any:
		return c.tagged(at, got, want)
	}
	return fmt.Errorf("%s: the answer %v is of no known form", at, want)
}

func (c comparison) items(at string, got []starlark.Value, want []any) error {
	if len(got) != len(want) {
		return fmt.Errorf("%s has %d items, want %d", at, len(got), len(want))
	}
	for i := range want {
		if err := c.value(fmt.Sprintf("%s[%d]", at, i), got[i], want[i]); err != nil {
			return err
		}
	}
	return nil
}

// number compares a Python int exactly and a float within the tolerance.
func (c comparison) number(at string, got starlark.Value, want json.Number) error {
	if strings.ContainsAny(string(want), ".eE") {
		f, ok := got.(starlark.Float)
		w, err := want.Float64()
		if err != nil || !ok || !c.near(float64(f), w) {
			return differ(at, got, want)
		}
		return nil
	}
	n, ok := got.(starlark.Int)
	w, valid := new(big.Int).SetString(string(want), 10)
	if !ok || !valid || n.BigInt().Cmp(w) != 0 {
		return differ(at, got, want)
	}
	return nil
}

func (c comparison) near(got, want float64) bool {
	switch {
	case math.IsNaN(want):
		return math.IsNaN(got)
	case math.IsInf(want, 0) || math.IsInf(got, 0):
		return got == want
	}
	return math.Abs(got-want) <= c.atol+c.rtol*math.Abs(want)
}

// tagged compares what JSON has no form for: {"tuple": [...]} and the like.
func (c comparison) tagged(at string, got starlark.Value, want map[string]any) error {
	switch {
	case want["array"] != nil:
		return c.array(at, got, want)
	case want["dtype"] != nil:
		if d, ok := got.(builtins.Dtype); !ok || d.Dtype().String() != want["dtype"] {
			return differ(at, got, want["dtype"])
		}
		return nil
	case want["tuple"] != nil:
		t, ok := object.AsTuple(got)
		items, valid := want["tuple"].([]any)
		if !ok || !valid {
			return differ(at, got, "a tuple")
		}
		return c.items(at, t, items)
	case want["dict"] != nil:
		return c.dict(at, got, want["dict"])
	case want["float"] != nil:
		f, ok := got.(starlark.Float)
		w, err := floatOf(want["float"])
		if err != nil || !ok || !c.near(float64(f), w) {
			return differ(at, got, want["float"])
		}
		return nil
	case want["complex"] != nil:
		z, ok := got.(object.Complex)
		w, err := complexOf(want["complex"])
		if err != nil || !ok || !c.near(real(complex128(z)), real(w)) || !c.near(imag(complex128(z)), imag(w)) {
			return differ(at, got, want["complex"])
		}
		return nil
	}
	return fmt.Errorf("%s: the answer %v is of no known form", at, want)
}

// dict compares the items of a dict, in their order.
func (c comparison) dict(at string, got starlark.Value, want any) error {
	d, ok := object.AsDict(got)
	pairs, valid := want.([]any)
	if !ok || !valid {
		return differ(at, got, "a dict")
	}
	items := d.Items()
	if len(items) != len(pairs) {
		return differ(at, got, fmt.Sprintf("%d items", len(pairs)))
	}
	for i, p := range pairs {
		kv, ok := p.([]any)
		if !ok || len(kv) != 2 {
			return fmt.Errorf("%s: the answer's item %v is no pair", at, p)
		}
		if err := c.value(at+" key", items[i][0], kv[0]); err != nil {
			return err
		}
		if err := c.value(fmt.Sprintf("%s[%v]", at, kv[0]), items[i][1], kv[1]); err != nil {
			return err
		}
	}
	return nil
}

func floatOf(v any) (float64, error) {
	switch v := v.(type) {
	case json.Number:
		return v.Float64()
	case string:
		named := map[string]float64{"nan": math.NaN(), "inf": math.Inf(1), "-inf": math.Inf(-1)}
		if f, ok := named[v]; ok {
			return f, nil
		}
	}
	return 0, fmt.Errorf("%v is no number", v)
}

func complexOf(v any) (complex128, error) {
	parts, ok := v.([]any)
	if !ok || len(parts) != 2 {
		return 0, fmt.Errorf("%v is no complex number", v)
	}
	re, err := floatOf(parts[0])
	if err != nil {
		return 0, err
	}
	im, err := floatOf(parts[1])
	return complex(re, im), err
}

// array compares dtype, shape and elements.
func (c comparison) array(at string, got starlark.Value, want map[string]any) error {
	a, ok := got.(*builtins.Array)
	if !ok {
		return differ(at, got, "an array")
	}
	if d := a.Dtype().String(); d != want["dtype"] {
		return fmt.Errorf("%s is of %s, want %v", at, d, want["dtype"])
	}
	if got, want := fmt.Sprint(a.Shape()), shapeText(want["shape"]); got != want {
		return fmt.Errorf("%s has the shape %s, want %s", at, got, want)
	}
	elements, ok := want["array"].([]any)
	if !ok || len(elements) != engine.Elements(a.Shape()) {
		return fmt.Errorf("%s: the answer has %d elements for the shape %v", at, len(elements), a.Shape())
	}
	data, err := a.Engine().Dense(context.Background(), a.Node())
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	size := a.Dtype().Size()
	for i, w := range elements {
		e := engine.ReadElement(data[i*size:][:size], a.Dtype())
		if !c.element(e, a.Dtype(), w) {
			return fmt.Errorf("%s: element %d is %s, want %v", at, i, elementText(e, a.Dtype()), w)
		}
	}
	return nil
}

func shapeText(v any) string {
	axes, _ := v.([]any)
	return fmt.Sprint(axes)
}

func (c comparison) element(got engine.Element, d engine.Dtype, want any) bool {
	switch {
	case d == engine.Bool:
		w, ok := want.(bool)
		return ok && (got.Int != 0) == w
	case d.IsComplex():
		w, err := complexOf(want)
		z := got.Complex
		return err == nil && c.near(real(z), real(w)) && c.near(imag(z), imag(w))
	case d.IsFloat():
		w, err := floatOf(want)
		return err == nil && c.near(got.Float, w)
	}
	n, ok := want.(json.Number)
	return ok && string(n) == elementText(got, d)
}

func elementText(e engine.Element, d engine.Dtype) string {
	switch {
	case d.IsComplex():
		return fmt.Sprint(complex64(e.Complex))
	case d.IsFloat():
		return fmt.Sprint(e.Float)
	case d == engine.Uint64:
		return fmt.Sprint(uint64(e.Int))
	}
	return fmt.Sprint(e.Int)
}
