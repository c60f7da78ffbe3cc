package workload

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Threshold is a condition on a metric of a job's runs: Metric, an aggregate such as _p95
// at its end, an operator and a number.
type Threshold struct {
	Text      string // as it was written
	Metric    string
	Aggregate string // "", last, min, max, avg, sum, count, or p and a number up to 100
	Op        string
	Value     float64
}

var thresholdOps = []string{"<=", ">=", "==", "!=", "<", ">"}

// ParseThreshold reads a condition such as "peak < 200MiB", "seconds_p95 <= 2s" or
// "loss < 0.5". The error says what is wrong with it.
func ParseThreshold(s string) (Threshold, error) {
	t := Threshold{Text: s}
	at := strings.IndexAny(s, "<>=!")
	if at < 0 {
		return t, fmt.Errorf("got %q, want a metric, one of %s, and a number", s, strings.Join(thresholdOps, " "))
	}
	for _, op := range thresholdOps {
		if strings.HasPrefix(s[at:], op) {
			t.Op = op
			break
		}
	}
	if t.Op == "" {
		return t, fmt.Errorf("got the operator %q, want one of %s", s[at:at+1], strings.Join(thresholdOps, " "))
	}
	t.Metric = strings.TrimSpace(s[:at])
	if t.Metric == "" || strings.ContainsAny(t.Metric, " \t") {
		return t, fmt.Errorf("got the metric %q, want a name", t.Metric)
	}
	if i := strings.LastIndexByte(t.Metric, '_'); i > 0 && isAggregate(t.Metric[i+1:]) {
		t.Metric, t.Aggregate = t.Metric[:i], t.Metric[i+1:]
	}
	number := strings.TrimSpace(s[at+len(t.Op):])
	var err error
	if t.Value, err = quantity(number); err != nil {
		return t, fmt.Errorf("got %q, want a number, a size such as 200MiB, or a time such as 2s", number)
	}
	return t, nil
}

// quantity reads a number, a size in bytes or a time in seconds.
func quantity(s string) (float64, error) {
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		return f, nil
	}
	if d, err := time.ParseDuration(s); err == nil {
		return d.Seconds(), nil
	}
	n, err := parseSize(s)
	return float64(n), err
}

func isAggregate(s string) bool {
	switch s {
	case "last", "min", "max", "avg", "sum", "count":
		return true
	}
	_, ok := percentile(s)
	return ok
}

func percentile(s string) (float64, bool) {
	rest, ok := strings.CutPrefix(s, "p")
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(rest, 64)
	return f, err == nil && f >= 0 && f <= 100
}

// series are the values of one metric over a job's runs.
type series struct {
	last, min, max, sum float64
	count               int64
	sample              []float64
}

func (s *series) add(v float64) {
	if s.count == 0 {
		s.min, s.max = v, v
	}
	s.last, s.min, s.max = v, math.Min(s.min, v), math.Max(s.max, v)
	s.sum += v
	s.count++
	s.keep(v)
}

// maxSeries bounds the values that percentiles are of: the latest ones.
const maxSeries = 20_000

func (s *series) keep(values ...float64) {
	s.sample = append(s.sample, values...)
	if n := len(s.sample); n > maxSeries {
		s.sample = append(s.sample[:0:0], s.sample[n-maxSeries/2:]...)
	}
}

// merge adds what a run reported under a name.
func (s *series) merge(m Metric) {
	if s.count == 0 {
		s.min, s.max = m.Min, m.Max
	}
	s.last, s.min, s.max = m.Last, math.Min(s.min, m.Min), math.Max(s.max, m.Max)
	s.sum += m.Sum
	s.count += m.Count
	s.keep(m.Sample...)
}

// aggregate gives what a threshold compares; ok is false for a metric without values.
func (s *series) aggregate(how string) (v float64, ok bool) {
	if how == "count" {
		if s == nil {
			return 0, true
		}
		return float64(s.count), true
	}
	if s == nil || s.count == 0 {
		return 0, false
	}
	switch how {
	case "", "last":
		return s.last, true
	case "min":
		return s.min, true
	case "max":
		return s.max, true
	case "avg":
		return s.sum / float64(s.count), true
	case "sum":
		return s.sum, true
	}
	p, _ := percentile(how)
	sorted := slices.Sorted(slices.Values(s.sample))
	at := int(math.Ceil(p/100*float64(len(sorted)))) - 1
	return sorted[max(at, 0)], true
}

// holds tells whether a value meets the condition. A NaN meets none.
func (t *Threshold) holds(v float64) bool {
	switch t.Op {
	case "<":
		return v < t.Value
	case "<=":
		return v <= t.Value
	case ">":
		return v > t.Value
	case ">=":
		return v >= t.Value
	case "==":
		return v == t.Value
	}
	return v != t.Value && !math.IsNaN(v)
}
