// Command tenants is a service for several tenants: each has a folder of scripts, a runtime
// with a memory limit of its own within one account, and functions that are called over
// HTTP:
//
//	tenants -scripts FOLDER
//	curl -d '[1, 2, 3]' localhost:8080/acme/score
//
// calls score of FOLDER/acme/main.py. A script that changes is loaded anew for the next
// call; calls that have begun go on with the old one.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/mlxstar/mlxstar"
)

// service keeps a runtime for each tenant.
type service struct {
	scripts  string
	account  *mlxstar.MemoryAccount // of all tenants together
	limit    int64                  // of one
	programs mlxstar.ProgramCache   // tenants with the same script share its program

	mu      sync.Mutex
	tenants map[string]*tenant
}

// tenant is a runtime with a tenant's script.
type tenant struct {
	runtime *mlxstar.Runtime
	loaded  time.Time      // when the script was changed that it has
	calls   sync.WaitGroup // in progress
}

func newService(scripts string, all, each int64) *service {
	return &service{scripts: scripts, account: mlxstar.NewMemoryAccount(all), limit: each, tenants: map[string]*tenant{}}
}

// tenant gives a tenant's runtime, with the script as it is now. The caller tells when its
// call is over.
func (s *service) tenant(ctx context.Context, name string) (*tenant, error) {
	path := filepath.Join(s.scripts, name, "main.py")
	info, err := os.Stat(path)
	if err != nil || !filepath.IsLocal(name) || filepath.Base(name) != name {
		return nil, os.ErrNotExist
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.tenants[name]
	if old != nil && old.loaded.Equal(info.ModTime()) {
		old.calls.Add(1)
		return old, nil
	}
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	program, err := s.programs.Compile(name+"/main.py", string(source))
	if err != nil {
		return nil, err
	}
	rt, err := mlxstar.New(mlxstar.Options{Memory: s.account, MemoryLimit: s.limit, StepLimit: 100_000_000, Threads: 1, Device: "cpu"})
	if err != nil {
		return nil, err
	}
	if err := rt.Run(ctx, program); err != nil {
		return nil, errors.Join(err, rt.Close())
	}
	t := &tenant{runtime: rt, loaded: info.ModTime()}
	t.calls.Add(1)
	s.tenants[name] = t
	if old != nil {
		go old.close()
	}
	return t, nil
}

// close waits for the calls that go on.
func (t *tenant) close() {
	t.calls.Wait()
	if err := t.runtime.Close(); err != nil {
		log.Print(err)
	}
}

// close ends all tenants.
func (s *service) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tenants {
		t.close()
	}
}

// ServeHTTP answers POST /TENANT/FUNCTION, whose body is the function's argument as JSON.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 10*time.Second)
	defer cancel()
	var argument any
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&argument); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	t, err := s.tenant(ctx, r.PathValue("tenant"))
	if err != nil {
		http.Error(w, err.Error(), statusOf(err))
		return
	}
	defer t.calls.Done()
	var used mlxstar.Usage
	v, err := t.runtime.CallWith(ctx, r.PathValue("function"), mlxstar.CallOptions{Args: []any{argument}, Usage: &used})
	if err != nil {
		http.Error(w, err.Error(), statusOf(err))
		return
	}
	if a, ok := v.(*mlxstar.Array); ok {
		var numbers []float64
		if err := mlxstar.Decode(ctx, a, &numbers); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		v = numbers
	}
	w.Header().Set("X-Peak-Bytes", fmt.Sprint(used.Peak))
	if err := json.NewEncoder(w).Encode(v); err != nil {
		log.Print(err) // the client is gone, or the result has no JSON
	}
}

// statusOf is the HTTP status of an error.
func statusOf(err error) int {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return http.StatusNotFound
	case errors.Is(err, mlxstar.ErrMemoryLimit):
		return http.StatusInsufficientStorage
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, mlxstar.ErrStepLimit):
		return http.StatusGatewayTimeout
	}
	return http.StatusUnprocessableEntity
}

func (s *service) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /{tenant}/{function}", s)
	return mux
}

func main() {
	scripts := flag.String("scripts", "scripts", "folder with a folder for each tenant")
	listen := flag.String("listen", "127.0.0.1:8080", "address")
	flag.Parse()
	s := newService(*scripts, 1<<30, 256<<20)
	log.Fatal(http.ListenAndServe(*listen, s.handler()))
}
