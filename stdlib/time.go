package stdlib

import (
	"crypto/rand"
	"io"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/internal/cputime"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

var structTimeFields = []string{"tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst"}

func makeTime(m *Modules) *native.Module {
	mod := native.NewModule("time", "This module provides various functions to manipulate time values.")
	structTime, err := recordClass("time", "struct_time", structTimeFields...)
	if err != nil {
		panic("stdlib: struct_time: " + err.Error()) // the definition is constant
	}
	mod.Members["struct_time"] = structTime
	zone, offset := m.env.clock().Now().Zone()
	mod.Members["timezone"] = starlark.MakeInt(-offset)
	mod.Members["tzname"] = starlark.Tuple{starlark.String(zone), starlark.String(zone)}
	define(mod, m.clockFunctions(), m.calendarFunctions(structTime))
	return mod
}

func (m *Modules) clockFunctions() []function {
	clock := m.env.clock()
	start := clock.Now()
	since := func() time.Duration { return clock.Now().Sub(start) }
	rows := []function{
		{"time()", "Return the current time in seconds since the Epoch.", func(*call) (starlark.Value, error) {
			return starlark.Float(float64(clock.Now().UnixNano()) / 1e9), nil
		}},
		{"time_ns()", "Return the current time in nanoseconds since the Epoch.", func(*call) (starlark.Value, error) {
			return starlark.MakeInt64(clock.Now().UnixNano()), nil
		}},
		{"sleep(seconds, /)", "Delay execution for a given number of seconds.", func(c *call) (starlark.Value, error) {
			s := c.Float(0)
			switch {
			case c.Err != nil:
				return nil, c.Err
			case s < 0:
				return nil, object.Errorf(object.ValueError, "sleep length must be non-negative")
			case s != s:
				return nil, object.Errorf(object.ValueError, "Invalid value NaN (not a number)")
			case s > 9e9:
				return nil, object.Errorf(object.OverflowError, "timestamp too large to convert to C PyTime_t")
			}
			return nil, m.sleep(c.Thread, time.Duration(s*1e9))
		}},
	}
	used := cputime.Process
	if _, system := clock.(SystemClock); !system { // a host's own time, which processor time would give away
		used = since
	}
	for _, t := range []struct {
		name, doc string
		of        func() time.Duration
	}{
		{"perf_counter", "Performance counter for benchmarking", since}, {"monotonic", "Monotonic clock, cannot go backward", since},
		{"process_time", "Processor time of the process", used}, {"thread_time", "Processor time of the process", used},
	} {
		rows = append(rows,
			function{t.name + "()", t.doc + ", in seconds.", func(*call) (starlark.Value, error) { return starlark.Float(t.of().Seconds()), nil }},
			function{t.name + "_ns()", t.doc + ", in nanoseconds.", func(*call) (starlark.Value, error) { return starlark.MakeInt64(t.of().Nanoseconds()), nil }})
	}
	return rows
}

// sleep lets the script's other threads run for a time.
func (m *Modules) sleep(caller *starlark.Thread, d time.Duration) error {
	ctx := m.threads.bound(caller, m.env)
	var err error
	if end := m.threads.outside(caller, func() { err = m.env.clock().Sleep(ctx, d) }); end != nil {
		return end
	}
	if ctx.Err() != nil { // whatever a host's clock says of it
		return ctx.Err()
	}
	return err
}

func (m *Modules) calendarFunctions(structTime *object.Type) []function {
	now := func(c *call, i int) time.Time {
		if !c.Given(i) {
			return m.env.clock().Now()
		}
		return secondsToTime(c.Float(i))
	}
	broken := func(t time.Time) (starlark.Value, error) { return newRecord(structTime, timeFields(t)...) }
	return []function{
		{"localtime(seconds=None, /)", "Convert seconds since the Epoch to a time tuple expressing local time.", func(c *call) (starlark.Value, error) {
			return broken(now(c, 0).Local())
		}},
		{"gmtime(seconds=None, /)", "Convert seconds since the Epoch to a time tuple expressing UTC.", func(c *call) (starlark.Value, error) {
			return broken(now(c, 0).UTC())
		}},
		{"mktime(tuple, /)", "Convert a time tuple in local time to seconds since the Epoch.", func(c *call) (starlark.Value, error) {
			return starlark.Float(float64(brokenTime(c, 0, time.Local).Unix())), nil
		}},
		{"strftime(format, tuple=None, /)", "Convert a time tuple to a string according to a format specification.", func(c *call) (starlark.Value, error) {
			t := m.env.clock().Now().Local()
			if c.Given(1) {
				t = brokenTime(c, 1, time.Local)
			}
			text, err := strftime(c.Thread, c.Str(0), t)
			return starlark.String(text), err
		}},
		{"strptime(string, format='%a %b %d %H:%M:%S %Y', /)", "Parse a string to a time tuple according to a format specification.", func(c *call) (starlark.Value, error) {
			t, _, err := strptime(c.Str(0), c.StrOr(1, "%a %b %d %H:%M:%S %Y"))
			if err != nil {
				return nil, err
			}
			return broken(t)
		}},
		{"ctime(seconds=None, /)", "Convert a time in seconds since the Epoch to a string in local time.", func(c *call) (starlark.Value, error) {
			return starlark.String(now(c, 0).Local().Format("Mon Jan _2 15:04:05 2006")), nil
		}},
		{"asctime(tuple=None, /)", "Convert a time tuple to a string.", func(c *call) (starlark.Value, error) {
			t := m.env.clock().Now().Local()
			if c.Given(0) {
				t = brokenTime(c, 0, time.Local)
			}
			return starlark.String(t.Format("Mon Jan _2 15:04:05 2006")), nil
		}},
	}
}

// timeFields are the elements of a struct_time.
func timeFields(t time.Time) []starlark.Value {
	dst := 0
	if t.IsDST() {
		dst = 1
	}
	var out []starlark.Value
	for _, n := range []int{t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second(), (int(t.Weekday()) + 6) % 7, t.YearDay(), dst} {
		out = append(out, starlark.MakeInt(n))
	}
	return out
}

// brokenTime takes a struct_time or a tuple of its nine elements.
func brokenTime(c *call, i int, zone *time.Location) time.Time {
	t, ok := object.AsTuple(c.Arg(i))
	if !ok || len(t) != len(structTimeFields) {
		c.Fail(object.TypeError, "%s(): a tuple of 9 elements or a struct_time is required, not %s", c.Name, object.TypeName(c.Arg(i)))
		return time.Time{}
	}
	var n [9]int
	for j, v := range t {
		x, err := object.AsIndex(c.Thread, v)
		c.Note(err)
		n[j] = x
	}
	return time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, zone)
}

// entropy is n random bytes of the environment.
func (m *Modules) entropy(n int) ([]byte, error) {
	source := m.env.Random
	if source == nil {
		source = rand.Reader
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(source, b); err != nil {
		return nil, object.Errorf(object.OSError, "random bytes: %v", err)
	}
	return b, nil
}
