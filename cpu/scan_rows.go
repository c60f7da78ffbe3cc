package cpu

// Steps of running folds of real numbers: of a line of columns, along a row, and along
// some rows that begin stride apart.

func sumLine[T, A realNumber](acc []A, in, out []T) {
	in, out = in[:len(acc)], out[:len(acc)]
	for j := range acc {
		acc[j] += A(in[j])
		out[j] = T(acc[j])
	}
}

func sumRow[T, A realNumber](acc A, in, out []T) A {
	out = out[:len(in)]
	for i, v := range in {
		acc += A(v)
		out[i] = T(acc)
	}
	return acc
}

func sumRows[T, A realNumber](acc *[scanRows]A, in, out []T, stride, n int) {
	a, b, c, d := acc[0], acc[1], acc[2], acc[3]
	p, q, r, s := in[:n], in[stride:][:n], in[2*stride:][:n], in[3*stride:][:n]
	x, y, z, w := out[:n], out[stride:][:n], out[2*stride:][:n], out[3*stride:][:n]
	for i := range p {
		a += A(p[i])
		b += A(q[i])
		c += A(r[i])
		d += A(s[i])
		x[i], y[i], z[i], w[i] = T(a), T(b), T(c), T(d)
	}
	*acc = [scanRows]A{a, b, c, d}
}

func productLine[T, A realNumber](acc []A, in, out []T) {
	in, out = in[:len(acc)], out[:len(acc)]
	for j := range acc {
		acc[j] *= A(in[j])
		out[j] = T(acc[j])
	}
}

func productRow[T, A realNumber](acc A, in, out []T) A {
	out = out[:len(in)]
	for i, v := range in {
		acc *= A(v)
		out[i] = T(acc)
	}
	return acc
}

func productRows[T, A realNumber](acc *[scanRows]A, in, out []T, stride, n int) {
	a, b, c, d := acc[0], acc[1], acc[2], acc[3]
	p, q, r, s := in[:n], in[stride:][:n], in[2*stride:][:n], in[3*stride:][:n]
	x, y, z, w := out[:n], out[stride:][:n], out[2*stride:][:n], out[3*stride:][:n]
	for i := range p {
		a *= A(p[i])
		b *= A(q[i])
		c *= A(r[i])
		d *= A(s[i])
		x[i], y[i], z[i], w[i] = T(a), T(b), T(c), T(d)
	}
	*acc = [scanRows]A{a, b, c, d}
}

func maxLine[T realNumber](acc, in, out []T) {
	in, out = in[:len(acc)], out[:len(acc)]
	for j := range acc {
		acc[j] = maximum(acc[j], in[j])
		out[j] = acc[j]
	}
}

func maxRow[T realNumber](acc T, in, out []T) T {
	out = out[:len(in)]
	for i, v := range in {
		acc = maximum(acc, v)
		out[i] = acc
	}
	return acc
}

func minLine[T realNumber](acc, in, out []T) {
	in, out = in[:len(acc)], out[:len(acc)]
	for j := range acc {
		acc[j] = minimum(acc[j], in[j])
		out[j] = acc[j]
	}
}

func minRow[T realNumber](acc T, in, out []T) T {
	out = out[:len(in)]
	for i, v := range in {
		acc = minimum(acc, v)
		out[i] = acc
	}
	return acc
}
