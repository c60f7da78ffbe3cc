package main

import (
	"fmt"
	"strings"
)

// Families of derivatives, products, transforms, layers and what must hold.

func drawGradient(d *drawer) string {
	s := d.solid(1, 3)
	f := d.one("mx.sin(x) * x", "mx.exp(-x * x)", "mx.softmax(x, axis=-1) ** 2", "mx.maximum(x, 0.3) * x", "mx.logsumexp(x, axis=0)", "mx.cumsum(x, axis=-1) * x",
		"mx.sort(x, axis=-1) * mx.arange(x.shape[-1])", "x[..., :1] * x", "mx.where(x > 0, x, x * x)", "mx.tanh(x) / (1 + x * x)", "mx.prod(x, axis=-1)", "mx.var(x, axis=-1)",
		"mx.max(x, axis=-1)", "mx.abs(x) ** 1.5", "mx.stack([x, x * x]).sum(0)", "mx.pad(x, 1) * 2", "mx.linalg.norm(x + 5)", "mx.sigmoid(x) @ mx.ones((x.shape[-1], 2))", "mx.arctan2(x, x * x + 1)",
		"mx.logcumsumexp(x, axis=-1)", "mx.clip(x, -1, 1) * x", "mx.flip(x) * x", "mx.remainder(x, 0.7)", "mx.erf(x) + mx.log1p(x * x)", "mx.take(x, mx.array([0, 0]), axis=-1) ** 2")
	mode := d.one("show(mx.grad(lambda x: (%s).sum())(x))", "show(mx.value_and_grad(lambda x: (%s).sum())(x))", "show(mx.grad(lambda x: mx.grad(lambda x: (%s).sum())(x).sum())(x))",
		"show(mx.jvp(lambda x: %s, [x], [mx.ones(x.shape)]))", "show(mx.vjp(lambda x: (%s).sum(), [x], [mx.array(2.0)]))", "show(mx.vmap(mx.grad(lambda x: (%s).sum()))(mx.stack([x, x + 1])))",
		"show(mx.compile(lambda x: %s)(x))", "show(mx.vmap(lambda x: %s)(mx.stack([x, x - 1])))")
	return show + fmt.Sprintf("x = %s\n"+mode+"\n", d.reals(s), f)
}

func drawConv(d *drawer) string {
	axes := d.between(1, 3)
	groups := d.one("1", "1", "2")
	in, out := 2, 2*d.between(1, 2)
	s, k := []int{d.between(1, 2)}, []int{out}
	for range axes {
		s, k = append(s, d.between(3, 6)), append(k, d.between(1, 3))
	}
	each := in
	if groups == "2" {
		each = 1
	}
	s, k = append(s, in), append(k, each)
	per := func(low, high int) string {
		p := make([]int, axes)
		for i := range p {
			p[i] = d.between(low, high)
		}
		return strings.NewReplacer("(", "[", ",)", "]", ")", "]").Replace(tuple(p))
	}
	x, w := d.reals(s), d.reals(k)
	padding := d.one(per(0, 2), "("+per(0, 2)+", "+per(0, 2)+")")
	call := fmt.Sprintf("mx.conv_general(x, w, stride=%s, padding=%s, kernel_dilation=%s, input_dilation=%s, groups=%s, flip=%s)", per(1, 2), padding, per(1, 2), per(1, 2), groups, d.one("False", "True"))
	if d.chance(1, 4) {
		call = fmt.Sprintf("mx.conv%dd(x, w, stride=%d, padding=%d, groups=%s)", axes, d.between(1, 2), d.between(0, 2), groups)
	}
	lines := fmt.Sprintf("x, w = %s, %s\n", x, w)
	switch d.IntN(3) {
	case 0:
		return show + lines + "show(mx.grad(lambda x, w: (" + call + " ** 2).sum(), argnums=(0, 1))(x, w))\n"
	case 1:
		if axes < 3 {
			return show + lines + fmt.Sprintf("show(mx.conv_transpose%dd(%s, mx.ones((3,) + x.shape[1:-1] + (2,)), stride=%d, padding=%d))\n", axes, "x", d.between(1, 2), d.between(0, 1))
		}
	}
	return show + lines + "show(" + call + ")\n"
}

func drawFourier(d *drawer) string {
	s := d.solid(1, 3)
	op := d.one("fft", "ifft", "rfft", "irfft", "fft2", "fftn", "ifftn", "rfftn", "irfftn", "fftshift", "ifftshift", "stft")
	a := d.array(s, d.one("float32", "complex64", "int32"), false)
	more := ""
	switch op {
	case "fft", "ifft", "rfft", "irfft":
		more = fmt.Sprintf(", axis=%d", d.axis(len(s))) + d.one("", ", n=4", ", n=7", ", norm='ortho'", ", norm='forward'")
	case "fftshift", "ifftshift":
		more = ", axes=" + d.one("None", fmt.Sprint(d.axis(len(s))))
	case "stft":
		a, more = d.reals([]int{d.between(8, 20)}), fmt.Sprintf(", n_fft=%d, hop_length=%d", d.between(3, 8), d.between(1, 4))+d.one("", ", center=False", ", pad_mode='constant'")
	}
	return show + fmt.Sprintf("show(mx.fft.%s(%s%s))\n", op, a, more)
}

func drawEinsum(d *drawer) string {
	sizes := map[rune]int{'i': d.between(1, 4), 'j': d.between(1, 4), 'k': d.between(1, 3), 'l': d.between(1, 3)}
	text := d.one("ij,jk->ik", "ij,ij->", "ij->ji", "ij->i", "ijk->kij", "ij,jk,kl->il", "i,j->ij", "ijk,ikl->ijl", "ij,kj->ik", "ijk,k->ij", "ij,jk", "ijkl->jl", "i,i,i->i", "ik,jk->ij")
	operands, _, _ := strings.Cut(text, "->")
	var args []string
	for _, term := range strings.Split(operands, ",") {
		s := make([]int, len(term))
		for i, c := range term {
			s[i] = sizes[c]
		}
		args = append(args, d.reals(s))
	}
	return show + fmt.Sprintf("show(mx.einsum('%s', %s))\n", text, strings.Join(args, ", "))
}

func drawLinalg(d *drawer) string {
	n := d.between(1, 4)
	a := d.reals([]int{n, n})
	pos := "(a @ a.T + 3 * mx.eye(" + fmt.Sprint(n) + "))"
	calls := []string{
		"mx.linalg.inv(" + pos + ")", "mx.linalg.cholesky(" + pos + ")", "mx.linalg.solve(" + pos + ", a)", "mx.linalg.norm(a)", "mx.linalg.norm(a, axis=0)", "mx.linalg.norm(a, ord=1)",
		"mx.linalg.norm(a, ord='nuc')", "mx.linalg.eigvalsh(" + pos + ")", "mx.linalg.svd(a, compute_uv=False)", "mx.linalg.det(" + pos + ")", "mx.linalg.pinv(a)", "mx.abs(mx.linalg.qr(a)[1])",
		"mx.linalg.lu(" + pos + ")", "mx.linalg.slogdet(" + pos + ")", "mx.linalg.cross(mx.ones((2, 3)), mx.arange(6).reshape(2, 3).astype(mx.float32))", "mx.linalg.tri_inv(mx.tril(" + pos + "))",
		"mx.sort(mx.real(mx.linalg.eigvals(" + pos + ")))", "mx.tensordot(a, a, 1)", "mx.inner(a, a)", "mx.kron(a, a)", "mx.addmm(a, a, a, 0.5, 2.0)", "a @ a", "mx.vecdot(a, a)",
	}
	return show + "mx.set_default_device(mx.cpu)\na = " + a + "\nshow(" + d.one(calls...) + ")\n"
}

func drawQuantized(d *drawer) string {
	mode := d.one("affine", "affine", "mxfp4", "mxfp8", "nvfp4")
	more := ", mode='" + mode + "'"
	if mode == "affine" {
		more = fmt.Sprintf(", group_size=%s, bits=%s", d.one("32", "64"), d.one("1", "2", "3", "4", "5", "6", "8"))
	}
	rows := d.between(1, 4)
	lines := fmt.Sprintf("w = mx.random.normal((%d, 64), key=mx.random.key(%d)) * %s\nq = mx.quantize(w%s)\n", rows, d.IntN(1000), d.one("1", "0.01", "100", "0"), more)
	switch d.IntN(4) {
	case 0:
		return show + lines + "show(list(q))\n"
	case 1:
		return show + lines + "show(mx.dequantize(*q" + more + "))\n"
	case 2:
		return show + lines + fmt.Sprintf("x = mx.random.normal((%d, 64), key=mx.random.key(7))\nshow(mx.quantized_matmul(x, *q%s))\n", d.between(1, 3), more)
	}
	return show + lines + fmt.Sprintf("x = mx.random.normal((2, %d), key=mx.random.key(7))\nshow(mx.grad(lambda x: mx.quantized_matmul(x, *q, transpose=False%s).sum())(x))\n", rows, more)
}

func drawRandom(d *drawer) string {
	s := tuple(d.solid(0, 3))
	call := d.one("uniform(shape=%s)", "normal(%s)", "uniform(-2, 3, %s)", "randint(-5, 9, %s)", "bernoulli(0.3, %s)", "gumbel(%s)", "laplace(%s)", "truncated_normal(-1, 1, %s)",
		"normal(%s, dtype=mx.float16)", "normal(%s, loc=1, scale=2)", "uniform(shape=%s, dtype=mx.bfloat16)", "permutation(7) if %s else None", "categorical(mx.zeros((2, 3))) if %s else None", "bits(%s)",
		"multivariate_normal(mx.zeros(2), mx.eye(2), %s)")
	return show + fmt.Sprintf("mx.random.seed(%d)\nfor _ in range(2): show(mx.random."+call+")\n", d.IntN(1<<30), s)
}

func drawLayer(d *drawer) string {
	layer := d.one("nn.Linear(4, 3)|(2, 4)", "nn.Bilinear(4, 4, 2)|", "nn.LayerNorm(4)|(2, 4)", "nn.RMSNorm(4)|(2, 4)", "nn.GroupNorm(2, 4)|(2, 3, 4)", "nn.InstanceNorm(4)|(2, 5, 4)", "nn.BatchNorm(4)|(3, 4)",
		"nn.Conv1d(4, 2, 3)|(1, 6, 4)", "nn.Conv2d(4, 2, 2, padding=1)|(1, 3, 3, 4)", "nn.ConvTranspose1d(4, 2, 3)|(1, 4, 4)", "nn.MaxPool1d(2)|(1, 6, 4)", "nn.AvgPool2d(2)|(1, 4, 4, 4)", "nn.GRU(4, 3)|(2, 5, 4)",
		"nn.LSTM(4, 3)|(2, 5, 4)", "nn.RNN(4, 3)|(2, 5, 4)", "nn.MultiHeadAttention(4, 2)|", "nn.TransformerEncoderLayer(4, 2)|", "nn.RoPE(4)|(1, 5, 4)", "nn.SinusoidalPositionalEncoding(4)|(3,)", "nn.ALiBi()|",
		"nn.GELU()|(2, 4)", "nn.GELU('precise')|(2, 4)", "nn.SiLU()|(2, 4)", "nn.Mish()|(2, 4)", "nn.Softshrink()|(2, 4)", "nn.PReLU()|(2, 4)", "nn.Hardswish()|(2, 4)", "nn.GLU()|(2, 4)", "nn.CELU()|(2, 4)", "nn.LogSoftmax()|(2, 4)",
		"nn.Upsample(2, 'linear')|(1, 3, 4)", "nn.Upsample((2, 2), 'cubic')|(1, 3, 3, 2)", "nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 1))|(3, 4)", "nn.Embedding(5, 3)|")
	make_, in, _ := strings.Cut(layer, "|")
	lines := "import mlx.nn as nn\nfrom mlx.utils import tree_flatten\nmx.random.seed(" + fmt.Sprint(d.IntN(10000)) + ")\nm = " + make_ + "\n"
	if in == "" {
		call := map[byte]string{'B': "m(mx.random.normal((2, 4)), mx.random.normal((2, 4)))", 'M': "m(*[mx.random.normal((1, 3, 4))] * 3)", 'T': "m(mx.random.normal((1, 3, 4)), None)",
			'A': "m(mx.zeros((1, 2, 3, 3)))", 'E': "m(mx.array([0, 4, 2]))"}[make_[3]]
		return show + lines + "show([v for _, v in tree_flatten(m.parameters())])\nshow(" + call + ")\n"
	}
	lines += "x = mx.random.normal(" + in + ")" + d.one("", "", ".astype(mx.float16)") + "\n"
	return show + lines + "show(m(x))\nshow(tree_flatten(m.parameters()))\n"
}

func drawOptimizer(d *drawer) string {
	opt := d.one("SGD(0.1)", "SGD(0.1, momentum=0.9, nesterov=True, dampening=0)", "SGD(0.1, weight_decay=0.1)", "Adam(0.1)", "Adam(0.1, bias_correction=True)", "AdamW(0.1)", "Adamax(0.1)", "Adagrad(0.1)", "RMSprop(0.1)",
		"AdaDelta(0.1)", "Lion(0.1)", "Adafactor()", "Muon(0.1)", "SGD(opt.cosine_decay(0.1, 5))", "Adam(opt.step_decay(0.1, 0.5, 2))", "SGD(opt.join_schedules([opt.linear_schedule(0, 0.1, 2), opt.exponential_decay(0.1, 0.9)], [2]))")
	return show + fmt.Sprintf("import mlx.optimizers as opt\no = opt.%s\np = {'w': %s, 'b': %s}\nfor i in range(%d): p = o.apply_gradients({'w': p['w'] * 0.5 + i, 'b': mx.ones((3,))}, p)\nshow(p)\nshow(o.learning_rate)\n",
		opt, d.reals([]int{2, 3}), d.reals([]int{3}), d.between(1, 4))
}

// drawInvariant draws programs that print ok where something holds that must.
func drawInvariant(d *drawer) string {
	s := d.solid(1, 3)
	x := d.reals(s)
	whole := d.one(wholeTypes...)
	n := len(s)
	check := d.one(
		"f = lambda x: (mx.sin(x) * mx.cumsum(x, axis=0)).sum()\nok = mx.grad(f)(x).shape == x.shape",
		fmt.Sprintf("a, b = %s, mx.maximum(%s, mx.array(1, mx.%s))\nq, r = mx.divmod(a, b)\nok = mx.array_equal(q * b + r, a).item()", d.array(s, whole, true), d.array(s, whole, true), whole),
		fmt.Sprintf("ok = mx.allclose(mx.softmax(x, axis=%d).sum(%d), mx.array(1.0)).item()", n-1, n-1),
		"f = lambda x: mx.tanh(x) * x\nt, c = mx.cos(x), mx.sin(x + 1)\nj, v = mx.jvp(f, [x], [t])[1][0], mx.vjp(f, [x], [c])[1][0]\nok = mx.allclose((j * c).sum(), (v * t).sum(), 1e-3, 1e-4).item()",
		"f = lambda x: mx.exp(x) - mx.sqrt(mx.abs(x))\nok = all(mx.allclose(f(x[i]), f(x)[i]).item() for i in range(x.shape[0]))",
		"ok = mx.array_equal(mx.sort(mx.sort(x, axis=-1), axis=-1), mx.sort(x, axis=-1)).item()",
		"ok = mx.allclose(mx.fft.ifft(mx.fft.fft(x)).real, x, 1e-3, 1e-4).item()",
		"ok = mx.array_equal(mx.flip(mx.flip(x)), x).item() and mx.array_equal(x.T.T, x).item()",
		"f = lambda x: x * x + mx.log1p(mx.abs(x))\nok = mx.allclose(mx.vmap(f)(x), f(x)).item() and mx.allclose(mx.compile(f)(x), f(x)).item()",
		"y = x.reshape(-1)\nok = mx.allclose(mx.logsumexp(y), mx.log(mx.exp(y).sum()), 1e-3, 1e-4).item()",
		"ok = mx.allclose(mx.concatenate(mx.split(x, x.shape[-1], axis=-1), axis=-1), x).item()",
		fmt.Sprintf("a = %s\nok = mx.array_equal(a.astype(mx.int64).astype(a.dtype), a).item()", d.array(s, d.one("int8", "int16", "int32", "uint8", "uint16", "uint32"), true)),
	)
	return "x = " + x + "\n" + check + "\nprint('ok' if ok else 'broken')\n"
}
