package distributed

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar/engine"
)

// authority makes the files of an authority and of a certificate that it gives.
func authority(t *testing.T, name string) map[string][]byte {
	t.Helper()
	must := func(b []byte, err error) []byte {
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	key := func() *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	text := func(kind string, b []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}) }
	own, process := key(), key()
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour), IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	rootText := must(x509.CreateCertificate(rand.Reader, root, root, &own.PublicKey, own))
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "process"}, NotAfter: time.Now().Add(time.Hour)}
	return map[string][]byte{
		"ca.pem":   text("CERTIFICATE", rootText),
		"cert.pem": text("CERTIFICATE", must(x509.CreateCertificate(rand.Reader, leaf, root, &process.PublicKey, own))),
		"key.pem":  text("PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(process))),
	}
}

// encrypted are the variables for connections that are.
var encrypted = []string{certificateVariable + "=cert.pem", keyVariable + "=key.pem", authorityVariable + "=ca.pem"}

// withFiles gives options the files, besides the hostfile.
func withFiles(o *Options, files map[string][]byte) *Options {
	hosts := o.ReadFile
	o.ReadFile = func(path string) ([]byte, error) {
		if b, ok := files[path]; ok {
			return b, nil
		}
		if strings.HasSuffix(path, ".pem") {
			return nil, fs.ErrNotExist
		}
		return hosts(path)
	}
	return o
}

// overheard is a network that keeps what is sent.
type overheard struct {
	*wires
	mu   sync.Mutex
	sent bytes.Buffer
}

type tapped struct {
	net.Conn
	by *overheard
}

func (c *tapped) Write(p []byte) (int, error) {
	c.by.mu.Lock()
	c.by.sent.Write(p)
	c.by.mu.Unlock()
	return c.Conn.Write(p)
}

func (o *overheard) Dial(ctx context.Context, address string) (net.Conn, error) {
	c, err := o.wires.Dial(ctx, address)
	if err != nil {
		return nil, err
	}
	return &tapped{c, o}, nil
}

// TestEncrypted: rings and stars of processes with certificates of one authority work, and
// nobody reads what they send.
func TestEncrypted(t *testing.T) {
	files := authority(t, "group")
	for _, more := range []string{"A=b", starSecret} {
		w := &overheard{wires: newWires()}
		const size = 3
		errs := make([]error, size)
		word := []byte("a word that is nowhere else     ")
		var all sync.WaitGroup
		for rank := range size {
			all.Go(func() {
				o := withFiles(ringOptions(w, rank, size, 2, append(encrypted, more)...), files)
				g, err := joinRing(t.Context(), o)
				if errs[rank] = err; err != nil {
					return
				}
				defer g.Close()
				x := exchange(engine.OpAllGather, word, size*len(word))
				if errs[rank] = perform(t.Context(), g.(*ring), x); errs[rank] == nil && bytes.Count(x.Out, word) != size {
					errs[rank] = fmt.Errorf("process %d gathered %q", rank, x.Out)
				}
			})
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		if w.sent.Len() == 0 || bytes.Contains(w.sent.Bytes(), word) {
			t.Errorf("%d bytes were sent, and the word is among them", w.sent.Len())
		}
	}
}

// TestEncryptedRefuses: processes of another authority, or without certificates, are strangers;
// files that are not there, and some of the variables, are errors.
func TestEncryptedRefuses(t *testing.T) {
	files := authority(t, "group")
	meetAs := func(network Network, rank int, files map[string][]byte, more ...string) error {
		m := Meeting{
			Address: "10.0.0.1:1", Rank: rank, Size: 2, Within: time.Minute,
			Token: func() ([]byte, error) { return []byte("token"), nil }, TokenSize: 5,
		}
		s, _, err := Meet(t.Context(), withFiles(ringOptions(network, rank, 2, 1, more...), files), m)
		if err == nil {
			t.Cleanup(func() { _ = s.Close() })
		}
		return err
	}
	w := newWires()
	if err := meetAs(w, 0, files, encrypted...); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		files map[string][]byte
		more  []string
		want  string
	}{
		{authority(t, "others"), encrypted, "its certificate is not of the authority in " + authorityVariable},
		{nil, encrypted, certificateVariable + ": file does not exist"},
		{files, encrypted[:2], "only some are set"},
		{map[string][]byte{"ca.pem": {}, "cert.pem": files["cert.pem"], "key.pem": files["key.pem"]}, encrypted, "there is no certificate in the file"},
		{map[string][]byte{"ca.pem": files["ca.pem"], "cert.pem": files["cert.pem"], "key.pem": files["ca.pem"]}, encrypted, certificateVariable + " and " + keyVariable},
	} {
		if err := meetAs(w, 1, c.files, c.more...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	if err := meetAs(w, 1, files, encrypted...); err != nil {
		t.Errorf("one of them is refused: %v", err)
	}
}
