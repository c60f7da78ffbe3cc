package distributed

import (
	"encoding/binary"
	"fmt"
	"net"
	"time"

	"github.com/mlxstar/mlxstar/engine"
)

// Where there is a secret, operations begin with a label: what a process is about to do.
// A neighbour that does something else is told apart from one whose bytes can be used.

// label is 16 bytes: the operation, the dtype, two that are free, the operation's number
// among those of all processes, and the bytes of the operand.
const labelSize = 16

// labelled are the operations by their numbers in labels. What is added goes to the end.
var labelled = []*engine.Op{
	engine.OpAllSum, engine.OpAllMax, engine.OpAllMin, engine.OpAllGather, engine.OpSumScatter, engine.OpSend, engine.OpRecv,
}

func labelOf(x *engine.Exchange, number uint32) (out [labelSize]byte) {
	for i, op := range labelled {
		if op == x.Kind {
			out[0] = byte(i)
		}
	}
	out[1] = byte(x.Dtype)
	binary.BigEndian.PutUint32(out[4:], number)
	binary.BigEndian.PutUint64(out[8:], uint64(x.Bytes))
	return out
}

// label tells a neighbour what is about to be done.
func (r *ring) label(c net.Conn, neighbour int, x *engine.Exchange, number uint32) error {
	if r.watch == nil {
		return nil
	}
	l := labelOf(x, number)
	return r.write(c, neighbour, l[:])
}

// check compares what a neighbour is about to do. What belongs to a recv is a send.
func (r *ring) check(c net.Conn, neighbour int, x *engine.Exchange, number uint32) error {
	return r.checkSoon(side{c, neighbour}, x, number, new(time.Duration))
}

// checkSoon compares a label that is likely to come soon.
func (r *ring) checkSoon(by side, x *engine.Exchange, number uint32, patience *time.Duration) error {
	if r.watch == nil {
		return nil
	}
	var got [labelSize]byte
	if err := r.readSoon(by, got[:], patience); err != nil {
		return err
	}
	return r.agreed(got, by.rank, x, number)
}

// agreed compares a label that has come.
func (r *ring) agreed(got [labelSize]byte, neighbour int, x *engine.Exchange, number uint32) error {
	wanted := *x
	if x.Kind == engine.OpRecv {
		wanted.Kind = engine.OpSend
	}
	want := labelOf(&wanted, number)
	if got == want {
		return nil
	}
	err := fmt.Errorf("processes disagree: process %d does %s, and process %d does %s",
		r.rank, describe(labelOf(x, number)), neighbour, describe(got))
	r.leave(err, &lostError{r.rank, err.Error()})
	return err
}

// describe says what a label means.
func describe(l [labelSize]byte) string {
	kind, d := "something unknown", engine.Dtype(l[1])
	if int(l[0]) < len(labelled) {
		kind = labelled[l[0]].Name
	}
	bytes := binary.BigEndian.Uint64(l[8:])
	of := fmt.Sprintf("%d bytes", bytes)
	if d.Valid() {
		of = fmt.Sprintf("%d elements of %s", bytes/uint64(d.Size()), d)
	}
	if n := binary.BigEndian.Uint32(l[4:]); n > 0 {
		return fmt.Sprintf("%s of %s (operation %d)", kind, of, n)
	}
	return fmt.Sprintf("%s of %s", kind, of)
}
