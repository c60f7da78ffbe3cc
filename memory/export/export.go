// Package export writes memory profiles in the formats of other tools.
package export

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mlxstar/mlxstar/memory"
)

// Format writes a profile, and its events where it shows any.
type Format func(w io.Writer, p *memory.Profile, changes memory.Changes) error

// sums makes a format of one that shows no events.
func sums(write func(w io.Writer, p *memory.Profile) error) Format {
	return func(w io.Writer, p *memory.Profile, _ memory.Changes) error { return write(w, p) }
}

// Formats are the formats by name.
var Formats = map[string]Format{
	"folded":     sums(Folded),
	"memory_viz": MemoryViz,
	"pprof":      sums(Pprof),
	"speedscope": sums(Speedscope),
	"trace":      Trace,
}

// frames lists a row's frames, the outermost first, and what its arrays are last.
func frames(w *memory.Row) []string {
	var out []string
	for _, f := range w.Stack {
		name := f.Function
		if name == "" {
			name = "?"
		}
		out = append(out, fmt.Sprintf("%s (%s)", name, f))
	}
	if len(out) == 0 {
		out = []string{unknownLine}
	}
	slices.Reverse(out)
	if w.Operation != "" {
		out = append(out, w.Operation)
	}
	return out
}

// Folded writes what was alive at the peak as stacks, one a line: frames joined by
// semicolons, a space and the bytes.
func Folded(w io.Writer, p *memory.Profile) error {
	sums := map[string]int64{}
	for i := range p.Rows {
		if n := p.Rows[i].AtPeak.Bytes; n != 0 {
			sums[strings.ReplaceAll(strings.Join(frames(&p.Rows[i]), "\x00"), ";", ",")] += n
		}
	}
	keys := make([]string, 0, len(sums))
	for k := range sums {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	out := bufio.NewWriter(w)
	for _, k := range keys {
		fmt.Fprintf(out, "%s %d\n", strings.ReplaceAll(k, "\x00", ";"), sums[k])
	}
	return out.Flush()
}

// Speedscope writes what was alive at the peak as a sampled profile of speedscope's file
// format.
func Speedscope(w io.Writer, p *memory.Profile) error {
	type frame struct {
		Name string `json:"name"`
		File string `json:"file,omitempty"`
		Line int    `json:"line,omitempty"`
	}
	type profile struct {
		Type    string  `json:"type"`
		Name    string  `json:"name"`
		Unit    string  `json:"unit"`
		Start   int64   `json:"startValue"`
		End     int64   `json:"endValue"`
		Samples [][]int `json:"samples"`
		Weights []int64 `json:"weights"`
	}
	all := []frame{}
	index := map[frame]int{}
	of := func(f frame) int {
		i, ok := index[f]
		if !ok {
			i = len(all)
			index[f] = i
			all = append(all, f)
		}
		return i
	}
	peak := profile{Type: "sampled", Name: "at the peak", Unit: "bytes", Samples: [][]int{}, Weights: []int64{}}
	for i := range p.Rows {
		r := &p.Rows[i]
		if r.AtPeak.Bytes == 0 {
			continue
		}
		var sample []int
		for k := len(r.Stack) - 1; k >= 0; k-- {
			f := r.Stack[k]
			sample = append(sample, of(frame{cmp.Or(f.Function, f.String()), f.File, f.Line}))
		}
		if r.Operation != "" || sample == nil {
			sample = append(sample, of(frame{Name: cmp.Or(r.Operation, unknownLine)}))
		}
		peak.Samples, peak.Weights = append(peak.Samples, sample), append(peak.Weights, r.AtPeak.Bytes)
		peak.End += r.AtPeak.Bytes
	}
	return json.NewEncoder(w).Encode(map[string]any{
		"$schema":  "https://www.speedscope.app/file-format-schema.json",
		"name":     p.Command,
		"exporter": "mlxstar",
		"shared":   map[string]any{"frames": all},
		"profiles": []profile{peak},
	})
}

// Pprof writes a heap profile of pprof's format, gzipped: alloc_objects, alloc_space,
// inuse_objects and inuse_space as Go's own has them, and peak_space, what was alive at
// the peak. Samples have the labels operation and dtype.
func Pprof(w io.Writer, p *memory.Profile) error {
	z := gzip.NewWriter(w)
	_, err := z.Write(newPprof().encode(p))
	if closed := z.Close(); err == nil {
		err = closed
	}
	return err
}
