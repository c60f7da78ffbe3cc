package text_test

import (
	"math"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/monitor/text"
)

func TestWrite(t *testing.T) {
	var out strings.Builder
	err := text.Write(&out,
		text.Gauge("x_bytes", "Bytes \\ of x.\nTwo lines.", 1<<40),
		text.Family{Name: "x_seconds_total", Kind: "counter", Help: "Seconds.", Samples: []text.Sample{
			{Labels: []text.Label{{"job", `a "b"`}, {"status", "ok\n\\"}}, Value: 0.25},
			{Labels: []text.Label{{"job", "c"}}, Value: 1e300},
		}},
		text.Family{Name: "none_total", Kind: "counter", Help: "No value yet."},
		text.Gauge("nan", "Not known.", math.NaN()),
	)
	want := `# HELP x_bytes Bytes \\ of x.\nTwo lines.
# TYPE x_bytes gauge
x_bytes 1099511627776
# HELP x_seconds_total Seconds.
# TYPE x_seconds_total counter
x_seconds_total{job="a \"b\"",status="ok\n\\"} 0.25
x_seconds_total{job="c"} 1e+300
# HELP none_total No value yet.
# TYPE none_total counter
# HELP nan Not known.
# TYPE nan gauge
nan NaN
`
	if err != nil || out.String() != want {
		t.Errorf("got %v and\n%s\nwant\n%s", err, out.String(), want)
	}
}
