package mlxstar

import (
	"errors"
	"fmt"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// Times are objects of Python's module datetime, which is written in the script language:
// making them takes a call in progress.

var errNoCall = errors.New("convert: a time can only be converted during a call")

// datetime calls something of module datetime.
func (rt *Runtime) datetime(name string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	c := rt.current.Load()
	if c == nil {
		return nil, errNoCall
	}
	mod, err := rt.std.Import(c.thread, "datetime")
	if err != nil {
		return nil, err
	}
	make, err := object.GetAttr(c.thread, mod, name)
	if err != nil || args == nil {
		return make, err
	}
	return object.Call(c.thread, make, args, kwargs)
}

func (rt *Runtime) timeToScript(t time.Time) (starlark.Value, error) {
	if y := t.UTC().Year(); y < 1 || y > 9999 {
		return nil, fmt.Errorf("convert: the year %d of a time is not in 1..9999", y)
	}
	utc, err := rt.datetime("UTC", nil, nil)
	if err != nil {
		return nil, err
	}
	t = t.UTC()
	var args starlark.Tuple
	for _, n := range []int{t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond() / 1000} {
		args = append(args, starlark.MakeInt(n))
	}
	return rt.datetime("datetime", append(args, utc), nil)
}

func (rt *Runtime) durationToScript(d time.Duration) (starlark.Value, error) {
	return rt.datetime("timedelta", starlark.Tuple{starlark.MakeInt(0), starlark.MakeInt(0), starlark.MakeInt64(d.Microseconds())}, nil)
}

// classOf gives the name of an object's class, or of the one of module that it is derived
// from; "" where there is none.
func classOf(v *object.Instance, module string) string {
	for _, t := range v.Class().MRO() {
		if t.Module() == module {
			return t.Name()
		}
	}
	return ""
}

// parts reads attributes that are whole numbers.
func parts(v *object.Instance, names ...string) (out []int, ok bool) {
	for _, name := range names {
		x, ok := v.Attrs().Get(name)
		if !ok {
			return nil, false
		}
		n, err := starlark.AsInt32(x)
		if err != nil {
			return nil, false
		}
		out = append(out, n)
	}
	return out, true
}

// timeFromScript reads a datetime or a date; one without a time zone is taken as UTC.
func timeFromScript(v *object.Instance) (time.Time, bool) {
	switch classOf(v, "datetime") {
	case "date":
		p, ok := parts(v, "year", "month", "day")
		if !ok {
			return time.Time{}, false
		}
		return time.Date(p[0], time.Month(p[1]), p[2], 0, 0, 0, 0, time.UTC), true
	case "datetime":
		p, ok := parts(v, "year", "month", "day", "hour", "minute", "second", "microsecond")
		if !ok {
			return time.Time{}, false
		}
		zone, ok := zoneFromScript(v)
		return time.Date(p[0], time.Month(p[1]), p[2], p[3], p[4], p[5], p[6]*1000, zone), ok
	}
	return time.Time{}, false
}

// zoneFromScript reads a time's zone. One that is no datetime.timezone is not known
// outside of the script.
func zoneFromScript(v *object.Instance) (*time.Location, bool) {
	x, _ := v.Attrs().Get("tzinfo")
	if x == nil || x == starlark.None {
		return time.UTC, true
	}
	zone, ok := x.(*object.Instance)
	if !ok || classOf(zone, "datetime") != "timezone" {
		return nil, false
	}
	offset, _ := zone.Attrs().Get("_offset")
	delta, ok := offset.(*object.Instance)
	if !ok {
		return nil, false
	}
	d, ok := durationFromScript(delta)
	if d == 0 {
		return time.UTC, ok
	}
	return time.FixedZone("", int(d/time.Second)), ok
}

func durationFromScript(v *object.Instance) (time.Duration, bool) {
	if classOf(v, "datetime") != "timedelta" {
		return 0, false
	}
	p, ok := parts(v, "days", "seconds", "microseconds")
	if !ok || p[0] > 106_000 || p[0] < -106_000 { // what a Duration holds
		return 0, false
	}
	return time.Duration(p[0])*24*time.Hour + time.Duration(p[1])*time.Second + time.Duration(p[2])*time.Microsecond, true
}
