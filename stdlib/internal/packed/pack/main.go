// Pack compresses the files of one folder into another: pack SOURCE PACKED. What is packed already stays
// as it is, byte for byte.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/mlxstar/mlxstar/stdlib/internal/packed"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: pack SOURCE PACKED")
		os.Exit(2)
	}
	if err := pack(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func pack(source, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	stale, gone, err := packed.Of(os.DirFS(to), ".").Compare(os.DirFS(source))
	if err != nil {
		return err
	}
	for _, name := range stale {
		content, err := os.ReadFile(filepath.Join(source, name))
		if err != nil {
			return err
		}
		b, err := packed.Pack(content)
		if err != nil {
			return err
		}
		path := filepath.Join(to, name+packed.Suffix)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, b, 0o644); err != nil {
			return err
		}
	}
	for _, name := range gone {
		if err := os.Remove(filepath.Join(to, name+packed.Suffix)); err != nil {
			return err
		}
	}
	return nil
}
