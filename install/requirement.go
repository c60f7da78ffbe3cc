package install

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// requirement is a package that is wanted, as PEP 508 writes it.
type requirement struct {
	name    string // normal
	written string // as it was written
	extras  []string
	spec    specifier
	marker  string
	by      string // what wants it; "" is the user
}

var requirementForm = regexp.MustCompile(`^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*([^;]*?)\s*(?:;\s*(.*))?$`)

// parseRequirement reads a requirement.
func parseRequirement(s string) (requirement, error) {
	m := requirementForm.FindStringSubmatch(s)
	if m == nil {
		return requirement{}, fmt.Errorf("requirement: got %q, want NAME or NAME==VERSION", s)
	}
	r := requirement{name: normal(m[1]), written: m[1], marker: strings.TrimSpace(m[4])}
	if strings.HasPrefix(m[3], "@") {
		return r, fmt.Errorf("requirement: %s: packages at addresses are not supported, want one of an index", m[1])
	}
	for _, extra := range strings.Split(m[2], ",") {
		if extra = normal(strings.TrimSpace(extra)); extra != "" {
			r.extras = append(r.extras, extra)
		}
	}
	var err error
	if r.spec, err = parseSpecifier(m[3]); err != nil {
		return r, fmt.Errorf("requirement: %s: %w", m[1], err)
	}
	return r, nil
}

var separators = regexp.MustCompile(`[-_.]+`)

// normal is the form in which names of packages are compared.
func normal(name string) string { return strings.ToLower(separators.ReplaceAllString(name, "-")) }

// Environment is what markers of requirements ask of: the variables of PEP 508.
type Environment map[string]string

// applies reports whether a requirement's marker holds where one of extras is wanted.
func (r requirement) applies(env Environment, extras []string) (bool, error) {
	if r.marker == "" {
		return true, nil
	}
	tries := extras
	if len(tries) == 0 {
		tries = []string{""}
	}
	for _, extra := range tries {
		p := markerParser{tokens: markerTokens.FindAllString(r.marker, -1), env: env, extra: extra}
		ok, err := p.or()
		if err == nil && p.at < len(p.tokens) {
			err = fmt.Errorf("%q is not expected", p.tokens[p.at])
		}
		if err != nil {
			return false, fmt.Errorf("marker %q: %w", r.marker, err)
		}
		if ok {
			return true, nil
		}
	}
	return false, nil
}

var markerTokens = regexp.MustCompile(`"[^"]*"|'[^']*'|[()]|===|[<>=!~]=|[<>]|[A-Za-z_][\w.]*|[^\s]`)

// markerParser evaluates a marker as it reads it.
type markerParser struct {
	tokens []string
	at     int
	depth  int
	env    Environment
	extra  string
}

func (p *markerParser) peek() string {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return ""
}

func (p *markerParser) next() string {
	t := p.peek()
	p.at++
	return t
}

func (p *markerParser) or() (bool, error) {
	left, err := p.and()
	for err == nil && p.peek() == "or" {
		p.next()
		var right bool
		right, err = p.and()
		left = left || right
	}
	return left, err
}

func (p *markerParser) and() (bool, error) {
	left, err := p.comparison()
	for err == nil && p.peek() == "and" {
		p.next()
		var right bool
		right, err = p.comparison()
		left = left && right
	}
	return left, err
}

// deepest is how many parentheses a marker may nest.
const deepest = 50

func (p *markerParser) comparison() (bool, error) {
	if p.peek() == "(" {
		if p.depth++; p.depth > deepest {
			return false, fmt.Errorf("nested too deeply")
		}
		p.next()
		v, err := p.or()
		if err == nil && p.next() != ")" {
			err = fmt.Errorf("a parenthesis is not closed")
		}
		p.depth--
		return v, err
	}
	ofExtra := p.peek() == "extra"
	a, versionA, err := p.value()
	if err != nil {
		return false, err
	}
	op := p.next()
	if op == "not" && p.peek() == "in" {
		p.next()
		op = "not in"
	}
	ofExtra = ofExtra || p.peek() == "extra"
	b, versionB, err := p.value()
	if err != nil {
		return false, err
	}
	if ofExtra {
		a, b = normal(a), normal(b)
	}
	switch op {
	case "in":
		return strings.Contains(b, a), nil
	case "not in":
		return !strings.Contains(b, a), nil
	}
	if !slices.Contains([]string{"==", "!=", "<", "<=", ">", ">=", "~=", "==="}, op) {
		return false, fmt.Errorf("%q is no comparison", op)
	}
	if versionA || versionB {
		v, errV := parseVersion(a)
		s, errS := parseSpecifier(op + b)
		if versionB && !versionA { // '3.8' <= python_version
			v, errV = parseVersion(b)
			s, errS = parseSpecifier(mirrored(op) + a)
		}
		if errV == nil && errS == nil {
			return s.holds(v), nil
		}
	}
	order := strings.Compare(a, b)
	switch op {
	case "==", "===":
		return order == 0, nil
	case "!=":
		return order != 0, nil
	case "<":
		return order < 0, nil
	case "<=":
		return order <= 0, nil
	case ">":
		return order > 0, nil
	case ">=":
		return order >= 0, nil
	}
	return false, fmt.Errorf("%q compares versions", op)
}

func mirrored(op string) string {
	switch op[0] {
	case '<':
		return ">" + op[1:]
	case '>':
		return "<" + op[1:]
	}
	return op
}

// value is an operand, and whether it is a version.
func (p *markerParser) value() (text string, isVersion bool, err error) {
	t := p.next()
	switch {
	case t == "":
		return "", false, fmt.Errorf("it ends too early")
	case t[0] == '"' || t[0] == '\'':
		if len(t) < 2 {
			return "", false, fmt.Errorf("a quote is not closed")
		}
		return t[1 : len(t)-1], false, nil
	case t == "extra":
		return p.extra, false, nil
	}
	v, ok := p.env[t]
	if !ok {
		return "", false, fmt.Errorf("no variable is called %q", t)
	}
	return v, strings.HasSuffix(t, "_version"), nil
}
