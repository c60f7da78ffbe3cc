package install

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// client asks servers, one request a connection. http.Client would add half a megabyte to the command for
// connections that are kept and for HTTP/2, which a command that fetches some files has no use of.
type client struct {
	dialer net.Dialer
	tls    *tls.Config // nil is the system's certificates
}

const (
	mostRedirects = 10
	mostHeaders   = 1 << 20
	patience      = 2 * time.Minute // for one read or write
)

// get asks for what is at an address and follows where the server sends it. The response's body is to be closed.
func (c *client) get(ctx context.Context, u *url.URL, header http.Header) (*http.Response, error) {
	for range mostRedirects {
		resp, err := c.ask(ctx, u, header)
		if err != nil {
			return nil, err
		}
		where := resp.Header.Get("Location")
		if resp.StatusCode < 300 || resp.StatusCode > 399 || where == "" {
			return resp, nil
		}
		_ = resp.Body.Close() // it is not wanted
		next, err := u.Parse(where)
		if err != nil {
			return nil, fmt.Errorf("%s sends elsewhere: %w", u.Redacted(), err)
		}
		if u.Scheme == "https" && next.Scheme != "https" {
			return nil, fmt.Errorf("%s sends to %s, which is not secured", u.Redacted(), next.Redacted())
		}
		if next.User == nil && next.Host == u.Host {
			next.User = u.User
		}
		u = next
	}
	return nil, fmt.Errorf("%s: is sent elsewhere more than %d times", u.Redacted(), mostRedirects)
}

func (c *client) ask(ctx context.Context, u *url.URL, header http.Header) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header = header.Clone()
	if u.User != nil {
		password, _ := u.User.Password()
		req.SetBasicAuth(u.User.Username(), password)
	}
	req.Close = true
	conn, err := c.connect(ctx, req)
	if err != nil {
		return nil, err
	}
	wire := &steadyConn{Conn: conn}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // which ends what waits for it
	fail := func(err error) (*http.Response, error) {
		stop()
		_ = conn.Close() // the error says more
		return nil, errors.Join(ctx.Err(), fmt.Errorf("%s: %w", u.Redacted(), err))
	}
	if err := req.Write(wire); err != nil {
		return fail(err)
	}
	head := &io.LimitedReader{R: wire, N: mostHeaders}
	resp, err := http.ReadResponse(bufio.NewReader(head), req)
	if err != nil {
		return fail(err)
	}
	head.N = 1 << 62 // what follows is bounded by who reads it
	resp.Body = &wireBody{resp.Body, func() { stop(); _ = conn.Close() }}
	return resp, nil
}

// connect opens a connection to a request's server, through the proxy that the environment names for it.
func (c *client) connect(ctx context.Context, req *http.Request) (net.Conn, error) {
	if req.URL.Scheme != "http" && req.URL.Scheme != "https" {
		return nil, fmt.Errorf("%s: want an address that begins with https:// or http://", req.URL.Redacted())
	}
	proxy, err := http.ProxyFromEnvironment(req)
	if err != nil {
		return nil, err
	}
	to := req.URL
	if proxy != nil {
		if proxy.Scheme != "http" {
			return nil, fmt.Errorf("proxy: got %s, want an address that begins with http://", proxy.Redacted())
		}
		to = proxy
	}
	conn, err := c.dialer.DialContext(ctx, "tcp", hostPort(to))
	if err != nil {
		return nil, err
	}
	if req.URL.Scheme == "http" {
		return conn, nil
	}
	if proxy != nil {
		if err := tunnel(conn, req, proxy); err != nil {
			_ = conn.Close() // the error says more
			return nil, err
		}
	}
	config := c.tls.Clone()
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	config.ServerName = req.URL.Hostname()
	secured := tls.Client(conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = conn.Close() // the error says more
		return nil, fmt.Errorf("%s: %w", req.URL.Redacted(), err)
	}
	return secured, nil
}

func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// tunnel has a proxy pass the connection on.
func tunnel(conn net.Conn, req *http.Request, proxy *url.URL) error {
	ask := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: hostPort(req.URL)}, Host: hostPort(req.URL), Header: http.Header{}}
	if proxy.User != nil {
		password, _ := proxy.User.Password()
		basic := &http.Request{Header: http.Header{}}
		basic.SetBasicAuth(proxy.User.Username(), password)
		ask.Header.Set("Proxy-Authorization", basic.Header.Get("Authorization"))
	}
	wire := &steadyConn{Conn: conn}
	if err := ask.Write(wire); err != nil {
		return err
	}
	// The server says nothing before it is spoken to: what follows the proxy's answer is not read with it.
	resp, err := http.ReadResponse(bufio.NewReader(&io.LimitedReader{R: wire, N: mostHeaders}), ask)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("proxy: %s answers %s", proxy.Redacted(), resp.Status)
	}
	return nil
}

// steadyConn ends what stands still.
type steadyConn struct{ net.Conn }

func (c *steadyConn) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

func (c *steadyConn) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

// wireBody is a response's body, with which its connection ends.
type wireBody struct {
	io.ReadCloser
	end func()
}

func (b *wireBody) Close() error {
	err := b.ReadCloser.Close()
	b.end()
	return err
}
