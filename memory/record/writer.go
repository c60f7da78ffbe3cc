package record

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/mlxstar/mlxstar/memory"
)

const (
	magic = "mlxmem2\n"

	rowsBlock    = 'R'
	eventsBlock  = 'E'
	profileBlock = 'P'
	finalBlock   = 'F'

	batchEvents = 1 << 15         // in a block, at most
	batchAge    = time.Second     // from its first event, after which a block is written
	queued      = 8               // blocks that wait to be written
	profileTime = 5 * time.Second // between two profiles, while the run goes on
	minBlocks   = 8               // of events, from which on blocks are dropped
)

// DefaultMaxBytes bounds a file whose bound was not chosen.
const DefaultMaxBytes = 128 << 20

// Writer is a recorder's sink that writes a file.
type Writer struct {
	path string
	most int64

	// The batch is filled by Take, under the recorder's lock.
	batch []memory.Event
	from  before
	last  before // after the batch
	lost  int64  // events for which there was no room

	batches chan batch
	empty   chan []memory.Event // to be filled again
	done    chan struct{}
	ended   sync.Once

	// The rest is the goroutine's that writes.
	recorder *memory.Recorder
	file     *os.File
	size     int64
	blocks   []block // of events
	profile  block   // the latest
	rows     int     // how many have been written
	high     int64
	written  time.Time // when the last profile was
	encoder  *zstd.Encoder
	raw      []byte
	packed   []byte
	err      error
}

type batch struct {
	from   before
	events []memory.Event
}

// block is where a block lies.
type block struct {
	kind   byte
	at, n  int64 // all of it
	isPeak bool
}

var _ memory.Sink = (*Writer)(nil)

// Create makes a file, and has the recorder tell of its events from now on. It holds at
// most about so many bytes; 0 is DefaultMaxBytes.
func Create(path string, most int64, r *memory.Recorder) (*Writer, error) {
	if most <= 0 {
		most = DefaultMaxBytes
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("memory record: %w", err)
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("memory record: %w", err), f.Close())
	}
	w := &Writer{
		path: path, most: most, recorder: r, file: f, encoder: enc, written: time.Now(),
		batches: make(chan batch, queued), empty: make(chan []memory.Event, queued), done: make(chan struct{}),
	}
	w.put([]byte(magic))
	go w.work()
	r.Stream(w)
	return w, nil
}

// Take notes an event. It is called under the recorder's lock.
func (w *Writer) Take(e memory.Event) {
	if len(w.batch) > 0 && (len(w.batch) == batchEvents || e.At-w.batch[0].At > batchAge) {
		w.hand()
	}
	if w.batch == nil {
		select {
		case w.batch = <-w.empty:
		default:
			w.batch = make([]memory.Event, 0, batchEvents)
		}
	}
	if len(w.batch) == 0 {
		w.from = w.last
	}
	w.batch = append(w.batch, e)
	w.last = before{e.At.Microseconds(), e.Active, e.Cache}
}

// hand gives the batch to be written. Where writing does not keep up, it is dropped: a run
// does not wait for its record.
func (w *Writer) hand() {
	select {
	case w.batches <- batch{w.from, w.batch}:
		w.batch = nil
	default:
		w.lost += int64(len(w.batch))
		w.batch = w.batch[:0]
	}
}

func (w *Writer) work() {
	defer close(w.done)
	tick := time.NewTicker(profileTime)
	defer tick.Stop()
	for {
		select {
		case b, ok := <-w.batches:
			if !ok {
				return
			}
			w.events(b)
		case <-tick.C:
		}
		if time.Since(w.written) >= profileTime {
			w.keepProfile(profileBlock, w.recorder.Profile(false))
		}
	}
}

// events writes a block of events, and before it the rows that it refers to.
func (w *Writer) events(b batch) {
	w.newRows()
	isPeak := false
	for i := range b.events {
		if n := b.events[i].Active; n > w.high {
			w.high, isPeak = n, true
		}
	}
	if isPeak {
		for i := range w.blocks {
			w.blocks[i].isPeak = false
		}
	}
	w.raw = appendEvents(w.raw[:0], b.from, b.events)
	blk := w.block(eventsBlock, w.raw)
	blk.isPeak = isPeak
	w.blocks = append(w.blocks, blk)
	select {
	case w.empty <- b.events[:0]:
	default:
	}
	if w.size > w.most && len(w.blocks) >= minBlocks {
		w.thin()
	}
}

func (w *Writer) newRows() {
	rows := w.recorder.RowsFrom(w.rows)
	if len(rows) == 0 {
		return
	}
	w.json(rowsBlock, rowsFrom{w.rows, rows})
	w.rows += len(rows)
}

// rowsFrom is the content of a block of rows.
type rowsFrom struct {
	From int          `json:"from"`
	Rows []memory.Row `json:"rows"`
}

func (w *Writer) keepProfile(kind byte, p *memory.Profile) {
	w.written = time.Now()
	p.Trace = nil // it is in the blocks
	w.profile = w.json(kind, p)
}

func (w *Writer) json(kind byte, v any) block {
	text, err := json.Marshal(v)
	if err != nil {
		w.err = errors.Join(w.err, err)
		return block{}
	}
	return w.block(kind, text)
}

// block writes one.
func (w *Writer) block(kind byte, data []byte) block {
	w.packed = w.encoder.EncodeAll(data, w.packed[:0])
	head := binary.AppendUvarint([]byte{kind}, uint64(len(w.packed)))
	blk := block{kind: kind, at: w.size, n: int64(len(head) + len(w.packed))}
	w.put(head)
	w.put(w.packed)
	return blk
}

func (w *Writer) put(b []byte) {
	if w.err != nil {
		return
	}
	n, err := w.file.Write(b)
	w.size += int64(n)
	w.err = err
}

// thin writes the file anew without every other block of events.
func (w *Writer) thin() {
	if w.err != nil {
		return
	}
	kept := w.blocks[:1:1]
	for i, b := range w.blocks[1:] {
		if i%2 == 1 || b.isPeak || i+1 >= len(w.blocks)-minBlocks/4 {
			kept = append(kept, b)
		}
	}
	other, err := os.CreateTemp(dirOf(w.path), ".mlxmem-*")
	if err != nil {
		w.most *= 2 // there is no room to make room
		return
	}
	size, err := w.copyTo(other, kept)
	if info, failed := w.file.Stat(); err == nil && failed == nil {
		err = other.Chmod(info.Mode().Perm())
	}
	if err == nil {
		err = os.Rename(other.Name(), w.path)
	}
	if err != nil {
		w.err = errors.Join(err, other.Close(), os.Remove(other.Name()))
		return
	}
	w.err = w.file.Close()
	w.file, w.size = other, size
}

// copyTo writes rows, the blocks that are kept and the latest profile to a file, and
// notes where they lie there.
func (w *Writer) copyTo(f *os.File, kept []block) (size int64, err error) {
	old := w.file
	was := w.size
	w.file, w.size, w.rows = f, 0, 0
	defer func() { w.file, size, w.size = old, w.size, was }()
	w.put([]byte(magic))
	w.newRows()
	if w.profile.n > 0 {
		kept = append(kept, w.profile)
	}
	for i := range kept {
		b := &kept[i]
		n, err := io.Copy(f, io.NewSectionReader(old, b.at, b.n))
		b.at = w.size
		w.size += n
		if err != nil {
			return 0, err
		}
	}
	if w.profile.n > 0 {
		w.profile = kept[len(kept)-1]
		kept = kept[:len(kept)-1]
	}
	w.blocks = kept
	return 0, w.err
}

// Finish writes what is left and the run's profile, and closes the file. It gives the
// number of events for which there was no time.
func (w *Writer) Finish(p *memory.Profile) (lost int64, err error) {
	w.ended.Do(func() {
		w.recorder.Stream(nil)
		close(w.batches)
		<-w.done
		if len(w.batch) > 0 {
			w.events(batch{w.from, w.batch})
		}
		w.newRows()
		w.keepProfile(finalBlock, p)
		w.err = errors.Join(w.err, w.encoder.Close(), w.file.Close())
	})
	if w.err != nil {
		return w.lost, fmt.Errorf("memory record: %w", w.err)
	}
	return w.lost, nil
}
