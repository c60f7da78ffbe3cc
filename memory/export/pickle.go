package export

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"math"
)

// pickler writes values in Python's pickle format, protocol 2: dicts, lists, tuples,
// strings, integers, floats, booleans and None.
type pickler struct{ out *bufio.Writer }

// item is a dict's entry, in the order in which it is to stand.
type item struct {
	key   string
	value any
}

type (
	dict []item
	list []any
	// stream is a list whose items come one after the other.
	stream func(yield func(v any))
)

func (p *pickler) dump(v any) {
	_, _ = p.out.Write([]byte{0x80, 2})
	p.value(v)
	_ = p.out.WriteByte('.') // an error shows when it is flushed
}

func (p *pickler) op(code byte) { _ = p.out.WriteByte(code) }

func (p *pickler) value(v any) {
	switch v := v.(type) {
	case nil:
		p.op('N')
	case bool:
		p.op(map[bool]byte{true: 0x88, false: 0x89}[v])
	case int:
		p.integer(int64(v))
	case int64:
		p.integer(v)
	case uint64:
		p.integer(int64(v))
	case float64:
		p.op('G')
		_, _ = p.out.Write(binary.BigEndian.AppendUint64(nil, math.Float64bits(v)))
	case string:
		p.op('X')
		_, _ = p.out.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(v))))
		_, _ = p.out.WriteString(v)
	case dict:
		p.op('}')
		p.op('(')
		for _, e := range v {
			p.value(e.key)
			p.value(e.value)
		}
		p.op('u')
	case list:
		p.op(']')
		p.op('(')
		for _, e := range v {
			p.value(e)
		}
		p.op('e')
	case stream:
		p.op(']')
		v(func(e any) {
			p.value(e)
			p.op('a')
		})
	default:
		panic(fmt.Sprintf("pickle: %T", v)) // of this package's own making
	}
}

// integer writes four bytes where they do, else as many as it takes.
func (p *pickler) integer(n int64) {
	if n >= math.MinInt32 && n <= math.MaxInt32 {
		p.op('J')
		_, _ = p.out.Write(binary.LittleEndian.AppendUint32(nil, uint32(int32(n))))
		return
	}
	p.op(0x8a)
	p.op(8)
	_, _ = p.out.Write(binary.LittleEndian.AppendUint64(nil, uint64(n)))
}
