package view

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/memory"
)

// drawnEvents are random events with steps among them, and a profile that knows their peak.
func drawnEvents(rng *rand.Rand, n int) (*memory.Profile, []memory.Change) {
	p := &memory.Profile{Version: 1, Command: "a </script><b>.py", Rows: []memory.Row{
		{Stack: []memory.Frame{{File: "<x>", Line: 1, Function: "f"}}, Operation: "add", Dtype: "float32", Shape: []int{2}}, {Stack: []memory.Frame{}},
	}}
	var all []memory.Change
	live := map[uint64]int64{}
	var active int64
	step := 0
	for i := range n {
		c := memory.Change{At: float64(i) / 1000, Row: -1}
		switch k := rng.IntN(10); {
		case k < 5 || len(live) == 0:
			c.Kind, c.ID, c.Bytes, c.Row = "allocate", uint64(i+1), int64(1+rng.IntN(1000)), rng.IntN(2)
			live[c.ID] = c.Bytes
			active += c.Bytes
		case k < 6:
			for id := range live {
				c.Kind, c.ID, c.Bytes, c.Row = "describe", id, live[id], 0
				break
			}
		case k < 9:
			for id, n := range live {
				c.Kind, c.ID, c.Bytes = "free", id, n
				delete(live, id)
				active -= n
				break
			}
		default:
			c.Kind, c.Bytes = "step", int64(step)
			step++
		}
		if c.Active = active; active > p.Peak {
			p.Peak, p.PeakAt, p.PeakStep = active, c.At, step
		}
		all = append(all, c)
	}
	p.Seconds = float64(n) / 1000
	return p, all
}

func from(all []memory.Change) memory.Changes {
	return func(yield func(c memory.Change) bool) error {
		for _, c := range all {
			if !yield(c) {
				break
			}
		}
		return nil
	}
}

// At every event what is drawn is a pile without gaps, of as many bytes as are active
// where all arrays are drawn, and the strip is the peak's step.
func TestStrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		p, all := drawnEvents(rng, 5+rng.IntN(200))
		s, err := newStrip(p, from(all))
		if err != nil || s == nil {
			t.Fatal(s, err)
		}
		if s.Peak < 0 || s.Total[s.Peak] != p.Peak {
			t.Fatalf("the peak is event %d of %v, want %d", s.Peak, s.Total, p.Peak)
		}
		for i, total := range s.Total {
			high := map[int64]int64{} // the upper edges by the lower ones
			sum := int64(0)
			for _, a := range s.Arrays {
				if int64(i) < a.Edge[0][0] || i >= a.End {
					continue
				}
				y := a.Edge[0][1]
				for _, e := range a.Edge {
					if e[0] <= int64(i) {
						y = e[1]
					}
				}
				high[y] = y + a.Bytes
				sum += a.Bytes
			}
			top := int64(0)
			for len(high) > 0 {
				next, ok := high[top]
				if !ok {
					t.Fatalf("event %d: there is a gap above %d", i, top)
				}
				delete(high, top)
				top = next
			}
			if sum != total {
				t.Fatalf("event %d: %d bytes are drawn of %d", i, sum, total)
			}
		}
	}
}

// However many events there are, the strip has those around the peak, and its largest arrays.
func TestStripIsBounded(t *testing.T) {
	var all []memory.Change
	p := new(memory.Profile)
	for i := range 5 * stripEvents {
		c := memory.Change{At: float64(i), Kind: "allocate", ID: uint64(i/2 + 1), Bytes: 10, Active: 10}
		if i == 3*stripEvents {
			c.Bytes, c.Active = 1000, 1000
			p.Peak, p.PeakAt = 1000, c.At
		}
		if i%2 == 1 {
			c.Kind, c.Active = "free", 0
		}
		all = append(all, c)
	}
	s, err := newStrip(p, from(all))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Total) > stripEvents || len(s.Arrays) > stripArrays || s.Total[s.Peak] != 1000 {
		t.Errorf("%d events, %d arrays, the peak is event %d", len(s.Total), len(s.Arrays), s.Peak)
	}
	if _, err := newStrip(&memory.Profile{Peak: 1, PeakAt: 99}, from(all[:100])); err != nil { // the peak is not among them
		t.Error(err)
	}
}

// The page asks nobody for anything, and what scripts are called cannot end its data.
func TestPage(t *testing.T) {
	p, all := drawnEvents(rand.New(rand.NewPCG(1, 1)), 300)
	var b bytes.Buffer
	if err := Write(&b, p, from(all)); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	if strings.Contains(text, "</script><b>") || strings.Count(text, "</script>") != 2 {
		t.Error("the data ends the script")
	}
	for _, m := range regexp.MustCompile(`https?://[^"'\s]*|src=|@import|url\(`).FindAllString(text, -1) {
		if m != "http://www.w3.org/2000/svg" { // a name, which is not fetched
			t.Errorf("the page refers to %s", m)
		}
	}
	if !strings.Contains(text, `content="default-src 'none'`) {
		t.Error("the page has no content policy")
	}
	b.Reset()
	if err := Write(&b, p, nil); err != nil || !strings.Contains(b.String(), `"strip":null`) {
		t.Errorf("without events: %v", err)
	}
}

// In a browser the page shows the peak, the arrays and each tab, and its script ends well.
func TestBrowser(t *testing.T) {
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
		}
	}
	if browser == "" || testing.Short() {
		t.Skip("there is no Chromium, or -short")
	}
	p, all := drawnEvents(rand.New(rand.NewPCG(1, 1)), 300)
	p.Owners = []memory.Owner{{Path: `model.layers[0]["a"]`, Kind: memory.Parameters, Bytes: 300}, {Path: "x", Kind: memory.Data, Bytes: 5}}
	p.Timeline = []memory.Point{{At: 0, High: 5, Last: 5}, {At: 0.1, High: p.Peak, Last: 7}}
	p.Steps = []memory.Step{{Number: 0, Name: "epoch <1>", At: 0.1, Peak: p.Peak}}
	p.Rows[0].AtPeak = memory.Sum{Bytes: 4096, Arrays: 2}
	path := filepath.Join(t.TempDir(), "page.html")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(f, p, from(all)); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for tab, want := range map[string][]string{
		"flame":  {">f  &lt;x&gt;:1<", ">add<", `class="array"`, "peak ", "epoch &lt;1&gt;"},
		"owners": {">model<", ".layers", "parameters 300 B"},
		"lines":  {"<td>&lt;x&gt;:1</td>", "4.00 KiB"},
		"steps":  {"epoch &lt;1&gt;"},
		"advice": {"bfloat16 or float16"},
	} {
		cmd := exec.CommandContext(t.Context(), browser, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1200,900", "--dump-dom", fmt.Sprintf("file://%s#tab=%s&from=0&to=0.3", path, tab))
		cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", browser, err)
		}
		_, dom, _ := strings.Cut(string(out), "</script>") // what the script made stands around it
		dom += string(out[:bytes.Index(out, []byte("<script"))])
		for _, w := range want {
			if !strings.Contains(dom, w) {
				t.Errorf("tab %s shows no %s", tab, w)
			}
		}
	}
}
