package export

import (
	"compress/gzip"
	"io"

	"github.com/mlxstar/mlxstar/memory"
)

// CPU writes samples of processor time for pprof: go tool pprof FILE. The frames are the
// script's; the label "line" has the innermost one's place.
func CPU(w io.Writer, samples []memory.CPUSample) error {
	p := newPprof()
	for _, t := range [...][2]string{{"samples", "count"}, {"cpu", "nanoseconds"}} {
		p.out.bytes(1, p.valueType(t[0], t[1]))
	}
	var total int64
	for _, s := range samples {
		var m, label message
		m.packed(1, p.places(s.Stack))
		m.packed(2, []uint64{uint64(s.Count), uint64(s.Time)})
		label.varint(1, p.text("line"))
		place := unknownLine
		if len(s.Stack) > 0 {
			place = s.Stack[0].String()
		}
		label.varint(2, p.text(place))
		m.bytes(3, label)
		p.out.bytes(2, m)
		total += int64(s.Time)
	}
	p.out.varint(10, uint64(total)) // the duration: of processor time
	p.out.bytes(11, p.valueType("cpu", "nanoseconds"))
	p.out.varint(14, p.text("cpu"))
	for _, s := range p.table {
		p.out.bytes(6, []byte(s))
	}
	z := gzip.NewWriter(w)
	if _, err := z.Write(p.out); err != nil {
		return err
	}
	return z.Close()
}

func (w *pprofWriter) valueType(what, unit string) message {
	var m message
	m.varint(1, w.text(what))
	m.varint(2, w.text(unit))
	return m
}
