// Command progress trains a small model in Python and shows its loss on a web page while it
// goes: the script is a generator, and each element that it yields is an event of the page.
//
//	progress        then open http://127.0.0.1:8080
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"strconv"

	"github.com/mlxstar/mlxstar"
)

//go:embed train.py
var script string

//go:embed page.html
var page []byte

// step is what the script yields.
type step struct {
	Step int     `mlx:"step" json:"step"`
	Loss float64 `mlx:"loss" json:"loss"`
}

// trainer compiles the script once; each request trains in a runtime of its own.
type trainer struct{ program *mlxstar.Program }

// train calls send with each step, until the script ends, the context does, or send fails.
func (t *trainer) train(ctx context.Context, steps int, send func(step) error) error {
	rt, err := mlxstar.New(mlxstar.Options{MemoryLimit: 64 << 20, Device: "cpu"})
	if err != nil {
		return err
	}
	defer rt.Close()
	if err := rt.Run(ctx, t.program); err != nil {
		return err
	}
	generator, err := rt.Call(ctx, "train", steps)
	if err != nil {
		return err
	}
	for v, err := range rt.Iterate(ctx, generator) {
		if err != nil {
			return err
		}
		var s step
		if err := mlxstar.Decode(ctx, v, &s); err != nil {
			return err
		}
		if err := send(s); err != nil {
			return err
		}
	}
	return nil
}

// ServeHTTP streams a training. A page that is closed ends it.
func (t *trainer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	steps, err := strconv.Atoi(r.URL.Query().Get("steps"))
	if err != nil || steps < 1 || steps > 10_000 {
		http.Error(w, "steps: want a number from 1 to 10000", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	flush := http.NewResponseController(w)
	err = t.train(r.Context(), steps, func(s step) error {
		text, err := json.Marshal(s)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", text); err != nil {
			return err
		}
		return flush.Flush()
	})
	end := "done"
	if err != nil {
		end = err.Error()
	}
	fmt.Fprintf(w, "event: end\ndata: %s\n\n", end)
}

func handler() (http.Handler, error) {
	program, err := mlxstar.Compile("train.py", script)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /train", &trainer{program})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(page) // who asked may be gone
	})
	return mux, nil
}

func main() {
	h, err := handler()
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", h))
}
