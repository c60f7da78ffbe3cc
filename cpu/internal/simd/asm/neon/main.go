// Command neon writes the assembly of package simd for arm64: a file and its
// declarations for each family of kernels.
package main

import (
	"flag"
	"log"
	"path/filepath"

	"github.com/mlxstar/mlxstar/cpu/internal/simd/asm/a64"
)

// families are the groups of kernels, one to a file.
var families = []struct {
	name  string
	write func(*a64.File)
}{
	{"codes", codes},
	{"columns", columns},
	{"double", doubles},
	{"few", few},
	{"fourier", fourier},
	{"gemm", gemm},
	{"vector", vector},
}

func main() {
	log.SetFlags(0)
	dir := flag.String("dir", ".", "the `folder` to write to")
	flag.Parse()
	for _, f := range families {
		file := a64.NewFile("go run ./neon -dir "+*dir, "simd")
		f.write(file)
		if err := file.Write(filepath.Join(*dir, "z"+f.name)); err != nil {
			log.Fatalf("neon: %v", err)
		}
	}
}

func vector(file *a64.File) {
	arithmetic(file)
	singles(file)
	folds(file)
	conversions(file)
	threefry(file)
}
