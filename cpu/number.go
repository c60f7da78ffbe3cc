package cpu

// truth is an element of a bool array. Any byte but 0 counts as true, since a
// view may bring others; kernels write 0 and 1.
type truth uint8

func truthOf(b bool) truth {
	if b {
		return 1
	}
	return 0
}

type signed interface{ int8 | int16 | int32 | int64 }

type unsigned interface {
	uint8 | uint16 | uint32 | uint64
}

type integer interface{ signed | unsigned }

type float interface{ float32 | float64 }

type realNumber interface{ integer | float }

type complexNumber interface{ complex64 | complex128 }

type numeric interface{ realNumber | complexNumber }
