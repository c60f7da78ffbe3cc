package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestTenants(t *testing.T) {
	dir := t.TempDir()
	write := func(tenant, source string, at time.Time) {
		t.Helper()
		path := filepath.Join(dir, tenant, "main.py")
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(source), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	write("acme", "import mlx.core as mx\ncount = 0\ndef score(x):\n    global count\n    count += 1\n    return mx.array(x) * 2\ndef calls(_): return count\n", now)
	write("bolt", "import mlx.core as mx\ndef score(x): return mx.zeros((1 << 26,)).sum().item()\ndef huge(x):\n    a = mx.zeros((1 << 26,))\n    mx.eval(a)\n", now)
	s := newService(dir, 64<<20, 32<<20)
	defer s.close()
	server := httptest.NewServer(s.handler())
	defer server.Close()
	post := func(path, body string) (int, string) {
		res, err := http.Post(server.URL+path, "application/json", strings.NewReader(body))
		if err != nil {
			t.Error(err)
			return 0, ""
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Error(err)
		}
		return res.StatusCode, strings.TrimSpace(string(text))
	}
	for _, c := range []struct {
		path, body string
		status     int
		want       string
	}{
		{"/acme/score", "[1, 2.5]", 200, "[2,5]"},
		{"/acme/calls", "0", 200, "1"},
		{"/acme/none", "0", 422, "name 'none' is not defined"},
		{"/nobody/score", "0", 404, ""},
		{"/..%2f/score", "0", 404, ""},
		{"/acme/score", "{", 400, ""},
		{"/bolt/huge", "0", 507, "memory limit"},
	} {
		if status, text := post(c.path, c.body); status != c.status || !strings.Contains(text, c.want) {
			t.Errorf("%s: got %d %s, want %d %s", c.path, status, text, c.status, c.want)
		}
	}
	// The script changes while calls go on: each is answered, by the old or the new one.
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10 {
				if status, text := post("/acme/score", "[1]"); status != 200 || text != "[2]" && text != "[3]" {
					t.Errorf("got %d %s", status, text)
				}
			}
		})
	}
	write("acme", "import mlx.core as mx\ndef score(x): return mx.array(x) * 3\n", now.Add(time.Second))
	all.Wait()
	if status, text := post("/acme/score", "[1]"); status != 200 || text != "[3]" {
		t.Errorf("after the change: %d %s", status, text)
	}
}
