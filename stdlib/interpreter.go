package stdlib

import (
	"html"
	"unicode"
	"unicode/utf8"

	"go.starlark.net/starlark"
	unicodenorm "golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"github.com/mlxstar/mlxstar/dialect/charnames"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// exitCall is a function that is called when the program ends.
type exitCall struct {
	fn     starlark.Value
	args   starlark.Tuple
	kwargs []starlark.Tuple
}

func makeAtexit(m *Modules) *native.Module {
	mod := native.NewModule("_atexit", "Functions that are called when the program ends.")
	define(mod, []function{
		{"register(func, /, *args, **kwargs)", "Have a function called when the program ends.", func(c *call) (starlark.Value, error) {
			m.exits = append(m.exits, exitCall{c.Arg(0), c.Rest, c.Keywords})
			return c.Arg(0), nil
		}},
		{"unregister(func, /)", "Have a function not called.", func(c *call) (starlark.Value, error) {
			kept := m.exits[:0]
			for _, e := range m.exits {
				if !object.Is(e.fn, c.Arg(0)) {
					kept = append(kept, e)
				}
			}
			m.exits = kept
			return nil, nil
		}},
		{"_clear()", "Have no function called.", func(*call) (starlark.Value, error) { m.exits = nil; return nil, nil }},
		{"_ncallbacks()", "The number of functions.", func(*call) (starlark.Value, error) { return starlark.MakeInt(len(m.exits)), nil }},
		{"_run_exitfuncs()", "Call the functions now.", func(c *call) (starlark.Value, error) { return nil, m.Exit(c.Thread) }},
	})
	return mod
}

// Exit calls the functions that scripts have registered for the program's end, the last
// first. The error is of the first that fails; the others are called nevertheless.
func (m *Modules) Exit(thread *starlark.Thread) error {
	var first error
	if threading := m.registered("threading"); threading != nil { // its threads end first
		shutdown, err := object.GetAttr(thread, threading, "_shutdown")
		if err == nil {
			_, err = object.Call(thread, shutdown, nil, nil)
		}
		if object.IsUncatchable(err) {
			return err
		}
		first = err
	}
	for len(m.exits) > 0 {
		e := m.exits[len(m.exits)-1]
		m.exits = m.exits[:len(m.exits)-1]
		_, err := object.Call(thread, e.fn, e.args, e.kwargs)
		if object.IsUncatchable(err) {
			return err
		}
		if first == nil {
			first = err
		}
	}
	return first
}

func makeHTML(*Modules) *native.Module {
	mod := native.NewModule("_html", "Parts of html.")
	define(mod, []function{{"unescape(text, /)", "The text with the references of HTML replaced.", func(c *call) (starlark.Value, error) {
		return starlark.String(html.UnescapeString(c.Str(0))), c.Err
	}}})
	return mod
}

// normalForms are the forms of unicodedata.normalize.
var normalForms = map[string]unicodenorm.Form{"NFC": unicodenorm.NFC, "NFD": unicodenorm.NFD, "NFKC": unicodenorm.NFKC, "NFKD": unicodenorm.NFKD}

func makeUnicodedata(*Modules) *native.Module {
	mod := native.NewModule("unicodedata", "What Unicode says of characters.")
	mod.Members["unidata_version"] = starlark.String(unicode.Version)
	char := func(c *call) rune {
		s := c.Str(0)
		r, n := utf8.DecodeRuneInString(s)
		if c.Err == nil && (n == 0 || n < len(s)) {
			c.Note(object.Errorf(object.TypeError, "need a single Unicode character as parameter"))
		}
		if c.Err != nil {
			return 0
		}
		return r
	}
	form := func(c *call) unicodenorm.Form {
		f, ok := normalForms[c.Str(0)]
		if !ok && c.Err == nil {
			c.Note(object.Errorf(object.ValueError, "invalid normalization form"))
		}
		return f
	}
	number := func(c *call, of func(r rune) (float64, bool), whole bool, what string) (starlark.Value, error) {
		r := char(c)
		if c.Err != nil {
			return nil, c.Err
		}
		if v, ok := of(r); ok {
			if whole {
				return starlark.MakeInt(int(v)), nil
			}
			return starlark.Float(v), nil
		}
		if c.Arg(1) != nil {
			return c.Arg(1), nil
		}
		return nil, object.Errorf(object.ValueError, "not a %s", what)
	}
	define(mod, []function{
		{"normalize(form, unistr, /)", "The text in a normal form.", func(c *call) (starlark.Value, error) {
			f, s := form(c), c.Str(1)
			if c.Err != nil {
				return nil, c.Err
			}
			if err := object.Grow(c.Thread, 4*int64(len(s))); err != nil {
				return nil, err
			}
			if len(s) < 1<<16 {
				return starlark.String(f.String(s)), nil
			}
			return object.Aside(c.Thread, func() (starlark.Value, error) { return starlark.String(f.String(s)), nil })
		}},
		{"is_normalized(form, unistr, /)", "Whether the text is in a normal form.", func(c *call) (starlark.Value, error) {
			f, s := form(c), c.Str(1)
			return starlark.Bool(f.IsNormalString(s)), c.Err
		}},
		{"category(chr, /)", "The category of a character.", func(c *call) (starlark.Value, error) { return starlark.String(categoryOf(char(c))), c.Err }},
		{"combining(chr, /)", "The class by which a character combines.", func(c *call) (starlark.Value, error) {
			return starlark.MakeInt(int(unicodenorm.NFD.PropertiesString(string(char(c))).CCC())), c.Err
		}},
		{"decomposition(chr, /)", "How a character is made of others.", func(c *call) (starlark.Value, error) {
			return starlark.String(decompositionOf(char(c))), c.Err
		}},
		{"east_asian_width(chr, /)", "How wide a character is in East Asian text.", func(c *call) (starlark.Value, error) {
			kinds := map[width.Kind]string{width.Neutral: "N", width.EastAsianAmbiguous: "A", width.EastAsianWide: "W", width.EastAsianNarrow: "Na", width.EastAsianFullwidth: "F", width.EastAsianHalfwidth: "H"}
			return starlark.String(kinds[width.LookupRune(char(c)).Kind()]), c.Err
		}},
		{"name(chr, default=None, /)", "The name of a character.", func(c *call) (starlark.Value, error) {
			r := char(c)
			if c.Err != nil {
				return nil, c.Err
			}
			if name := charnames.Name(r); name != "" {
				return starlark.String(name), nil
			}
			if c.Arg(1) != nil {
				return c.Arg(1), nil
			}
			return nil, object.Errorf(object.ValueError, "no such name")
		}},
		{"lookup(name, /)", "The character of a name.", func(c *call) (starlark.Value, error) {
			name := c.Str(0)
			r, ok := charnames.Find(name)
			if c.Err == nil && !ok {
				return nil, object.NewException(object.KeyError, starlark.String("undefined character name '"+name+"'"))
			}
			return starlark.String(string(r)), c.Err
		}},
		{"decimal(chr, default=None, /)", "The number of a decimal digit.", func(c *call) (starlark.Value, error) {
			return number(c, decimalOf, true, "decimal")
		}},
		{"digit(chr, default=None, /)", "The number of a digit.", func(c *call) (starlark.Value, error) { return number(c, digitOf, true, "digit") }},
		{"numeric(chr, default=None, /)", "The number of a character.", func(c *call) (starlark.Value, error) {
			return number(c, digitOf, false, "numeric character")
		}},
	})
	return mod
}

// categoryOf is the general category of a character.
func categoryOf(r rune) string {
	for name, table := range unicode.Categories {
		if len(name) == 2 && name != "LC" && unicode.Is(table, r) {
			return name
		}
	}
	return "Cn"
}

// decimalOf is the number of a decimal digit: those of a script follow each other from
// one whose number is 0.
func decimalOf(r rune) (float64, bool) {
	if !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	for _, table := range unicode.Nd.R16 {
		if uint16(r) >= table.Lo && r <= rune(table.Hi) {
			return float64((r - rune(table.Lo)) % 10), true
		}
	}
	for _, table := range unicode.Nd.R32 {
		if uint32(r) >= table.Lo && uint32(r) <= table.Hi {
			return float64((uint32(r) - table.Lo) % 10), true
		}
	}
	return 0, false
}

// digitOf is the number of a digit of any kind: superscripts and the like are digits by
// what they are made of.
func digitOf(r rune) (float64, bool) {
	if v, ok := decimalOf(r); ok {
		return v, true
	}
	made := []rune(unicodenorm.NFKD.String(string(r)))
	if unicode.Is(unicode.No, r) && len(made) == 1 {
		return decimalOf(made[0])
	}
	return 0, false
}

func decompositionOf(r rune) string {
	for _, form := range []unicodenorm.Form{unicodenorm.NFD, unicodenorm.NFKD} {
		made := form.PropertiesString(string(r)).Decomposition()
		if made == nil {
			continue
		}
		text := ""
		for i, part := range []rune(string(made)) {
			if i > 0 {
				text += " "
			}
			text += codePoint(part)
		}
		if form == unicodenorm.NFKD {
			return "<compat> " + text
		}
		return text
	}
	return ""
}

func codePoint(r rune) string {
	const digits = "0123456789ABCDEF"
	out := ""
	for ; r > 0 || len(out) < 4; r >>= 4 {
		out = string(digits[r&15]) + out
	}
	return out
}
