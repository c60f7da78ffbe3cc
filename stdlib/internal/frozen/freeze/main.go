// Freeze compiles modules of the library's source, and what is below them, into files of a folder:
// freeze SOURCE FOLDER MODULE... . A program that is there already as it compiles now stays as it is.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/mlxstar/mlxstar/stdlib/internal/frozen"
)

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: freeze SOURCE FOLDER MODULE...")
		os.Exit(2)
	}
	if err := freeze(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, "freeze:", err)
		os.Exit(1)
	}
}

func freeze(source, folder string, modules []string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	stale, gone, err := frozen.Of(os.DirFS(folder), ".").Compare(os.DirFS(source), modules...)
	if err != nil {
		return err
	}
	for _, file := range stale {
		text, err := os.ReadFile(filepath.Join(source, file))
		if err != nil {
			return err
		}
		module := frozen.Module(filepath.ToSlash(file))
		program, err := frozen.Freeze(module, text)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, module+frozen.Suffix), program, 0o644); err != nil {
			return err
		}
	}
	for _, module := range gone {
		if err := os.Remove(filepath.Join(folder, module+frozen.Suffix)); err != nil {
			return err
		}
	}
	return nil
}
