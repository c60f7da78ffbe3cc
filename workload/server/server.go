package server

import (
	"context"
	"crypto/subtle"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/workload"
)

// Defaults of the options in configurations.
const (
	DefaultListen  = "127.0.0.1:8080"
	DefaultQueue   = 256
	DefaultMaxBody = 64 << 20
	DefaultDrain   = time.Minute
)

// Server runs a configuration's jobs on request. It is an http.Handler.
type Server struct {
	config   *workload.Config
	runner   *workload.Runner
	mux      *http.ServeMux
	token    string
	maxBody  int64
	most     int64 // requests for runs at once
	asked    atomic.Int64
	draining atomic.Bool

	// runs lives as long as accepted runs may: longer than the context of Serve.
	runs    context.Context
	endRuns context.CancelFunc

	mu     sync.Mutex
	counts map[[2]string]*count // by job and status
}

// count is of the runs of a job that ended in one way.
type count struct {
	runs    int64
	seconds float64
}

// New makes a server of a configuration. Options' queue is the configuration's. It fails
// where the variable of the token is not set, and where the state folder cannot be opened.
func New(c *workload.Config, o workload.Options) (*Server, error) {
	s := &Server{config: c, mux: http.NewServeMux(), maxBody: int64(c.Serve.MaxBody), counts: map[[2]string]*count{}}
	if s.maxBody == 0 {
		s.maxBody = DefaultMaxBody
	}
	if name := c.Serve.TokenEnv; name != "" {
		if s.token = os.Getenv(name); s.token == "" {
			return nil, fmt.Errorf("serve.token_env: the environment has no variable %s", name)
		}
	}
	if o.Queue = c.Serve.Queue; o.Queue == 0 {
		o.Queue = DefaultQueue
	}
	s.most = int64(o.Queue + max(c.Concurrency, runtime.GOMAXPROCS(0)))
	notify := o.Notify
	o.Notify = func(run workload.Record) {
		s.count(&run)
		if notify != nil {
			notify(run)
		}
	}
	var err error
	if s.runner, err = workload.NewRunner(c, o); err != nil {
		return nil, err
	}
	s.runs, s.endRuns = context.WithCancel(context.Background())
	s.mux.HandleFunc("POST /jobs/{name}", s.authorized(s.run))
	s.mux.HandleFunc("GET /jobs", s.authorized(s.list))
	s.mux.HandleFunc("GET /metrics", s.authorized(s.metrics))
	s.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	s.mux.HandleFunc("GET /readyz", s.ready)
	return s, nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Close ends runs that are still going on.
func (s *Server) Close() error {
	s.endRuns()
	return s.runner.Close()
}

// Listen opens the address of the configuration, with TLS if that has a certificate.
func (s *Server) Listen() (net.Listener, error) {
	address := s.config.Serve.Listen
	if address == "" {
		address = DefaultListen
	}
	l, err := net.Listen("tcp", address)
	if err != nil || s.config.Serve.TLSCert == "" {
		return l, err
	}
	pair, err := tls.LoadX509KeyPair(s.config.Resolve(s.config.Serve.TLSCert), s.config.Resolve(s.config.Serve.TLSKey))
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"http/1.1"}}), nil
}

// Serve answers requests, and runs jobs that have a schedule or watch files, until the
// context ends. Then no run is accepted any more, and those that were go on for as long as
// the configuration's drain.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	h := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return s.runs }}
	served := make(chan error, 1)
	go func() { served <- h.Serve(l) }()
	scheduled := make(chan error, 1)
	go func() { scheduled <- s.runner.Serve(ctx) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	s.draining.Store(true)
	drain := time.Duration(s.config.Serve.Drain)
	if drain == 0 {
		drain = DefaultDrain
	}
	last, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	err := h.Shutdown(last)
	if err != nil {
		s.endRuns()
		err = errors.Join(fmt.Errorf("drain: runs went on for longer than %s", drain), h.Close())
	}
	return errors.Join(err, <-scheduled)
}

// authorized lets a request through that has the token.
func (s *Server) authorized(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if s.token != "" && (!ok || subtle.ConstantTimeCompare([]byte(given), []byte(s.token)) != 1) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			fail(w, http.StatusUnauthorized, "want the header Authorization: Bearer with the token")
			return
		}
		next(w, r)
	}
}

func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	if s.draining.Load() {
		fail(w, http.StatusServiceUnavailable, "the server drains")
		return
	}
	fmt.Fprintln(w, "ok")
}

func (s *Server) list(w http.ResponseWriter, _ *http.Request) {
	type job struct {
		Name        string   `json:"name"`
		Description string   `json:"description,omitempty"`
		Inputs      []string `json:"inputs"`
		Schedule    string   `json:"schedule,omitempty"`
	}
	all := []job{}
	for _, name := range s.config.Order {
		j := s.config.Jobs[name]
		all = append(all, job{name, j.Description, j.InputNames(), j.Schedule})
	}
	answer(w, http.StatusOK, map[string]any{"jobs": all})
}

func (s *Server) count(run *workload.Record) {
	if run.Status == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key := [2]string{run.Job, run.Status}
	c := s.counts[key]
	if c == nil {
		c = &count{}
		s.counts[key] = c
	}
	c.runs++
	c.seconds += run.Seconds
}

func answer(w http.ResponseWriter, status int, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"error":{"message":"the answer has no JSON"}}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // who asked may be gone
}

func fail(w http.ResponseWriter, status int, format string, args ...any) {
	answer(w, status, map[string]any{"error": map[string]any{"kind": "request", "message": fmt.Sprintf(format, args...)}})
}

// memoryLimit is the budget in bytes.
func memoryLimit(c *workload.Config) int64 {
	if c.Memory > 0 {
		return int64(c.Memory)
	}
	return mlxstar.DefaultMemoryLimit()
}
