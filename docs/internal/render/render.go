// Package render makes HTML of the project's Markdown pages. Programs do not have it: they have what it made.
package render

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/mlxstar/mlxstar/docs/internal/pack"
)

// top are the pages of the project's folder; all of docs are pages, too.
var top = []string{"README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md"}

// name is how a page is called, by its path in the project: docs/tutorial.md is tutorial, docs/README.md is docs.
func name(file string) string {
	if file == "docs/README.md" {
		return "docs"
	}
	return strings.ToLower(strings.TrimSuffix(path.Base(file), ".md"))
}

// Pages renders the pages of the project in a folder.
func Pages(project fs.FS) (map[string]pack.Page, error) {
	files, err := fs.Glob(project, "docs/*.md")
	if err != nil {
		return nil, err
	}
	files = append(files, top...)
	known := map[string]bool{}
	for _, file := range files {
		known[file] = true
	}
	pages := map[string]pack.Page{}
	for _, file := range files {
		source, err := fs.ReadFile(project, file)
		if err != nil {
			return nil, err
		}
		page, err := render(file, source, known)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		pages[name(file)] = page
	}
	return pages, nil
}

func render(file string, source []byte, known map[string]bool) (pack.Page, error) {
	md := goldmark.New(
		goldmark.WithExtensions(extension.Table),
		goldmark.WithParserOptions(
			parser.WithAutoHeadingID(),
			parser.WithASTTransformers(util.Prioritized(links{file, known}, 1)),
		),
	)
	var out bytes.Buffer
	if err := md.Convert(source, &out); err != nil {
		return pack.Page{}, err
	}
	title, _, _ := strings.Cut(strings.TrimPrefix(string(source), "# "), "\n")
	return pack.Page{Title: title, Body: out.String()}, nil
}

// links leads links between pages to where they are served. What is in no page, a picture or a program, is
// named instead.
type links struct {
	file  string
	known map[string]bool
}

// Transform rewrites the links of a page.
func (l links) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	var found []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // which has no errors of its own
		switch n.Kind() {
		case ast.KindLink, ast.KindImage:
			if entering {
				found = append(found, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range found {
		link, ok := n.(*ast.Link)
		if ok && l.lead(link) {
			continue
		}
		for c := n.FirstChild(); c != nil; c = n.FirstChild() {
			n.Parent().InsertBefore(n.Parent(), n, c)
		}
		n.Parent().RemoveChild(n.Parent(), n)
	}
}

// lead gives a link the address of what it leads to, and reports whether that is anywhere.
func (l links) lead(link *ast.Link) bool {
	to, part, _ := strings.Cut(string(link.Destination), "#")
	switch {
	case strings.Contains(to, "://"), to == "":
		return true
	}
	file := path.Join(path.Dir(l.file), to)
	if file == "docs" {
		file = "docs/README.md"
	}
	if !l.known[file] {
		return false
	}
	address := "/" + name(file)
	if part != "" {
		address += "#" + part
	}
	link.Destination = []byte(address)
	return true
}
