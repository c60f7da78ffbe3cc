package export

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"testing"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/memory"
)

// recorded is a run of some steps, with events, in which the third step has the peak.
func recorded() (*memory.Profile, memory.Changes) {
	sites := new(alloc.SiteTable)
	r := memory.NewRecorder(sites, 0)
	pool := new(alloc.Pool)
	site := sites.InternStack([]alloc.Frame{{File: "a.py", Line: 3, Function: "f"}, {File: "a.py", Line: 9}})
	id := uint64(0)
	for step := range 5 {
		r.EvalBegun(4)
		from := id + 1
		for k := range 4 {
			id++
			n := int64(100 * (k + 1))
			if step == 2 {
				n *= 7
			}
			r.Observe(alloc.Event{Kind: alloc.Allocated, Pool: pool, ID: id, Bytes: n, Cache: 5})
			r.Observe(alloc.Event{Kind: alloc.Described, Pool: pool, ID: id, Bytes: n, Site: site, Cache: 5, Label: &alloc.Label{Operation: "add", Dtype: "float32", Shape: []int{k}}})
		}
		r.EvalEnded()
		for k := from; k < id; k++ { // one stays
			r.Observe(alloc.Event{Kind: alloc.Freed, Pool: pool, ID: k, Cache: 50})
		}
		r.Mark("")
	}
	p := r.Profile(true)
	return p, func(yield func(c memory.Change) bool) error {
		for _, c := range p.Trace {
			if !yield(c) {
				break
			}
		}
		return nil
	}
}

// unpickle reads what pickler writes.
func unpickle(t *testing.T, data []byte) any {
	t.Helper()
	type mark struct{}
	var stack []any
	push := func(v any) { stack = append(stack, v) }
	pop := func() any { v := stack[len(stack)-1]; stack = stack[:len(stack)-1]; return v }
	toMark := func() (items []any) {
		for i := len(stack) - 1; ; i-- {
			if _, ok := stack[i].(mark); ok {
				items = append(items, stack[i+1:]...)
				stack = stack[:i]
				return items
			}
		}
	}
	take := func(n int) []byte { b := data[:n]; data = data[n:]; return b }
	if !bytes.Equal(take(2), []byte{0x80, 2}) {
		t.Fatal("no pickle of protocol 2")
	}
	for {
		switch op := take(1)[0]; op {
		case '.':
			if len(stack) != 1 || len(data) != 0 {
				t.Fatalf("%d values and %d bytes are left", len(stack), len(data))
			}
			return stack[0]
		case 'N':
			push(nil)
		case 0x88, 0x89:
			push(op == 0x88)
		case 'J':
			push(int64(int32(binary.LittleEndian.Uint32(take(4)))))
		case 0x8a:
			if n := take(1)[0]; n != 8 {
				t.Fatalf("an integer of %d bytes", n)
			}
			push(int64(binary.LittleEndian.Uint64(take(8))))
		case 'G':
			push(math.Float64frombits(binary.BigEndian.Uint64(take(8))))
		case 'X':
			push(string(take(int(binary.LittleEndian.Uint32(take(4))))))
		case '}':
			push(map[string]any{})
		case ']':
			push(&[]any{})
		case '(':
			push(mark{})
		case 'u':
			items := toMark()
			d := stack[len(stack)-1].(map[string]any)
			for i := 0; i < len(items); i += 2 {
				d[items[i].(string)] = items[i+1]
			}
		case 'e':
			items := toMark()
			l := stack[len(stack)-1].(*[]any)
			*l = append(*l, items...)
		case 'a':
			v := pop()
			l := stack[len(stack)-1].(*[]any)
			*l = append(*l, v)
		default:
			t.Fatalf("opcode %q", op)
		}
	}
}

// A snapshot's segments are what is live, and its trace leads from nothing to them by way
// of the peak.
func TestMemoryViz(t *testing.T) {
	p, changes := recorded()
	var b bytes.Buffer
	if err := MemoryViz(&b, p, changes); err != nil {
		t.Fatal(err)
	}
	snapshot := unpickle(t, b.Bytes()).(map[string]any)
	live := map[int64]int64{} // by address
	var sum, high int64
	traces := *snapshot["device_traces"].(*[]any)
	named := false
	for _, e := range *traces[0].(*[]any) {
		x := e.(map[string]any)
		at, n := x["addr"].(int64), x["size"].(int64)
		switch x["action"] {
		case "alloc":
			for other, m := range live {
				if at < other+m && other < at+n {
					t.Fatalf("%d and %d overlap", at, other)
				}
			}
			live[at] = n
			sum += n
			high = max(high, sum)
			frames := *x["frames"].(*[]any)
			if len(frames) == 3 {
				top, next := frames[0].(map[string]any), frames[1].(map[string]any)
				named = named || top["name"] == "1 array of add, float32 (3,)" && next["name"] == "f" && next["filename"] == "a.py" && next["line"] == int64(3)
			}
		case "free_completed":
			if live[at] != n {
				t.Fatalf("%d bytes are freed at %d, where %d were", n, at, live[at])
			}
			delete(live, at)
			sum -= n
		}
	}
	if high != p.Peak || sum != p.Active || !named {
		t.Errorf("the trace's peak is %d, its end %d; want %d, %d (named: %v)", high, sum, p.Peak, p.Active, named)
	}
	for _, s := range *snapshot["segments"].(*[]any) {
		x := s.(map[string]any)
		if live[x["address"].(int64)] != x["total_size"].(int64) {
			t.Errorf("a segment of %d at %d is not what the trace left", x["total_size"], x["address"])
		}
		delete(live, x["address"].(int64))
	}
	if len(live) > 0 {
		t.Errorf("no segments for %v", live)
	}
	b.Reset()
	if err := MemoryViz(&b, p, nil); err != nil {
		t.Error(err)
	}
	unpickle(t, b.Bytes())
}

func TestTrace(t *testing.T) {
	p, changes := recorded()
	var b bytes.Buffer
	if err := Trace(&b, p, changes); err != nil {
		t.Fatal(err)
	}
	var file struct {
		TraceEvents []struct {
			Ph, Name string
			Ts, Dur  float64
			Pid, Tid int
			Args     map[string]any
		}
	}
	if err := json.Unmarshal(b.Bytes(), &file); err != nil {
		t.Fatal(err)
	}
	var high float64
	evals, steps := 0, 0
	for _, e := range file.TraceEvents {
		if e.Ts < 0 || e.Dur < 0 || e.Pid == 0 {
			t.Errorf("%+v", e)
		}
		switch {
		case e.Ph == "C":
			high = max(high, e.Args["active"].(float64))
		case e.Ph == "X" && e.Name == "eval":
			evals++
		case e.Ph == "X":
			steps++
		}
	}
	if int64(high) != p.Peak || evals != 5 || steps != 5 {
		t.Errorf("the highest counter is %v of %d, %d evaluations, %d steps", high, p.Peak, evals, steps)
	}
	b.Reset()
	if err := Trace(&b, p, nil); err != nil || !json.Valid(b.Bytes()) {
		t.Errorf("without events: %v", err)
	}
}
