// Command imports imports every module below folders of Python programs, each in a
// runtime of its own, and prints how many could be, and what stopped the others.
//
//	go run ./scripts/imports FOLDER ...
//	go run ./scripts/imports -root mlx-lm mlx-lm/mlx_lm/models
//
// A module's name is its path from the folder that its packages lie in, which sys.path
// starts with: the nearest one without an __init__.py, or -root.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mlxstar/mlxstar"
)

func main() {
	root := flag.String("root", "", "the folder that module names start from")
	more := flag.String("path", "", "further folders and archives of sys.path, as PYTHONPATH lists them")
	limit := flag.Duration("limit", time.Minute, "how long an import may take")
	flat := flag.Bool("flat", false, "do not look in folders of the folders")
	verbose := flag.Bool("v", false, "print a line for each module")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "imports: no folder given")
		os.Exit(2)
	}
	run := imports{root: *root, path: filepath.SplitList(*more), limit: *limit, verbose: *verbose}
	for _, folder := range flag.Args() {
		if err := run.folder(folder, *flat); err != nil {
			fmt.Fprintln(os.Stderr, "imports:", err)
			os.Exit(1)
		}
	}
}

type imports struct {
	root    string
	path    []string
	limit   time.Duration
	verbose bool
}

// folder imports what a folder holds and prints the outcome.
func (r *imports) folder(folder string, flat bool) error {
	var files []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != folder && (flat || strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(path, ".py") && d.Name() != "setup.py":
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		return err
	}
	failures := make([]string, len(files))
	work := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range work {
				failures[i] = r.one(files[i])
			}
		})
	}
	for i := range files {
		work <- i
	}
	close(work)
	wg.Wait()
	causes, good := map[string][]string{}, 0
	for i, why := range failures {
		if r.verbose {
			fmt.Printf("%-60s %s\n", files[i], cmp.Or(why, "ok"))
		}
		if why == "" {
			good++
			continue
		}
		causes[why] = append(causes[why], files[i])
	}
	fmt.Printf("%s: %d of %d modules import\n", folder, good, len(files))
	order := make([]string, 0, len(causes))
	for why := range causes {
		order = append(order, why)
	}
	slices.SortFunc(order, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(causes[b]), len(causes[a])), cmp.Compare(a, b))
	})
	for _, why := range order {
		fmt.Printf("%6d  %s  (%s)\n", len(causes[why]), why, strings.TrimPrefix(causes[why][0], folder))
	}
	return nil
}

// one imports a file as a module, and gives what stopped it.
func (r *imports) one(file string) string {
	top := r.root
	if top == "" {
		top = filepath.Dir(file)
		for {
			if _, err := os.Stat(filepath.Join(top, "__init__.py")); err != nil {
				break
			}
			top = filepath.Dir(top)
		}
	}
	top, err := filepath.Abs(top)
	if err != nil {
		return err.Error()
	}
	abs, err := filepath.Abs(file)
	if err != nil {
		return err.Error()
	}
	name, err := filepath.Rel(top, abs)
	if err != nil {
		return err.Error()
	}
	name = strings.TrimSuffix(strings.TrimSuffix(filepath.ToSlash(name), ".py"), "/__init__")
	name = strings.ReplaceAll(name, "/", ".")
	rt, err := mlxstar.New(mlxstar.Options{
		Files: mlxstar.SystemFiles(), Dir: top, Path: r.path, Device: "cpu", Threads: 1, Env: os.Environ(), Args: []string{file},
	})
	if err != nil {
		return err.Error()
	}
	defer rt.Close()
	ctx, stop := context.WithTimeout(context.Background(), r.limit)
	defer stop()
	err = rt.Exec(ctx, "import", fmt.Sprintf("import importlib\nimportlib.import_module(%q)\n", name))
	var failure *mlxstar.Error
	var exit *mlxstar.ExitError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &failure):
		line, _, _ := strings.Cut(failure.Message, "\n")
		return failure.Type + ": " + line
	case errors.As(err, &exit):
		return "SystemExit: " + exit.Message
	}
	return err.Error()
}
