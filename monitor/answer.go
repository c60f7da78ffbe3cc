package monitor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"

	"github.com/mlxstar/mlxstar/monitor/text"
)

// Answer is what a path of the interface gives.
type Answer struct {
	Code int // a status of HTTP
	Type string
	Body []byte
}

// The statuses of HTTP that answers have.
const (
	codeOK         = 200
	codeBadRequest = 400
	codeNotFound   = 404
	codeMethod     = 405
	codeConflict   = 409
)

// failure is an error with the status that tells of it.
type failure struct {
	code int
	text string
}

func (f failure) Error() string { return f.text }

var errNotRecorded = failure{codeConflict, "nothing is recorded: POST /v1/record?on=true first"}

// route is a path of the interface: its method, and what it gives, as JSON.
type route struct {
	method string
	answer func(src Source, query url.Values) (any, error)
}

var routes = map[string]route{
	"/v1/status": {"GET", func(src Source, _ url.Values) (any, error) { return src.Status(), nil }},
	"/v1/sites":  {"GET", func(src Source, _ url.Values) (any, error) { return src.Sites(), nil }},
	"/v1/owners": {"GET", func(src Source, _ url.Values) (any, error) { return src.Owners(), nil }},
	"/v1/timeline": {"GET", func(src Source, _ url.Values) (any, error) {
		if p := src.Profile(false); p != nil {
			return map[string]any{"steps": p.Steps, "timeline": p.Timeline}, nil
		}
		return nil, errNotRecorded
	}},
	"/v1/snapshot": {"GET", func(src Source, query url.Values) (any, error) {
		if p := src.Profile(query.Get("trace") == "1"); p != nil {
			return p, nil
		}
		return nil, errNotRecorded
	}},
	"/v1/cache": {"GET", func(src Source, _ url.Values) (any, error) { return src.Cache(), nil }},
	"/v1/step":  {"GET", func(src Source, _ url.Values) (any, error) { return src.LastStep(), nil }},
	"/v1/record": {"POST", func(src Source, query url.Values) (any, error) {
		on, err := strconv.ParseBool(query.Get("on"))
		if err != nil {
			return nil, failure{codeBadRequest, fmt.Sprintf("on: got %q, want true or false", query.Get("on"))}
		}
		src.Record(on)
		return src.Status(), nil
	}},
	"/v1/clear_cache": {"POST", func(src Source, _ url.Values) (any, error) { src.ClearCache(); return src.Status(), nil }},
	"/v1/reset_peak":  {"POST", func(src Source, _ url.Values) (any, error) { src.ResetPeak(); return src.Status(), nil }},
	"/v1/set_limit": {"POST", func(src Source, query url.Values) (any, error) {
		n, err := strconv.ParseInt(query.Get("bytes"), 10, 64)
		if err != nil || n < 0 {
			return nil, failure{codeBadRequest, fmt.Sprintf("bytes: got %q, want a number from 0", query.Get("bytes"))}
		}
		return map[string]int64{"limit": src.SetLimit(n)}, nil
	}},
}

// Ask gives the answer to a request: a method of HTTP, and a path with its query. It is
// for hosts that serve a source on a server of their own, and as safe as that.
func Ask(src Source, method, target string) Answer {
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return wrong(failure{codeBadRequest, "a path was expected"})
	}
	if u.Path == "/metrics" && method == "GET" {
		var b bytes.Buffer
		writeMetrics(&b, src)
		return Answer{codeOK, text.ContentType, b.Bytes()}
	}
	r, ok := routes[u.Path]
	switch {
	case !ok:
		return wrong(failure{codeNotFound, "there is no " + u.Path})
	case r.method != method:
		return wrong(failure{codeMethod, u.Path + " is for " + r.method})
	}
	v, err := r.answer(src, u.Query())
	if err != nil {
		return wrong(err)
	}
	body, err := json.Marshal(v)
	if err != nil {
		return wrong(err)
	}
	return Answer{codeOK, "application/json", append(body, '\n')}
}

func wrong(err error) Answer {
	code := codeBadRequest
	if f, ok := err.(failure); ok {
		code = f.code
	}
	body, _ := json.Marshal(map[string]string{"error": err.Error()}) // strings are JSON
	return Answer{code, "application/json", append(body, '\n')}
}
