package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/mlxstar/mlxstar/workload"
)

// bodies are the formats of requests that hold one value, by their media types.
var bodies = map[string]string{
	"application/x-npy": "npy", "application/x-npz": "npz", "text/plain": "text", "text/csv": "csv", "application/jsonl": "jsonl",
}

// answers are the formats of results besides JSON.
var answers = map[string]string{
	"application/x-npy": "npy", "application/x-npz": "npz", "application/x-safetensors": "safetensors", "text/csv": "csv", "text/plain": "text",
}

// statusOf is the status of a run that failed, by the kind of its error.
var statusOf = map[string]int{
	"busy":      http.StatusServiceUnavailable,
	"refused":   http.StatusRequestEntityTooLarge,
	"memory":    http.StatusInsufficientStorage,
	"time":      http.StatusGatewayTimeout,
	"crash":     http.StatusBadGateway,
	"interrupt": http.StatusServiceUnavailable,
	"setup":     http.StatusBadRequest,
}

// run is POST /jobs/NAME.
func (s *Server) run(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	j := s.config.Jobs[name]
	if j == nil {
		fail(w, http.StatusNotFound, "no job %q", name)
		return
	}
	if s.draining.Load() {
		w.Header().Set("Connection", "close")
		fail(w, http.StatusServiceUnavailable, "the server drains")
		return
	}
	// More could only wait, with their bodies in memory.
	defer s.asked.Add(-1)
	if s.asked.Add(1) > s.most {
		w.Header().Set("Retry-After", "1")
		fail(w, http.StatusServiceUnavailable, "%d requests wait already", s.most)
		return
	}
	inputs, status, err := s.inputs(w, r, j)
	if err != nil {
		fail(w, status, "%s", err)
		return
	}
	q := workload.Request{Job: name, Inputs: inputs, Tenant: r.Header.Get("X-Mlxstar-Tenant")}
	for _, accepted := range strings.Split(r.Header.Get("Accept"), ",") {
		kind, _, _ := mime.ParseMediaType(accepted)
		if kind == "text/event-stream" {
			s.stream(w, r, q)
			return
		}
		if format := answers[kind]; format != "" {
			s.reply(w, r, q, kind, format)
			return
		}
	}
	s.reply(w, r, q, "application/json", "")
}

// bodyTime is how long a body may take to come.
const bodyTime = time.Minute

// inputs reads the body.
func (s *Server) inputs(w http.ResponseWriter, r *http.Request, j *workload.Job) (inputs map[string]any, status int, err error) {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(bodyTime)) // a connection without deadlines is none of HTTP's
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.maxBody))
	_ = control.SetReadDeadline(time.Time{})
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return nil, http.StatusRequestEntityTooLarge, fmt.Errorf("the body is longer than %d bytes", s.maxBody)
	case err != nil:
		return nil, http.StatusBadRequest, err
	case len(data) == 0:
		return nil, 0, nil
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, http.StatusUnsupportedMediaType, fmt.Errorf("got the Content-Type %q: %w", r.Header.Get("Content-Type"), err)
	}
	format := bodies[kind]
	switch kind {
	case "application/json":
		format = "json"
	case "application/x-safetensors":
		format = "safetensors"
	}
	if format == "" {
		return nil, http.StatusUnsupportedMediaType, fmt.Errorf("got the Content-Type %q, want application/json, application/x-npy or application/x-safetensors", kind)
	}
	v, err := workload.ReadBody(format, data)
	if err != nil {
		return nil, http.StatusBadRequest, fmt.Errorf("the body as %s: %w", format, err)
	}
	named, isTable := v.(map[string]any)
	input := r.URL.Query().Get("input")
	if bodies[kind] == "" && input == "" {
		if !isTable {
			return nil, http.StatusBadRequest, errors.New("the body is no JSON object of inputs by name")
		}
		return named, 0, nil
	}
	if all := j.InputNames(); input == "" && len(all) == 1 {
		input = all[0]
	}
	if input == "" {
		return nil, http.StatusBadRequest, errors.New("which input the body is is not said, want ?input=NAME")
	}
	return map[string]any{input: v}, 0, nil
}

// reply runs a job and answers with its result as a whole.
func (s *Server) reply(w http.ResponseWriter, r *http.Request, q workload.Request, kind, format string) {
	result, run := s.runner.Run(r.Context(), q)
	w.Header().Set("X-Mlxstar-Run", run.ID)
	if run.Error != nil {
		status := statusOf[run.Error.Kind]
		if status == 0 {
			status = http.StatusUnprocessableEntity // the script's own failure
		}
		if run.Error.Kind == "busy" {
			w.Header().Set("Retry-After", "1")
		}
		answer(w, status, map[string]any{"error": run.Error, "run": run})
		return
	}
	var body bytes.Buffer
	if format == "" {
		text, err := jsonOf(result)
		if err != nil {
			fail(w, http.StatusInternalServerError, "%s", err)
			return
		}
		answer(w, http.StatusOK, map[string]any{"result": text, "run": run})
		return
	}
	if err := workload.WriteBody(&body, format, result); err != nil {
		fail(w, http.StatusNotAcceptable, "the result as %s: %s", kind, err)
		return
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(body.Bytes()) // who asked may be gone
}

func jsonOf(v any) (json.RawMessage, error) {
	var text bytes.Buffer
	err := workload.WriteBody(&text, "json", v)
	return text.Bytes(), err
}

// stream runs a job and answers with events as they come.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, q workload.Request) {
	flush := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	var mu sync.Mutex
	send := func(event string, v any) error {
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		if _, err := fmt.Fprintf(w, "event: %s\ndata: %s\n\n", event, text); err != nil {
			return err
		}
		return flush.Flush()
	}
	q.Output = func(stream string, p []byte) {
		_ = send("output", map[string]string{"stream": stream, "text": string(p)}) // the request's context ends if nobody reads
	}
	q.Item = func(v any) error {
		text, err := jsonOf(v)
		if err != nil {
			return err
		}
		return send("item", text)
	}
	result, run := s.runner.Run(r.Context(), q)
	if run.Error == nil {
		text, err := jsonOf(result)
		if err == nil {
			err = send("result", text)
		}
		if err != nil {
			_ = send("error", map[string]string{"message": err.Error()})
		}
	}
	_ = send("run", run)
}
