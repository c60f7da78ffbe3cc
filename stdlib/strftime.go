package stdlib

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// directives are the letters of strftime.
var directives = map[byte]func(t time.Time) string{
	'a': func(t time.Time) string { return t.Format("Mon") },
	'A': func(t time.Time) string { return t.Format("Monday") },
	'b': func(t time.Time) string { return t.Format("Jan") },
	'h': func(t time.Time) string { return t.Format("Jan") },
	'B': func(t time.Time) string { return t.Format("January") },
	'c': func(t time.Time) string { return t.Format("Mon Jan _2 15:04:05 2006") },
	'C': func(t time.Time) string { return fmt.Sprintf("%02d", t.Year()/100) },
	'd': func(t time.Time) string { return t.Format("02") },
	'D': func(t time.Time) string { return t.Format("01/02/06") },
	'e': func(t time.Time) string { return t.Format("_2") },
	'f': func(t time.Time) string { return fmt.Sprintf("%06d", t.Nanosecond()/1000) },
	'F': func(t time.Time) string { return t.Format("2006-01-02") },
	'G': func(t time.Time) string { y, _ := t.ISOWeek(); return strconv.Itoa(y) },
	'H': func(t time.Time) string { return t.Format("15") },
	'I': func(t time.Time) string { return t.Format("03") },
	'j': func(t time.Time) string { return fmt.Sprintf("%03d", t.YearDay()) },
	'm': func(t time.Time) string { return t.Format("01") },
	'M': func(t time.Time) string { return t.Format("04") },
	'n': func(time.Time) string { return "\n" },
	'p': func(t time.Time) string { return t.Format("PM") },
	'r': func(t time.Time) string { return t.Format("03:04:05 PM") },
	'R': func(t time.Time) string { return t.Format("15:04") },
	's': func(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) },
	'S': func(t time.Time) string { return t.Format("05") },
	't': func(time.Time) string { return "\t" },
	'T': func(t time.Time) string { return t.Format("15:04:05") },
	'u': func(t time.Time) string { return strconv.Itoa((int(t.Weekday())+6)%7 + 1) },
	'U': func(t time.Time) string { return fmt.Sprintf("%02d", (t.YearDay()+6-int(t.Weekday()))/7) },
	'V': func(t time.Time) string { _, w := t.ISOWeek(); return fmt.Sprintf("%02d", w) },
	'w': func(t time.Time) string { return strconv.Itoa(int(t.Weekday())) },
	'W': func(t time.Time) string { return fmt.Sprintf("%02d", (t.YearDay()+6-(int(t.Weekday())+6)%7)/7) },
	'x': func(t time.Time) string { return t.Format("01/02/06") },
	'X': func(t time.Time) string { return t.Format("15:04:05") },
	'y': func(t time.Time) string { return t.Format("06") },
	'Y': func(t time.Time) string { return strconv.Itoa(t.Year()) },
	'z': func(t time.Time) string { return t.Format("-0700") },
	'Z': func(t time.Time) string { return t.Format("MST") },
	'%': func(time.Time) string { return "%" },
}

// strftime formats a time. A letter that is not a directive stays as it is,
// and "%-d" drops the padding.
func strftime(thread *starlark.Thread, format string, t time.Time) (string, error) {
	var out strings.Builder
	var meter object.Meter
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			out.WriteByte(format[i])
			continue
		}
		if err := meter.Grow(thread, out.Len()); err != nil {
			return "", err
		}
		i++
		bare := format[i] == '-' && i+1 < len(format)
		if bare {
			i++
		}
		d := directives[format[i]]
		switch {
		case d == nil:
			out.WriteString("%" + format[i:i+1])
		case bare:
			s := strings.TrimLeft(d(t), "0 ")
			if s == "" {
				s = "0"
			}
			out.WriteString(s)
		default:
			out.WriteString(d(t))
		}
	}
	return out.String(), nil
}

// parsed collects what strptime has read.
type parsed struct {
	year, month, day, hour, minute, second, micro, yearDay int
	pm, twelve, zoned                                      bool
	offset                                                 int
}

// numberFields are the directives of strptime that are plain numbers.
var numberFields = map[byte]struct {
	width int
	set   func(p *parsed, n int)
}{
	'Y': {4, func(p *parsed, n int) { p.year = n }},
	'm': {2, func(p *parsed, n int) { p.month = n }},
	'd': {2, func(p *parsed, n int) { p.day = n }},
	'H': {2, func(p *parsed, n int) { p.hour = n }},
	'I': {2, func(p *parsed, n int) { p.hour, p.twelve = n%12, true }},
	'M': {2, func(p *parsed, n int) { p.minute = n }},
	'S': {2, func(p *parsed, n int) { p.second = n }},
	'j': {3, func(p *parsed, n int) { p.yearDay = n }},
	'y': {2, func(p *parsed, n int) {
		p.year = 1900 + n
		if n < 69 {
			p.year = 2000 + n
		}
	}},
}

// composites are directives that stand for several.
var composites = strings.NewReplacer("%T", "%H:%M:%S", "%R", "%H:%M", "%F", "%Y-%m-%d", "%D", "%m/%d/%y",
	"%c", "%a %b %d %H:%M:%S %Y", "%x", "%m/%d/%y", "%X", "%H:%M:%S")

// strptime parses a time. Zoned tells that the text gave an offset.
func strptime(text, format string) (t time.Time, zoned bool, err error) {
	p := parsed{year: 1900, month: 1, day: 1}
	rest, ok := p.parse(text, composites.Replace(format))
	switch {
	case !ok:
		return t, false, object.Errorf(object.ValueError, "time data %s does not match format %s", quoted(text), quoted(format))
	case rest != "":
		return t, false, object.Errorf(object.ValueError, "unconverted data remains: %s", rest)
	}
	if p.pm {
		p.hour += 12
	}
	zone := time.UTC
	if p.zoned && p.offset != 0 {
		zone = time.FixedZone("", p.offset)
	}
	if p.yearDay > 0 {
		p.month, p.day = 1, p.yearDay
	} else if last := time.Date(p.year, time.Month(p.month)+1, 0, 0, 0, 0, 0, time.UTC).Day(); p.day > last {
		return t, false, object.Errorf(object.ValueError, "day is out of range for month")
	}
	return time.Date(p.year, time.Month(p.month), p.day, p.hour, p.minute, p.second, p.micro*1000, zone), p.zoned, nil
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "\\'") + "'" }

func (p *parsed) parse(text, format string) (rest string, ok bool) {
	for i := 0; i < len(format); i++ {
		switch c := format[i]; {
		case c == ' ':
			text = strings.TrimLeft(text, " \t\n")
		case c != '%' || i+1 == len(format):
			if text == "" || text[0] != c {
				return text, false
			}
			text = text[1:]
		default:
			i++
			if text, ok = p.field(text, format[i]); !ok {
				return text, false
			}
		}
	}
	return text, true
}

func (p *parsed) field(text string, c byte) (rest string, ok bool) {
	if f, ok := numberFields[c]; ok {
		n, rest, ok := leadingNumber(text, f.width)
		f.set(p, n)
		return rest, ok && p.inRange()
	}
	switch c {
	case '%':
		return strings.TrimPrefix(text, "%"), strings.HasPrefix(text, "%")
	case 'f':
		n, rest, ok := leadingNumber(text, 6)
		for w := len(text) - len(rest); w < 6; w++ {
			n *= 10
		}
		p.micro = n
		return rest, ok
	case 'p':
		upper := strings.ToUpper(text)
		p.pm = strings.HasPrefix(upper, "PM")
		if p.pm || strings.HasPrefix(upper, "AM") {
			return text[2:], true
		}
	case 'b', 'B', 'h':
		for m := time.December; m >= time.January; m-- {
			if rest, ok := cutName(text, m.String()); ok {
				p.month = int(m)
				return rest, true
			}
		}
	case 'a', 'A':
		for d := time.Sunday; d <= time.Saturday; d++ {
			if rest, ok := cutName(text, d.String()); ok {
				return rest, true
			}
		}
	case 'z':
		return p.zone(text)
	case 'Z':
		for _, name := range []string{"UTC", "GMT"} {
			if strings.HasPrefix(text, name) {
				return text[3:], true
			}
		}
	}
	return text, false
}

func (p *parsed) inRange() bool {
	return p.month >= 1 && p.month <= 12 && p.day >= 1 && p.day <= 31 && p.hour < 24 && p.minute < 60 && p.second < 62
}

// zone reads Z, +0100 or +01:00.
func (p *parsed) zone(text string) (rest string, ok bool) {
	if strings.HasPrefix(text, "Z") {
		p.zoned = true
		return text[1:], true
	}
	if text == "" || text[0] != '+' && text[0] != '-' {
		return text, false
	}
	h, after, ok1 := leadingNumber(text[1:], 2)
	m, after, ok2 := leadingNumber(strings.TrimPrefix(after, ":"), 2)
	p.offset, p.zoned = h*3600+m*60, true
	if text[0] == '-' {
		p.offset = -p.offset
	}
	return after, ok1 && ok2
}

func leadingNumber(s string, width int) (n int, rest string, ok bool) {
	i := 0
	for i < width && i < len(s) && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		i++
	}
	return n, s[i:], i > 0
}

// cutName cuts a name or its first three letters, in any case.
func cutName(text, name string) (rest string, ok bool) {
	for _, n := range []string{name, name[:3]} {
		if len(text) >= len(n) && strings.EqualFold(text[:len(n)], n) {
			return text[len(n):], true
		}
	}
	return text, false
}
