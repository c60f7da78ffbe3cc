package numpy

import (
	"embed"
	"strings"
)

// sources are the modules of numpy that are written in the script language.
//
//go:embed all:source
var sources embed.FS

// Source gives the text of a module by its dotted name, such as numpy.testing, if
// it is one that is written in the script language.
func Source(name string) ([]byte, bool) {
	part, ok := strings.CutPrefix(name, "numpy.")
	if !ok {
		return nil, false
	}
	src, err := sources.ReadFile("source/" + part + ".py")
	return src, err == nil
}
