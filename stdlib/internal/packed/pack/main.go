// Pack compresses the files of one folder into another: pack SOURCE PACKED. What is packed already stays
// as it is, byte for byte.
package main

import (
	"fmt"
	"os"

	"github.com/mlxstar/mlxstar/stdlib/internal/packed"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: pack SOURCE PACKED")
		os.Exit(2)
	}
	files, err := packed.Source(os.DirFS(os.Args[1]))
	if err == nil {
		err = packed.Write(os.Args[2], files)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}
