package workload

import (
	"cmp"
	"slices"
	"strings"
)

// ConfigError is one thing that is wrong with a configuration.
type ConfigError struct {
	Place   Place
	Key     string // the path of the key, such as jobs.train.limits.memory; "" is the whole
	Message string
}

func (e *ConfigError) Error() string {
	if e.Key == "" {
		return e.Place.String() + ": " + e.Message
	}
	return e.Place.String() + ": " + e.Key + ": " + e.Message
}

// ConfigErrors are all that is wrong with a configuration, in the order of its lines.
type ConfigErrors []*ConfigError

func (e ConfigErrors) Error() string {
	lines := make([]string, len(e))
	for i, x := range e {
		lines[i] = x.Error()
	}
	return strings.Join(lines, "\n")
}

func (e ConfigErrors) sorted() ConfigErrors {
	slices.SortStableFunc(e, func(a, b *ConfigError) int {
		return cmp.Or(cmp.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Col, b.Place.Col))
	})
	return e
}

// didYouMean suggests the candidate that a name that is none of them most likely stands
// for: "; did you mean "memory"?", or nothing.
func didYouMean(name string, candidates []string) string {
	best, least := "", len(name)/3+2
	for _, c := range candidates {
		if strings.EqualFold(c, name) {
			return `; did you mean "` + c + `"?`
		}
		if d := distance(name, c); d < least {
			best, least = c, d
		}
	}
	if best == "" {
		return ""
	}
	return `; did you mean "` + best + `"?`
}

// distance is the number of letters to insert, delete, replace or swap with the next.
func distance(a, b string) int {
	x, y := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	if len(x) > 100 || len(y) > 100 {
		return 100
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
