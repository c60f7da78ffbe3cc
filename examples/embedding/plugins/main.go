// Command plugins is a text editor's heart with plug-ins in Python: each file of a folder
// registers commands by the module editor, which is made of Go values.
//
//	echo 'hello' | plugins -plugins FOLDER upper
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mlxstar/mlxstar"
)

// Document is what plug-ins work on. Scripts see its methods as words, word_at and
// replace_all, and its field as name.
type Document struct {
	Name string `mlx:"name"`
	text string
}

// Words gives the words of the text.
func (d *Document) Words() []string { return strings.Fields(d.text) }

// WordAt gives one word.
func (d *Document) WordAt(i int) (string, error) {
	words := d.Words()
	if i < 0 || i >= len(words) {
		return "", fmt.Errorf("word %d of %d: %w", i, len(words), errNoWord)
	}
	return words[i], nil
}

// ReplaceAll replaces each word by what a function of the script makes of it.
func (d *Document) ReplaceAll(ctx context.Context, change *mlxstar.Function) (int, error) {
	words := d.Words()
	for i, w := range words {
		v, err := change.Call(ctx, w)
		if err != nil {
			return 0, err
		}
		if err := mlxstar.Decode(ctx, v, &words[i]); err != nil {
			return 0, err
		}
	}
	d.text = strings.Join(words, " ")
	return len(words), nil
}

var errNoWord = errors.New("no such word")

// editor is the host of plug-ins.
type editor struct {
	commands map[string]*mlxstar.Function
	runtimes []*mlxstar.Runtime
}

// about is what a plug-in says of a command, by keyword arguments.
type about struct {
	mlxstar.Keywords
	Name string `mlx:"name"`
}

// load runs a plug-in in a runtime of its own.
func (e *editor) load(ctx context.Context, path string) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	rt, err := mlxstar.New(mlxstar.Options{
		MemoryLimit: 64 << 20, Device: "cpu", Threads: 1, Stdout: os.Stderr,
		Methods: mlxstar.ReflectMethods,
		Modules: map[string]mlxstar.Module{
			"editor": {
				"version": mlxstar.Version,
				"started": time.Now().Format(time.RFC3339),
				// Used as @editor.command or editor.command(f, name="...").
				"command": func(f *mlxstar.Function, a about) *mlxstar.Function {
					if a.Name == "" {
						a.Name = f.Name()
					}
					e.commands[a.Name] = f
					return f
				},
			},
		},
	})
	if err != nil {
		return err
	}
	e.runtimes = append(e.runtimes, rt)
	return rt.Exec(ctx, filepath.Base(path), string(source))
}

// run applies a command to a document.
func (e *editor) run(ctx context.Context, command string, d *Document) error {
	f := e.commands[command]
	if f == nil {
		return fmt.Errorf("no command %s, want one of %s", command, strings.Join(slices.Sorted(maps.Keys(e.commands)), ", "))
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, err := f.Call(ctx, d)
	return err
}

func (e *editor) close() error {
	var err error
	for _, rt := range e.runtimes {
		err = errors.Join(err, rt.Close())
	}
	return err
}

func open(ctx context.Context, folder string) (*editor, error) {
	e := &editor{commands: map[string]*mlxstar.Function{}}
	paths, err := filepath.Glob(filepath.Join(folder, "*.py"))
	for _, path := range paths {
		err = errors.Join(err, e.load(ctx, path))
	}
	return e, err
}

func main() {
	folder := flag.String("plugins", "plugins", "folder of plug-ins")
	flag.Parse()
	ctx := context.Background()
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	e, err := open(ctx, *folder)
	if err != nil {
		log.Print(err) // the plug-ins that can be used are
	}
	d := &Document{Name: "standard input", text: string(text)}
	for _, command := range flag.Args() {
		if err := e.run(ctx, command, d); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(d.text)
	if err := e.close(); err != nil {
		log.Fatal(err)
	}
}
