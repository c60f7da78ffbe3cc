package number

import "math"

// Divmod is the floored quotient and the remainder with the divisor's sign.
func Divmod(x, y float64) (quo, rem float64) {
	rem = math.Mod(x, y)
	quo = (x - rem) / y
	if rem != 0 {
		if (y < 0) != (rem < 0) {
			rem += y
			quo--
		}
	} else {
		rem = math.Copysign(0, y)
	}
	if quo == 0 {
		return math.Copysign(0, x/y), rem
	}
	floor := math.Floor(quo)
	if quo-floor > 0.5 {
		floor++
	}
	return floor, rem
}
