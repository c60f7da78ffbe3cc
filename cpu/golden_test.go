package cpu

import (
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// golden is one row of testdata/golden.json.gz: what MLX answers, written by
// testdata/golden.py.
type golden struct {
	Op     string
	In     []string
	Dtype  string
	Answer string
	Out    string
}

// MLX's functions are up to some thirty units of the last place of a float32
// from the true value, also for float64; its erf is good to 2e-7 near 0.
const (
	goldenUlps     = 32
	goldenAbsolute = 2e-7
)

// tolerable reports whether an answer is as close to MLX's as MLX is to the truth.
func tolerable(d engine.Dtype, got, want engine.Element) bool {
	if d == engine.Float64 && nearFloat(engine.Float32, got.Float, want.Float, goldenUlps) {
		return true
	}
	if d.IsFloat() && math.Abs(got.Float-want.Float) < goldenAbsolute {
		return true
	}
	return near(d, got, want, goldenUlps)
}

func (g *golden) nodes(t *testing.T, b *engine.Builder) []*engine.Node {
	d, ok := dtype.Named(g.Dtype)
	if !ok {
		t.Fatalf("%s: dtype %q", g.Op, g.Dtype)
	}
	var in []*engine.Node
	for _, s := range g.In {
		p, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		in = append(in, b.FromBytes(p, d, []int{len(p) / d.Size()}))
	}
	return in
}

// build makes the row's operation.
func (g *golden) build(b *engine.Builder, op *engine.Op, answer engine.Dtype, in []*engine.Node) *engine.Node {
	switch {
	case op == engine.OpAsType:
		return b.AsType(in[0], answer)
	case op == engine.OpFromFP8:
		return b.FromFP8(in[0], answer)
	case op.Class == engine.Reduction:
		return b.Reduce(op, in[0], nil, false)
	case op.Class == engine.ArgReduction:
		return b.ArgReduce(op, in[0], 0, false)
	case op.Class == engine.Binary:
		return b.Binary(op, in[0], in[1])
	}
	return b.Unary(op, in[0])
}

func TestGolden(t *testing.T) {
	var rows []golden
	f, err := os.Open("testdata/golden.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := gzip.NewReader(f)
	if err == nil {
		err = json.NewDecoder(text).Decode(&rows)
	}
	if err != nil {
		t.Fatal(err)
	}
	ops := map[string]*engine.Op{}
	for _, op := range engine.Ops() {
		ops[op.Name] = op
	}
	e := newEngine(t, Options{})
	for i := range rows {
		g := &rows[i]
		testGolden(t, e, ops[g.Op], g)
	}
}

func testGolden(t *testing.T, e *engine.Engine, op *engine.Op, g *golden) {
	t.Helper()
	if op == nil {
		t.Errorf("there is no operation %s", g.Op)
		return
	}
	answer, _ := dtype.Named(g.Answer)
	n, o, err := evaluate(e, func(b *engine.Builder) *engine.Node { return g.build(b, op, answer, g.nodes(t, b)) })
	if err != nil {
		t.Errorf("%s of %s: %v", g.Op, g.Dtype, err)
		return
	}
	if n.Dtype() != answer {
		t.Errorf("%s of %s answers %s, want %s", g.Op, g.Dtype, n.Dtype(), answer)
		return
	}
	_, want, err := evaluate(e, func(b *engine.Builder) *engine.Node {
		return (&golden{Op: g.Op, In: []string{g.Out}, Dtype: g.Answer}).nodes(t, b)[0]
	})
	if err != nil {
		t.Fatal(err)
	}
	got, expected := elementsOf(o), elementsOf(want)
	if len(got) != len(expected) {
		t.Errorf("%s of %s: %d elements, want %d", g.Op, g.Dtype, len(got), len(expected))
		return
	}
	for i := range got {
		if !tolerable(answer, got[i], expected[i]) {
			t.Errorf("%s of %s: element %d is %v, want %v", g.Op, g.Dtype, i, number(answer, got[i]), number(answer, expected[i]))
		}
	}
}
