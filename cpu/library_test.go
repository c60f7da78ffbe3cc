package cpu

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/mlxstar/mlxstar/cpu/internal/accelerate"
	"github.com/mlxstar/mlxstar/cpu/internal/accelerate/blastest"
	"github.com/mlxstar/mlxstar/engine"
)

// testLibrary gives a stand-in for the system's library.
func testLibrary(t *testing.T) (*blastest.Library, func() (accelerate.Linker, error)) {
	t.Helper()
	l, err := blastest.Open()
	if errors.Is(err, blastest.ErrUnavailable) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return l, func() (accelerate.Linker, error) { return l, nil }
}

// libraryCases are products, and how often each calls the library.
var libraryCases = []struct {
	name  string
	calls int
	build func(b *engine.Builder, draw func(shape ...int) *engine.Node) *engine.Node
}{
	{"whole", 1, func(b *engine.Builder, draw func(shape ...int) *engine.Node) *engine.Node {
		return b.MatMul(draw(40, 50), draw(50, 60))
	}},
	{"transposed", 1, func(b *engine.Builder, draw func(shape ...int) *engine.Node) *engine.Node {
		return b.MatMul(b.Transpose(draw(50, 40), nil), b.Transpose(draw(60, 50), nil))
	}},
	{"parts of rows", 1, func(b *engine.Builder, draw func(shape ...int) *engine.Node) *engine.Node {
		return b.MatMul(b.Narrow(draw(40, 70), 1, 9, 59), b.Transpose(b.Narrow(draw(60, 70), 1, 3, 53), nil))
	}},
	{"a stack", 6, func(b *engine.Builder, draw func(shape ...int) *engine.Node) *engine.Node {
		return b.MatMul(draw(2, 3, 40, 50), draw(3, 50, 60))
	}},
	{"onto another", 1, func(b *engine.Builder, draw func(shape ...int) *engine.Node) *engine.Node {
		return b.AddMM(draw(60), draw(40, 50), draw(50, 60), 0.5, 2)
	}},
	{"many rows", 2, func(b *engine.Builder, draw func(shape ...int) *engine.Node) *engine.Node {
		return b.MatMul(draw(libraryTile+30, 40), draw(40, 19))
	}},
	{"many columns", 2, func(b *engine.Builder, draw func(shape ...int) *engine.Node) *engine.Node {
		return b.MatMul(draw(19, 40), b.Transpose(draw(libraryTile+1, 40), nil))
	}},
	{"long sums", 2, func(b *engine.Builder, draw func(shape ...int) *engine.Node) *engine.Node {
		return b.MatMul(draw(20, libraryDepth+100), draw(libraryDepth+100, 20))
	}},
	{"copied first", 1, func(b *engine.Builder, draw func(shape ...int) *engine.Node) *engine.Node {
		return b.MatMul(b.Slice(draw(80, 100), []int{0, 0}, []int{2, 2}, []int{40, 50}), draw(50, 60))
	}},
	{"few rows", 0, func(b *engine.Builder, draw func(shape ...int) *engine.Node) *engine.Node {
		return b.MatMul(draw(3, 500), draw(500, 60))
	}},
}

// TestLibrary holds products by the library against those in Go, and asks for the same
// bits whatever the number of threads.
func TestLibrary(t *testing.T) {
	t.Setenv("MLXSTAR_NOSIMD", "")
	l, system := testLibrary(t)
	slow := newEngine(t, Options{PureGo: true})
	for _, d := range []engine.Dtype{engine.Float32, engine.Float64} {
		for _, c := range libraryCases {
			build := func(b *engine.Builder) *engine.Node {
				key := uint64(80)
				return c.build(b, func(shape ...int) *engine.Node { // positive numbers, so that nothing cancels out
					key++
					return b.AsType(b.Unary(engine.OpAbs, b.Normal(shape, engine.Float32, nil, nil, b.Key(key))), d)
				})
			}
			var first []byte
			for _, threads := range []int{1, 2, 7} {
				fast := newEngine(t, Options{Threads: threads, system: system})
				name, calls := fmt.Sprint(c.name, " of ", d, ", ", threads, " threads"), l.Calls()
				n, _, err := evaluate(fast, build)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if got := l.Calls() - calls; got != c.calls {
					t.Errorf("%s: called the library %d times, want %d", name, got, c.calls)
				}
				got, err := fast.Dense(context.Background(), n)
				if err != nil {
					t.Fatal(err)
				}
				if first == nil {
					first = bytes.Clone(got)
					compareEngines(t, fast, slow, 300, name, build)
				} else if !bytes.Equal(got, first) {
					t.Errorf("%s: differs from that of one thread", name)
				}
			}
		}
	}
	if n := l.Misuses(); n != 0 {
		t.Errorf("%d calls broke the rules of BLAS", n)
	}
}

// TestLibraryOperands: the library takes what has rows or columns that lie together
// and do not overlap.
func TestLibraryOperands(t *testing.T) {
	data := make([]float32, 100)
	for _, c := range []struct {
		rows, cols int // the strides
		takes      bool
		transposed bool
		stride     int
	}{
		{5, 1, true, false, 5}, {9, 1, true, false, 9}, {1, 4, true, true, 4}, {1, 7, true, true, 7},
		{10, 2, false, false, 0}, {0, 1, false, false, 0}, {1, 0, false, false, 0}, {4, 1, false, false, 0}, {1, 3, false, false, 0}, {-5, 1, false, false, 0},
		{accelerate.Most + 1, 1, false, false, 0},
	} {
		m, ok := libraryOperand[float32, float32](matrix[float32]{data, 3, c.rows, c.cols}, 4, 5)
		if ok != c.takes || ok && (m.Transposed != c.transposed || m.Stride != c.stride || len(m.Data) != 97) {
			t.Errorf("strides %d and %d: got %v, %t, transposed %t", c.rows, c.cols, ok, m.Transposed, m.Transposed)
		}
	}
	if _, ok := libraryOperand[half, float32](matrix[half]{make([]half, 100), 0, 5, 1}, 4, 5); ok {
		t.Error("the library takes halves")
	}
}

// TestLibraryCanBeDeclined, or be missing.
func TestLibraryCanBeDeclined(t *testing.T) {
	t.Setenv("MLXSTAR_NOSIMD", "")
	asked := 0
	system := func() (accelerate.Linker, error) {
		asked++
		return nil, errors.New("none")
	}
	product := func(b *engine.Builder) *engine.Node {
		return b.MatMul(b.Full([]int{40, 50}, 1, engine.Float32), b.Full([]int{50, 60}, 1, engine.Float32))
	}
	multiply := func(o Options) {
		t.Helper()
		o.system = system
		e := newEngine(t, o)
		for range 2 {
			if _, got, err := evaluate(e, product); err != nil || elementsOf(got)[0].Float != 50 {
				t.Errorf("got %v", err)
			}
		}
	}
	multiply(Options{})
	if asked != 1 {
		t.Errorf("the library was looked for %d times, want once", asked)
	}
	multiply(Options{PureGo: true})
	t.Setenv("MLXSTAR_NOSIMD", "1")
	multiply(Options{})
	if asked != 1 {
		t.Error("the library was looked for where it is declined")
	}
}
