// Package docs has the project's pages as the command serves them: rendered from the Markdown files
// of this folder and of the one above, and compressed, by
//
//	go generate ./docs
//
// A test finds pages that were changed since.
package docs

import (
	_ "embed"
	"fmt"
	"net/http"
	"strings"

	"github.com/mlxstar/mlxstar/docs/internal/pack"
)

//go:generate go run ./internal/render/write .. pages.zst

//go:embed pages.zst
var packed []byte

// Index is the page that lists the others.
const Index = "docs"

// Handler serves the pages: Index at /, the others at their names, such as /tutorial.
func Handler() (http.Handler, error) {
	pages, err := pack.Unpack(packed)
	if err != nil {
		return nil, fmt.Errorf("docs: %w", err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.Trim(r.URL.Path, "/")
		if name == "" {
			name = Index
		}
		page, ok := pages[name]
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			http.Error(w, "the pages can only be read", http.StatusMethodNotAllowed)
			return
		case !ok:
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		fmt.Fprintf(w, frame, page.Title, page.Body)
	}), nil
}

// frame is what stands around a page.
const frame = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>%s</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; color: #1c1c1e; background: #fff }
a { color: #0b57d0 } h1, h2, h3 { line-height: 1.25; margin-top: 2rem }
pre, code { font: 14px/1.45 ui-monospace, monospace; background: #f3f3f5; border-radius: 4px } code { padding: .1em .3em }
pre { padding: .8rem; overflow-x: auto } pre code { padding: 0 }
table { border-collapse: collapse; display: block; overflow-x: auto } th, td { border: 1px solid #d0d0d5; padding: .3rem .6rem; text-align: left; vertical-align: top }
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #161618 } a { color: #8ab4f8 } pre, code { background: #242428 } th, td { border-color: #444 } }
</style></head><body><p><a href="/">All pages</a></p>
%s</body></html>
`
