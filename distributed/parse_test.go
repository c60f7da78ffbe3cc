package distributed

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// TestParseRing is what hostfiles may hold.
func TestParseRing(t *testing.T) {
	for _, c := range []struct{ text, wrong string }{
		{"", ""},
		{"\n", ""},
		{`[["127.0.0.1:5000"], ["127.0.0.1:5001"]]`, ""},
		{`[["a.example:1","b.example:2"],["[::1]:3","c:4"]]`, ""},
		{`[["127.0.0.1:5000"], ["127.0.0.1"]]`, "want host:port"},
		{`[["127.0.0.1:0"]]`, "port from 1 to 65535"},
		{`[["127.0.0.1:70000"]]`, "port from 1 to 65535"},
		{`[[":80"]]`, "want a host"},
		{`[["a:1"], []]`, "rank 1 has 0 addresses"},
		{`[["a:1"], ["b:1", "b:2"]]`, "all ranks want as many"},
		{`{"hosts": []}`, "want a JSON list"},
		{`[["a:1"], [3]]`, "want a JSON list"},
		{`[["a:1"`, "want a JSON list"},
	} {
		_, err := ParseRing([]byte(c.text))
		if c.wrong == "" && err != nil || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%s: got %v, want %q", c.text, err, c.wrong)
		}
	}
}

func FuzzHostfile(f *testing.F) {
	f.Add([]byte(`[["127.0.0.1:5000"], ["127.0.0.1:5001"]]`))
	f.Add([]byte(`[["[::1]:3","c:4"]]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		nodes, err := ParseRing(text)
		if err != nil {
			return
		}
		again, err := ParseRing(hosts(nodes))
		if err != nil || len(again) != len(nodes) {
			if !bytes.ContainsAny(text, `\"`) {
				t.Errorf("%q gives %q, which is refused: %v", text, nodes, err)
			}
		}
	})
}

func FuzzNotice(f *testing.F) {
	f.Add((&notice{kind: isThere}).bytes(), 2)
	f.Add((&notice{kind: leaves}).bytes(), 2)
	f.Add((&notice{isLost, 1, "it closed the connection"}).bytes(), 3)
	f.Add((&notice{hasLeft, 1, ""}).bytes(), 3)
	f.Add([]byte{isLost, 0xff, 0xff}, 3)
	f.Fuzz(func(t *testing.T, data []byte, size int) {
		in := bytes.NewReader(data)
		n, err := readNotice(in, size)
		if err != nil {
			return
		}
		if (n.kind == isLost || n.kind == hasLeft) && (n.rank < 0 || n.rank >= size) {
			t.Errorf("rank %d of %d", n.rank, size)
		}
		if read := len(data) - in.Len(); !bytes.Equal(n.bytes(), data[:read]) {
			t.Errorf("%x is read as %+v, which is written as %x", data[:read], n, n.bytes())
		}
	})
}

func FuzzHello(f *testing.F) {
	f.Add((&hello{from: 1, to: 2, size: 3, index: watching}).bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		if h, err := parseHello(data); err == nil && !bytes.Equal(h.bytes(), data) {
			t.Errorf("%x is read as %+v", data, h)
		}
	})
}

// TestNoticeIsShort: what is said of a lost process fits a notice, in whole characters.
func TestNoticeIsShort(t *testing.T) {
	n := notice{isLost, 1, strings.Repeat("ä", maxNotice)}
	got, err := readNotice(bytes.NewReader(n.bytes()), 2)
	if err != nil || got.rank != 1 || !strings.HasPrefix(n.why, got.why) || len(got.why) < maxNotice-8 {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestLauncherVariables: what the variables of launchers ask for is given, or is an error.
func TestLauncherVariables(t *testing.T) {
	for _, c := range []struct {
		name, variables, backend string
		strict                   bool
		want                     string // of the error, "alone", or "nothing"
	}{
		{"none", "", Any, false, "nothing"},
		{"none, strict", "", Any, true, "no launcher started other processes"},
		{"none, ring", "", "ring", false, "nothing"},
		{"none, ring, strict", "", "ring", true, "couldn't initialize ring"},
		{"none, mpi", "", "mpi", false, "nothing"},
		{"rank alone", "MLX_RANK=1", Any, false, "MLX_HOSTFILE is not set"},
		{"hostfile alone", "MLX_HOSTFILE=two", Any, false, "MLX_RANK is not set"},
		{"hostfile alone, ring", "MLX_HOSTFILE=two", "ring", false, "MLX_RANK is not set"},
		{"no file", "MLX_RANK=0 MLX_HOSTFILE=none", Any, false, "there is no such file"},
		{"bad file", "MLX_RANK=0 MLX_HOSTFILE=bad", Any, false, "want a JSON list"},
		{"bad rank", "MLX_RANK=x MLX_HOSTFILE=two", Any, false, `MLX_RANK is "x"`},
		{"negative rank", "MLX_RANK=-1 MLX_HOSTFILE=two", Any, false, `MLX_RANK is "-1"`},
		{"large rank", "MLX_RANK=2 MLX_HOSTFILE=two", Any, false, "MLX_RANK is 2, and two lists 2 processes"},
		{"one process", "MLX_RANK=0 MLX_HOSTFILE=one", Any, false, "alone"},
		{"empty file", "MLX_RANK=0 MLX_HOSTFILE=empty", Any, true, "alone"},
		{"no network", "MLX_RANK=0 MLX_HOSTFILE=two", Any, false, "the host grants none"},
		{"bad time", "MLX_RANK=0 MLX_HOSTFILE=two MLXSTAR_RING_TIMEOUT=soon", Any, false, "the host grants none"},
		{"mpi", "OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=0", Any, false, "OMPI_COMM_WORLD_SIZE tells that a launcher of mpi started this process, but this program has no mpi"},
		{"mpi of one", "OMPI_COMM_WORLD_SIZE=1", Any, false, "nothing"},
		{"mpich", "PMI_SIZE=4", Any, false, "PMI_SIZE tells"},
		{"mpi, not ring", "PMI_SIZE=4", "ring", false, "the backend is ring, and PMI_SIZE tells"},
		{"nccl", "MLX_RANK=0 MLX_WORLD_SIZE=2 NCCL_HOST_IP=1 NCCL_PORT=2", Any, false, "MLX_WORLD_SIZE and NCCL_HOST_IP and NCCL_PORT tells"},
		{"jaccl", "MLX_RANK=0 MLX_JACCL_COORDINATOR=a:1", Any, false, "launcher of jaccl"},
	} {
		t.Run(c.name, func(t *testing.T) {
			variables := map[string]string{}
			for _, kv := range strings.Fields(c.variables) {
				name, value, _ := strings.Cut(kv, "=")
				variables[name] = value
			}
			files := map[string]string{"two": `[["a:1"],["b:1"]]`, "one": `[["a:1"]]`, "empty": "\n", "bad": "{}"}
			w := NewWorld(Options{
				Variable: func(name string) (string, bool) { v, ok := variables[name]; return v, ok },
				ReadFile: func(name string) ([]byte, error) {
					if text, ok := files[name]; ok {
						return []byte(text), nil
					}
					return nil, errors.New("there is no such file")
				},
			})
			defer w.Close()
			g, err := w.Join(t.Context(), c.backend, c.strict)
			switch {
			case err != nil:
				if !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %q", err, c.want)
				}
			case g == nil && c.want != "nothing", g != nil && (c.want != "alone" || g.Size() != 1):
				t.Errorf("got %v, want %q", g, c.want)
			}
		})
	}
}
