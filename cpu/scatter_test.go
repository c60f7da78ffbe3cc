package cpu

import (
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// TestScatterShares: updates of single elements, shared by processors, are those of one.
func TestScatterShares(t *testing.T) {
	build := func(b *engine.Builder) (out []*engine.Node) {
		const n = 3 * placesMin
		for _, bins := range []int{10, n} {
			at := b.AsType(b.Mul(b.Uniform(b.Scalar(0, engine.Float32), b.Scalar(1, engine.Float32), []int{n}, engine.Float32, b.Key(1)), b.Scalar(float64(bins), engine.Float32)), engine.Int32)
			v := b.Normal([]int{n}, engine.Float32, nil, nil, b.Key(2))
			for _, d := range []engine.Dtype{engine.Float32, engine.Float16, engine.Int64} {
				x := b.AsType(v, d)
				zeros := b.Full([]int{bins}, 0, d)
				for _, mode := range []engine.UpdateMode{engine.Sum, engine.Max, engine.Replace} {
					out = append(out, b.Scatter(zeros, []*engine.Node{at}, b.Reshape(x, []int{n, 1}), []int{0}, mode))
				}
			}
		}
		return out
	}
	want := computed(t, 1, build)
	for i, got := range computed(t, 5, build) {
		if string(got) != string(want[i]) {
			t.Errorf("array %d differs between 1 and 5 threads", i)
		}
	}
}
