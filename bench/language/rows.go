// Package language holds the rows that measure the language itself: programs that run
// unchanged under CPython and, where they are legal there, under plain Starlark.
package language

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed rows.py
var source string

// Row is a program. Its function run(n) does n operations of one kind.
type Row struct {
	Name     string
	Source   string
	Count    int  // operations at size 1
	Starlark bool // plain Starlark runs it, too
}

const mark = "# row: "

// Rows reads the table.
func Rows() ([]Row, error) {
	var rows []Row
	for _, part := range strings.Split("\n"+source, "\n"+mark)[1:] {
		head, text, _ := strings.Cut(part, "\n")
		fields := strings.Fields(head)
		if len(fields) < 2 {
			return nil, fmt.Errorf("rows.py: a row begins with its name and a count, not %q", head)
		}
		n, err := strconv.Atoi(fields[1])
		if err != nil || n <= 0 {
			return nil, fmt.Errorf("rows.py: the count of %s is %q", fields[0], fields[1])
		}
		r := Row{Name: fields[0], Source: text, Count: n}
		for _, word := range fields[2:] {
			if word != "star" {
				return nil, fmt.Errorf("rows.py: %s: unknown word %q", r.Name, word)
			}
			r.Starlark = true
		}
		rows = append(rows, r)
	}
	return rows, nil
}
