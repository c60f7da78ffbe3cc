package numpy

import (
	"embed"
	"strings"

	"github.com/mlxstar/mlxstar/stdlib/internal/packed"
)

//go:embed all:packed
var packedFiles embed.FS

// sources are the modules of numpy that are written in the script language.
//
//go:generate go run ../internal/packed/pack source packed
var sources = packed.Of(packedFiles, "packed")

// Source gives the text of a module by its dotted name, such as numpy.testing, if
// it is one that is written in the script language.
func Source(name string) ([]byte, bool) {
	if !Has(name) {
		return nil, false
	}
	src, err := sources.ReadFile(strings.TrimPrefix(name, "numpy.") + ".py")
	return src, err == nil
}

// Has reports whether Source has a module.
func Has(name string) bool {
	part, ok := strings.CutPrefix(name, "numpy.")
	return ok && sources.Has(part+".py")
}
