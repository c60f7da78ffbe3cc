// Write renders the pages of a project and packs them into a file: write PROJECT FILE.
package main

import (
	"bytes"
	"fmt"
	"os"

	"github.com/mlxstar/mlxstar/docs/internal/pack"
	"github.com/mlxstar/mlxstar/docs/internal/render"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: write PROJECT FILE")
		os.Exit(2)
	}
	if err := write(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "write:", err)
		os.Exit(1)
	}
}

func write(project, file string) error {
	pages, err := render.Pages(os.DirFS(project))
	if err != nil {
		return err
	}
	packed, err := pack.Pack(pages)
	if err != nil {
		return err
	}
	if before, err := os.ReadFile(file); err == nil && bytes.Equal(before, packed) {
		return nil
	}
	return os.WriteFile(file, packed, 0o644)
}
