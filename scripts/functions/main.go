// Command functions has mlxstar and CPython with MLX exchange files of exported functions:
// each writes a file for every function of functions.py, and each computes what the other
// wrote and compares it with what the function itself gives.
//
//	go run ./scripts/functions -python python3
package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
)

//go:embed functions.py
var script string

// unwritten are functions that MLX 0.32.4 itself cannot write, and why.
var unwritten = map[string]string{
	"inv":  "its format has no BitwiseInvert",
	"scan": "it looks for CumLogaddexp where its own primitive is CumLogAddExp",
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	python := flag.String("python", "python3", "a Python with MLX")
	star := flag.String("mlxstar", "", "the command to test (default: built from this checkout)")
	flag.Parse()
	ok, err := exchange(ctx, *star, *python)
	if err != nil {
		fmt.Fprintln(os.Stderr, "functions:", err)
	}
	if err != nil || !ok {
		stop()
		os.Exit(1)
	}
}

func exchange(ctx context.Context, star, python string) (bool, error) {
	dir, err := os.MkdirTemp("", "functions")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	if star == "" {
		star = filepath.Join(dir, "mlxstar")
		build := exec.CommandContext(ctx, "go", "build", "-o", star, "./cmd/mlxstar")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return false, fmt.Errorf("build mlxstar: %w", err)
		}
	}
	path := filepath.Join(dir, "functions.py")
	if err := os.WriteFile(path, []byte(script), 0o644); err != nil {
		return false, err
	}
	commands := map[string]string{"mlxstar": star, "python": python}
	good := true
	for _, writer := range []string{"mlxstar", "python"} {
		files := filepath.Join(dir, writer)
		wrote, fails, err := run(ctx, commands[writer], path, "w", files)
		if err != nil {
			return false, fmt.Errorf("%s writes: %w", writer, err)
		}
		for name, why := range fails {
			_ = os.Remove(filepath.Join(files, name+".mlxfn")) // what there is of it
			if known := unwritten[name]; writer == "python" && known != "" {
				why = known
			} else {
				good = false
			}
			fmt.Printf("%s does not write %s: %s\n", writer, name, why)
		}
		for _, reader := range []string{"mlxstar", "python"} {
			computed, fails, err := run(ctx, commands[reader], path, "r", files)
			if err != nil {
				return false, fmt.Errorf("%s reads what %s wrote: %w", reader, writer, err)
			}
			for name, why := range fails {
				fmt.Printf("%s computes %s of %s otherwise: %s\n", reader, name, writer, why)
			}
			good = good && len(fails) == 0 && computed == wrote
			fmt.Printf("%s wrote %d functions, of which %s computes %d as they are\n", writer, wrote, reader, computed)
		}
	}
	return good, nil
}

// run gives the number of functions that went well, and what the others failed with.
func run(ctx context.Context, command, path, mode, dir string) (well int, fails map[string]string, err error) {
	cmd := exec.CommandContext(ctx, command, path, mode, dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	fails = map[string]string{}
	for _, line := range strings.Split(string(out), "\n") {
		switch word, rest, _ := strings.Cut(line, " "); word {
		case "ok":
			well++
		case "fails":
			name, why, _ := strings.Cut(rest, " ")
			fails[name] = why
		}
	}
	return well, fails, err
}
