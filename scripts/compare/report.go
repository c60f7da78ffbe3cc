package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// result is what came of one part.
type result struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Outcome string `json:"outcome"` // same, differs, declared, skipped
	Detail  string `json:"detail,omitempty"`
	Reason  string `json:"reason,omitempty"`  // of a declared difference
	Program string `json:"program,omitempty"` // that was drawn
}

// report is what came of all parts.
type report struct {
	Python   string    `json:"python"`
	MLX      string    `json:"mlx"`
	Same     int       `json:"same"`
	Differ   int       `json:"differ"`
	Declared int       `json:"declared"`
	Skipped  int       `json:"skipped"`
	Parts    []*result `json:"parts"`
}

func compareAll(ctx context.Context, o *options, parts []*part, progress io.Writer) (*report, error) {
	r := &report{}
	py, err := startPython(ctx, o.python)
	absent := ""
	if err != nil {
		absent = fmt.Sprintf("no Python: %v", err)
	} else {
		defer py.close()
		r.Python, r.MLX = py.Version, py.MLX
	}
	last := ""
	for i, p := range parts {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if p.File != last && (!p.drawn || i%100 == 0) {
			fmt.Fprintf(progress, "%4d of %d  %s\n", i+1, len(parts), p.File)
			last = p.File
		}
		one := &result{File: p.File, Line: p.Line}
		r.Parts = append(r.Parts, one)
		switch {
		case absent != "":
			one.Outcome, one.Detail = "skipped", absent
		case p.mlx && py.MLX == "":
			one.Outcome, one.Detail = "skipped", fmt.Sprintf("%s has no MLX", o.python)
		default:
			if err := comparePart(ctx, o, py, p, one); err != nil {
				return nil, fmt.Errorf("%s: %w", p.place(), err)
			}
		}
		switch one.Outcome {
		case "same":
			r.Same++
		case "declared":
			r.Declared++
		case "skipped":
			r.Skipped++
		default:
			r.Differ++
		}
	}
	return r, nil
}

// halfTolerance is how much wider the tolerance is for drawn programs that name a 16-bit
// float, which carry 11 and 8 bits, and how much wider for what cancels in their sums.
var halfTolerance = map[string]struct{ each, sums float64 }{"mx.float16": {20, 1000}, "mx.bfloat16": {150, 2500}}

func comparePart(ctx context.Context, o *options, py *python, p *part, to *result) error {
	star, err := runStar(ctx, p, o.timeout)
	if err != nil {
		return err
	}
	other, err := py.run(p, o.timeout)
	if err != nil {
		return err
	}
	wider, sums := 1.0, 1.0
	for dtype, times := range halfTolerance {
		if p.drawn && strings.Contains(p.source, dtype) {
			wider, sums = max(wider, times.each), max(sums, times.sums)
		}
	}
	to.Detail = differ(star, other, tolerance{o.rtol * wider, o.atol * wider, p.sums * sums})
	if p.drawn && to.Detail != "" && p.declared == "" {
		p.declared = faultSaid(to.Detail)
	}
	switch {
	case to.Detail == "" && (p.declared == "" || p.loose):
		to.Outcome = "same"
	case to.Detail == "":
		to.Outcome, to.Detail = "differs", "it is declared to differ ("+p.declared+"), and does not"
	case p.declared != "":
		to.Outcome, to.Reason = "declared", p.declared
	default:
		to.Outcome = "differs"
	}
	if p.drawn && to.Outcome == "differs" {
		to.Program = p.source
	}
	return nil
}

func (r *report) write(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(r)
	}
	skips := map[string]int{}
	for _, p := range r.Parts {
		switch p.Outcome {
		case "differs":
			fmt.Fprintf(w, "%s:%d: %s\n%s", p.File, p.Line, p.Detail, p.Program)
		case "declared":
			fmt.Fprintf(w, "%s:%d: differs as declared: %s\n", p.File, p.Line, p.Reason)
		case "skipped":
			skips[p.Detail]++
		}
	}
	for why, n := range skips {
		fmt.Fprintf(w, "skipped %d parts: %s\n", n, why)
	}
	with := "Python " + r.Python
	if r.MLX != "" {
		with += " with MLX " + r.MLX
	}
	_, err := fmt.Fprintf(w, "%d parts under mlxstar and %s: %d the same, %d differ, %d differ as declared, %d skipped\n",
		len(r.Parts), with, r.Same, r.Differ, r.Declared, r.Skipped)
	return err
}
