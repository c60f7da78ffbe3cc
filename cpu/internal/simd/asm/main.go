// Command asm writes the assembly of package simd. Each run writes one file and
// its declarations; the directives are in the package's doc.go.
package main

import (
	"flag"
	"log"
	"maps"
	"slices"
	"strings"

	"github.com/mmcloughlin/avo/build"
)

// families are the groups of kernels, one to a file.
var families = map[string]func(){
	"coderows":  coderows,
	"codes":     codes,
	"columns":   columns,
	"double":    doubles,
	"few":       few,
	"fixedrows": fixedRows,
	"fourier":   fourier,
	"gemm":      gemm,
	"hints":     hints,
	"integer":   integerKernels,
	"order":     orders,
	"shuffle":   shuffles,
	"vector":    vector,
	"tiles":     tiles,
}

func main() {
	log.SetFlags(0)
	name := flag.String("kernels", "", "the kernels to write: "+strings.Join(slices.Sorted(maps.Keys(families)), ", "))
	flag.Parse()
	write := families[*name]
	if write == nil {
		log.Fatalf("asm: got kernels %q, want one of %s", *name, strings.Join(slices.Sorted(maps.Keys(families)), ", "))
	}
	build.ConstraintExpr("amd64")
	write()
	build.Generate()
}
