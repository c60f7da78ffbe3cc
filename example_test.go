package mlxstar_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/mlxstar/mlxstar"
)

func Example() {
	rt, err := mlxstar.New(mlxstar.Options{Stdout: os.Stdout})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rt.Close()
	err = rt.Exec(context.Background(), "hello.py", `
import mlx.core as mx

x = mx.arange(6).reshape(2, 3)
print(x.T @ mx.ones((2, 2)))
`)
	fmt.Println(err)
	// Output:
	// array([[3, 3],
	//        [5, 5],
	//        [7, 7]], dtype=float32)
	// <nil>
}

// A Go slice goes in without being copied, and a result comes out as a Go slice.
func ExampleRuntime_Call() {
	ctx := context.Background()
	rt, err := mlxstar.New(mlxstar.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rt.Close()
	if err := rt.Exec(ctx, "score.py", "def score(x, scale=1.0):\n    return (x * scale).sum(axis=0)\n"); err != nil {
		fmt.Println(err)
		return
	}
	v, err := rt.Call(ctx, "score", [][]float32{{1, 2}, {3, 4}}, 10)
	if err != nil {
		fmt.Println(err)
		return
	}
	var totals []float32
	fmt.Println(mlxstar.Decode(ctx, v, &totals), totals)
	// Output: <nil> [40 60]
}

// What does not fit the limit fails before it runs, and the runtime goes on.
func ExampleOptions_memoryLimit() {
	ctx := context.Background()
	rt, err := mlxstar.New(mlxstar.Options{MemoryLimit: 16 << 20})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rt.Close()
	err = rt.Exec(ctx, "big.py", "import mlx.core as mx\nmx.eval(mx.zeros((4096, 4096)))")
	fmt.Println(errors.Is(err, mlxstar.ErrMemoryLimit))
	fmt.Println(err)
	v, err := rt.Eval(ctx, "small.py", "mx.ones(100).sum().item()")
	fmt.Println(v, err)
	// Output:
	// true
	// MemoryError: eval: memory limit: needed 64 MiB, in use 0 B, limit 16 MiB
	// 100 <nil>
}

// A config file in Python, read into a Go struct.
func ExampleDecode() {
	ctx := context.Background()
	rt, err := mlxstar.New(mlxstar.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rt.Close()
	if err := rt.Exec(ctx, "config.py", `
base = 32
model = {"name": "tiny", "layers": [base * 2**i for i in range(3)], "dropout": 0.1}
`); err != nil {
		fmt.Println(err)
		return
	}
	var model struct {
		Name    string  `mlx:"name"`
		Layers  []int   `mlx:"layers"`
		Dropout float64 `mlx:"dropout"`
	}
	v, _ := rt.Get("model")
	fmt.Println(mlxstar.Decode(ctx, v, &model), model)
	// Output: <nil> {tiny [32 64 128] 0.1}
}
