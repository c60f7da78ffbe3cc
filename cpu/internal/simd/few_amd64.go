package simd

// The kernels of each set of instructions.
var (
	fewAVX2x32 = fewKernels[float32, float32]{
		together: 2,
		dots: [3][2]func(c, x *float32, a *float32, n, apart, stride, across int){
			{dots4x2AVX2x32, dots4x1AVX2x32}, {dots2x2AVX2x32, dots2x1AVX2x32}, {dots1x2AVX2x32, dots1x1AVX2x32}},
		rows: [3]func(c, x *float32, a *float32, n, depth, across, apart, stride int){rows4AVX2x32, rows2AVX2x32, rows1AVX2x32},
	}
	fewAVX2x64 = fewKernels[float64, float64]{
		together: 2,
		dots: [3][2]func(c, x *float64, a *float64, n, apart, stride, across int){
			{dots4x2AVX2x64, dots4x1AVX2x64}, {dots2x2AVX2x64, dots2x1AVX2x64}, {dots1x2AVX2x64, dots1x1AVX2x64}},
		rows: [3]func(c, x *float64, a *float64, n, depth, across, apart, stride int){rows4AVX2x64, rows2AVX2x64, rows1AVX2x64},
	}
	fewAVX512x32 = fewKernels[float32, float32]{
		together: 4,
		dots: [3][2]func(c, x *float32, a *float32, n, apart, stride, across int){
			{dots4x4AVX512x32, dots4x1AVX512x32}, {dots2x4AVX512x32, dots2x1AVX512x32}, {dots1x4AVX512x32, dots1x1AVX512x32}},
		rows: [3]func(c, x *float32, a *float32, n, depth, across, apart, stride int){rows4AVX512x32, rows2AVX512x32, rows1AVX512x32},
	}
	fewAVX512x64 = fewKernels[float64, float64]{
		together: 4,
		dots: [3][2]func(c, x *float64, a *float64, n, apart, stride, across int){
			{dots4x4AVX512x64, dots4x1AVX512x64}, {dots2x4AVX512x64, dots2x1AVX512x64}, {dots1x4AVX512x64, dots1x1AVX512x64}},
		rows: [3]func(c, x *float64, a *float64, n, depth, across, apart, stride int){rows4AVX512x64, rows2AVX512x64, rows1AVX512x64},
	}
	fewHalfAVX512 = fewKernels[float32, uint16]{
		together: 4,
		dots: [3][2]func(c, x *float32, a *uint16, n, apart, stride, across int){
			{dotsHalf4x4AVX512x32, dotsHalf4x1AVX512x32}, {dotsHalf2x4AVX512x32, dotsHalf2x1AVX512x32}, {dotsHalf1x4AVX512x32, dotsHalf1x1AVX512x32}},
		rows: [3]func(c, x *float32, a *uint16, n, depth, across, apart, stride int){rowsHalf4AVX512x32, rowsHalf2AVX512x32, rowsHalf1AVX512x32},
	}
	fewBrainAVX512 = fewKernels[float32, uint16]{
		together: 4,
		dots: [3][2]func(c, x *float32, a *uint16, n, apart, stride, across int){
			{dotsBrain4x4AVX512x32, dotsBrain4x1AVX512x32}, {dotsBrain2x4AVX512x32, dotsBrain2x1AVX512x32}, {dotsBrain1x4AVX512x32, dotsBrain1x1AVX512x32}},
		rows: [3]func(c, x *float32, a *uint16, n, depth, across, apart, stride int){rowsBrain4AVX512x32, rowsBrain2AVX512x32, rowsBrain1AVX512x32},
	}
)
