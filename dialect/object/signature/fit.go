package signature

import (
	"slices"
	"strconv"
	"strings"
)

// Fit is what Python says of a function's parameters when a call does not fit
// them, and Starlark's own error does not. It travels in the function's name, which
// is all that the error has of the function.
type Fit struct {
	Required int      // positional parameters without a default
	PosOnly  []string // positional-only parameters
	KwOnly   []string // keyword-only parameters
}

// nameMark separates a function's name from what the front end adds to it.
const nameMark = "@"

// Note is what to add to a function's name. It is empty where Starlark's error
// says everything.
func (p Fit) Note(positional int) string {
	if p.Required == positional && len(p.PosOnly) == 0 && len(p.KwOnly) == 0 {
		return ""
	}
	return nameMark + "(" + strconv.Itoa(p.Required) + ";" + strings.Join(p.PosOnly, ",") + ";" + strings.Join(p.KwOnly, ",") + ")"
}

// fitOf reads the note in a function's name.
func fitOf(name string) (p Fit, ok bool) {
	_, note, found := strings.Cut(name, nameMark+"(")
	parts := strings.Split(strings.TrimSuffix(note, ")"), ";")
	if !found || len(parts) != 3 {
		return p, false
	}
	split := func(s string) []string {
		if s == "" {
			return nil
		}
		return strings.Split(s, ",")
	}
	p.Required, _ = strconv.Atoi(parts[0])
	p.PosOnly, p.KwOnly = split(parts[1]), split(parts[2])
	return p, true
}

// Yielding says what a call of a function gives: what the function returns, or what runs
// its body. It travels in the function's name, too.
type Yielding uint8

// The kinds of functions.
const (
	Returns         Yielding = iota
	Yields                   // a generator
	Awaits                   // a coroutine
	YieldsAndAwaits          // an asynchronous generator
)

var yieldingNotes = [...]string{Yields: nameMark + "yields", Awaits: nameMark + "awaits", YieldsAndAwaits: nameMark + "both"}

// Note is what to add to a function's name, before what a Fit adds.
func (y Yielding) Note() string { return yieldingNotes[y] }

// YieldingOf reads the note in a function's name.
func YieldingOf(name string) Yielding {
	for y := Yields; y <= YieldsAndAwaits; y++ {
		if _, rest, found := strings.Cut(name, yieldingNotes[y]); found && (rest == "" || strings.HasPrefix(rest, nameMark)) {
			return y
		}
	}
	return Returns
}

// FunctionName is Python's qualified name of a function that Starlark names.
func FunctionName(s string) string {
	if s == "lambda" {
		return "<lambda>"
	}
	s, _, _ = strings.Cut(s, nameMark)
	return s
}

// Missing is Python's text for parameters that a call of the function left out.
func Missing(function string, names []string) string {
	p, _ := fitOf(function)
	var positional, keyword []string
	for _, n := range names {
		n = strings.TrimSuffix(n, "/")
		if slices.Contains(p.KwOnly, n) {
			keyword = append(keyword, n)
		} else {
			positional = append(positional, n)
		}
	}
	kind, missing := "positional", positional
	if len(positional) == 0 {
		kind, missing = "keyword-only", keyword
	}
	n := len(missing)
	return FunctionName(function) + "() missing " + strconv.Itoa(n) + " required " + kind + " argument" + plural(n) + ": " + quotedList(missing)
}

// TooMany is Python's text for a call with more positional arguments than
// the function takes. A lambda carries no note: how many it needs is not known.
func TooMany(function, atMost, most, given string) string {
	p, ok := fitOf(function)
	takes := most + " positional arguments"
	switch least := strconv.Itoa(p.Required); {
	case ok && least != most:
		takes = "from " + least + " to " + takes
	case !ok && atMost != "":
		takes = atMost + takes
	case most == "1":
		takes = "1 positional argument"
	}
	were := " were given"
	if given == "1" {
		were = " was given"
	}
	return FunctionName(function) + "() takes " + takes + " but " + given + were
}

// Unexpected is Python's text for a keyword that the function does not take.
func Unexpected(function, keyword string) string {
	if p, _ := fitOf(function); slices.Contains(p.PosOnly, keyword) {
		return FunctionName(function) + "() got some positional-only arguments passed as keyword arguments: '" + keyword + "'"
	}
	return FunctionName(function) + "() got an unexpected keyword argument '" + keyword + "'"
}

// quotedList is 'a', 'b' and 'c'.
func quotedList(names []string) string {
	for i, n := range names {
		names[i] = "'" + n + "'"
	}
	switch n := len(names); n {
	case 1:
		return names[0]
	case 2:
		return names[0] + " and " + names[1]
	default:
		return strings.Join(names[:n-1], ", ") + ", and " + names[n-1]
	}
}
