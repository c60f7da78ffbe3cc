package stdlib

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strconv"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// Network is how scripts reach others by TCP.
type Network interface {
	// Dial connects to an address, "host:port".
	Dial(ctx context.Context, address string) (net.Conn, error)
	// Listen waits for connections at an address; port 0 is any that is free.
	Listen(ctx context.Context, address string) (net.Listener, error)
	// LookupHost gives the numbers of a host's name.
	LookupHost(ctx context.Context, host string) ([]string, error)
}

// HostNetwork is the machine's network, with the rights of the process.
type HostNetwork struct{}

var _ Network = HostNetwork{}

// Dial connects.
func (HostNetwork) Dial(ctx context.Context, address string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, "tcp", address)
}

// Listen waits for connections.
func (HostNetwork) Listen(ctx context.Context, address string) (net.Listener, error) {
	return new(net.ListenConfig).Listen(ctx, "tcp", address)
}

// LookupHost resolves a name.
func (HostNetwork) LookupHost(ctx context.Context, host string) ([]string, error) {
	return net.DefaultResolver.LookupHost(ctx, host)
}

// endOfWire is an end of a connection, or what waits for connections: what _socket gives to
// socket.
type endOfWire struct {
	m        *Modules
	conn     net.Conn
	in       *bufio.Reader
	listener net.Listener
	waiting  chan accepted // a connection that was made while nobody took one
	closed   bool
}

type accepted struct {
	conn net.Conn
	err  error
}

var (
	_ object.HasType = (*endOfWire)(nil)

	wireType = object.NewGoType("_socket", "connection", "An end of a connection, or what waits for connections.", nil)
)

func (w *endOfWire) String() string        { return "<_socket.connection>" }
func (w *endOfWire) Type() string          { return "connection" }
func (w *endOfWire) Freeze()               {}
func (w *endOfWire) Truth() starlark.Bool  { return true }
func (w *endOfWire) Hash() (uint32, error) { return 0, errors.New("unhashable type: 'connection'") }

// PyType is _socket.connection.
func (w *endOfWire) PyType() *object.Type { return wireType }

// maxReceive bounds what is received at once.
const maxReceive = 1 << 24

func init() {
	defineMethods(wireType, []method[*endOfWire]{
		{"accept(timeout=-1)", "The next connection and the address that it comes from.", (*endOfWire).accept},
		{"recv(size, timeout=-1)", "Bytes that have come; none at the end.", (*endOfWire).receive},
		{"send(data, timeout=-1)", "Send bytes.", (*endOfWire).send},
		{"ready(timeout=-1)", "Whether there is something to receive, or a connection to accept.", (*endOfWire).ready},
		{"shut()", "Tell the other end that nothing comes any more.", func(w *endOfWire, _ *call) (starlark.Value, error) {
			if half, ok := w.conn.(interface{ CloseWrite() error }); ok {
				return nil, osError(half.CloseWrite())
			}
			return nil, nil
		}},
		{"secure(server=False, host='', verify=2, check_host=True, roots=b'', system=True, chain=b'', key=b'', protocols='', least=771, most=0, timeout=-1)",
			"Secure the connection by TLS; None, or the kind and the text of what went wrong.", (*endOfWire).secure},
		{"security()", "What the connection is secured by.", (*endOfWire).security},
		{"close()", "End the connection.", func(w *endOfWire, _ *call) (starlark.Value, error) { return nil, osError(w.Close()) }},
		{"address(other=False)", "The address of this end, or of the other.", func(w *endOfWire, c *call) (starlark.Value, error) {
			switch {
			case w.listener != nil:
				return addressTuple(w.listener.Addr()), nil
			case c.BoolOr(0, false):
				return addressTuple(w.conn.RemoteAddr()), nil
			}
			return addressTuple(w.conn.LocalAddr()), nil
		}},
	})
}

// Close ends it, once.
func (w *endOfWire) Close() error {
	if w.closed {
		return nil
	}
	w.closed = true
	delete(w.m.wires, w)
	if w.listener != nil {
		return w.listener.Close()
	}
	return w.conn.Close()
}

func addressTuple(a net.Addr) starlark.Value {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return starlark.String(a.String())
	}
	n, _ := strconv.Atoi(port) // Go's own text
	return starlark.Tuple{starlark.String(host), starlark.MakeInt(n)}
}

// makeSocket is _socket: connections of the network that the host grants.
func makeSocket(m *Modules) *native.Module {
	mod := native.NewModule("_socket", "Connections of the network.")
	within := func(c *call, timeout int, f func(ctx context.Context) error) error {
		if c.Err != nil {
			return c.Err
		}
		if m.env.Network == nil {
			return object.NewException(object.PermissionError, starlark.MakeInt(1), starlark.String("scripts have no network: the host grants none"))
		}
		var err error
		if end := m.waiting(c.Thread, c.FloatOr(timeout, -1), func(ctx context.Context) { err = f(ctx) }); end != nil {
			return end
		}
		return networkError(err)
	}
	address := func(c *call) string { return net.JoinHostPort(c.Str(0), strconv.Itoa(c.Int(1))) }
	define(mod, []function{
		{"dial(host, port, timeout=-1)", "Connect to an address.", func(c *call) (starlark.Value, error) {
			to, made := address(c), (net.Conn)(nil)
			err := within(c, 2, func(ctx context.Context) (err error) { made, err = m.env.Network.Dial(ctx, to); return err })
			if err != nil {
				return nil, err
			}
			return m.wire(made), nil
		}},
		{"listen(host, port)", "Wait for connections at an address.", func(c *call) (starlark.Value, error) {
			at, made := address(c), (net.Listener)(nil)
			if c.Err != nil {
				return nil, c.Err
			}
			if m.env.Network == nil {
				return nil, within(c, 1, nil)
			}
			made, err := m.env.Network.Listen(m.env.context(), at)
			if err != nil {
				return nil, networkError(err)
			}
			w := &endOfWire{m: m, listener: made, waiting: make(chan accepted)}
			m.keepWire(w)
			go w.acceptAll()
			return w, nil
		}},
		{"lookup(host, timeout=-1)", "The numbers of a host's name.", func(c *call) (starlark.Value, error) {
			host, found := c.Str(0), []string(nil)
			err := within(c, 1, func(ctx context.Context) (err error) { found, err = m.env.Network.LookupHost(ctx, host); return err })
			out := make([]starlark.Value, len(found))
			for i, a := range found {
				out[i] = starlark.String(a)
			}
			return starlark.NewList(out), err
		}},
		{"granted()", "Whether there is a network.", func(*call) (starlark.Value, error) { return starlark.Bool(m.env.Network != nil), nil }},
	})
	return mod
}

// waiting runs f while other threads run, with a context that ends after a time, in
// seconds; less than 0 is never.
func (m *Modules) waiting(caller *starlark.Thread, seconds float64, f func(ctx context.Context)) error {
	ctx := m.threads.bound(caller, m.env)
	outer := ctx
	if seconds >= 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, time.Duration(min(seconds, maxTimeout)*1e9))
		defer stop()
	}
	if err := m.threads.outside(caller, func() { f(ctx) }); err != nil {
		return err
	}
	return outer.Err()
}

// networkError gives an error of the network Python's form.
func networkError(err error) error {
	var name *net.DNSError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return object.NewException(object.TimeoutError, starlark.String("timed out"))
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.As(err, &name):
		return object.NewException(object.OSError, starlark.MakeInt(-2), starlark.String("Name or service not known"))
	case errors.Is(err, net.ErrClosed):
		return object.NewException(object.OSError, starlark.MakeInt(9), starlark.String("Bad file descriptor"))
	}
	return osError(err)
}

func (m *Modules) wire(conn net.Conn) *endOfWire {
	w := &endOfWire{m: m, conn: conn, in: bufio.NewReaderSize(conn, 16<<10)}
	m.keepWire(w)
	return w
}

func (m *Modules) keepWire(w *endOfWire) {
	if m.wires == nil {
		m.wires = map[*endOfWire]struct{}{}
	}
	m.wires[w] = struct{}{}
}

// acceptAll hands connections over to who waits for one. It ends with the listener.
func (w *endOfWire) acceptAll() {
	for {
		conn, err := w.listener.Accept()
		select {
		case w.waiting <- accepted{conn, err}:
		case <-w.m.threads.closing.Done():
			if conn != nil {
				_ = conn.Close() // nobody has it
			}
			return
		}
		if errors.Is(err, net.ErrClosed) {
			close(w.waiting)
			return
		}
	}
}

func (w *endOfWire) open() error {
	if w.closed {
		return networkError(net.ErrClosed)
	}
	return nil
}

func (w *endOfWire) accept(c *call) (starlark.Value, error) {
	if err := w.open(); err != nil {
		return nil, err
	}
	if w.listener == nil {
		return nil, object.NewException(object.OSError, starlark.MakeInt(22), starlark.String("Invalid argument"))
	}
	var got accepted
	err := w.m.waiting(c.Thread, c.FloatOr(0, -1), func(ctx context.Context) {
		select {
		case a, ok := <-w.waiting:
			if got = a; !ok {
				got.err = net.ErrClosed
			}
		case <-ctx.Done():
			got.err = ctx.Err()
		}
	})
	if err == nil {
		err = networkError(got.err)
	}
	if err != nil {
		if got.conn != nil {
			_ = got.conn.Close() // nobody has it
		}
		return nil, err
	}
	made := w.m.wire(got.conn)
	return starlark.Tuple{made, addressTuple(got.conn.RemoteAddr())}, nil
}

// limited runs f, which reads or writes, within a time.
func (w *endOfWire) limited(c *call, timeout int, f func() error) error {
	if c.Err != nil {
		return c.Err
	}
	if err := w.open(); err != nil {
		return err
	}
	if w.conn == nil {
		return object.NewException(object.OSError, starlark.MakeInt(107), starlark.String("Transport endpoint is not connected"))
	}
	var failed error
	err := w.m.waiting(c.Thread, c.FloatOr(timeout, -1), func(ctx context.Context) {
		stop := context.AfterFunc(ctx, func() { _ = w.conn.SetDeadline(time.Unix(1, 0)) }) // a connection that is closed needs none
		failed = f()
		if !stop() {
			_ = w.conn.SetDeadline(time.Time{})
		}
	})
	if err != nil {
		return err
	}
	return failed
}

func (w *endOfWire) receive(c *call) (starlark.Value, error) {
	size := c.Int(0)
	if size < 0 && c.Err == nil {
		return nil, object.Errorf(object.ValueError, "negative buffersize in recv")
	}
	buf := make([]byte, min(max(size, 0), maxReceive, 64<<10))
	n := 0
	err := w.limited(c, 1, func() (err error) {
		if len(buf) > 0 {
			n, err = w.in.Read(buf)
		}
		return err
	})
	if err != nil && (n == 0 && !errors.Is(err, io.EOF) || object.IsUncatchable(err)) {
		return nil, networkError(err)
	}
	return starlark.Bytes(buf[:n]), nil
}

func (w *endOfWire) send(c *call) (starlark.Value, error) {
	data, n := c.Bytes(0), 0
	err := w.limited(c, 1, func() (err error) { n, err = w.conn.Write(data); return err })
	if err != nil {
		return nil, networkError(err)
	}
	return starlark.MakeInt(n), nil
}

func (w *endOfWire) ready(c *call) (starlark.Value, error) {
	if w.conn == nil {
		return starlark.True, w.open() // accept tells
	}
	if w.in.Buffered() > 0 {
		return starlark.True, nil
	}
	err := w.limited(c, 0, func() error { _, err := w.in.Peek(1); return err })
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return starlark.True, nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return starlark.False, nil
	}
	return nil, networkError(err)
}

// closeWires ends all connections.
func (m *Modules) closeWires() {
	for w := range m.wires {
		_ = w.Close() // nobody is left who would be told
	}
}
