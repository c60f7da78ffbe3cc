// Freeze compiles modules of the library's source, and what is below them, into files of a folder:
// freeze SOURCE FOLDER MODULE... . A program that is there already as it compiles now stays as it is.
package main

import (
	"fmt"
	"os"

	"github.com/mlxstar/mlxstar/stdlib/internal/frozen"
	"github.com/mlxstar/mlxstar/stdlib/internal/packed"
)

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: freeze SOURCE FOLDER MODULE...")
		os.Exit(2)
	}
	programs, err := frozen.Programs(os.DirFS(os.Args[1]), os.Args[3:]...)
	if err == nil {
		err = packed.Write(os.Args[2], programs)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "freeze:", err)
		os.Exit(1)
	}
}
