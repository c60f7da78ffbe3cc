package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/estimate"
)

const estimateUsage = `usage: mlxstar estimate [options] MODEL

Tells what a model will take, and whether that fits. MODEL is a folder as Hugging Face
lays it out, a .safetensors or .gguf file, or a config.json. Of weights nothing but the
headers is read, and nothing is computed.

Options:
  --dtype NAME      convert weights to float32, float16 (f16) or bfloat16 (bf16)
  --bits N          quantize weights to 2, 3, 4, 5, 6 or 8 bits once they are loaded
  --group-size N    weights that share a scale, with --bits (64 if not given)
  --batch N         sequences at once (1 if not given)
  --context N       tokens of each (2048 if not given, or the model's most if less)
  --prefill N       tokens of a prompt that go through the model at once (512 if not given)
  --train HOW       a step of training: adamw, of all weights, or lora
  --rank N          rank of lora's matrices (8 if not given)
  --checkpoint      compute layers again in the backward pass
  --memory SIZE     what there is, such as 24GiB (75% of this machine's if not given)
  --json            one line of JSON, sizes in bytes

Exit codes: 0 it fits, 1 it does not or could not be told, 2 wrong usage.
`

// estimating is the subcommand.
type estimating struct {
	estimate.Options
	memory int64 // -1 if it is not given
	json   bool
}

func runEstimate(args []string, stdout, stderr io.Writer) int {
	e, err := parseEstimate(args)
	switch {
	case errors.Is(err, errHelp):
		_, _ = io.WriteString(stdout, estimateUsage)
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "mlxstar estimate: %s\nTry 'mlxstar estimate --help'.\n", err)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	fits, err := e.run(ctx, stdout)
	if err != nil {
		fmt.Fprintf(stderr, "mlxstar %s\n", strings.TrimPrefix(err.Error(), "mlxstar "))
		return exitScript
	}
	if !fits {
		return exitScript
	}
	return exitOK
}

// dtypeNames are the names of --dtype that are short for others.
var dtypeNames = map[string]string{"f32": "float32", "fp32": "float32", "f16": "float16", "fp16": "float16", "bf16": "bfloat16"}

func parseEstimate(args []string) (*estimating, error) {
	e := &estimating{memory: -1}
	_, err := grammar{
		flags: map[string]*bool{"--json": &e.json, "--checkpoint": &e.Checkpoint},
		values: map[string]func(v string) error{
			"--bits": number(&e.Bits, 1, 0), "--group-size": number(&e.GroupSize, 1, 0), "--batch": number(&e.Batch, 1, 0),
			"--context": number(&e.Context, 1, 0), "--prefill": number(&e.Prefill, 1, 0), "--rank": number(&e.Rank, 1, 0),
			"--train": text(&e.Train), "--memory": size(&e.memory),
			"--dtype": func(v string) error {
				if e.Dtype = v; dtypeNames[v] != "" {
					e.Dtype = dtypeNames[v]
				}
				return nil
			},
		},
		operand: func(v string) error {
			if e.Path != "" {
				return fmt.Errorf("got %q besides %q, want one model", v, e.Path)
			}
			e.Path = v
			return nil
		},
	}.read(args)
	if err != nil {
		return nil, err
	}
	switch {
	case e.Path == "":
		return nil, errors.New("no model given")
	case e.Train == "" && e.Checkpoint:
		return nil, errors.New("--checkpoint wants --train")
	case e.Train != "lora" && e.Rank > 0:
		return nil, errors.New("--rank wants --train lora")
	case e.Train != "" && e.Prefill > 0:
		return nil, errors.New("--prefill is for prompts, and not with --train")
	case e.Bits == 0 && e.GroupSize > 0:
		return nil, errors.New("--group-size wants --bits")
	}
	return e, e.Check()
}

// run estimates and tells whether it fits.
func (e *estimating) run(ctx context.Context, out io.Writer) (fits bool, err error) {
	limit := e.memory
	if limit < 0 {
		limit = mlxstar.DefaultMemoryLimit()
	}
	r, err := estimate.Run(ctx, e.Options)
	if err != nil {
		return false, err
	}
	fits = r.Peak <= limit
	var others []alternative
	if !fits {
		if others, err = e.alternatives(ctx, limit); err != nil {
			return false, err
		}
	}
	if e.json {
		return fits, json.NewEncoder(out).Encode(struct {
			*estimate.Result
			Memory       int64         `json:"memory"`
			Fits         bool          `json:"fits"`
			Alternatives []alternative `json:"alternatives,omitempty"`
		}{r, limit, fits, others})
	}
	return fits, e.show(out, r, limit, others)
}

// alternative is what would fit in place of what was asked for.
type alternative struct {
	Options string `json:"options"`
	Peak    int64  `json:"peak"`
}

// alternatives tries what takes less, one change at a time, and then all of them, and
// lists what fits.
func (e *estimating) alternatives(ctx context.Context, limit int64) (found []alternative, err error) {
	type change struct {
		options string
		make    func(o *estimate.Options)
	}
	var changes []change
	bits := func(n int) change {
		return change{fmt.Sprint("--bits ", n), func(o *estimate.Options) { o.Bits = n }}
	}
	switch {
	case e.Train == "adamw":
		if !e.Checkpoint {
			changes = append(changes, change{"--checkpoint", func(o *estimate.Options) { o.Checkpoint = true }})
		}
		changes = append(changes, change{"--train lora", func(o *estimate.Options) { o.Train = "lora" }},
			change{"--train lora --bits 4", func(o *estimate.Options) { o.Train, o.Bits = "lora", 4 }})
	case e.Bits == 0:
		changes = append(changes, bits(8), bits(4))
	case e.Bits > 4:
		changes = append(changes, bits(4))
	}
	if e.Train == "lora" && !e.Checkpoint {
		changes = append(changes, change{"--checkpoint", func(o *estimate.Options) { o.Checkpoint = true }})
	}
	if e.Batch > 1 {
		changes = append(changes, change{"--batch 1", func(o *estimate.Options) { o.Batch = 1 }})
	}
	context := e.Context
	if context == 0 {
		context = 2048
	}
	for n := context / 2; n >= 256 && n >= context/8; n /= 2 {
		changes = append(changes, change{fmt.Sprint("--context ", n), func(o *estimate.Options) { o.Context = n }})
	}
	for _, c := range changes {
		o := e.Options
		c.make(&o)
		r, err := estimate.Run(ctx, o)
		if ctx.Err() != nil {
			return nil, err
		}
		if err == nil && r.Peak <= limit { // else it is none: weights that are quantized cannot be again
			found = append(found, alternative{c.options, r.Peak})
		}
	}
	return found, nil
}

func (e *estimating) show(out io.Writer, r *estimate.Result, limit int64, others []alternative) error {
	var b strings.Builder
	kind := r.Architecture
	if kind == "" {
		kind = "unknown architecture"
	}
	fmt.Fprintf(&b, "%s\n%s, %s parameters", e.Path, kind, readableCount(r.Parameters))
	if r.Context > 0 {
		what := "a prompt, and a token after it"
		if e.Train != "" {
			what = "training by " + e.Train
		}
		fmt.Fprintf(&b, ", %d x %d tokens, %s", max(e.Batch, 1), r.Context, what)
	}
	b.WriteString("\n\n")
	for _, row := range []struct {
		n    int64
		name string
	}{
		{r.Weights, "weights"}, {r.Adapters, "adapters"}, {r.Optimizer, "optimizer state"},
		{r.Cache, "keys and values"}, {r.Activations, "activations" + map[bool]string{true: " and gradients"}[r.Gradients > 0]},
	} {
		if row.n > 0 {
			fmt.Fprintf(&b, "%10s  %s\n", mlxstar.FormatSize(row.n), row.name)
		}
	}
	fmt.Fprintf(&b, "%10s  peak", mlxstar.FormatSize(r.Peak))
	if r.Loading == r.Peak {
		b.WriteString(", while the weights are loaded")
	}
	fmt.Fprintf(&b, "\n%10s  between steps\n", mlxstar.FormatSize(r.Active))
	for i, h := range r.AtPeak {
		if i == 0 {
			b.WriteString("\nlargest at the peak, but for the weights\n")
		}
		if i == 3 {
			break
		}
		fmt.Fprintf(&b, "%10s  %s\n", mlxstar.FormatSize(h.Bytes), h)
	}
	if r.Note != "" {
		fmt.Fprintf(&b, "\n%s\n", r.Note)
	}
	if r.Peak <= limit {
		fmt.Fprintf(&b, "\nfits in %s: %s are left\n", mlxstar.FormatSize(limit), mlxstar.FormatSize(limit-r.Peak))
	} else {
		fmt.Fprintf(&b, "\ndoes not fit in %s: %s more are needed\n", mlxstar.FormatSize(limit), mlxstar.FormatSize(r.Peak-limit))
		for _, a := range others {
			fmt.Fprintf(&b, "%10s  with %s\n", mlxstar.FormatSize(a.Peak), a.Options)
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// readableCount shortens a number: 8.03 billion.
func readableCount(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.2f billion", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f million", float64(n)/1e6)
	}
	return fmt.Sprint(n)
}
