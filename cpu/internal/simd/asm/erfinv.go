package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The coefficients are those that MLX draws its normal numbers with: erfinv(x)/x as
// polynomials in log(1-x^2), below -6.125 and above.
var (
	erfinvTail = []float64{
		3.03697567e-10, 2.93243101e-8, 1.22150334e-6, 2.84108955e-5, 3.93552968e-4,
		3.02698812e-3, 4.83185798e-3, -2.64646143e-1, 8.40016484e-1,
	}
	erfinvMiddle = []float64{
		5.43877832e-9, 1.43285448e-7, 1.22774793e-6, 1.12963626e-7, -5.61530760e-5,
		-1.47697632e-4, 2.31468678e-3, 1.15392581e-2, -2.32015476e-1, 8.86226892e-1,
	}
)

// logDouble is (log((1+s)/(1-s))-2s)/s^3 in s^2, for (1+s)/(1-s) from sqrt(1/2) to
// sqrt(2): the logarithm is off by 2^-51.
var logDouble = []float64{
	0.16821344864133897, 0.18123521278826488, 0.2222337524734314,
	0.28571417082719647, 0.40000000052541707, 0.6666666666658672,
}

// erfinv takes the logarithm in float64, so that it is rounded once.
func erfinv(c constants, x reg.VecVirtual) reg.VecVirtual {
	rest := YMM()
	VMOVUPS(c.float(1), rest)
	VFNMADD231PS(x, x, rest)
	t := logRounded(c, rest)
	tail, middle := c.polynomial(t, erfinvTail), c.polynomial(t, erfinvMiddle)
	VCMPPS(lessThan, c.float(-6.125), t, t)
	VBLENDVPS(t, tail, middle, middle)
	VMULPS(x, middle, middle)
	return middle
}

// logRounded is the logarithm of numbers from 2^-24 to 1, rounded once; of 0 it is
// -infinity, and NaN of what is below.
func logRounded(c constants, x reg.VecVirtual) reg.VecVirtual {
	const root = 0x3f3504f3 // the bits of sqrt(1/2)
	m, e := to(VPSUBD, c.words(root), x), YMM()
	VPSRAD(Imm(23), m, e)
	VPAND(c.words(1<<23-1), m, m)
	VPADDD(c.words(root), m, m)
	upperM, upperE := XMM(), XMM()
	VEXTRACTF128(Imm(1), m, upperM)
	VEXTRACTI128(Imm(1), e, upperE)
	part := func(m, e reg.Register) reg.VecVirtual {
		d, n := YMM(), YMM()
		VCVTPS2PD(m, d)
		VCVTDQ2PD(e, n)
		above := to(VADDPD, c.double(1), d)
		VADDPD(c.double(-1), d, d)
		VDIVPD(above, d, d)
		square, p := to(VMULPD, d, d), YMM()
		VMOVUPD(c.double(logDouble[0]), p)
		for _, k := range logDouble[1:] {
			VFMADD213PD(c.double(k), square, p)
		}
		VFMADD213PD(c.double(2), square, p)
		VMULPD(d, p, p)
		VFMADD231PD(c.double(math.Ln2), n, p)
		r := XMM()
		VCVTPD2PSY(p, r)
		return r
	}
	low := part(m.AsX(), e.AsX())
	high := part(upperM, upperE)
	r, odd, put, zero := YMM(), YMM(), YMM(), single.zero()
	VINSERTF128(Imm(1), high, low.AsY(), r)
	VCMPPS(notGreaterEqual, zero, x, odd)
	VMOVUPS(c.words(0x7fc00000), put)
	VBLENDVPS(odd, put, r, r)
	VCMPPS(equal, zero, x, odd)
	VMOVUPS(c.float(math.Inf(-1)), put)
	VBLENDVPS(odd, put, r, r)
	return r
}
