package stdlib

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"go.starlark.net/starlark"
)

// securing is how a connection is secured by TLS, as ssl.SSLContext says.
type securing struct {
	server    bool
	host      string // the name that the other end is asked to prove, "" for none
	verify    int    // CERT_NONE, CERT_OPTIONAL or CERT_REQUIRED
	checkHost bool   // whether the certificate must be of the host's name
	roots     []byte // certificates in PEM that are trusted; of the system where there are none
	system    bool   // the system's are trusted, too
	chain     []byte // the certificates of this end in PEM, and their key
	key       []byte
	protocols []string // of ALPN
	least     uint16   // versions of TLS
	most      uint16
}

// The values of ssl.CERT_NONE, CERT_OPTIONAL and CERT_REQUIRED.
const (
	certNone = iota
	certOptional
	certRequired
)

// errNoRoots says that there is nothing that certificates could be verified by.
var errNoRoots = errors.New("there are no trusted certificates: the system has none, and load_verify_locations gave none")

// config is what Go's TLS wants to know. Now is the runtime's clock.
func (s *securing) config(now func() time.Time) (*tls.Config, error) {
	c := &tls.Config{ServerName: s.host, NextProtos: s.protocols, MinVersion: s.least, MaxVersion: s.most, Time: now}
	if len(s.chain) > 0 {
		pair, err := tls.X509KeyPair(s.chain, s.key)
		if err != nil {
			return nil, err
		}
		c.Certificates = []tls.Certificate{pair}
	}
	if s.server {
		if len(c.Certificates) == 0 {
			return nil, errors.New("no certificate: call load_cert_chain first")
		}
		c.ClientAuth = map[int]tls.ClientAuthType{certOptional: tls.VerifyClientCertIfGiven, certRequired: tls.RequireAndVerifyClientCert}[s.verify]
		if s.verify == certNone {
			return c, nil
		}
	}
	c.InsecureSkipVerify = !s.server && (s.verify == certNone || !s.checkHost)
	if s.verify == certNone {
		return c, nil
	}
	pool, err := s.pool()
	if err != nil {
		return nil, err
	}
	if s.server {
		c.ClientCAs = pool
		return c, nil
	}
	c.RootCAs = pool
	if !s.checkHost { // the chain alone
		c.VerifyConnection = func(state tls.ConnectionState) error { return verifyChain(state, pool, now) }
	}
	return c, nil
}

// pool is what certificates are verified by.
func (s *securing) pool() (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	if s.system {
		if p, err := x509.SystemCertPool(); err == nil {
			pool = p
		}
	}
	if len(s.roots) > 0 && !pool.AppendCertsFromPEM(s.roots) {
		return nil, errors.New("no certificate in PEM form among those to trust")
	}
	if pool.Equal(x509.NewCertPool()) {
		return nil, errNoRoots
	}
	return pool, nil
}

// verifyChain verifies the other end's certificate, whatever its name.
func verifyChain(state tls.ConnectionState, pool *x509.CertPool, now func() time.Time) error {
	if len(state.PeerCertificates) == 0 {
		return errors.New("the other end has no certificate")
	}
	o := x509.VerifyOptions{Roots: pool, Intermediates: x509.NewCertPool(), CurrentTime: now()}
	for _, c := range state.PeerCertificates[1:] {
		o.Intermediates.AddCert(c)
	}
	_, err := state.PeerCertificates[0].Verify(o)
	return err
}

// readAhead is a connection of which something was read already.
type readAhead struct {
	net.Conn
	in *bufio.Reader
}

// Read reads that first.
func (r readAhead) Read(p []byte) (int, error) { return r.in.Read(p) }

// secure has both ends agree on keys, and sends and receives by TLS from then on. What goes
// wrong with that is told as a kind, "verify" or "ssl", and a text.
func (w *endOfWire) secure(c *call) (starlark.Value, error) {
	s := securing{
		server: c.BoolOr(0, false), host: c.StrOr(1, ""), verify: c.IntOr(2, certRequired), checkHost: c.BoolOr(3, true),
		roots: c.Bytes(4), system: c.BoolOr(5, true), chain: c.Bytes(6), key: c.Bytes(7),
		least: uint16(c.IntOr(9, tls.VersionTLS12)), most: uint16(c.IntOr(10, 0)),
	}
	if text := c.StrOr(8, ""); text != "" {
		s.protocols = strings.Split(text, ",")
	}
	if c.Err != nil {
		return nil, c.Err
	}
	failed := func(err error) (starlark.Value, error) {
		return starlark.Tuple{starlark.String(kindOfTLS(err)), starlark.String(strings.TrimPrefix(err.Error(), "tls: "))}, nil
	}
	config, err := s.config(w.m.env.clock().Now)
	if err != nil {
		return failed(err)
	}
	var made *tls.Conn
	var broken error
	err = w.limited(c, 11, func() error {
		inner := readAhead{w.conn, w.in}
		if s.server {
			made = tls.Server(inner, config)
		} else {
			made = tls.Client(inner, config)
		}
		broken = made.HandshakeContext(context.Background()) // limited ends it by the connection's deadline
		var timeout net.Error
		if errors.As(broken, &timeout) && timeout.Timeout() {
			return broken
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, networkError(err)
	case broken != nil:
		return failed(broken)
	}
	w.conn, w.in = made, bufio.NewReaderSize(made, 16<<10)
	return starlark.None, nil
}

// kindOfTLS tells errors of certificates from others.
func kindOfTLS(err error) string {
	var verify *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var name x509.HostnameError
	if errors.As(err, &verify) || errors.As(err, &unknown) || errors.As(err, &invalid) || errors.As(err, &name) || errors.Is(err, errNoRoots) {
		return "verify"
	}
	return "ssl"
}

// security is what a connection is secured by: the version, the cipher, the protocol of ALPN
// and the other end's certificate, as its bytes and as getpeercert gives it. It is None for
// one that is not.
func (w *endOfWire) security(*call) (starlark.Value, error) {
	conn, ok := w.conn.(*tls.Conn)
	if !ok {
		return starlark.None, nil
	}
	state := conn.ConnectionState()
	version := strings.ReplaceAll(tls.VersionName(state.Version), "TLS 1", "TLSv1")
	der, fields := starlark.Value(starlark.None), starlark.Value(starlark.None)
	if len(state.PeerCertificates) > 0 {
		cert := state.PeerCertificates[0]
		der, fields = starlark.Bytes(cert.Raw), certificateFields(cert)
	}
	return starlark.Tuple{starlark.String(version), starlark.String(tls.CipherSuiteName(state.CipherSuite)), starlark.String(state.NegotiatedProtocol), der, fields}, nil
}

// certificateFields is a certificate as ssl.SSLSocket.getpeercert gives it.
func certificateFields(c *x509.Certificate) starlark.Value {
	d := starlark.NewDict(8)
	set := func(name string, v starlark.Value) { _ = d.SetKey(starlark.String(name), v) } // a text hashes
	const form = "Jan _2 15:04:05 2006 GMT"
	set("subject", distinguished(c.Subject))
	set("issuer", distinguished(c.Issuer))
	set("version", starlark.MakeInt(c.Version))
	set("serialNumber", starlark.String(strings.ToUpper(fmt.Sprintf("%02x", c.SerialNumber))))
	set("notBefore", starlark.String(c.NotBefore.UTC().Format(form)))
	set("notAfter", starlark.String(c.NotAfter.UTC().Format(form)))
	var names starlark.Tuple
	for _, n := range c.DNSNames {
		names = append(names, starlark.Tuple{starlark.String("DNS"), starlark.String(n)})
	}
	for _, a := range c.IPAddresses {
		names = append(names, starlark.Tuple{starlark.String("IP Address"), starlark.String(a.String())})
	}
	if len(names) > 0 {
		set("subjectAltName", names)
	}
	return d
}

// nameParts are the parts of names that certificates have, by the last number of their kind.
var nameParts = map[int]string{
	3: "commonName", 5: "serialNumber", 6: "countryName", 7: "localityName", 8: "stateOrProvinceName",
	9: "streetAddress", 10: "organizationName", 11: "organizationalUnitName", 17: "postalCode",
}

func distinguished(n pkix.Name) starlark.Value {
	var out starlark.Tuple
	for _, part := range n.Names {
		name := part.Type.String()
		if known, ok := nameParts[part.Type[len(part.Type)-1]]; ok && slices.Equal(part.Type[:len(part.Type)-1], []int{2, 5, 4}) {
			name = known
		}
		out = append(out, starlark.Tuple{starlark.Tuple{starlark.String(name), starlark.String(fmt.Sprint(part.Value))}})
	}
	return out
}
