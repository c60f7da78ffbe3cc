package alloc

import (
	"math"
	"sync"
	"testing"
)

func TestFormatBytes(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 1: "1 B", 1023: "1023 B", 1024: "1 KiB", 1536: "1.5 KiB", 300 << 20: "300 MiB",
		3 << 29: "1.5 GiB", 1<<20 - 1: "1 MiB", 1<<30 - 1: "1 GiB", 4_000_000: "3.8 MiB", -2048: "-2 KiB",
		math.MaxInt64: "8 EiB",
	} {
		if got := FormatBytes(n); got != want {
			t.Errorf("FormatBytes(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestParseBytes(t *testing.T) {
	for s, want := range map[string]int64{
		"0": 0, "1024": 1024, "2GiB": 2 << 30, "512MB": 512e6, "1.5G": 3 << 29, "1.5 gib": 3 << 29, " 7 B ": 7,
		"10k": 10240, "1KB": 1000, "3TiB": 3 << 40, ".5m": 1 << 19, "9223372036854775807": math.MaxInt64,
	} {
		if got, err := ParseBytes(s); err != nil || got != want {
			t.Errorf("ParseBytes(%q) = %d, %v, want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"", "G", "-1", "1x", "1 2", "1e3", "1.2.3", "nan", "inf", "9223372036854775808", "8388608TiB", "1GG", "1iB", "1xB", "0x10", "."} {
		if got, err := ParseBytes(s); err == nil {
			t.Errorf("ParseBytes(%q) = %d, want an error", s, got)
		}
	}
}

func FuzzParseBytes(f *testing.F) {
	f.Add("1.5GiB")
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := ParseBytes(s); err == nil && n < 0 {
			t.Errorf("ParseBytes(%q) = %d", s, n)
		}
	})
}

func TestSites(t *testing.T) {
	var table SiteTable
	a, b := table.Intern("a.py", 1), table.Intern("a.py", 2)
	if a == b || a == 0 || table.Intern("a.py", 1) != a {
		t.Errorf("sites %d and %d", a, b)
	}
	if file, line, ok := table.Lookup(b); !ok || file != "a.py" || line != 2 || table.Where(b) != "a.py:2" {
		t.Errorf("got %s, %d, %v", file, line, ok)
	}
	if _, _, ok := table.Lookup(99); ok || table.Where(0) != "" {
		t.Error("an unknown site was found")
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 100 {
				if s := table.Intern("b.py", i); table.Intern("b.py", i) != s {
					t.Error("a line got two sites")
				}
			}
		})
	}
	wg.Wait()
	if last := table.Intern("c.py", 1); last != 103 {
		t.Errorf("%d sites, want 103", last)
	}
}
