package record

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/memory"
)

const reusedBit = 0x80

// before is what was so before a block's first event.
type before struct {
	at            int64 // microseconds
	active, cache int64
}

// appendEvents encodes a block of events.
func appendEvents(out []byte, from before, events []memory.Event) []byte {
	for _, n := range []int64{int64(len(events)), from.at, from.active, from.cache} {
		out = binary.AppendUvarint(out, uint64(n))
	}
	for i := range events {
		k := byte(events[i].Kind)
		if events[i].Reused {
			k |= reusedBit
		}
		out = append(out, k)
	}
	at := from.at
	for i := range events {
		now := max(events[i].At.Microseconds(), at)
		out = binary.AppendUvarint(out, uint64(now-at))
		at = now
	}
	var id uint64
	for i := range events {
		out = binary.AppendVarint(out, int64(events[i].ID-id))
		id = events[i].ID
	}
	for i := range events {
		out = binary.AppendUvarint(out, uint64(max(events[i].Bytes, 0)))
	}
	for i := range events {
		out = binary.AppendUvarint(out, uint64(events[i].Row+1))
	}
	cache := from.cache
	for i := range events {
		out = binary.AppendVarint(out, events[i].Cache-cache)
		cache = events[i].Cache
	}
	return out
}

var errCut = errors.New("a block of events is cut short")

// decoder reads varints until something is wrong.
type decoder struct {
	data []byte
	bad  bool
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.data)
	if n <= 0 {
		d.bad, d.data = true, nil
		return 0
	}
	d.data = d.data[n:]
	return v
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.data)
	if n <= 0 {
		d.bad, d.data = true, nil
		return 0
	}
	d.data = d.data[n:]
	return v
}

// decodeEvents reads what appendEvents wrote.
func decodeEvents(data []byte) ([]memory.Event, error) {
	d := &decoder{data: data}
	count, at, active, cache := d.uvarint(), int64(d.uvarint()), int64(d.uvarint()), int64(d.uvarint())
	if d.bad || count > uint64(len(d.data))/6 { // each column has a byte or more of each
		return nil, errCut
	}
	events := make([]memory.Event, count)
	for i := range events {
		k := d.data[i]
		events[i].Kind, events[i].Reused = alloc.EventKind(k&^reusedBit), k&reusedBit != 0
	}
	d.data = d.data[count:]
	for i := range events {
		at += int64(d.uvarint() & (1<<50 - 1))
		events[i].At = time.Duration(at) * time.Microsecond
	}
	var id uint64
	for i := range events {
		id += uint64(d.varint())
		events[i].ID = id
	}
	for i := range events {
		events[i].Bytes = int64(d.uvarint() & (1<<62 - 1))
	}
	for i := range events {
		events[i].Row = int32(uint32(d.uvarint())&(1<<31-1)) - 1
	}
	for i := range events {
		e := &events[i]
		cache += d.varint()
		switch e.Kind {
		case alloc.Allocated:
			active += e.Bytes
		case alloc.Freed:
			active -= e.Bytes
		}
		e.Active, e.Cache = active, cache
	}
	if d.bad {
		return nil, errCut
	}
	return events, nil
}
