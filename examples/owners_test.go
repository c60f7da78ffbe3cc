package examples_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/mlxstar/mlxstar"
	owners "github.com/mlxstar/mlxstar/memory"
)

// prelude has what a script evaluates looked at afterwards.
const prelude = `import mlx.core as mx
def looked(*args, evaluate=mx.eval, look=look):
    evaluate(*args)
    look()
mx.eval = looked
`

// Where the examples with models end a step, almost all of what is active has an owner that the
// script can name, models' parameters and optimizers' state among them, and bytes by owner
// add up to what is active.
func TestOwners(t *testing.T) {
	if testing.Short() {
		t.Skip("they train")
	}
	const unknown = 50 // at most one byte in so many has no owner
	for file, args := range map[string][]string{
		"digits_mlp.py":       {"--epochs", "3"},
		"digits_cnn.py":       {"--epochs", "1", "--width", "4"},
		"char_lm.py":          {"--steps", "12", "--batch-size", "4", "--context", "32", "--sample", "5"},
		"vae.py":              {"--epochs", "1"},
		"llama/make_model.py": {"--steps", "10", "--vocabulary", "280", "--batch-size", "4", "--context", "24", filepath.Join(t.TempDir(), "model")},
	} {
		t.Run(file, func(t *testing.T) {
			var out bytes.Buffer
			rt, err := mlxstar.New(mlxstar.Options{Device: "cpu", Stdout: &out, Stderr: &out, Files: mlxstar.SystemFiles(), Args: append([]string{file, "--json"}, args...)})
			if err != nil {
				t.Fatal(err)
			}
			defer rt.Close()
			path, err := filepath.Abs(filepath.FromSlash(file))
			if err != nil {
				t.Fatal(err)
			}
			seen, trained := 0, 0
			look := func() {
				o := rt.MemoryOwners()
				seen++
				sum := int64(0)
				for _, w := range o.Owners {
					sum += w.Bytes
				}
				if sum != o.Active {
					t.Errorf("owners hold %d of %d", sum, o.Active)
				}
				if o.Kinds[owners.Parameters] == 0 || o.Kinds[owners.OptimizerState] == 0 {
					return
				}
				trained++
				if other := o.Kinds[owners.Other]; other*unknown > o.Active {
					t.Errorf("%d of %d bytes have no owner: %+v", other, o.Active, o.Kinds)
				}
			}
			if err := rt.Set("look", mlxstar.Func(func([]any, map[string]any) (any, error) { look(); return nil, nil })); err != nil {
				t.Fatal(err)
			}
			if err := rt.Exec(t.Context(), "prelude.py", prelude); err != nil {
				t.Fatal(err)
			}
			if err := rt.ExecFile(t.Context(), path); err != nil {
				t.Fatalf("%v\n%s", err, out.String())
			}
			if trained < 3 {
				t.Errorf("of %d evaluations %d saw parameters and an optimizer's state", seen, trained)
			}
		})
	}
}
