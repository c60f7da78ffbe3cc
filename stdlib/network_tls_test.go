package stdlib

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// certificate writes a certificate and its key into dir, signed by the one of signer or
// by itself.
func certificate(t *testing.T, dir, file, keyFile, name string, signer *x509.Certificate, signerKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made := &x509.Certificate{
		SerialNumber: big.NewInt(0x1234), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: signer == nil, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if signer == nil {
		signer, signerKey = made, key
	}
	der, err := x509.CreateCertificate(rand.Reader, made, signer, &key.PublicKey, signerKey)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{file: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(filepath.Join(dir, path), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return made, key
}

// TestSecured runs clients and servers of TLS. What they print is CPython's, with OpenSSL.
func TestSecured(t *testing.T) {
	dir := t.TempDir()
	cert, key := certificate(t, dir, "cert.pem", "key.pem", "localhost", nil, nil)
	certificate(t, dir, "client.pem", "client.key", "me", cert, key)
	certificate(t, dir, "other.pem", "other.key", "other.example", nil, nil)
	const path = "testdata/tls/secured.py"
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/tls/secured.txt")
	if err != nil {
		t.Fatal(err)
	}
	env := &Environment{
		Args: []string{path}, Files: HostFiles{}, Network: HostNetwork{}, Dir: dir,
		Source: func(file string) ([]byte, bool) { return src, file == path },
	}
	if got := runScript(t, path, string(src), env); got != string(want) {
		t.Errorf("%s", difference(got, string(want)))
	}
}
