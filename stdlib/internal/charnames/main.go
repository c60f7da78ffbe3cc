// Command charnames writes the table of package dialect/charnames, of the names that golang.org/x/text has: charnames FILE.
package main

//go:generate go run . ../../../dialect/charnames/names.z

import (
	"fmt"
	"os"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/runenames"

	"github.com/mlxstar/mlxstar/stdlib/internal/packed"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: charnames FILE")
		os.Exit(2)
	}
	b, err := packed.Pack([]byte(table()))
	if err == nil {
		err = os.WriteFile(os.Args[1], b, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "charnames:", err)
		os.Exit(1)
	}
}

// prefixes are how the names of characters begin that have their number as the rest.
var prefixes = map[string]string{"<CJK Ideograph": "CJK UNIFIED IDEOGRAPH-", "<Tangut Ideograph": "TANGUT IDEOGRAPH-"}

func prefixOf(name string) string {
	for kind, prefix := range prefixes {
		if strings.HasPrefix(name, kind) {
			return prefix
		}
	}
	return ""
}

func table() string {
	var b strings.Builder
	next := rune(-1)
	for r := rune(0); r <= unicode.MaxRune; r++ {
		name := runenames.Name(r)
		if prefix := prefixOf(name); prefix != "" {
			first := r
			for r < unicode.MaxRune && prefixOf(runenames.Name(r+1)) == prefix {
				r++
			}
			fmt.Fprintf(&b, "=%X %X %s\n", first, r, prefix)
			continue
		}
		if name == "" || name[0] == '<' {
			continue
		}
		if r != next {
			fmt.Fprintf(&b, "+%X\n", r)
		}
		b.WriteString(name + "\n")
		next = r + 1
	}
	return b.String()
}
