package monitor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/mlxstar/mlxstar/memory"
)

// Client asks a process's monitor.
type Client struct {
	pid int
}

// Connect makes a client of the monitor of a process and asks it for its version.
func Connect(ctx context.Context, pid int) (*Client, error) {
	c := &Client{pid: pid}
	s, err := c.Status(ctx)
	switch {
	case errors.Is(err, os.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return nil, fmt.Errorf("no mlxstar process %d has a monitor here", pid)
	case err != nil:
		return nil, err
	case s.Version != Version:
		return nil, fmt.Errorf("the monitor of process %d speaks version %d, this program version %d", pid, s.Version, Version)
	}
	return c, nil
}

// Status counts memory.
func (c *Client) Status(ctx context.Context) (s Status, err error) {
	return s, c.do(ctx, "GET", "/v1/status", nil, &s)
}

// Sites lists what each line holds.
func (c *Client) Sites(ctx context.Context) (s []Site, err error) {
	return s, c.do(ctx, "GET", "/v1/sites", nil, &s)
}

// Owners tells who keeps arrays alive; nil if the process does not know.
func (c *Client) Owners(ctx context.Context) (o *memory.Ownership, err error) {
	return o, c.do(ctx, "GET", "/v1/owners", nil, &o)
}

// Profile is what the process has recorded.
func (c *Client) Profile(ctx context.Context, trace bool) (p *memory.Profile, err error) {
	q := url.Values{}
	if trace {
		q.Set("trace", "1")
	}
	return p, c.do(ctx, "GET", "/v1/snapshot", q, &p)
}

// LastStep is the process's latest step that has ended, nil if none is recorded.
func (c *Client) LastStep(ctx context.Context) (s *memory.Strip, err error) {
	return s, c.do(ctx, "GET", "/v1/step", nil, &s)
}

// Cache tells of what the process keeps for reuse.
func (c *Client) Cache(ctx context.Context) (s Cache, err error) {
	return s, c.do(ctx, "GET", "/v1/cache", nil, &s)
}

// ResetPeak has the process forget its peak.
func (c *Client) ResetPeak(ctx context.Context) (s Status, err error) {
	return s, c.do(ctx, "POST", "/v1/reset_peak", nil, &s)
}

// Record has the process record, or stop it.
func (c *Client) Record(ctx context.Context, on bool) error {
	return c.do(ctx, "POST", "/v1/record", url.Values{"on": {strconv.FormatBool(on)}}, nil)
}

// ClearCache has the process give back what it keeps for reuse.
func (c *Client) ClearCache(ctx context.Context) (s Status, err error) {
	return s, c.do(ctx, "POST", "/v1/clear_cache", nil, &s)
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 1 << 30

func (c *Client) do(ctx context.Context, method, path string, query url.Values, into any) error {
	code, body, err := c.exchange(ctx, method, path, query)
	if err != nil {
		return fmt.Errorf("process %d: %w", c.pid, err)
	}
	if code != codeOK {
		var e struct{ Error string }
		_ = json.Unmarshal(body, &e) // what it says only adds to the status
		return fmt.Errorf("process %d: %s: status %d %s", c.pid, path, code, e.Error)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("process %d: %s: %w", c.pid, path, err)
	}
	return nil
}

// exchange sends one request and reads its answer.
func (c *Client) exchange(ctx context.Context, method, path string, query url.Values) (code int, body []byte, err error) {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", socketOf(c.pid))
	if err != nil {
		return 0, nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, nil, err
	}
	if _, err := fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: monitor\r\n\r\n", method, path); err != nil {
		return 0, nil, err
	}
	answer, err := io.ReadAll(io.LimitReader(conn, maxAnswer))
	if err != nil {
		return 0, nil, err
	}
	head, body, ok := bytes.Cut(answer, []byte("\r\n\r\n"))
	if _, err := fmt.Sscanf(string(head), "HTTP/1.1 %d", &code); err != nil || !ok {
		return 0, nil, errors.New("the answer is cut short")
	}
	if _, length, found := strings.Cut(string(head), "Content-Length: "); found {
		length, _, _ = strings.Cut(length, "\r")
		if n, err := strconv.Atoi(length); err != nil || n != len(body) {
			return 0, nil, errors.New("the answer is cut short")
		}
	}
	return code, body, nil
}

// patience is how long an answer may take.
const patience = 10 * time.Second
