package main

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// outcome is what a run of a part showed.
type outcome struct {
	Stdout    string
	Exception string // Python's name of the exception that ended it, or ""
	Message   string
	Exit      int
	Broken    string // why there is no outcome: a crash, a timeout
}

func (o *outcome) String() string {
	switch {
	case o.Broken != "":
		return o.Broken
	case o.Exception != "":
		return o.Exception + ": " + o.Message
	}
	return fmt.Sprintf("exit status %d", o.Exit)
}

// tolerance is how far numbers may lie apart.
type tolerance struct {
	relative float64 // to the larger of the two
	absolute float64
	sums     float64 // relative to the largest number of their line, which cancelled in a sum
}

// differ tells how two outcomes differ, or gives "". Messages may differ.
func differ(star, python *outcome, tol tolerance) string {
	if star.Broken != "" || python.Broken != "" || star.Exception != python.Exception || star.Exit != python.Exit {
		return fmt.Sprintf("mlxstar ends with %s, python with %s", star, python)
	}
	return differentText(star.Stdout, python.Stdout, tol)
}

// number matches what Python prints of one. Its sign belongs to it where no
// digit, letter or bracket stands before it.
var number = regexp.MustCompile(`(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?`)

// address matches what differs from run to run.
var address = regexp.MustCompile(`0x[0-9a-f]{6,}`)

// differentText compares outputs line by line: numbers that have a point or an
// exponent within the tolerance, all else exactly but for the width of blanks.
func differentText(star, python string, tol tolerance) string {
	left, right := strings.Split(strings.TrimRight(star, "\n"), "\n"), strings.Split(strings.TrimRight(python, "\n"), "\n")
	for i := range min(len(left), len(right)) {
		if !sameLine(left[i], right[i], tol) {
			return fmt.Sprintf("line %d of the output\n  mlxstar: %s\n  python:  %s", i+1, clip(left[i]), clip(right[i]))
		}
	}
	if len(left) != len(right) {
		return fmt.Sprintf("mlxstar prints %d lines, python %d", len(left), len(right))
	}
	return ""
}

func clip(s string) string {
	const most = 300
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "..."
	}
	return s
}

func sameLine(a, b string, tol tolerance) bool {
	if a == b {
		return true
	}
	a, b = address.ReplaceAllString(a, "0x"), address.ReplaceAllString(b, "0x")
	na, nb := number.FindAllStringIndex(a, -1), number.FindAllStringIndex(b, -1)
	if len(na) != len(nb) {
		return false
	}
	if tol.sums > 0 {
		largest := 0.0
		for _, at := range na {
			if v := parse64(a[at[0]:at[1]]); !math.IsInf(v, 0) {
				largest = max(largest, v)
			}
		}
		tol.absolute += tol.sums * largest
	}
	endA, endB := 0, 0
	for i := range na {
		signA, textA := signed(a[endA:na[i][0]])
		signB, textB := signed(b[endB:nb[i][0]])
		x, y := a[na[i][0]:na[i][1]], b[nb[i][0]:nb[i][1]]
		if textA != textB || !sameNumber(signA*parse64(x), signB*parse64(y), x+y, tol) {
			return false
		}
		endA, endB = na[i][1], nb[i][1]
	}
	_, restA := signed(a[endA:] + " ")
	_, restB := signed(b[endB:] + " ")
	return restA == restB
}

// signed takes a trailing sign off the text before a number, and makes runs of
// blanks one, as columns are as wide as their numbers.
func signed(text string) (sign float64, rest string) {
	sign = 1
	if strings.HasSuffix(text, "-") {
		sign, text = -1, strings.TrimSuffix(text, "-")
	}
	return sign, strings.Join(strings.Fields(text), " ")
}

func parse64(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}

func sameNumber(x, y float64, texts string, tol tolerance) bool {
	if x == y {
		return true
	}
	if !strings.ContainsAny(texts, ".eE") {
		return false
	}
	return math.Abs(x-y) <= tol.absolute+tol.relative*max(math.Abs(x), math.Abs(y))
}
