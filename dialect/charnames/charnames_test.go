package charnames

import (
	"testing"
	"unicode"

	"golang.org/x/text/unicode/runenames"
)

// TestNames compares all names with those that the table was made of, and finds each character by its own.
func TestNames(t *testing.T) {
	every := rune(17)
	for r := rune(0); r <= unicode.MaxRune; r++ {
		want := runenames.Name(r)
		got := Name(r)
		if want == "" || want[0] == '<' {
			if want == "" && got != "" {
				t.Errorf("%U is %q, want no name", r, got)
			}
			continue
		}
		if got != want {
			t.Fatalf("%U is %q, want %q: run go generate ./stdlib/...", r, got, want)
		}
		if r%every == 0 {
			if found, ok := Find(want); !ok || found != r {
				t.Fatalf("%q is %U, want %U", want, found, r)
			}
		}
	}
}

func TestMadeNames(t *testing.T) {
	for r, want := range map[rune]string{
		0xAC00: "HANGUL SYLLABLE GA", 0xD7A3: "HANGUL SYLLABLE HIH", 0xC544: "HANGUL SYLLABLE A", 0x4E2D: "CJK UNIFIED IDEOGRAPH-4E2D",
		0x20000: "CJK UNIFIED IDEOGRAPH-20000", 0x17000: "TANGUT IDEOGRAPH-17000", 0xD800: "", 0xE000: "", 0x0A: "", 0x110000: "", -1: "",
	} {
		if got := Name(r); got != want {
			t.Errorf("%U is %q, want %q", r, got, want)
		}
		if found, ok := Find(want); ok != (want != "") || ok && found != r {
			t.Errorf("%q is %U, want %U", want, found, r)
		}
	}
	for _, name := range []string{"", "no such", "HANGUL SYLLABLE X", "CJK UNIFIED IDEOGRAPH-0041", "CJK UNIFIED IDEOGRAPH-4e2d0", "A\nB", "+41"} {
		if r, ok := Find(name); ok {
			t.Errorf("%q is %U, want none", name, r)
		}
	}
	if r, ok := Find("latin small letter a"); !ok || r != 'a' {
		t.Errorf("small letters find %U, want %U", r, 'a')
	}
}

func TestFurtherNames(t *testing.T) {
	for name, want := range map[string]rune{"byte order mark": 0xFEFF, "LF": '\n', "CHARACTER TABULATION": '\t', "NBSP": 0xA0} {
		if r, ok := Find(name); !ok || r != want {
			t.Errorf("%q is %U, want %U", name, r, want)
		}
	}
}
