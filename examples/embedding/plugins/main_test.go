package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
)

func TestPlugins(t *testing.T) {
	dir := t.TempDir()
	for name, source := range map[string]string{
		"case.py": "import editor\n@editor.command\ndef upper(doc):\n    doc.replace_all(lambda w: w.upper())\n",
		"last.py": `
import editor
def last(doc):
    words = doc.words()
    doc.name = words[-1]
    doc.word_at(len(words) - 1 + skip)
skip = 0
editor.command(last, name="take-last")
def beyond(doc):
    return doc.word_at(99)
editor.command(beyond)
`,
		"wrong.py": "import editor\neditor.command(3)\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(source), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.Background()
	e, err := open(ctx, dir)
	var wrong *mlxstar.Error
	if !errors.As(err, &wrong) || wrong.File != "wrong.py" || wrong.Line != 2 || wrong.Type != "TypeError" {
		t.Errorf("the wrong plug-in gave %v", err)
	}
	d := &Document{Name: "d", text: "hello big world"}
	if err := e.run(ctx, "upper", d); err != nil || d.text != "HELLO BIG WORLD" {
		t.Errorf("got %q, %v", d.text, err)
	}
	if err := e.run(ctx, "take-last", d); err != nil || d.Name != "WORLD" {
		t.Errorf("got %q, %v", d.Name, err)
	}
	if err := e.run(ctx, "beyond", d); !errors.Is(err, errNoWord) || !strings.Contains(err.Error(), "word 99 of 3") {
		t.Errorf("got %v", err)
	}
	if err := e.run(ctx, "none", d); err == nil || !strings.Contains(err.Error(), "beyond, take-last, upper") {
		t.Errorf("got %v", err)
	}
	if err := e.close(); err != nil {
		t.Error(err)
	}
}
