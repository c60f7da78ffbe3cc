package alloc

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

var binaryUnits = [...]string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}

// FormatBytes writes a number of bytes for people, with at most one decimal:
// 17 B, 1.5 KiB, 300 MiB.
func FormatBytes(n int64) string {
	sign := ""
	v := float64(n)
	if n < 0 {
		sign, v = "-", -v
	}
	unit := 0
	// 1023.95 would be written as 1024.0 of the smaller unit.
	for v >= 1023.95 && unit < len(binaryUnits)-1 {
		v /= 1024
		unit++
	}
	if unit == 0 {
		return fmt.Sprintf("%s%d B", sign, int64(v))
	}
	s := strconv.FormatFloat(v, 'f', 1, 64)
	return sign + strings.TrimSuffix(s, ".0") + " " + binaryUnits[unit]
}

// ParseBytes reads a size: a decimal number, possibly with a fraction, and a
// unit. KiB, MiB, GiB and TiB are powers of 1024, and so are the bare letters K,
// M, G and T; KB, MB, GB and TB are powers of 1000; B or nothing is bytes. Case
// and a space before the unit do not matter.
func ParseBytes(s string) (int64, error) {
	t := strings.ToLower(strings.TrimSpace(s))
	cut := len(t)
	for cut > 0 && t[cut-1] >= 'a' && t[cut-1] <= 'z' {
		cut--
	}
	number, unit := strings.TrimSpace(t[:cut]), t[cut:]
	scale, ok := unitScale(unit)
	if !ok {
		return 0, fmt.Errorf("parse size %q: unknown unit %q, want B, KiB, MiB, GiB, TiB, KB, MB, GB or TB", s, unit)
	}
	if number == "" || strings.Trim(number, "0123456789.") != "" {
		return 0, fmt.Errorf("parse size %q: want a number and a unit, such as 2GiB or 512MB", s)
	}
	if n, err := strconv.ParseInt(number, 10, 64); err == nil {
		if n > math.MaxInt64/scale {
			return 0, fmt.Errorf("parse size %q: too large", s)
		}
		return n * scale, nil
	}
	f, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0, fmt.Errorf("parse size %q: want a number and a unit, such as 2GiB or 512MB", s)
	}
	if f *= float64(scale); f >= math.MaxInt64 {
		return 0, fmt.Errorf("parse size %q: too large", s)
	}
	return int64(f), nil
}

func unitScale(unit string) (int64, bool) {
	if unit == "" || unit == "b" {
		return 1, true
	}
	power := strings.IndexByte("kmgt", unit[0]) + 1
	base := int64(1024)
	switch unit[1:] {
	case "", "ib":
	case "b":
		base = 1000
	default:
		return 0, false
	}
	if power == 0 {
		return 0, false
	}
	scale := int64(1)
	for range power {
		scale *= base
	}
	return scale, true
}
