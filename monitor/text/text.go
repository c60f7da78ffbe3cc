// Package text writes metrics in Prometheus' text format, of which it knows no more than
// what this module's servers have: gauges and counters.
package text

import (
	"bufio"
	"io"
	"strconv"
	"strings"
)

// ContentType is that of the format.
const ContentType = "text/plain; version=0.0.4; charset=utf-8"

// A Family is a metric with all its values.
type Family struct {
	Name string // by Prometheus' conventions, with its unit
	Kind string // "gauge" or "counter"
	Help string // one line
	// Samples are its values; of one without labels there is one.
	Samples []Sample
}

// A Sample is one value of a metric.
type Sample struct {
	Labels []Label
	Value  float64
}

// A Label tells values of a metric apart.
type Label struct{ Name, Value string }

// Gauge is a metric of one value, which goes up and down.
func Gauge(name, help string, v float64) Family {
	return Family{Name: name, Kind: "gauge", Help: help, Samples: []Sample{{Value: v}}}
}

// inHelp and inValue write what the format gives a meaning.
var (
	inHelp  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	inValue = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)

// Write writes the metrics, in their order.
func Write(w io.Writer, families ...Family) error {
	out := bufio.NewWriter(w)
	put := func(parts ...string) {
		for _, p := range parts {
			_, _ = out.WriteString(p) // Flush gives the error
		}
	}
	for _, f := range families {
		put("# HELP ", f.Name, " ", inHelp.Replace(f.Help), "\n# TYPE ", f.Name, " ", f.Kind, "\n")
		for _, s := range f.Samples {
			put(f.Name)
			for i, l := range s.Labels {
				put(map[bool]string{true: "{", false: ","}[i == 0], l.Name, `="`, inValue.Replace(l.Value), `"`)
			}
			if len(s.Labels) > 0 {
				put("}")
			}
			put(" ", number(s.Value), "\n")
		}
	}
	return out.Flush()
}

// number writes bytes and counts with all their digits.
func number(v float64) string {
	const exact = 1 << 53
	if v == float64(int64(v)) && v > -exact && v < exact {
		return strconv.FormatInt(int64(v), 10)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
