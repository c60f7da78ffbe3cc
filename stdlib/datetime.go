package stdlib

import (
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// makeDatetime makes _datetime: what datetime needs of the clock and of the
// formats of strftime.
func makeDatetime(m *Modules) *native.Module {
	mod := native.NewModule("_datetime", "The clock, and times as text.")
	fields := func(t time.Time) starlark.Value {
		_, offset := t.Zone()
		return starlark.Tuple{starlark.MakeInt(t.Year()), starlark.MakeInt(int(t.Month())), starlark.MakeInt(t.Day()),
			starlark.MakeInt(t.Hour()), starlark.MakeInt(t.Minute()), starlark.MakeInt(t.Second()), starlark.MakeInt(t.Nanosecond() / 1000), starlark.MakeInt(offset)}
	}
	define(mod, []function{
		{"now(utc)", "The present time's fields, and its offset from UTC in seconds.", func(c *call) (starlark.Value, error) {
			t := m.env.clock().Now()
			if c.BoolOr(0, false) {
				return fields(t.UTC()), nil
			}
			return fields(t.Local()), nil
		}},
		{"local(year, month, day, hour, minute, second, micro)", "The seconds since the Epoch of a local time, and its offset from UTC.", func(c *call) (starlark.Value, error) {
			t := time.Date(c.Int(0), time.Month(c.Int(1)), c.Int(2), c.Int(3), c.Int(4), c.Int(5), c.Int(6)*1000, time.Local)
			_, offset := t.Zone()
			return starlark.Tuple{starlark.MakeInt64(t.Unix()), starlark.MakeInt(offset)}, c.Err
		}},
		{"offset(seconds)", "The offset of local time from UTC at a time since the Epoch.", func(c *call) (starlark.Value, error) {
			_, offset := time.Unix(int64(c.Int(0)), 0).Local().Zone()
			return starlark.MakeInt(offset), c.Err
		}},
		{"format(fmt, year, month, day, hour, minute, second, micro, offset, name)", "A time as strftime writes it. An offset of None has no %z and no %Z.", func(c *call) (starlark.Value, error) {
			zone := time.UTC
			if c.Given(8) {
				zone = time.FixedZone(c.StrOr(9, ""), c.Int(8))
			}
			t := time.Date(c.Int(1), time.Month(c.Int(2)), c.Int(3), c.Int(4), c.Int(5), c.Int(6), c.Int(7)*1000, zone)
			if c.Err != nil {
				return nil, c.Err
			}
			text, err := strftime(c.Thread, c.Str(0), t)
			return starlark.String(text), err
		}},
		{"parse(text, fmt)", "The fields of a time by strptime's format, and its offset from UTC or None.", func(c *call) (starlark.Value, error) {
			t, zoned, err := strptime(c.Str(0), c.Str(1))
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
