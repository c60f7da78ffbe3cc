package mlxstar_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

var errNoRow = errors.New("no such row")

type table struct {
	Rows map[string]float64 `mlx:"rows"`
	Name string             `mlx:"name"`
	Hits int
	last time.Time
}

func (t *table) ReadAll(ctx context.Context, keys []string) ([]float64, error) {
	var out []float64
	for _, k := range keys {
		v, ok := t.Rows[k]
		if !ok {
			return nil, fmt.Errorf("read %s: %w", k, errNoRow)
		}
		out = append(out, v)
	}
	t.Hits++
	return out, ctx.Err()
}

func (t *table) Touch(at time.Time) { t.last = at }

func (t *table) Last() time.Time { return t.last }

type query struct {
	mlxstar.Keywords
	Limit int      `mlx:"limit"`
	Order []string `mlx:"order"`
}

func hostModules(rows *table) map[string]mlxstar.Module {
	return map[string]mlxstar.Module{
		"host": {"version": "1.2", "pi": 3.14},
		"host.db": {"table": rows, "find": func(prefix string, q query) []string {
			return append([]string{prefix, fmt.Sprint(q.Limit)}, q.Order...)
		}},
		"host.calc": {
			"sum": func(xs ...float64) (total float64) {
				for _, x := range xs {
					total += x
				}
				return total
			},
			"divmod": func(a, b int) (int, int, error) {
				if b == 0 {
					return 0, 0, errors.New("division")
				}
				return a / b, a % b, nil
			},
			"grid": func(g [][][]float32) (int, int, int) { return len(g), len(g[0]), len(g[0][0]) },
			"map": func(ctx context.Context, f *mlxstar.Function, xs []float64) ([]any, error) {
				var out []any
				for _, x := range xs {
					v, err := f.Call(ctx, x)
					if err != nil {
						return nil, err
					}
					out = append(out, v)
				}
				return out, nil
			},
			"nothing": func() {},
		},
		"rows": mlxstar.ModuleOf(rows),
	}
}

// TestObjectsWithoutMethods says what is missing where nobody asked for methods.
func TestObjectsWithoutMethods(t *testing.T) {
	rows := &table{Name: "prices"}
	rt := suite.NewRuntime(t, mlxstar.Options{Modules: map[string]mlxstar.Module{"host": {"table": rows}}})
	if v, err := rt.Eval(context.Background(), "case.py", "import host\nhost.table.name"); err != nil || v != "prices" {
		t.Errorf("a field is %v, %v", v, err)
	}
	if _, err := rt.Eval(context.Background(), "case.py", "host.table.read_all(['a'])"); err == nil || !strings.Contains(err.Error(), "Options.Methods") {
		t.Errorf("a method is %v, want an error that names Options.Methods", err)
	}
}

func TestModules(t *testing.T) {
	ctx := context.Background()
	rows := &table{Rows: map[string]float64{"a": 1, "b": 2}, Name: "prices"}
	rt := suite.NewRuntime(t, mlxstar.Options{Modules: hostModules(rows), Methods: mlxstar.ReflectMethods, Files: mlxstar.ReadOnly(fstest.MapFS{"host.py": {Data: []byte("version = 'of a file'")}}), Dir: "/"})
	for _, c := range []struct{ src, want string }{
		{"import host\nhost.version", "1.2"},
		{"import host.db\nhost.db.table.name", "prices"},
		{"from host.db import table\ntable.read_all(['a', 'b'])", "array([1, 2], dtype=float64)"},
		{"table.Hits", "1"},
		{"table.Hits = 7\ntable.Hits", "7"},
		{"table is table, table == host.db.table", "(True, True)"},
		{"host.db.find('x', limit=3, order=('p', 'q'))", "['x', '3', 'p', 'q']"},
		{"from host.calc import sum as total\ntotal(1, 2.5, 3)", "6.5"},
		{"host.calc.divmod(7, 2)", "(3, 1)"},
		{"import mlx.core as mx\nhost.calc.grid(mx.zeros((2, 3, 4)))", "(2, 3, 4)"},
		{"host.calc.map(lambda x: x * 10, [1, 2])", "[10.0, 20.0]"},
		{"host.calc.nothing()", "None"},
		{"import datetime\ntable.touch(datetime.datetime(2024, 2, 29, 12, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=2))))\nstr(table.last())", "2024-02-29 10:30:00+00:00"},
		{"import rows\nrows.name", "prices"},
		{"rows.read_all(['b'])[0].item()", "2.0"},
		{"sorted(n for n in dir(table) if n[0] != '_')", "['Hits', 'last', 'name', 'read_all', 'rows', 'touch']"},
	} {
		lines := strings.Split(c.src, "\n")
		lines[len(lines)-1] = "str((" + lines[len(lines)-1] + "))"
		if v, err := rt.Eval(ctx, "case.py", strings.Join(lines, "\n")); err != nil || v != c.want {
			t.Errorf("%q is %v, %v; want %v", c.src, v, err, c.want)
		}
	}
	if rows.last.IsZero() || rows.Hits == 0 {
		t.Errorf("the host sees %+v", rows)
	}

	for _, c := range []struct{ src, want string }{
		{"host.calc.divmod(1)", "TypeError: divmod() takes 2 positional arguments but 1 were given"},
		{"host.calc.divmod(1, 'x')", "TypeError: divmod(): argument 2 is a string, which does not fit a Go int"},
		{"host.calc.divmod(None, 1)", "TypeError: divmod(): argument 1 is None, which does not fit a Go int"},
		{"host.calc.sum(a=1)", "TypeError: sum() takes no keyword arguments"},
		{"host.db.find('x', size=1)", "TypeError: find() got an unexpected keyword argument 'size'"},
		{"table.read_all(['z'])", "RuntimeError: read z: no such row"},
		{"table.Hits = 'many'", "TypeError"},
		{"table.hits", "AttributeError"},
		{"import host.nowhere", "ModuleNotFoundError: No module named 'host.nowhere'"},
	} {
		err := rt.Exec(ctx, "case.py", c.src)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %s", c.src, err, c.want)
		}
		if strings.Contains(c.src, "'z'") && !errors.Is(err, errNoRow) {
			t.Errorf("the host's error is not behind %v", err)
		}
	}
	if _, err := mlxstar.New(mlxstar.Options{Modules: map[string]mlxstar.Module{"a..b": {}}}); err == nil {
		t.Error("a module without a name was taken")
	}
	if _, err := mlxstar.New(mlxstar.Options{Modules: map[string]mlxstar.Module{"a": {"c": make(chan int)}}}); err == nil || !strings.Contains(err.Error(), "a.c") {
		t.Errorf("a channel was taken: %v", err)
	}
}

func TestDecodeObjects(t *testing.T) {
	ctx := context.Background()
	rt := suite.NewRuntime(t, mlxstar.Options{})
	if err := rt.Exec(ctx, "main.py", `
import datetime
from dataclasses import dataclass
import numpy as np
import mlx.core as mx
@dataclass
class Point:
    x: int
    y: float
    tags: set
    when: datetime.datetime
point = Point(1, 2.5, {"a", "b"}, datetime.datetime(2024, 1, 2, 3, 4, 5, 6000))
day = datetime.date(2020, 5, 17)
span = datetime.timedelta(days=1, hours=2)
codes = {1: "one", 2: "two"}
cube = mx.arange(24).reshape(2, 3, 4)
nd = np.arange(6, dtype=np.int16).reshape(2, 3)[:, ::-1]
number = np.float64(1.5)
empty = mx.zeros((0, 3))
`); err != nil {
		t.Fatal(err)
	}
	decode := func(name string, into any) {
		t.Helper()
		v, ok := rt.Get(name)
		if !ok {
			t.Fatalf("no %s", name)
		}
		if err := mlxstar.Decode(ctx, v, into); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	var p struct {
		X    int             `mlx:"x"`
		Y    float64         `mlx:"y"`
		Tags map[string]bool `mlx:"tags"`
		When time.Time       `mlx:"when"`
	}
	decode("point", &p)
	if p.X != 1 || p.Y != 2.5 || len(p.Tags) != 2 || !p.Tags["a"] || !p.When.Equal(time.Date(2024, 1, 2, 3, 4, 5, 6_000_000, time.UTC)) {
		t.Errorf("got %+v", p)
	}
	var day time.Time
	decode("day", &day)
	var span time.Duration
	decode("span", &span)
	codes := map[int]string{}
	decode("codes", &codes)
	if day.Format(time.DateOnly) != "2020-05-17" || span != 26*time.Hour || codes[2] != "two" {
		t.Errorf("got %v, %v, %v", day, span, codes)
	}
	var cube [2][3][4]int
	decode("cube", &cube)
	var slices3 [][][]float32
	decode("cube", &slices3)
	var nd [][]int16
	decode("nd", &nd)
	var number float64
	decode("number", &number)
	var empty [][]float32
	decode("empty", &empty)
	if cube[1][2][3] != 23 || slices3[1][0][1] != 13 || nd[1][0] != 5 || number != 1.5 || empty == nil || len(empty) != 0 {
		t.Errorf("got %v, %v, %v, %v, %v", cube, slices3, nd, number, empty)
	}
	var tensor mlxstar.Tensor
	decode("cube", &tensor)
	if tensor.Dtype != mlxstar.Int32 || len(tensor.Shape) != 3 || len(tensor.Data) != 96 {
		t.Errorf("got %v, %v, %d bytes", tensor.Dtype, tensor.Shape, len(tensor.Data))
	}
	other := suite.NewRuntime(t, mlxstar.Options{})
	if err := other.Set("cube", tensor); err != nil {
		t.Fatal(err)
	}
	if v, err := other.Eval(ctx, "a.py", "cube[1, 2].tolist()"); err != nil || fmt.Sprint(v) != "[20 21 22 23]" {
		t.Errorf("got %v, %v", v, err)
	}
	if err := other.Set("deep", [][][]float64{{{1, 2}}, {{3, 4}}}); err != nil {
		t.Fatal(err)
	}
	if v, err := other.Eval(ctx, "a.py", "(deep.shape, deep.dtype == __import__('mlx.core', fromlist=['x']).float64)"); err != nil || fmt.Sprint(v) != "[[2 1 2] true]" {
		t.Errorf("got %v, %v", v, err)
	}
	if err := other.Set("when", time.Date(2024, 7, 1, 8, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	if v, err := other.Eval(ctx, "a.py", "when.isoformat()"); err != nil || v != "2024-07-01T08:00:00+00:00" {
		t.Errorf("got %v, %v", v, err)
	}
	for _, into := range []any{new([2][2]int), new([]int), new([][][][]int)} {
		v, _ := rt.Get("cube")
		if err := mlxstar.Decode(ctx, v, into); err == nil {
			t.Errorf("a cube fitted %T", into)
		}
	}
}

func TestMetrics(t *testing.T) {
	rt := suite.NewRuntime(t, mlxstar.Options{})
	if err := rt.Exec(context.Background(), "main.py", `
import mlxstar
import mlx.core as mx
for i in range(5000):
    mlxstar.metric("loss", i)
mlxstar.metric("accuracy", mx.array(0.5))
assert mlxstar.metrics()["loss"]["count"] == 5000
`); err != nil {
		t.Fatal(err)
	}
	m := rt.Metrics()
	loss := m["loss"]
	if loss.Count != 5000 || loss.Last != 4999 || loss.Min != 0 || loss.Max != 4999 || loss.Sum != 4999*2500 || m["accuracy"].Last != 0.5 {
		t.Errorf("got %+v", loss)
	}
	if n := len(loss.Sample); n < 500 || n > 1000 || loss.Sample[1]-loss.Sample[0] != loss.Sample[n-1]-loss.Sample[n-2] {
		t.Errorf("the sample has %d values: %v ...", n, loss.Sample[:4])
	}
}
