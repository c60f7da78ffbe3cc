package export

import (
	"encoding/binary"

	"github.com/mlxstar/mlxstar/memory"
)

// message is one of protocol buffers, as it is written.
type message []byte

func (m *message) varint(field int, v uint64) {
	if v == 0 {
		return // the default
	}
	*m = binary.AppendUvarint(*m, uint64(field)<<3)
	*m = binary.AppendUvarint(*m, v)
}

func (m *message) bytes(field int, b []byte) {
	*m = binary.AppendUvarint(*m, uint64(field)<<3|2)
	*m = binary.AppendUvarint(*m, uint64(len(b)))
	*m = append(*m, b...)
}

func (m *message) packed(field int, vs []uint64) {
	var b []byte
	for _, v := range vs {
		b = binary.AppendUvarint(b, v)
	}
	m.bytes(field, b)
}

// pprofWriter numbers the strings, functions and locations of a profile. Fields have the
// numbers of profile.proto.
type pprofWriter struct {
	strings   map[string]uint64
	table     []string
	functions map[memory.Frame]uint64
	locations map[memory.Frame]uint64
	out       message
}

func newPprof() *pprofWriter {
	return &pprofWriter{strings: map[string]uint64{"": 0}, table: []string{""}, functions: map[memory.Frame]uint64{}, locations: map[memory.Frame]uint64{}}
}

func (w *pprofWriter) text(s string) uint64 {
	i, ok := w.strings[s]
	if !ok {
		i = uint64(len(w.table))
		w.strings[s] = i
		w.table = append(w.table, s)
	}
	return i
}

func (w *pprofWriter) encode(p *memory.Profile) []byte {
	for _, t := range [...][2]string{{"alloc_objects", "count"}, {"alloc_space", "bytes"}, {"inuse_objects", "count"}, {"inuse_space", "bytes"}, {"peak_space", "bytes"}} {
		w.out.bytes(1, w.valueType(t[0], t[1]))
	}
	for i := range p.Rows {
		w.sample(&p.Rows[i])
	}
	w.out.varint(14, w.text("inuse_space"))
	for _, s := range w.table {
		w.out.bytes(6, []byte(s))
	}
	return w.out
}

// unknownLine stands for a place that is not known.
const unknownLine = "(unknown line)"

// places are the numbers of a stack's places; there is one also where no line is known.
func (w *pprofWriter) places(stack []memory.Frame) (at []uint64) {
	if len(stack) == 0 {
		stack = []memory.Frame{{Function: unknownLine}}
	}
	for _, f := range stack {
		at = append(at, w.location(f))
	}
	return at
}

func (w *pprofWriter) sample(r *memory.Row) {
	if r.Live.Bytes == 0 && r.Allocated.Bytes == 0 && r.AtPeak.Bytes == 0 {
		return
	}
	var m message
	m.packed(1, w.places(r.Stack))
	m.packed(2, []uint64{uint64(r.Allocated.Arrays), uint64(r.Allocated.Bytes), uint64(r.Live.Arrays), uint64(r.Live.Bytes), uint64(r.AtPeak.Bytes)})
	for _, label := range [...][2]string{{"operation", r.Operation}, {"dtype", r.Dtype}} {
		if label[1] == "" {
			continue
		}
		var l message
		l.varint(1, w.text(label[0]))
		l.varint(2, w.text(label[1]))
		m.bytes(3, l)
	}
	w.out.bytes(2, m)
}

func (w *pprofWriter) location(f memory.Frame) uint64 {
	if id, ok := w.locations[f]; ok {
		return id
	}
	id := uint64(len(w.locations) + 1)
	w.locations[f] = id
	var line, m message
	line.varint(1, w.function(f))
	line.varint(2, uint64(f.Line))
	m.varint(1, id)
	m.bytes(4, line)
	w.out.bytes(4, m)
	return id
}

func (w *pprofWriter) function(f memory.Frame) uint64 {
	key := memory.Frame{File: f.File, Function: f.Function}
	if id, ok := w.functions[key]; ok {
		return id
	}
	id := uint64(len(w.functions) + 1)
	w.functions[key] = id
	name := f.Function
	if name == "" {
		name = f.String()
	}
	var m message
	m.varint(1, id)
	m.varint(2, w.text(name))
	m.varint(4, w.text(f.File))
	w.out.bytes(5, m)
	return id
}
