package distributed

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// Where all processes know a secret, whoever connects introduces itself, and both prove
// that they know it, without telling it:
//
//	hello   greeting, from, to, size, index, nonce     by who connects
//	answer  nonce, proof                               by who listens
//	proof                                              by who connects
//	end                                                one byte, when the connection is taken
//
// Every message has one length, and none is waited for longer than patience.

const (
	greeting  = "mlxstar ring 01\n"
	nonceSize = 16
	helloSize = len(greeting) + 4*4 + nonceSize
	proofSize = sha256.Size
	taken     = 'k'
	patience  = 5 * time.Second

	// watching is the index of the connection on which neighbours watch each other, and
	// hearing that of one to the middle of a star.
	watching = 1<<16 - 1
	hearing  = 1<<16 - 2
)

// errStranger is the error of a connection to something that is not the neighbour.
var errStranger = errors.New("what answers there is no process of this ring")

// hello is who connects to whom, and for what.
type hello struct {
	from, to, size, index uint32
	nonce                 [nonceSize]byte
}

func (h *hello) bytes() []byte {
	out := append(make([]byte, 0, helloSize), greeting...)
	for _, n := range []uint32{h.from, h.to, h.size, h.index} {
		out = binary.BigEndian.AppendUint32(out, n)
	}
	return append(out, h.nonce[:]...)
}

// parseHello reads what a connection begins with.
func parseHello(data []byte) (h hello, err error) {
	if len(data) != helloSize || string(data[:len(greeting)]) != greeting {
		return h, errors.New("it does not begin as a process of this ring does")
	}
	data = data[len(greeting):]
	for i, n := range []*uint32{&h.from, &h.to, &h.size, &h.index} {
		*n = binary.BigEndian.Uint32(data[4*i:])
	}
	copy(h.nonce[:], data[16:])
	return h, nil
}

// proof shows that whoever plays the part in a conversation knows the secret.
func proof(secret []byte, part string, hello, nonce []byte) []byte {
	h := hmac.New(sha256.New, secret)
	_, _ = io.WriteString(h, part) // a hash takes everything
	_, _ = h.Write(hello)
	_, _ = h.Write(nonce)
	return h.Sum(nil)
}

// within bounds a conversation, and ends it with the context. Its end restores the
// connection's patience.
func within(ctx context.Context, c net.Conn) (end func()) {
	_ = c.SetDeadline(time.Now().Add(patience))
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	return func() {
		if stop() {
			_ = c.SetDeadline(time.Time{})
		}
	}
}

// introduce proves to the right neighbour who connects, and has it do so.
func (m *meeting) introduce(ctx context.Context, c net.Conn, index int) error {
	defer within(ctx, c)()
	return introduce(ctx, c, m.secret, hello{from: uint32(m.rank), to: uint32(m.next()), size: uint32(len(m.nodes)), index: uint32(index)})
}

// introduce says hello, proves it, and has who listens do so.
func introduce(ctx context.Context, c net.Conn, secret []byte, h hello) error {
	if _, err := rand.Read(h.nonce[:]); err != nil {
		return err
	}
	said := h.bytes()
	if _, err := c.Write(said); err != nil {
		return err
	}
	var answer [nonceSize + proofSize]byte
	if _, err := io.ReadFull(c, answer[:]); err != nil {
		var late net.Error
		if errors.As(err, &late) && late.Timeout() && ctx.Err() == nil {
			return fmt.Errorf("%w: it does not answer a process that has %s", errStranger, secretVariable)
		}
		return err
	}
	nonce := answer[:nonceSize]
	if !hmac.Equal(answer[nonceSize:], proof(secret, "answer", said, nonce)) {
		return fmt.Errorf("%w: it has another %s", errStranger, secretVariable)
	}
	if _, err := c.Write(proof(secret, "proof", said, nonce)); err != nil {
		return err
	}
	return accepted(c)
}

// accepted hears whether the connection is taken.
func accepted(c net.Conn) error {
	var end [1]byte
	if _, err := io.ReadFull(c, end[:]); err != nil {
		return err
	}
	switch end[0] {
	case taken:
		return nil
	case notTaken:
		return fmt.Errorf("%w: it has a process of this rank already, or belongs to a group of another size", errStranger)
	}
	return fmt.Errorf("%w: it says %q", errStranger, end[0])
}

// welcome finds out whether a connection is the left neighbour's, and takes it.
func (m *meeting) welcome(ctx context.Context, c net.Conn, take func(index int, c net.Conn) error) error {
	defer within(ctx, c)()
	h, err := welcome(c, m.secret)
	if err != nil {
		return err
	}
	if int(h.from) != m.previous() || int(h.to) != m.rank || int(h.size) != len(m.nodes) {
		return fmt.Errorf("it is rank %d of %d looking for rank %d, and this is rank %d of %d", h.from, h.size, h.to, m.rank, len(m.nodes))
	}
	if err := take(int(h.index), c); err != nil {
		return err
	}
	_, _ = c.Write([]byte{taken}) // the neighbour, if it is gone, is missed later
	return nil
}

// welcome hears who connects, and has it prove that it knows the secret: what it said is
// true then.
func welcome(c net.Conn, secret []byte) (h hello, err error) {
	var said [helloSize]byte
	if _, err := io.ReadFull(c, said[:]); err != nil {
		return h, errors.New("it does not introduce itself")
	}
	if h, err = parseHello(said[:]); err != nil {
		return h, err
	}
	nonce := make([]byte, nonceSize)
	if _, err := rand.Read(nonce); err != nil {
		return h, err
	}
	if _, err := c.Write(append(nonce, proof(secret, "answer", said[:], nonce)...)); err != nil {
		return h, err
	}
	var shown [proofSize]byte
	if _, err := io.ReadFull(c, shown[:]); err != nil {
		return h, errors.New("it does not prove who it is")
	}
	if !hmac.Equal(shown[:], proof(secret, "proof", said[:], nonce)) {
		return h, fmt.Errorf("it has another %s", secretVariable)
	}
	return h, nil
}
