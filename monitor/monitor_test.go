package monitor

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/memory"
)

// fixed is a source of made-up numbers that notes what it was told.
type fixed struct{ told []string }

func (f *fixed) Status() Status { return Status{Version: Version, Active: 10, Peak: 1 << 40, Limit: 7} }
func (f *fixed) Sites() []Site  { return []Site{{Where: "a.py:1", Bytes: 10, Arrays: 1}} }
func (f *fixed) Owners() *memory.Ownership {
	return nil
}
func (f *fixed) Profile(bool) *memory.Profile { return nil }
func (f *fixed) LastStep() *memory.Strip      { return nil }
func (f *fixed) Cache() Cache {
	return Cache{Bytes: 3, Sizes: []FreeSizes{{Below: 4, Blocks: 1, Bytes: 3}}}
}
func (f *fixed) Record(on bool) {
	f.told = append(f.told, map[bool]string{true: "record", false: "stop"}[on])
}
func (f *fixed) ClearCache()            { f.told = append(f.told, "clear") }
func (f *fixed) ResetPeak()             { f.told = append(f.told, "reset") }
func (f *fixed) SetLimit(n int64) int64 { f.told = append(f.told, "limit"); return n / 2 }

func TestAsk(t *testing.T) {
	src := new(fixed)
	for _, c := range []struct {
		method, target string
		code           int
		body           string
	}{
		{"GET", "/v1/owners", 200, "null\n"},
		{"GET", "/v1/sites", 200, `[{"where":"a.py:1","bytes":10,"arrays":1}]` + "\n"},
		{"GET", "/v1/step", 200, "null\n"},
		{"GET", "/v1/cache", 200, `{"bytes":3,"slack":0,"limit":0,"hits":0,"misses":0,"cut":0,"returned":0,"sizes":[{"below":4,"blocks":1,"bytes":3}]}` + "\n"},
		{"GET", "/v1/snapshot", 409, `{"error":"nothing is recorded: POST /v1/record?on=true first"}` + "\n"},
		{"GET", "/v1/timeline", 409, `{"error":"nothing is recorded: POST /v1/record?on=true first"}` + "\n"},
		{"POST", "/v1/set_limit?bytes=100", 200, `{"limit":50}` + "\n"},
		{"POST", "/v1/set_limit?bytes=-1", 400, `{"error":"bytes: got \"-1\", want a number from 0"}` + "\n"},
		{"POST", "/v1/record", 400, `{"error":"on: got \"\", want true or false"}` + "\n"},
		{"GET", "/v1/clear_cache", 405, `{"error":"/v1/clear_cache is for POST"}` + "\n"},
		{"GET", "/v2/status", 404, `{"error":"there is no /v2/status"}` + "\n"},
		{"GET", "status", 400, `{"error":"a path was expected"}` + "\n"},
	} {
		if a := Ask(src, c.method, c.target); a.Code != c.code || string(a.Body) != c.body {
			t.Errorf("%s %s: %d %s", c.method, c.target, a.Code, a.Body)
		}
	}
	for _, target := range []string{"/v1/record?on=true", "/v1/record?on=0", "/v1/clear_cache", "/v1/reset_peak"} {
		var s Status
		if a := Ask(src, "POST", target); a.Code != 200 || json.Unmarshal(a.Body, &s) != nil || s.Active != 10 {
			t.Errorf("%s: %d %s", target, a.Code, a.Body)
		}
	}
	if got, want := strings.Join(src.told, " "), "limit record stop clear reset"; got != want {
		t.Errorf("the source was told %s, want %s", got, want)
	}
}

// Metrics are in Prometheus' text format, and docs/monitoring.md lists them.
func TestMetrics(t *testing.T) {
	text := string(Ask(new(fixed), "GET", "/metrics").Body)
	form := regexp.MustCompile(`^(# HELP (\w+) [A-Z1].*\.\n# TYPE (\w+) (gauge|counter)\n(\w+) [0-9.e+]+\n)+$`)
	if !form.MatchString(text) || !strings.Contains(text, "\nmlxstar_memory_active_bytes 10\n") {
		t.Errorf("metrics are\n%s", text)
	}
	page, err := os.ReadFile("../docs/monitoring.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range metrics {
		if m.kind == "counter" != strings.HasSuffix(m.name, "_total") || !strings.Contains(string(page), "| `"+m.name+"` | "+m.kind+" |") {
			t.Errorf("%s, a %s, is named or listed wrongly", m.name, m.kind)
		}
	}
	for path := range routes {
		if !strings.Contains(string(page), "| `"+path) {
			t.Errorf("docs/monitoring.md does not list %s", path)
		}
	}
}
