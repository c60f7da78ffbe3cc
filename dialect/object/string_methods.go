package object

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/format"
	"github.com/mlxstar/mlxstar/dialect/object/text"
)

// text is the string that a method was called on.
func (c *call) text() string {
	s, _ := AsString(c.self)
	return s
}

// longText is the length of a text from which looking at each of its characters may take
// milliseconds.
const longText = 1 << 20

// ofText gives what f makes of a text, for which it allocates so many times the text's length.
func ofText[T any](thread *starlark.Thread, s string, times int, f func(string) T) (T, error) {
	if len(s) < longText {
		return f(s), nil
	}
	if err := GrowTimes(thread, len(s), times); err != nil {
		var none T
		return none, err
	}
	return Aside(thread, func() (T, error) { return f(s), nil })
}

func stringMethods() []methodSpec {
	mapped := func(name string, f func(string) string) methodSpec {
		return methodSpec{name: name, fn: func(c *call) (starlark.Value, error) {
			made, err := ofText(c.thread, c.text(), 1, f)
			if err != nil {
				return nil, err
			}
			return newString(made)
		}}
	}
	tested := func(name string, f func(string) bool) methodSpec {
		return methodSpec{name: name, fn: func(c *call) (starlark.Value, error) {
			is, err := ofText(c.thread, c.text(), 0, f)
			if err != nil {
				return nil, err
			}
			return newBool(is)
		}}
	}
	every := func(is func(rune) bool) func(string) bool {
		return func(s string) bool { return text.AllRunes(s, is) }
	}
	return []methodSpec{
		mapped("upper", text.Upper), mapped("lower", text.Lower), mapped("casefold", text.Casefold), mapped("title", text.Title),
		mapped("capitalize", text.Capitalize), mapped("swapcase", text.Swapcase),
		tested("isalpha", every(unicode.IsLetter)), tested("isalnum", every(text.IsAlnum)),
		tested("isdigit", every(text.IsDigit)), tested("isdecimal", every(text.IsDecimal)),
		tested("isnumeric", every(text.IsNumeric)), tested("isspace", every(text.IsSpace)),
		tested("islower", func(s string) bool { return text.CaseIs(s, text.IsLower) }),
		tested("isupper", func(s string) bool { return text.CaseIs(s, text.IsUpper) }),
		tested("istitle", text.IsTitleString), tested("isidentifier", text.IsIdentifier),
		tested("isascii", text.IsASCII),
		tested("isprintable", func(s string) bool { return s == "" || text.AllRunes(s, text.Printable) }),
		{name: "split", sig: "sep=None, maxsplit=-1", fn: func(c *call) (starlark.Value, error) { return strSplit(c, false) }},
		{name: "rsplit", sig: "sep=None, maxsplit=-1", fn: func(c *call) (starlark.Value, error) { return strSplit(c, true) }},
		{name: "splitlines", sig: "keepends=False", fn: strSplitlines},
		{name: "join", sig: "iterable, /", fn: strJoin},
		{name: "strip", sig: "chars=None, /", fn: func(c *call) (starlark.Value, error) { return strStrip(c, true, true) }},
		{name: "lstrip", sig: "chars=None, /", fn: func(c *call) (starlark.Value, error) { return strStrip(c, true, false) }},
		{name: "rstrip", sig: "chars=None, /", fn: func(c *call) (starlark.Value, error) { return strStrip(c, false, true) }},
		{name: "removeprefix", sig: "prefix, /", fn: func(c *call) (starlark.Value, error) { return strRemove(c, strings.TrimPrefix) }},
		{name: "removesuffix", sig: "suffix, /", fn: func(c *call) (starlark.Value, error) { return strRemove(c, strings.TrimSuffix) }},
		{name: "partition", sig: "sep, /", fn: func(c *call) (starlark.Value, error) { return strPartition(c, false) }},
		{name: "rpartition", sig: "sep, /", fn: func(c *call) (starlark.Value, error) { return strPartition(c, true) }},
		{name: "replace", sig: "old, new, count=-1, /", fn: strReplace},
		{name: "find", sig: "sub, start=None, end=None, /", fn: func(c *call) (starlark.Value, error) { return strFind(c, false, false) }},
		{name: "rfind", sig: "sub, start=None, end=None, /", fn: func(c *call) (starlark.Value, error) { return strFind(c, true, false) }},
		{name: "index", sig: "sub, start=None, end=None, /", fn: func(c *call) (starlark.Value, error) { return strFind(c, false, true) }},
		{name: "rindex", sig: "sub, start=None, end=None, /", fn: func(c *call) (starlark.Value, error) { return strFind(c, true, true) }},
		{name: "count", sig: "sub, start=None, end=None, /", fn: strCount},
		{name: "startswith", sig: "prefix, start=None, end=None, /", fn: func(c *call) (starlark.Value, error) { return strAffix(c, strings.HasPrefix) }},
		{name: "endswith", sig: "suffix, start=None, end=None, /", fn: func(c *call) (starlark.Value, error) { return strAffix(c, strings.HasSuffix) }},
		{name: "center", sig: "width, fillchar=' ', /", fn: func(c *call) (starlark.Value, error) { return strPad(c, '^') }},
		{name: "ljust", sig: "width, fillchar=' ', /", fn: func(c *call) (starlark.Value, error) { return strPad(c, '<') }},
		{name: "rjust", sig: "width, fillchar=' ', /", fn: func(c *call) (starlark.Value, error) { return strPad(c, '>') }},
		{name: "zfill", sig: "width, /", fn: strZfill},
		{name: "expandtabs", sig: "tabsize=8", fn: strExpandtabs},
		{name: "format", sig: "*args, **kwargs", fn: func(c *call) (starlark.Value, error) {
			s, err := formatStr(c.thread, c.text(), c.rest, c.kw)
			return starlark.String(s), err
		}},
		{name: "format_map", sig: "mapping, /", fn: func(c *call) (starlark.Value, error) {
			s, err := formatMap(c.thread, c.text(), c.arg(0))
			return starlark.String(s), err
		}},
		{name: "encode", sig: "encoding='utf-8', errors='strict'", fn: strEncode},
		{name: "translate", sig: "table, /", fn: strTranslate},
		{name: "maketrans", sig: "x, y=None, z=None, /", fn: strMaketrans, kind: staticMethod},
	}
}

func strSplit(c *call, right bool) (starlark.Value, error) {
	limit, err := c.intArg(1, -1)
	if err != nil {
		return nil, err
	}
	s := c.text()
	if err := growParts(c, s); err != nil {
		return nil, err
	}
	var parts []string
	if !c.given(0) {
		parts = splitSpace(s, limit, right)
	} else {
		sep, ok := AsString(c.arg(0))
		if !ok {
			return nil, Errorf(TypeError, "must be str or None, not %s", typeName(c.arg(0)))
		}
		if sep == "" {
			return nil, Errorf(ValueError, "empty separator")
		}
		parts = splitOn(s, sep, limit, right)
	}
	return stringList(parts), nil
}

// growParts asks for the parts of a text that is about to be split.
func growParts(c *call, s string) error {
	if len(s) < owedLimit/16 {
		return nil
	}
	sep := " "
	if c.name == "splitlines" {
		sep = "\n"
	} else if by, ok := asBytes(c.arg(0)); ok {
		sep = by
	} else if by, ok := AsString(c.arg(0)); ok {
		sep = by
	}
	if sep == "" {
		return nil
	}
	return GrowTimes(c.thread, strings.Count(s, sep), partSize)
}

// partSize is the bytes of a part: its place among the parts, which grow, its header and
// its value.
const partSize = 5 * valueSize

func stringList(parts []string) *starlark.List {
	vals := make([]starlark.Value, len(parts))
	for i, p := range parts {
		vals[i] = starlark.String(p)
	}
	return starlark.NewList(vals)
}

func splitOn(s, sep string, limit int, right bool) []string {
	if limit < 0 {
		return strings.Split(s, sep)
	}
	if !right {
		return strings.SplitN(s, sep, limit+1)
	}
	var tail []string
	for ; limit > 0; limit-- {
		i := strings.LastIndex(s, sep)
		if i < 0 {
			break
		}
		tail = append(tail, s[i+len(sep):])
		s = s[:i]
	}
	return reversedStrings(append(tail, s))
}

func reversedStrings(parts []string) []string {
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return parts
}

func splitSpace(s string, limit int, right bool) []string {
	if limit < 0 {
		return strings.FieldsFunc(s, text.IsSpace)
	}
	var parts []string
	if right {
		for s = strings.TrimRightFunc(s, text.IsSpace); s != ""; s = strings.TrimRightFunc(s, text.IsSpace) {
			i := strings.LastIndexFunc(s, text.IsSpace)
			if len(parts) == limit || i < 0 {
				parts = append(parts, s)
				break
			}
			_, n := utf8.DecodeRuneInString(s[i:])
			parts = append(parts, s[i+n:])
			s = s[:i]
		}
		return reversedStrings(parts)
	}
	for s = strings.TrimLeftFunc(s, text.IsSpace); s != ""; s = strings.TrimLeftFunc(s, text.IsSpace) {
		i := strings.IndexFunc(s, text.IsSpace)
		if len(parts) == limit || i < 0 {
			parts = append(parts, s)
			break
		}
		parts = append(parts, s[:i])
		s = s[i:]
	}
	return parts
}

// lineEnd is the length of the line break at the start of s, 0 if there is none.
func lineEnd(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	switch r {
	case '\r':
		if strings.HasPrefix(s, "\r\n") {
			return 2
		}
		return 1
	case '\n', '\v', '\f', 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029:
		return n
	}
	return 0
}

func strSplitlines(c *call) (starlark.Value, error) {
	keep, err := c.boolArg(0, false)
	if err != nil {
		return nil, err
	}
	s := c.text()
	if err := growParts(c, s); err != nil {
		return nil, err
	}
	var lines []string
	start := 0
	var turns pace
	for i := 0; i < len(s); {
		if err := turns.step(c.thread); err != nil {
			return nil, err
		}
		n := lineEnd(s[i:])
		if n == 0 {
			_, w := utf8.DecodeRuneInString(s[i:])
			i += w
			continue
		}
		end := i
		if keep {
			end += n
		}
		lines = append(lines, s[start:end])
		i += n
		start = i
	}
	if start < len(s) {
		lines = append(lines, s[start:])
	}
	return stringList(lines), nil
}

func strJoin(c *call) (starlark.Value, error) {
	sep := c.text()
	var parts []string
	size := 0
	err := each(c.thread, c.arg(0), func(v starlark.Value) error {
		s, ok := AsString(v)
		if !ok {
			return Errorf(TypeError, "sequence item %d: expected str instance, %s found", len(parts), typeName(v))
		}
		if n := len(parts); n == cap(parts) {
			if err := GrowTimes(c.thread, n+n/4, valueSize); err != nil {
				return err
			}
		}
		parts = append(parts, s)
		size += len(sep) + len(s)
		return nil
	})
	if err != nil {
		if len(parts) == 0 && isException(err, TypeError) && strings.HasSuffix(err.Error(), "is not iterable") {
			return nil, Errorf(TypeError, "can only join an iterable")
		}
		return nil, err
	}
	size = max(size-len(sep), 0)
	if err := Grow(c.thread, int64(size)); err != nil {
		return nil, err
	}
	var buf strings.Builder
	buf.Grow(size)
	for i, s := range parts {
		if i > 0 {
			buf.WriteString(sep)
		}
		buf.WriteString(s)
		if len(s) >= LongStep || i%LongStep == 0 {
			if err := Steps(c.thread, 1); err != nil {
				return nil, err
			}
		}
	}
	return newString(buf.String())
}

func strStrip(c *call, left, right bool) (starlark.Value, error) {
	s := c.text()
	in := text.IsSpace
	if c.given(0) {
		chars, ok := AsString(c.arg(0))
		if !ok {
			return nil, Errorf(TypeError, "%s arg must be None or str", c.name)
		}
		in = oneOf(chars)
	}
	if left {
		s = strings.TrimLeftFunc(s, in)
	}
	if right {
		s = strings.TrimRightFunc(s, in)
	}
	return newString(s)
}

// fewChars are so few that looking through them is fast.
const fewChars = 16

// oneOf tells whether a character is one of some.
func oneOf(chars string) func(r rune) bool {
	if len(chars) <= fewChars {
		return func(r rune) bool { return strings.ContainsRune(chars, r) }
	}
	set := make([]uint64, unicode.MaxRune/64+1)
	for _, r := range chars {
		set[r/64] |= 1 << (r % 64)
	}
	return func(r rune) bool { return set[r/64]>>(r%64)&1 != 0 }
}

func strRemove(c *call, trim func(s, affix string) string) (starlark.Value, error) {
	affix, err := c.strArg(0)
	if err != nil {
		return nil, err
	}
	return newString(trim(c.text(), affix))
}

func strPartition(c *call, right bool) (starlark.Value, error) {
	sep, ok := AsString(c.arg(0))
	if !ok {
		return nil, Errorf(TypeError, "must be str, not %s", typeName(c.arg(0)))
	}
	if sep == "" {
		return nil, Errorf(ValueError, "empty separator")
	}
	s := c.text()
	i := strings.Index(s, sep)
	if right {
		i = strings.LastIndex(s, sep)
	}
	a, b, d := s, "", ""
	switch {
	case i >= 0:
		a, b, d = s[:i], sep, s[i+len(sep):]
	case right:
		a, d = "", s
	}
	return starlark.Tuple{starlark.String(a), starlark.String(b), starlark.String(d)}, nil
}

func strReplace(c *call) (starlark.Value, error) {
	old, err := c.strArg(0)
	if err != nil {
		return nil, err
	}
	new, err := c.strArg(1)
	if err != nil {
		return nil, err
	}
	n, err := c.intArg(2, -1)
	if err != nil {
		return nil, err
	}
	s := c.text()
	if times := strings.Count(s, old); times > 0 && len(new) > len(old) && len(new)-len(old) > maxRepeat/times {
		return nil, Errorf(MemoryError, "replace: result above %d bytes", maxRepeat)
	}
	if err := growReplace(c.thread, s, old, new, n); err != nil {
		return nil, err
	}
	return newString(strings.Replace(s, old, new, n))
}

// growReplace asks for the result of a replacement.
func growReplace(thread *starlark.Thread, s, old, new string, n int) error {
	size := len(s)
	if len(new) > len(old) {
		times := strings.Count(s, old)
		if n >= 0 {
			times = min(times, n)
		}
		if err := GrowTimes(thread, times, len(new)); err != nil {
			return err
		}
	}
	return Grow(thread, int64(size))
}

// window is the part of a string between two indices of code points.
type window struct {
	text   string
	offset int // code points before it
	whole  string
	from   int // bytes before it
	ok     bool
}

func (c *call) window(startSlot int) (window, error) {
	s := c.text()
	if !c.given(startSlot) && !c.given(startSlot+1) {
		return window{text: s, whole: s, ok: true}, nil
	}
	n, err := length(c.thread, s)
	if err != nil {
		return window{}, err
	}
	ends := [2]int{0, n}
	for i := range ends {
		v := c.arg(startSlot + i)
		if v == nil || v == starlark.None {
			continue
		}
		p, err := clampIndex(c.thread, v)
		if err != nil {
			return window{}, err
		}
		if p < 0 {
			p = max(p+n, 0)
		}
		ends[i] = p
	}
	start, end := ends[0], min(ends[1], n)
	if start > end {
		return window{}, nil
	}
	m, err := measure(c.thread, s)
	if err != nil {
		return window{}, err
	}
	defer m.done()
	from := m.offset(start)
	return window{text: s[from:m.offset(end)], whole: s, from: from, offset: start, ok: true}, nil
}

func strFind(c *call, right, raise bool) (starlark.Value, error) {
	sub, ok := AsString(c.arg(0))
	if !ok {
		return nil, Errorf(TypeError, "must be str, not %s", typeName(c.arg(0)))
	}
	w, err := c.window(1)
	if err != nil {
		return nil, err
	}
	i := -1
	if w.ok {
		if right {
			i = strings.LastIndex(w.text, sub)
		} else {
			i = strings.Index(w.text, sub)
		}
	}
	switch {
	case i < 0 && raise:
		return nil, Errorf(ValueError, "substring not found")
	case i < 0:
		return newInt(-1)
	}
	if !right { // as long as the search
		return newInt(utf8.RuneCountInString(w.text[:i]) + w.offset)
	}
	m, err := measure(c.thread, w.whole)
	if err != nil {
		return nil, err
	}
	defer m.done()
	return newInt(m.character(w.from + i))
}

func strCount(c *call) (starlark.Value, error) {
	sub, ok := AsString(c.arg(0))
	if !ok {
		return nil, Errorf(TypeError, "must be str, not %s", typeName(c.arg(0)))
	}
	w, err := c.window(1)
	if err != nil || !w.ok {
		return starlark.MakeInt(0), err
	}
	return newInt(strings.Count(w.text, sub))
}

func strAffix(c *call, has func(s, affix string) bool) (starlark.Value, error) {
	w, err := c.window(1)
	if err != nil {
		return nil, err
	}
	affixes, many := AsTuple(c.arg(0))
	if !many {
		affixes = starlark.Tuple{c.arg(0)}
	}
	var turns pace
	for _, a := range affixes {
		if err := turns.step(c.thread); err != nil {
			return nil, err
		}
		s, ok := AsString(a)
		if !ok {
			if many {
				return nil, Errorf(TypeError, "tuple for %s must only contain str, not %s", c.name, typeName(a))
			}
			return nil, Errorf(TypeError, "%s first arg must be str or a tuple of str, not %s", c.name, typeName(a))
		}
		if w.ok && has(w.text, s) {
			return starlark.True, nil
		}
	}
	return starlark.False, nil
}

func strPad(c *call, align byte) (starlark.Value, error) {
	width, err := c.intArg(0, 0)
	if err != nil {
		return nil, err
	}
	fill := ' '
	if c.arg(1) != nil {
		s, ok := AsString(c.arg(1))
		if !ok || text.Length(s) != 1 {
			return nil, Errorf(TypeError, "The fill character must be exactly one character long")
		}
		fill, _ = utf8.DecodeRuneInString(s)
	}
	if width > format.Limit {
		return nil, Errorf(MemoryError, "%s: width %d above %d", c.name, width, format.Limit)
	}
	if err := Grow(c.thread, 2*int64(width)); err != nil {
		return nil, err
	}
	s := c.text()
	f := format.Spec{Fill: fill, Width: width}
	if n := text.Length(s); align == '^' && width > n {
		// str.center puts the odd space on the left where the width is odd.
		left := (width-n)/2 + (width-n)&width&1
		s = strings.Repeat(string(fill), left) + s
		align = '<'
	}
	return newString(f.Pad(s, align))
}

func strZfill(c *call) (starlark.Value, error) {
	width, err := c.intArg(0, 0)
	if err != nil {
		return nil, err
	}
	if width > format.Limit {
		return nil, Errorf(MemoryError, "zfill: width %d above %d", width, format.Limit)
	}
	if err := Grow(c.thread, 2*int64(width)); err != nil {
		return nil, err
	}
	s := c.text()
	n := max(width, 0) - text.Length(s)
	if n <= 0 {
		return newString(s)
	}
	sign := ""
	if s != "" && (s[0] == '+' || s[0] == '-') {
		sign, s = s[:1], s[1:]
	}
	return newString(sign + strings.Repeat("0", n) + s)
}

func strExpandtabs(c *call) (starlark.Value, error) {
	size, err := c.intArg(0, 8)
	if err != nil {
		return nil, err
	}
	if size > 1<<16 {
		return nil, Errorf(OverflowError, "result too long")
	}
	if err := GrowTimes(c.thread, strings.Count(c.text(), "\t"), max(size, 0)); err != nil {
		return nil, err
	}
	var buf strings.Builder
	col := 0
	var turns pace
	for _, r := range c.text() {
		if err := turns.step(c.thread); err != nil {
			return nil, err
		}
		switch r {
		case '\t':
			if size > 0 {
				n := size - col%size
				buf.WriteString(strings.Repeat(" ", n))
				col += n
			}
		case '\n', '\r':
			buf.WriteRune(r)
			col = 0
		default:
			buf.WriteRune(r)
			col++
		}
	}
	return newString(buf.String())
}

func strTranslate(c *call) (starlark.Value, error) {
	var buf strings.Builder
	charged := 0
	var turns pace
	for _, r := range c.text() {
		if err := turns.step(c.thread); err != nil {
			return nil, err
		}
		if buf.Len()-charged >= owedLimit {
			if err := Grow(c.thread, 2*int64(buf.Len()-charged)); err != nil {
				return nil, err
			}
			charged = buf.Len()
		}
		v, err := GetItem(c.thread, c.arg(0), starlark.MakeInt(int(r)))
		if err != nil {
			if !isException(err, LookupError) {
				return nil, err
			}
			buf.WriteRune(r)
			continue
		}
		switch v := v.(type) {
		case starlark.NoneType:
		case starlark.String:
			buf.WriteString(string(v))
		case starlark.Int:
			n, ok := v.Int64()
			if !ok || n < 0 || n > utf8.MaxRune {
				return nil, Errorf(ValueError, "character mapping must be in range(0x110000)")
			}
			buf.WriteRune(rune(n))
		default:
			return nil, Errorf(TypeError, "character mapping must return integer, None or str")
		}
	}
	return newString(buf.String())
}

func strMaketrans(c *call) (starlark.Value, error) {
	out := starlark.NewDict(0)
	set := func(k rune, v starlark.Value) error { return out.SetKey(starlark.MakeInt(int(k)), v) }
	if c.arg(1) == nil {
		d, ok := AsDict(c.arg(0))
		if !ok {
			return nil, Errorf(TypeError, "if you give only one argument to maketrans it must be a dict")
		}
		for _, item := range d.Items() {
			k := item[0]
			if s, ok := AsString(k); ok {
				if text.Length(s) != 1 {
					return nil, Errorf(ValueError, "string keys in translate table must be of length 1")
				}
				r, _ := utf8.DecodeRuneInString(s)
				k = starlark.MakeInt(int(r))
			}
			if err := dictSet(c.thread, out, k, item[1]); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	from, okx := AsString(c.arg(0))
	to, oky := AsString(c.arg(1))
	if !okx || !oky {
		return nil, Errorf(TypeError, "maketrans() arguments must be str")
	}
	if text.Length(from) != text.Length(to) {
		return nil, Errorf(ValueError, "the first two maketrans arguments must have equal length")
	}
	var turns pace
	for _, r := range from {
		other, n := utf8.DecodeRuneInString(to)
		to = to[n:]
		if err := turns.step(c.thread); err != nil {
			return nil, err
		}
		if err := set(r, starlark.MakeInt(int(other))); err != nil {
			return nil, err
		}
	}
	if c.arg(2) != nil {
		gone, err := c.strArg(2)
		if err != nil {
			return nil, err
		}
		for _, r := range gone {
			if err := turns.step(c.thread); err != nil {
				return nil, err
			}
			if err := set(r, starlark.None); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}
