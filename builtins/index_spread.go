package builtins

// IndexPart is what one part of an index does with the array's axes.
type IndexPart uint8

// The kinds of parts.
const (
	KeepsAxis    IndexPart = iota // a slice, or a new axis
	PicksByArray                  // an index array, or an int that is taken as one
	DropsAxis                     // an int
)

// SpreadPart tells before which part of an index the axes of its index arrays go:
// the first array, or in front of everything, 0, if an axis is kept between two
// arrays. It is negative where there are no arrays.
func SpreadPart(parts []IndexPart) int {
	first, apart := -1, false
	for i, part := range parts {
		switch {
		case part == PicksByArray && apart:
			return 0
		case part == PicksByArray && first < 0:
			first = i
		case part == KeepsAxis:
			apart = first >= 0
		}
	}
	return first
}
