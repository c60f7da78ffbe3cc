// Package simd holds kernels in the assembly of processors that have vector
// instructions: on amd64 AVX2 with FMA and F16C, and AVX-512 in place of it where
// the processor has that and it pays; on arm64 NEON.
//
// [New] looks at the processor once and gives its kernels, or nil where there are
// none; callers then use loops of their own, which define what the kernels
// compute. Arithmetic that rounds once agrees with them to the bit. Sums and
// products of many numbers agree up to the rounding of another order and of fused
// multiplication; each function of a number states how far it may be off.
//
// Slices may begin anywhere and have any length; a kernel touches nothing beyond
// them. A destination may be the very elements of an operand, but not overlap one
// otherwise.
package simd

//go:generate go -C asm run . -kernels coderows -pkg simd -out ../zcoderows_amd64.s -stubs ../zcoderows_stub_amd64.go
//go:generate go -C asm run . -kernels codes -pkg simd -out ../zcodes_amd64.s -stubs ../zcodes_stub_amd64.go
//go:generate go -C asm run . -kernels columns -pkg simd -out ../zcolumns_amd64.s -stubs ../zcolumns_stub_amd64.go
//go:generate go -C asm run . -kernels double -pkg simd -out ../zdouble_amd64.s -stubs ../zdouble_stub_amd64.go
//go:generate go -C asm run . -kernels few -pkg simd -out ../zfew_amd64.s -stubs ../zfew_stub_amd64.go
//go:generate go -C asm run . -kernels fixedrows -pkg simd -out ../zfixedrows_amd64.s -stubs ../zfixedrows_stub_amd64.go
//go:generate go -C asm run . -kernels fourier -pkg simd -out ../zfourier_amd64.s -stubs ../zfourier_stub_amd64.go
//go:generate go -C asm run . -kernels gemm -pkg simd -out ../zgemm_amd64.s -stubs ../zgemm_stub_amd64.go
//go:generate go -C asm run . -kernels hints -pkg simd -out ../zhints_amd64.s -stubs ../zhints_stub_amd64.go
//go:generate go -C asm run . -kernels integer -pkg simd -out ../zinteger_amd64.s -stubs ../zinteger_stub_amd64.go
//go:generate go -C asm run . -kernels order -pkg simd -out ../zorder_amd64.s -stubs ../zorder_stub_amd64.go
//go:generate go -C asm run . -kernels tiles -pkg simd -out ../ztiles_amd64.s -stubs ../ztiles_stub_amd64.go
//go:generate go -C asm run . -kernels shuffle -pkg simd -out ../zshuffle_amd64.s -stubs ../zshuffle_stub_amd64.go
//go:generate go -C asm run . -kernels vector -pkg simd -out ../zvector_amd64.s -stubs ../zvector_stub_amd64.go
//go:generate go -C asm run ./neon -dir ..
