package install

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// version is a version of a package, as PEP 440 writes and orders them.
type version struct {
	epoch   int
	release []int
	pre     string // a, b, rc, or ""
	preN    int
	post    int // -1 is none
	dev     int // -1 is none
	local   string
	text    string
}

var versionForm = regexp.MustCompile(`(?i)^\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?((?:-(\d+))|(?:[-_.]?(?:post|rev|r)[-_.]?(\d*)))?([-_.]?dev[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*$`)

// parseVersion reads a version.
func parseVersion(s string) (version, error) {
	m := versionForm.FindStringSubmatch(s)
	if m == nil {
		return version{}, fmt.Errorf("version: %q is none", s)
	}
	number := func(digits string) int {
		n, err := strconv.Atoi(digits)
		if err != nil && digits != "" {
			return 1 << 62 // longer than any that is compared
		}
		return n
	}
	v := version{epoch: number(m[1]), post: -1, dev: -1, local: strings.ToLower(m[10]), text: strings.TrimSpace(s)}
	for _, part := range strings.Split(m[2], ".") {
		v.release = append(v.release, number(part))
	}
	if m[3] != "" {
		v.pre = map[string]string{"a": "a", "alpha": "a", "b": "b", "beta": "b", "c": "rc", "rc": "rc", "pre": "rc", "preview": "rc"}[strings.ToLower(m[3])]
		v.preN = number(m[4])
	}
	if m[5] != "" {
		v.post = number(m[6] + m[7])
	}
	if m[8] != "" {
		v.dev = number(m[9])
	}
	return v, nil
}

func (v version) String() string { return v.text }

// early reports whether the version comes before a release.
func (v version) early() bool { return v.pre != "" || v.dev >= 0 }

// part is a number of the release, 0 where it has fewer.
func (v version) part(i int) int {
	if i < len(v.release) {
		return v.release[i]
	}
	return 0
}

// compare orders versions. Local parts count where both have one.
func (v version) compare(w version) int {
	if c := cmp.Compare(v.epoch, w.epoch); c != 0 {
		return c
	}
	for i := range max(len(v.release), len(w.release)) {
		if c := cmp.Compare(v.part(i), w.part(i)); c != 0 {
			return c
		}
	}
	if c := cmp.Or(cmp.Compare(v.stage(), w.stage()), cmp.Compare(v.preN, w.preN), cmp.Compare(v.post, w.post), cmp.Compare(v.devStage(), w.devStage())); c != 0 {
		return c
	}
	return compareLocal(v.local, w.local)
}

// stage orders what comes before and after a release.
func (v version) stage() int {
	switch {
	case v.pre != "":
		return slices.Index([]string{"a", "b", "rc"}, v.pre) + 1
	case v.dev >= 0 && v.post < 0:
		return 0
	}
	return 4
}

func (v version) devStage() int {
	if v.dev < 0 {
		return 1 << 62
	}
	return v.dev
}

func compareLocal(a, b string) int {
	split := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == '-' || r == '_' })
	}
	return slices.CompareFunc(split(a), split(b), func(x, y string) int {
		m, errX := strconv.Atoi(x)
		n, errY := strconv.Atoi(y)
		switch {
		case errX == nil && errY == nil:
			return cmp.Compare(m, n)
		case errX == nil:
			return 1
		case errY == nil:
			return -1
		}
		return strings.Compare(x, y)
	})
}

// clause is one condition on a version, such as >=1.2.
type clause struct {
	op   string
	text string
	v    version
	wild bool // the version ends in .*
}

// specifier is a list of conditions, all of which hold.
type specifier []clause

var clauseForm = regexp.MustCompile(`^\s*(===|~=|==|!=|<=|>=|<|>)\s*([^\s,;]+)\s*$`)

// parseSpecifier reads conditions between commas.
func parseSpecifier(s string) (specifier, error) {
	var out specifier
	for _, part := range strings.Split(strings.Trim(strings.TrimSpace(s), "()"), ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		m := clauseForm.FindStringSubmatch(part)
		if m == nil {
			return nil, fmt.Errorf("version condition: got %q, want one such as >=1.2 or ==2.0.*", strings.TrimSpace(part))
		}
		c := clause{op: m[1], text: m[2]}
		number := m[2]
		if c.op == "==" || c.op == "!=" {
			number, c.wild = strings.CutSuffix(number, ".*")
		}
		if c.op != "===" {
			v, err := parseVersion(number)
			if err != nil {
				return nil, err
			}
			if c.op == "~=" && len(v.release) < 2 {
				return nil, fmt.Errorf("version condition: got %q, want a version of two numbers or more", strings.TrimSpace(part))
			}
			c.v = v
		}
		out = append(out, c)
	}
	return out, nil
}

func (s specifier) String() string {
	var parts []string
	for _, c := range s {
		parts = append(parts, c.op+c.text)
	}
	return strings.Join(parts, ",")
}

// holds reports whether a version meets all conditions.
func (s specifier) holds(v version) bool {
	for _, c := range s {
		if !c.holds(v) {
			return false
		}
	}
	return true
}

// early reports whether a condition names a version that comes before a release.
func (s specifier) early() bool {
	return slices.ContainsFunc(s, func(c clause) bool { return c.op != "!=" && c.v.early() })
}

func (c clause) holds(v version) bool {
	plain := v
	if c.v.local == "" {
		plain.local = "" // a condition without a local part takes any
	}
	order := plain.compare(c.v)
	switch c.op {
	case "===":
		return strings.EqualFold(v.text, c.text)
	case "==", "!=":
		equal := order == 0
		if c.wild {
			equal = c.v.leads(v)
		}
		return equal == (c.op == "==")
	case "<=":
		return order <= 0
	case ">=":
		return order >= 0
	case "<":
		return order < 0 && (c.v.early() || !(v.early() && v.releasedAs(c.v)))
	case ">":
		return order > 0 && (c.v.post >= 0 || !(v.post >= 0 && v.releasedAs(c.v))) && !(v.local != "" && plain.compare(c.v) == 0)
	}
	return order >= 0 && version{epoch: c.v.epoch, release: c.v.release[:len(c.v.release)-1]}.leads(v) // ~=
}

// releasedAs reports whether two versions are of one release.
func (v version) releasedAs(w version) bool {
	return v.epoch == w.epoch && version{release: v.release, post: -1, dev: -1}.compare(version{release: w.release, post: -1, dev: -1}) == 0
}

// leads reports whether the release of a version begins with v's.
func (v version) leads(w version) bool {
	if v.epoch != w.epoch {
		return false
	}
	for i := range v.release {
		if v.release[i] != w.part(i) {
			return false
		}
	}
	return true
}
