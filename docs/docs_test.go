package docs_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/docs"
	"github.com/mlxstar/mlxstar/docs/internal/pack"
	"github.com/mlxstar/mlxstar/docs/internal/render"
)

// TestRendered finds pages that are served otherwise than they are written.
func TestRendered(t *testing.T) {
	want, err := render.Pages(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	packed, err := os.ReadFile("pages.zst")
	if err != nil {
		t.Fatal(err)
	}
	got, err := pack.Unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range want {
		if got[name] != page {
			t.Errorf("the page %s was changed: run go generate ./docs", name)
		}
	}
	for name := range got {
		if want[name].Body == "" {
			t.Errorf("the page %s is gone: run go generate ./docs", name)
		}
	}
}

// TestServed follows every link from the index to every page, and to every place on a page.
func TestServed(t *testing.T) {
	handler, err := docs.Handler()
	if err != nil {
		t.Fatal(err)
	}
	get := func(method, path string) (int, string) {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w.Code, w.Body.String()
	}
	address := regexp.MustCompile(`href="(/[^"#]*)(?:#([^"]*))?"`)
	seen, next := map[string]bool{}, []string{"/"}
	for len(next) > 0 {
		path := next[0]
		next = next[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		code, body := get(http.MethodGet, path)
		if code != http.StatusOK {
			t.Errorf("%s: status %d", path, code)
		}
		for _, m := range address.FindAllStringSubmatch(body, -1) {
			next = append(next, m[1])
			if m[2] == "" {
				continue
			}
			if _, there := get(http.MethodGet, m[1]); !strings.Contains(there, `id="`+m[2]+`"`) {
				t.Errorf("%s: there is no %s on %s", path, m[2], m[1])
			}
		}
	}
	packed, err := os.ReadFile("pages.zst")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := pack.Unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	for name := range pages {
		if !seen["/"+name] && name != docs.Index {
			t.Errorf("no link leads to the page %s", name)
		}
	}
	if code, _ := get(http.MethodGet, "/nowhere"); code != http.StatusNotFound {
		t.Errorf("a page that is not there: status %d", code)
	}
	if code, _ := get(http.MethodPost, "/"); code != http.StatusMethodNotAllowed {
		t.Errorf("POST: status %d", code)
	}
}
