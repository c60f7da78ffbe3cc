package dtype

import "math"

// Limits are those of a real floating dtype.
type Limits struct {
	Max    float64 // the largest finite value
	Eps    float64 // the distance from 1 to the next larger value
	Normal float64 // the smallest positive value of full precision
}

var limits = [numDtypes]Limits{
	Float16:  {65504, 0x1p-10, 0x1p-14},
	BFloat16: {0x1.fep127, 0x1p-7, 0x1p-126},
	Float32:  {math.MaxFloat32, 0x1p-23, 0x1p-126},
	Float64:  {math.MaxFloat64, 0x1p-52, 0x1p-1022},
}

// Limits gives the limits of a real floating dtype, and ok false for others.
func (d Dtype) Limits() (l Limits, ok bool) {
	if !d.Valid() || !d.IsFloat() {
		return Limits{}, false
	}
	return limits[d], true
}
