package launch

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// Output puts together what the processes of a group print, line by line, each with the
// rank of who printed it.
type Output struct {
	mu             sync.Mutex
	stdout, stderr io.Writer
	raw, verbose   bool
	width          int
	all            []*lines
}

// NewOutput puts together what so many processes print.
func NewOutput(processes int, stdout, stderr io.Writer) *Output {
	return &Output{stdout: stdout, stderr: stderr, width: len(fmt.Sprint(processes - 1))}
}

func newOutput(j *Job, stdout, stderr io.Writer) *Output {
	o := NewOutput(len(j.Hosts), stdout, stderr)
	o.raw, o.verbose = j.Raw, j.Verbose
	return o
}

// Streams are where a process prints.
func (o *Output) Streams(rank int) (stdout, stderr io.Writer) {
	return o.lines(rank, false), o.lines(rank, true)
}

// lines is the output or the error output of a process.
type lines struct {
	o     *Output
	to    io.Writer
	head  string
	held  []byte            // of a line that has not ended
	first func(line string) // takes the first line, if not nil
}

func (o *Output) lines(rank int, errors bool) *lines {
	l := &lines{o: o, to: o.stdout}
	if errors {
		l.to = o.stderr
	}
	if !o.raw {
		l.head = fmt.Sprintf("[%*d] ", o.width, rank)
	}
	o.all = append(o.all, l)
	return l
}

// longest is how much of a line is held until it ends.
const longest = 64 << 10

// Write takes what a process printed.
func (l *lines) Write(data []byte) (int, error) {
	l.o.mu.Lock()
	defer l.o.mu.Unlock()
	n := len(data)
	for len(data) > 0 {
		end := bytes.IndexByte(data, '\n') + 1
		if end == 0 {
			l.held = append(l.held, data...)
			if len(l.held) >= longest || l.o.raw && l.first == nil {
				l.show()
			}
			break
		}
		l.held = append(l.held, data[:end]...)
		data = data[end:]
		if l.first != nil {
			l.first(string(l.held))
			l.first, l.held = nil, l.held[:0]
			continue
		}
		l.show()
	}
	return n, nil
}

// show prints what is held. The lock is held. Who reads may be gone; the processes go on.
func (l *lines) show() {
	if len(l.held) > 0 {
		_, _ = l.to.Write(append([]byte(l.head), l.held...))
	}
	l.held = l.held[:0]
}

// flush prints the beginning of a line that has no end, and ends it.
func (l *lines) flush() {
	l.o.mu.Lock()
	defer l.o.mu.Unlock()
	if len(l.held) > 0 && !l.o.raw {
		l.held = append(l.held, '\n')
	}
	l.show()
}

// tell says how a process ended: to who wants to know, or if something is wrong.
func (o *Output) tell(rank int, text string, wrong bool) {
	if !wrong && !o.verbose {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	fmt.Fprintf(o.stderr, "mlxstar launch: %s\n", text)
}

// End prints what is left: the beginnings of lines.
func (o *Output) End() {
	for _, l := range o.all {
		l.flush()
	}
}
