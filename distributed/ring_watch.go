package distributed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"
)

// Neighbours watch each other on a connection of its own: each says at intervals that it
// is there, and when it leaves, whether another process is the reason. Who learns of a
// process that is lost tells its other neighbour, so that all know which it was.

// The kinds of a notice.
const (
	isThere byte = iota + 1
	leaves
	isLost  // with the rank of the lost process, and why
	hasLeft // with the rank of one that left in order
)

const (
	noticeHead = 3 // the kind, and the bytes that follow
	maxNotice  = 512
)

// notice is a message between neighbours.
type notice struct {
	kind byte
	rank int
	why  string
}

func (n *notice) bytes() []byte {
	var body []byte
	if n.kind == isLost || n.kind == hasLeft {
		body = binary.BigEndian.AppendUint32(nil, uint32(n.rank))
		body = append(body, short(n.why, maxNotice-4)...)
	}
	out := binary.BigEndian.AppendUint16([]byte{n.kind}, uint16(len(body)))
	return append(out, body...)
}

// short is the beginning of a text, of whole characters.
func short(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// readNotice reads a message, whatever comes. Ranks are those of a group of that size.
func readNotice(in io.Reader, size int) (n notice, err error) {
	var head [noticeHead]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return n, err
	}
	length := int(binary.BigEndian.Uint16(head[1:]))
	if length > maxNotice {
		return n, fmt.Errorf("a notice has %d bytes, want at most %d", length, maxNotice)
	}
	var body [maxNotice]byte
	if _, err := io.ReadFull(in, body[:length]); err != nil {
		return n, err
	}
	n.kind = head[0]
	switch {
	case (n.kind == isThere || n.kind == leaves) && length == 0:
		return n, nil
	case (n.kind == isLost || n.kind == hasLeft) && length >= 4:
		if rank := binary.BigEndian.Uint32(body[:]); int64(rank) < int64(size) {
			n.rank = int(rank)
			if n.why = string(body[4:length]); utf8.ValidString(n.why) {
				return n, nil
			}
		}
	}
	return n, errors.New("a notice means nothing")
}

// watch is the connections on which a ring's neighbours watch each other.
type watch struct {
	r      *ring
	sides  [2]*watched
	silent time.Duration
}

// watched is a neighbour.
type watched struct {
	side
	mu   sync.Mutex    // of writing
	gone chan struct{} // closed when it has left in order
}

func newWatch(r *ring, right, left net.Conn, silent time.Duration) *watch {
	w := &watch{r: r, silent: silent}
	w.sides = [2]*watched{
		{side: side{right, r.next()}, gone: make(chan struct{})},
		{side: side{left, r.previous()}, gone: make(chan struct{})},
	}
	for _, s := range w.sides {
		tune(s.conn)
		r.gone.Go(func() { w.listen(s) })
		r.gone.Go(func() { s.beat(w.silent, nil, w.r.lost) })
	}
	return w
}

// farewell bounds the time in which a notice must be on its way.
const farewell = time.Second / 2

func (s *watched) say(n *notice, within time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.conn.SetWriteDeadline(time.Now().Add(within)); err != nil {
		return err
	}
	_, err := s.conn.Write(n.bytes())
	return err
}

// beat says at intervals that this process is there, often enough for who takes so long a
// silence for a loss, until one of the channels is closed.
func (s *watched) beat(silent time.Duration, gone, lost <-chan struct{}) {
	every := time.Second / 2
	if silent > 0 {
		every = min(every, silent/4)
	}
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			// What cannot be said is noticed by who listens.
			_ = s.say(&notice{kind: isThere}, farewell)
		case <-gone:
			return
		case <-lost:
			return
		}
	}
}

// listen hears what the neighbour says, until one of the two leaves.
func (w *watch) listen(s *watched) {
	for {
		if w.silent > 0 {
			_ = s.conn.SetReadDeadline(time.Now().Add(w.silent)) // reading fails if this does
		}
		n, err := readNotice(s.conn, w.r.size)
		switch {
		case err != nil:
			lost := &lostError{s.rank, w.reason(err)}
			w.r.leave(lost, lost)
			return
		case n.kind == isLost:
			lost := &lostError{n.rank, n.why}
			w.r.leave(lost, lost)
			return
		case n.kind == leaves:
			w.left(s)
			return
		}
	}
}

// left waits for the end of a neighbour that has left in order: operations that want it
// fail by themselves. They are told why.
func (w *watch) left(s *watched) {
	close(s.gone)
	<-w.r.lost
	_ = s.conn.Close() // nothing is said on it any more
}

// verdict waits to be told who was lost when the connection to a neighbour is: if nobody
// tells, it is the neighbour.
func (w *watch) verdict(neighbour int, err error) *lostError {
	var left chan struct{}
	t := time.NewTimer(verdictTime)
	defer t.Stop()
	for _, s := range w.sides {
		if s.rank == neighbour {
			left = s.gone
		}
	}
	select {
	case <-left:
		return &lostError{neighbour, "it left the group"}
	case <-w.r.lost: // which stays the reason
	case <-t.C:
	}
	return &lostError{neighbour, reason(err)}
}

// reason says in what way a process was lost.
func (w *watch) reason(err error) string { return silence(err, w.silent) }

// silence words the error of a connection on which there are signs of life.
func silence(err error, patience time.Duration) string {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Sprintf("it gave no sign of life for %v", patience)
	}
	return reason(err)
}

// leave tells the neighbours that this process leaves, and who is lost, if anyone is.
func (w *watch) leave(whom *lostError) {
	n := notice{kind: leaves}
	if whom != nil {
		n = notice{isLost, whom.rank, whom.why}
	}
	var both sync.WaitGroup
	for _, s := range w.sides {
		both.Go(func() {
			_ = s.say(&n, farewell) // who is gone hears nothing
			_ = s.conn.Close()
		})
	}
	both.Wait()
}

// reason words an error of a connection.
func reason(err error) string {
	switch {
	case closed(err) && !reset(err):
		return "it closed the connection"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "it sent nothing for too long, see " + timeoutVariable
	case reset(err):
		return "it ended without closing the connection"
	case errors.Is(err, syscall.ETIMEDOUT):
		return "it cannot be reached any more"
	}
	return err.Error()
}

// reset reports whether the other end is gone without a word.
func reset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// closed reports whether the other end is gone.
func closed(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || reset(err)
}
