package simd

// The kernels of NEON.
var (
	fewNEONx32 = fewKernels[float32, float32]{
		together: 4,
		dots: [3][2]func(c, x *float32, a *float32, n, apart, stride, across int){
			{dots4x4NEONx32, dots4x1NEONx32}, {dots2x4NEONx32, dots2x1NEONx32}, {dots1x4NEONx32, dots1x1NEONx32}},
		rows: [3]func(c, x *float32, a *float32, n, depth, across, apart, stride int){rows4NEONx32, rows2NEONx32, rows1NEONx32},
	}
	fewNEONx64 = fewKernels[float64, float64]{
		together: 4,
		dots: [3][2]func(c, x *float64, a *float64, n, apart, stride, across int){
			{dots4x4NEONx64, dots4x1NEONx64}, {dots2x4NEONx64, dots2x1NEONx64}, {dots1x4NEONx64, dots1x1NEONx64}},
		rows: [3]func(c, x *float64, a *float64, n, depth, across, apart, stride int){rows4NEONx64, rows2NEONx64, rows1NEONx64},
	}
	fewHalfNEON = fewKernels[float32, uint16]{
		together: 4,
		dots: [3][2]func(c, x *float32, a *uint16, n, apart, stride, across int){
			{dotsHalf4x4NEONx32, dotsHalf4x1NEONx32}, {dotsHalf2x4NEONx32, dotsHalf2x1NEONx32}, {dotsHalf1x4NEONx32, dotsHalf1x1NEONx32}},
		rows: [3]func(c, x *float32, a *uint16, n, depth, across, apart, stride int){rowsHalf4NEONx32, rowsHalf2NEONx32, rowsHalf1NEONx32},
	}
	fewBrainNEON = fewKernels[float32, uint16]{
		together: 4,
		dots: [3][2]func(c, x *float32, a *uint16, n, apart, stride, across int){
			{dotsBrain4x4NEONx32, dotsBrain4x1NEONx32}, {dotsBrain2x4NEONx32, dotsBrain2x1NEONx32}, {dotsBrain1x4NEONx32, dotsBrain1x1NEONx32}},
		rows: [3]func(c, x *float32, a *uint16, n, depth, across, apart, stride int){rowsBrain4NEONx32, rowsBrain2NEONx32, rowsBrain1NEONx32},
	}
)
