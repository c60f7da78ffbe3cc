package stdlib

import (
	"time"

	"go.starlark.net/starlark"
)

// makeDatetime makes _datetime: what datetime needs of the clock and of the
// formats of strftime.
func makeDatetime(m *Modules) *Module {
	mod := newModule("_datetime", "The clock, and times as text.")
	fields := func(t time.Time) starlark.Value {
		_, offset := t.Zone()
		return starlark.Tuple{starlark.MakeInt(t.Year()), starlark.MakeInt(int(t.Month())), starlark.MakeInt(t.Day()),
			starlark.MakeInt(t.Hour()), starlark.MakeInt(t.Minute()), starlark.MakeInt(t.Second()), starlark.MakeInt(t.Nanosecond() / 1000), starlark.MakeInt(offset)}
	}
	mod.define([]function{
		{"now(utc)", "The present time's fields, and its offset from UTC in seconds.", func(c *call) (starlark.Value, error) {
			t := m.env.clock().Now()
			if c.boolOr(0, false) {
				return fields(t.UTC()), nil
			}
			return fields(t.Local()), nil
		}},
		{"local(year, month, day, hour, minute, second, micro)", "The seconds since the Epoch of a local time, and its offset from UTC.", func(c *call) (starlark.Value, error) {
			t := time.Date(c.int(0), time.Month(c.int(1)), c.int(2), c.int(3), c.int(4), c.int(5), c.int(6)*1000, time.Local)
			_, offset := t.Zone()
			return starlark.Tuple{starlark.MakeInt64(t.Unix()), starlark.MakeInt(offset)}, c.err
		}},
		{"offset(seconds)", "The offset of local time from UTC at a time since the Epoch.", func(c *call) (starlark.Value, error) {
			_, offset := time.Unix(int64(c.int(0)), 0).Local().Zone()
			return starlark.MakeInt(offset), c.err
		}},
		{"format(fmt, year, month, day, hour, minute, second, micro, offset, name)", "A time as strftime writes it. An offset of None has no %z and no %Z.", func(c *call) (starlark.Value, error) {
			zone := time.UTC
			if c.given(8) {
				zone = time.FixedZone(c.stringOr(9, ""), c.int(8))
			}
			t := time.Date(c.int(1), time.Month(c.int(2)), c.int(3), c.int(4), c.int(5), c.int(6), c.int(7)*1000, zone)
			if c.err != nil {
				return nil, c.err
			}
			text, err := strftime(c.string(0), t)
			return starlark.String(text), err
		}},
		{"parse(text, fmt)", "The fields of a time by strptime's format, and its offset from UTC or None.", func(c *call) (starlark.Value, error) {
			t, zoned, err := strptime(c.string(0), c.string(1))
			if err != nil {
				return nil, err
			}
			out := fields(t).(starlark.Tuple)
			if !zoned {
				out[7] = starlark.None
			}
			return out, nil
		}},
	})
	return mod
}
