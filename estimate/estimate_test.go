package estimate_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/estimate"
)

// tolerance is how far, relatively, an estimate may lie from what a run shows.
const tolerance = 0.03

// measure runs testdata/measure.py, with kernels, and gives what it prints.
func measure(t *testing.T, what, folder string, o any) string {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	examples, err := filepath.Abs("../examples/llama")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	rt, err := mlxstar.New(mlxstar.Options{
		Device: "cpu", Files: mlxstar.SystemFiles(), Stdout: &out, Args: []string{"measure.py", examples, what, folder, string(text)},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	path, err := filepath.Abs("testdata/measure.py")
	if err != nil {
		t.Fatal(err)
	}
	if err := rt.ExecFile(t.Context(), path); err != nil {
		if e, ok := err.(*mlxstar.Error); ok {
			t.Fatal(e.Traceback)
		}
		t.Fatal(err)
	}
	return out.String()
}

func config(changes map[string]any) map[string]any {
	c := map[string]any{
		"model_type": "llama", "hidden_size": 256, "intermediate_size": 768, "num_hidden_layers": 4, "num_attention_heads": 4,
		"num_key_value_heads": 2, "vocab_size": 3000, "tie_word_embeddings": false,
	}
	for k, v := range changes {
		c[k] = v
	}
	return c
}

// An estimate is what a run of the example's model then shows: another program, with
// layers of its own.
func TestRuns(t *testing.T) {
	for name, c := range map[string]struct {
		model map[string]any
		file  string // in the folder, "" for the folder
		o     estimate.Options
	}{
		"prompt":    {config(nil), "", estimate.Options{Context: 512, Prefill: 128}},
		"tied":      {config(map[string]any{"tie_word_embeddings": true, "torch_dtype": "bfloat16", "num_key_value_heads": 4}), "", estimate.Options{Context: 1024, Prefill: 256}},
		"quantized": {config(map[string]any{"bits": 4, "torch_dtype": "float16"}), "", estimate.Options{Context: 512, Prefill: 128}},
		"gguf":      {config(map[string]any{"gguf": true, "torch_dtype": "float16"}), "model.gguf", estimate.Options{Context: 256, Prefill: 64}},
		"converted": {config(map[string]any{"num_hidden_layers": 2}), "", estimate.Options{Context: 256, Prefill: 64, Dtype: "bfloat16"}},
		"squeezed":  {config(map[string]any{"num_hidden_layers": 2}), "", estimate.Options{Context: 256, Prefill: 64, Bits: 4}},
		"training":  {config(nil), "", estimate.Options{Context: 64, Batch: 2, Train: "adamw"}},
		"adapters":  {config(map[string]any{"bits": 4}), "", estimate.Options{Context: 64, Batch: 4, Train: "lora", Rank: 16}},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			measure(t, "make", folder, c.model)
			c.o.Path = filepath.Join(folder, c.file)
			r, err := estimate.Run(t.Context(), c.o)
			if err != nil {
				t.Fatal(err)
			}
			var run struct{ Peak, Active int64 }
			if err := json.Unmarshal([]byte(measure(t, "run", folder, c.o)), &run); err != nil {
				t.Fatal(err)
			}
			off := float64(r.Peak-run.Peak) / float64(run.Peak)
			t.Logf("estimated %d, ran %d: %+.2f %%", r.Peak, run.Peak, 100*off)
			if math.Abs(off) > tolerance {
				t.Errorf("the estimate is %d, the run's peak %d: %+.1f %%; %+v", r.Peak, run.Peak, 100*off, r)
			}
			if sum := r.Weights + r.Adapters + r.Optimizer + r.Cache + r.Activations; sum != r.Peak && r.Loading != r.Peak {
				t.Errorf("the parts add up to %d of %d", sum, r.Peak)
			}
		})
	}
}

// Nothing but the headers of weights is read.
func TestHeadersAlone(t *testing.T) {
	folder := t.TempDir()
	measure(t, "make", folder, config(nil))
	path := filepath.Join(folder, "model.safetensors")
	want, err := estimate.Run(t.Context(), estimate.Options{Path: folder, Context: 64})
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	// The elements are replaced by a hole of the same length.
	header := make([]byte, 8)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.ReadAt(header, 0); err != nil {
		t.Fatal(err)
	}
	length := int64(header[0]) | int64(header[1])<<8 | int64(header[2])<<16
	if err := f.Truncate(8 + length); err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(info.Size()); err != nil {
		t.Fatal(err)
	}
	got, err := estimate.Run(t.Context(), estimate.Options{Path: folder, Context: 64})
	if err != nil || got.Peak != want.Peak {
		t.Errorf("got %+v, want %+v: %v", got, want, err)
	}
	// The file alone, without its config.json, tells of the weights.
	if err := os.Remove(filepath.Join(folder, "config.json")); err != nil {
		t.Fatal(err)
	}
	alone, err := estimate.Run(t.Context(), estimate.Options{Path: path})
	if err != nil || alone.Weights != want.Weights || !strings.Contains(alone.Note, "no config.json") {
		t.Errorf("got %+v: %v", alone, err)
	}
}

// Models far larger than the machine are estimated, too, from a config.json alone.
func TestLarge(t *testing.T) {
	for name, c := range map[string]struct {
		config     string
		o          estimate.Options
		parameters int64
		weights    int64
		cache      int64
	}{
		"llama 70B": {
			`{"model_type": "llama", "hidden_size": 8192, "intermediate_size": 28672, "num_hidden_layers": 80, "num_attention_heads": 64,
				"num_key_value_heads": 8, "vocab_size": 128256, "torch_dtype": "bfloat16", "max_position_embeddings": 131072}`,
			estimate.Options{Context: 4096, Bits: 4}, 70553706496, 39688355840, 2 * 80 * 8 * 128 * 4096 * 2,
		},
		"qwen3 0.6B": {
			`{"model_type": "qwen3", "hidden_size": 1024, "intermediate_size": 3072, "num_hidden_layers": 28, "num_attention_heads": 16, "head_dim": 128,
				"num_key_value_heads": 8, "vocab_size": 151936, "torch_dtype": "bfloat16", "tie_word_embeddings": true}`,
			estimate.Options{Context: 1024}, 596049920, 2 * 596049920, 2 * 28 * 8 * 128 * 1024 * 2,
		},
		"gemma 2B": {
			`{"model_type": "gemma", "hidden_size": 2048, "intermediate_size": 16384, "num_hidden_layers": 18, "num_attention_heads": 8, "head_dim": 256,
				"num_key_value_heads": 1, "vocab_size": 256000, "torch_dtype": "bfloat16"}`,
			estimate.Options{Context: 512}, 2506172416, 2 * 2506172416, 2 * 18 * 256 * 512 * 2,
		},
		"phi3 mini": {
			`{"model_type": "phi3", "hidden_size": 3072, "intermediate_size": 8192, "num_hidden_layers": 32, "num_attention_heads": 32,
				"num_key_value_heads": 32, "vocab_size": 32064, "torch_dtype": "bfloat16"}`,
			estimate.Options{Context: 512}, 3821079552, 2 * 3821079552, 2 * 32 * 3072 * 512 * 2,
		},
		"qwen2 0.5B": {
			`{"model_type": "qwen2", "hidden_size": 896, "intermediate_size": 4864, "num_hidden_layers": 24, "num_attention_heads": 14,
				"num_key_value_heads": 2, "vocab_size": 151936, "torch_dtype": "bfloat16", "tie_word_embeddings": true}`,
			estimate.Options{Context: 512}, 494032768, 2 * 494032768, 2 * 24 * 128 * 512 * 2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.o.Path = filepath.Join(t.TempDir(), "config.json")
			if err := os.WriteFile(c.o.Path, []byte(c.config), 0o666); err != nil {
				t.Fatal(err)
			}
			r, err := estimate.Run(t.Context(), c.o)
			if err != nil {
				t.Fatal(err)
			}
			if r.Parameters != c.parameters || r.Weights != c.weights || r.Cache != c.cache {
				t.Errorf("parameters %d, weights %d, cache %d; want %d, %d, %d", r.Parameters, r.Weights, r.Cache, c.parameters, c.weights, c.cache)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	llama := `{"model_type": "llama", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 1, "num_attention_heads": 2, "vocab_size": 100`
	for name, c := range map[string]struct {
		o    estimate.Options
		want string
	}{
		"dtype":      {estimate.Options{Path: "x", Dtype: "int8"}, `dtype: got "int8", want float32, float16 or bfloat16`},
		"train":      {estimate.Options{Path: "x", Train: "sgd"}, `train: got "sgd", want adamw or lora`},
		"bits":       {estimate.Options{Path: "x", Bits: 7}, "bits: got 7, want 2, 3, 4, 5, 6 or 8"},
		"batch":      {estimate.Options{Path: "x", Batch: -1}, "batch: got -1, want a number from 1"},
		"no file":    {estimate.Options{Path: filepath.Join(dir, "none.json")}, "No such file or directory"},
		"empty":      {estimate.Options{Path: t.TempDir()}, "has neither config.json nor safetensors files"},
		"kind":       {estimate.Options{Path: write("other.json", `{"model_type": "mamba"}`)}, "config: model_type is 'mamba', want one of gemma, llama,"},
		"size":       {estimate.Options{Path: write("odd.json", `{"model_type": "llama", "hidden_size": "big"}`)}, "config: hidden_size is 'big', want a number from 1"},
		"heads":      {estimate.Options{Path: write("heads.json", llama+`, "num_key_value_heads": 3}`)}, "2 heads do not divide among 3"},
		"twice":      {estimate.Options{Path: write("q.json", llama+`, "quantization": {"group_size": 32, "bits": 4}}`), Bits: 4}, "bits: the weights are quantized already"},
		"full train": {estimate.Options{Path: write("q.json", llama+`, "quantization": {"group_size": 32, "bits": 4}}`), Train: "adamw"}, "adamw changes all weights"},
		"no JSON":    {estimate.Options{Path: write("bad.json", "{")}, "Expecting property name"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := estimate.Run(t.Context(), c.o); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
