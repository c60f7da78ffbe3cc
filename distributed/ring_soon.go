package distributed

import (
	"net"
	"runtime"
	"time"
)

// Bytes that come soon are looked out for, and bytes that find room are sent without
// anything beside.

// mostLook bounds the time in which a process looks out for bytes before it sleeps until they
// come.
const mostLook = 50 * time.Microsecond

// look takes the bytes that come within a while. To sleep and be woken takes longer than they
// do where both processes have a processor to themselves; where they have not, looking out
// keeps the other from sending. So the while gets longer where bytes come in it, and
// shorter where they do not.
func (r *ring) look(c net.Conn, data []byte, patience *time.Duration) (n int) {
	if runtime.NumCPU() == 1 {
		return 0
	}
	n = lookOut(c, data, *patience)
	if n > 0 {
		*patience = mostLook
	} else {
		*patience /= 2
	}
	return n
}

// readSoon reads what is likely to come soon.
func (r *ring) readSoon(by side, data []byte, patience *time.Duration) error {
	n := r.look(by.conn, data, patience)
	return r.read(by.conn, by.rank, data[n:])
}

// begin sends bytes to a neighbour. What finds no room is sent beside, and sent waits for it.
func (r *ring) begin(to side, data []byte) (sent func() error) {
	data = data[pushOut(to.conn, data):]
	if len(data) <= smallBytes {
		err := r.write(to.conn, to.rank, data)
		return func() error { return err }
	}
	done := make(chan error, 1)
	go func() { done <- r.write(to.conn, to.rank, data) }()
	return func() error { return <-done }
}
