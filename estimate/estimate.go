package estimate

import (
	"context"
	_ "embed" // of the scripts
	"encoding/json"
	"fmt"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/memory"
)

//go:embed decoder.py
var decoder string

//go:embed run.py
var program string

// Options say what to estimate. Path is needed, the rest has defaults.
type Options struct {
	// Path is a folder as Hugging Face lays out models, a .safetensors or .gguf file, or
	// a config.json.
	Path string `json:"path"`
	// Dtype is what floating-point weights are converted to: "float32", "float16",
	// "bfloat16", or "" for as they are.
	Dtype string `json:"dtype"`
	// Bits is what weights are quantized to once they are loaded, 0 for as they are, and
	// GroupSize the weights that share a scale; 0 is 64.
	Bits      int `json:"bits"`
	GroupSize int `json:"group_size"`
	// Train is "adamw" for a step of all weights, "lora" for one of thin matrices of the
	// rank Rank (0 is 8) beside the projections of queries and values, or "" for a
	// prompt and what follows it.
	Train string `json:"train"`
	Rank  int    `json:"rank"`
	// Checkpoint computes each layer again in the backward pass, and keeps less.
	Checkpoint bool `json:"checkpoint"`
	// Batch is the number of sequences; 0 is 1. Context is their length in tokens; 0 is
	// 2048, or the most that the model is made for, if that is less.
	Batch   int `json:"batch"`
	Context int `json:"context"`
	// Prefill is how many tokens of a prompt go through the model at once; 0 is 512.
	Prefill int `json:"prefill"`
}

// Result is an estimate, in bytes. Weights, Adapters, Optimizer, Cache and Activations
// add up to Peak, unless Loading is more than they take.
type Result struct {
	Architecture string `json:"architecture"` // model_type of config.json; "" where it is not known
	Parameters   int64  `json:"parameters"`   // numbers, quantized or not
	Context      int    `json:"context"`      // 0 where only the weights are known

	Weights     int64 `json:"weights"`
	Adapters    int64 `json:"adapters"`
	Optimizer   int64 `json:"optimizer"`
	Cache       int64 `json:"cache"`       // of keys and values
	Activations int64 `json:"activations"` // the rest at the peak of a step, gradients too
	Gradients   int64 `json:"gradients"`   // all of them; not all need be there at the peak
	Loading     int64 `json:"loading"`     // the peak of loading and converting the weights
	Active      int64 `json:"active"`      // between steps
	Peak        int64 `json:"peak"`

	// AtPeak are the arrays that are there at the peak, the largest first, but for the weights.
	AtPeak []Held `json:"at_peak"`
	// Note says what the estimate leaves out, and why.
	Note string `json:"note,omitempty"`
}

// Held is arrays that one operation made, of a shape and a dtype.
type Held struct {
	Operation string `json:"operation"`
	Dtype     string `json:"dtype"`
	Shape     []int  `json:"shape"`
	Arrays    int64  `json:"arrays"`
	Bytes     int64  `json:"bytes"`
}

// maxContext bounds a batch's tokens: what is larger is a mistake.
const maxContext = 1 << 30

// Run estimates.
func Run(ctx context.Context, o Options) (*Result, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	rt, err := mlxstar.New(mlxstar.Options{Device: "cpu", Rehearse: true, MemoryLimit: -1, Files: mlxstar.SystemFiles()})
	if err != nil {
		return nil, fmt.Errorf("estimate: %w", err)
	}
	defer rt.Close()
	for _, s := range []struct{ name, text string }{{"decoder.py", decoder}, {"run.py", program}} {
		if err := rt.Exec(ctx, s.name, s.text); err != nil {
			return nil, fmt.Errorf("estimate: %w", err)
		}
	}
	text, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("estimate: %w", err)
	}
	v, err := rt.Call(ctx, "estimate", string(text))
	if err != nil {
		return nil, fmt.Errorf("estimate: %w", err)
	}
	var answer string
	if err := mlxstar.Decode(ctx, v, &answer); err != nil {
		return nil, fmt.Errorf("estimate: %w", err)
	}
	r := new(Result)
	if err := json.Unmarshal([]byte(answer), r); err != nil {
		return nil, fmt.Errorf("estimate: %w", err)
	}
	return r, nil
}

// Check looks at the options that do not depend on the model.
func (o *Options) Check() error {
	switch o.Dtype {
	case "", "float32", "float16", "bfloat16":
	default:
		return fmt.Errorf("estimate: dtype: got %q, want float32, float16 or bfloat16", o.Dtype)
	}
	switch o.Train {
	case "", "adamw", "lora":
	default:
		return fmt.Errorf("estimate: train: got %q, want adamw or lora", o.Train)
	}
	switch o.Bits {
	case 0, 2, 3, 4, 5, 6, 8:
	default:
		return fmt.Errorf("estimate: bits: got %d, want 2, 3, 4, 5, 6 or 8", o.Bits)
	}
	for name, n := range map[string]int{"batch": o.Batch, "context": o.Context, "prefill": o.Prefill, "rank": o.Rank, "group_size": o.GroupSize} {
		if n < 0 || n > maxContext {
			return fmt.Errorf("estimate: %s: got %d, want a number from 1", name, n)
		}
	}
	return nil
}

// String tells of the arrays as profiles do.
func (h Held) String() string {
	w := memory.Row{Operation: h.Operation, Dtype: h.Dtype, Shape: h.Shape}
	return w.What(h.Arrays)
}
