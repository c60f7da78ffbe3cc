package distributed

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"time"
)

// The variables that name files in PEM, by which connections are encrypted. All three or
// none are set.
const (
	certificateVariable = "MLXSTAR_RING_CERT"
	keyVariable         = "MLXSTAR_RING_KEY"
	authorityVariable   = "MLXSTAR_RING_CA"
)

// secured is the network of processes whose connections are encrypted. Who has a
// certificate of the authority belongs to them, whatever the address: the authority is for
// this purpose alone.
type secured struct {
	Network
	config *tls.Config
}

// network is what processes reach each other by, as the variables want it.
func network(o *Options) (Network, error) {
	if o.Network == nil {
		return nil, ErrNoNetwork
	}
	var texts [3][]byte
	names, set := []string{certificateVariable, keyVariable, authorityVariable}, 0
	for i, name := range names {
		path, _ := o.Variable(name)
		if path == "" {
			continue
		}
		text, err := o.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		texts[i] = text
		set++
	}
	switch set {
	case 0:
		return o.Network, nil
	case len(names):
	default:
		return nil, fmt.Errorf("of %s, %s and %s only some are set: want all, or none", certificateVariable, keyVariable, authorityVariable)
	}
	own, err := tls.X509KeyPair(texts[0], texts[1])
	if err != nil {
		return nil, fmt.Errorf("%s and %s: %w", certificateVariable, keyVariable, err)
	}
	authority := x509.NewCertPool()
	if !authority.AppendCertsFromPEM(texts[2]) {
		return nil, fmt.Errorf("%s: there is no certificate in the file", authorityVariable)
	}
	return &secured{o.Network, &tls.Config{
		MinVersion:   tls.VersionTLS13,
		Certificates: []tls.Certificate{own},
		ClientAuth:   tls.RequireAnyClientCert,
		// Names are not looked at, but the authority is, by either end.
		InsecureSkipVerify: true,
		VerifyConnection:   func(s tls.ConnectionState) error { return issued(s.PeerCertificates, authority) },
	}}, nil
}

// issued refuses certificates that are not of the authority.
func issued(chain []*x509.Certificate, authority *x509.CertPool) error {
	if len(chain) == 0 {
		return errors.New("it shows no certificate")
	}
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	if _, err := chain[0].Verify(x509.VerifyOptions{Roots: authority, Intermediates: between, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
		return fmt.Errorf("its certificate is not of the authority in %s: %w", authorityVariable, err)
	}
	return nil
}

// Dial connects, and finds out who answers.
func (s *secured) Dial(ctx context.Context, address string) (net.Conn, error) {
	c, err := s.Network.Dial(ctx, address)
	if err != nil {
		return nil, err
	}
	t := tls.Client(c, s.config)
	if err := agree(ctx, t); err != nil {
		_ = c.Close() // it is not used
		return nil, err
	}
	return t, nil
}

// Listen gives connections whose other ends are not known before agree.
func (s *secured) Listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := s.Network.Listen(ctx, address)
	if err != nil {
		return nil, err
	}
	return tls.NewListener(l, s.config), nil
}

// agree finds out who is at the other end of a connection, where that is encrypted. Ends that
// have no business here are strangers; others may only be gone.
func agree(ctx context.Context, c net.Conn) error {
	t, ok := c.(*tls.Conn)
	if !ok {
		return nil
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	err := t.HandshakeContext(ctx)
	var gone net.Error
	switch {
	case err == nil:
		_ = c.SetDeadline(time.Time{})
		return nil
	case ctx.Err() != nil, errors.As(err, &gone), closed(err):
		return err
	}
	return fmt.Errorf("%w: %w", errStranger, err)
}
