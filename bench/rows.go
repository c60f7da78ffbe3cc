package main

import (
	"fmt"
	"strings"
)

// row is one workload. Setup and body are MLX Python, which mlxstar and MLX run
// verbatim; body is one step, whose time is what is measured.
type row struct {
	name string
	in   []input
	// setup runs once after the inputs were made.
	setup string
	// eval is an expression that a step evaluates; body, if eval is empty, is the
	// statements of a step.
	eval, body string
	// pause is how many seconds nothing happens before each step.
	pause float64
	// units is how many times a step does what the row names; 0 is once.
	units int

	numpy, jax peerText

	bytes float64 // read and written by a unit, at least
	flops float64 // multiplications and additions of a unit

	// mlx and goal are milliseconds of a unit at scale 1, of MLX 0.32 on two cores
	// of a machine whose memory copies at 26 GB/s, and of what is aimed at there.
	mlx, goal float64
}

// input is an array of normally distributed numbers.
type input struct {
	name  string
	shape []int
	dtype string // "" is float32
}

// peerText is a row as another library does it: an expression of the inputs, or
// the statements of a step. An empty one means that the library has no such thing.
type peerText struct{ setup, eval, body string }

func floats(name string, shape ...int) input { return input{name: name, shape: shape} }

// scaled is n at a scale, at least 1.
func scaled(n int, scale float64) int { return max(int(float64(n)*scale), 1) }

// tableRows are the workloads of single operations and of small networks at a
// scale. What grows is the number of elements, or of rows of a product.
func tableRows(scale float64) []row {
	rows := elementwiseRows(scaled(16<<20, scale))
	rows = append(rows, rowRows(scaled(4096, scale))...)
	rows = append(rows, productRows(scale)...)
	rows = append(rows, generationRows(scale)...)
	rows = append(rows, networkRows(scale)...)
	return append(rows, tinyRows(scale)...)
}

const fusedText = "mx.exp(a * b + a) * 0.5 + mx.tanh(b)"

func elementwiseRows(n int) []row {
	a, b := floats("a", n), floats("b", n)
	N := float64(n)
	fused := peerText{eval: "np.exp(a * b + a) * np.float32(0.5) + np.tanh(b)"}
	fusedJAX := peerText{eval: "jnp.exp(a * b + a) * 0.5 + jnp.tanh(b)"}
	return []row{
		{name: "add", in: []input{a, b}, eval: "a + b", bytes: 12 * N, mlx: 60, goal: 12,
			numpy: peerText{eval: "a + b"}, jax: peerText{eval: "a + b"}},
		{name: "exp", in: []input{a}, eval: "mx.exp(a)", bytes: 8 * N, mlx: 344, goal: 14,
			numpy: peerText{eval: "np.exp(a)"}, jax: peerText{eval: "jnp.exp(a)"}},
		{name: "tanh", in: []input{a}, eval: "mx.tanh(a)", bytes: 8 * N, mlx: 478, goal: 18,
			numpy: peerText{eval: "np.tanh(a)"}, jax: peerText{eval: "jnp.tanh(a)"}},
		{name: "fused", in: []input{a, b}, eval: fusedText, bytes: 12 * N, mlx: 803, goal: 40, numpy: fused, jax: fusedJAX},
		{name: "fused_compiled", in: []input{a, b}, setup: "f = mx.compile(lambda a, b: " + fusedText + ")", eval: "f(a, b)",
			bytes: 12 * N, mlx: 767, goal: 40, numpy: fused, jax: fusedJAX},
		{name: "sum", in: []input{a}, eval: "mx.sum(a)", bytes: 4 * N, mlx: 16.2, goal: 6,
			numpy: peerText{eval: "np.sum(a)"}, jax: peerText{eval: "jnp.sum(a)"}},
		{name: "random_normal", eval: fmt.Sprintf("mx.random.normal((%d,))", n), bytes: 4 * N, mlx: 632, goal: 60,
			numpy: peerText{eval: fmt.Sprintf("rng.standard_normal(%d, dtype=np.float32)", n)},
			jax: peerText{setup: fmt.Sprintf("f = jax.jit(lambda k: jax.random.normal(k, (%d,)))\nkey = jax.random.key(0)", n),
				body: "f(key).block_until_ready()"}},
	}
}

// rowRows are the workloads on rows of 4096 or of 512 elements.
func rowRows(m int) []row {
	const n = 4096
	a := []input{floats("a", m, n)}
	N := float64(m) * n
	x := []input{floats("x", max(m/64, 1), 512, 512), floats("w", 512), floats("b", 512)}
	X := float64(x[0].shape[0]) * 512 * 512
	rows := max(m/4, 1) // of the fft
	return []row{
		{name: "sum_axis0", in: a, eval: "mx.sum(a, axis=0)", bytes: 4 * N, mlx: 4.9, goal: 5,
			numpy: peerText{eval: "np.sum(a, axis=0)"}, jax: peerText{eval: "jnp.sum(a, axis=0)"}},
		{name: "sum_axis1", in: a, eval: "mx.sum(a, axis=1)", bytes: 4 * N, mlx: 15.9, goal: 5,
			numpy: peerText{eval: "np.sum(a, axis=1)"}, jax: peerText{eval: "jnp.sum(a, axis=1)"}},
		{name: "softmax", in: a, eval: "mx.softmax(a, axis=-1)", bytes: 8 * N, mlx: 306, goal: 16,
			numpy: peerText{body: "e = np.exp(a - a.max(axis=-1, keepdims=True))\ne /= e.sum(axis=-1, keepdims=True)"},
			jax:   peerText{eval: "jax.nn.softmax(a, axis=-1)"}},
		{name: "sort", in: a, eval: "mx.sort(a, axis=-1)", bytes: 8 * N, mlx: 1239, goal: 250,
			numpy: peerText{eval: "np.sort(a, axis=-1)"}, jax: peerText{eval: "jnp.sort(a, axis=-1)"}},
		{name: "cumsum", in: a, eval: "mx.cumsum(a, axis=1)", bytes: 8 * N, mlx: 66, goal: 20,
			numpy: peerText{eval: "np.cumsum(a, axis=1)"}, jax: peerText{eval: "jnp.cumsum(a, axis=1)"}},
		{name: "transpose", in: a, eval: "mx.contiguous(a.T)", bytes: 8 * N, mlx: 181, goal: 25,
			numpy: peerText{eval: "np.ascontiguousarray(a.T)"}, jax: peerText{eval: "jnp.copy(a.T)"}},
		{name: "layer_norm", in: x, eval: "mx.fast.layer_norm(x, w, b, 1e-5)", bytes: 8 * X, mlx: 192, goal: 14,
			numpy: peerText{body: "y = x - x.mean(-1, keepdims=True)\ny / np.sqrt((y * y).mean(-1, keepdims=True) + np.float32(1e-5)) * w + b"},
			jax:   peerText{eval: "(x - x.mean(-1, keepdims=True)) * jax.lax.rsqrt(x.var(-1, keepdims=True) + 1e-5) * w + b"}},
		{name: "rms_norm", in: x[:2], eval: "mx.fast.rms_norm(x, w, 1e-5)", bytes: 8 * X, mlx: 140, goal: 14,
			numpy: peerText{eval: "x / np.sqrt((x * x).mean(-1, keepdims=True) + np.float32(1e-5)) * w"},
			jax:   peerText{eval: "x * jax.lax.rsqrt((x * x).mean(-1, keepdims=True) + 1e-5) * w"}},
		{name: "take", in: []input{floats("a", 2*m, n)}, bytes: 16 * N, mlx: 112, goal: 35,
			setup: fmt.Sprintf("i = mx.random.randint(0, %d, (%d,))\nmx.eval(i)", 2*m, 2*m), eval: "mx.take(a, i, axis=0)",
			numpy: peerText{setup: fmt.Sprintf("i = rng.integers(0, %d, %d)", 2*m, 2*m), eval: "np.take(a, i, axis=0)"},
			jax: peerText{setup: fmt.Sprintf("i = jnp.asarray(rng.integers(0, %d, %d))\nf = jax.jit(lambda a, i: jnp.take(a, i, axis=0))", 2*m, 2*m),
				body: "f(a, i).block_until_ready()"}},
		{name: "fft", in: []input{floats("a", rows, n)}, eval: "mx.fft.fft(a)",
			bytes: 12 * float64(rows) * n, flops: 5 * float64(rows) * n * 12, mlx: 62, goal: 30,
			numpy: peerText{eval: "np.fft.fft(a)"}, jax: peerText{eval: "jnp.fft.fft(a)"}},
	}
}

func productRows(scale float64) []row {
	var rows []row
	for _, p := range []struct {
		n         int
		dtype     string
		mlx, goal float64
	}{{1024, "", 14.9, 15.5}, {2048, "", 113, 118}, {1024, "bfloat16", 609, 22}, {1024, "float16", 739, 22}} {
		m := scaled(p.n, scale)
		name, numpy := fmt.Sprintf("matmul_%d", p.n), peerText{eval: "a @ b"}
		size := 4.0
		if p.dtype != "" {
			name, size = name+"_"+p.dtype, 2
		}
		if p.dtype == "bfloat16" {
			numpy = peerText{}
		}
		rows = append(rows, row{name: name, in: []input{{"a", []int{m, p.n}, p.dtype}, {"b", []int{p.n, p.n}, p.dtype}},
			eval: "a @ b", flops: 2 * float64(m) * float64(p.n) * float64(p.n), bytes: size * float64(2*m*p.n+p.n*p.n),
			mlx: p.mlx, goal: p.goal, numpy: numpy, jax: peerText{eval: "a @ b"}})
	}
	k := scaled(4096, scale)
	batch := scaled(8, scale)
	heads := scaled(8, scale)
	scores := peerText{body: "s = (q * np.float32(0.125)) @ k.swapaxes(-1, -2)\ns = np.exp(s - s.max(-1, keepdims=True))\n(s / s.sum(-1, keepdims=True)) @ v"}
	q := func(name string) input { return floats(name, 1, heads, 512, 64) }
	return append(rows,
		row{name: "matvec", in: []input{floats("x", 1, 4096), floats("w", k, 4096)}, eval: "x @ w.T",
			bytes: 4 * float64(k) * 4096, flops: 2 * float64(k) * 4096, mlx: 6.9, goal: 6,
			numpy: peerText{eval: "x @ w.T"}, jax: peerText{eval: "x @ w.T"}},
		row{name: "quantized_matvec", in: []input{floats("x", 1, 4096), floats("w", k, 4096)},
			setup: "wq, s, z = mx.quantize(w, group_size=64, bits=4)\nmx.eval(wq, s, z)",
			eval:  "mx.quantized_matmul(x, wq, s, z, transpose=True, group_size=64, bits=4)",
			bytes: float64(k) * 4096 * (0.5 + 8.0/64), flops: 2 * float64(k) * 4096, mlx: 19.3, goal: 2},
		row{name: "conv2d", in: []input{floats("x", batch, 64, 64, 32), floats("w", 64, 3, 3, 32)},
			eval:  "mx.conv2d(x, w, padding=1)",
			flops: 2 * float64(batch) * 64 * 64 * 64 * 9 * 32, bytes: 4 * float64(batch) * 64 * 64 * (32 + 64), mlx: 57.9, goal: 14,
			jax: peerText{eval: "jax.lax.conv_general_dilated(x, w, (1, 1), 'SAME', dimension_numbers=('NHWC', 'OHWI', 'NHWC'))"}},
		row{name: "attention", in: []input{q("q"), q("k"), q("v")},
			eval:  "mx.fast.scaled_dot_product_attention(q, k, v, scale=0.125)",
			flops: 4 * float64(heads) * 512 * 512 * 64, bytes: 16 * float64(heads) * 512 * 64, mlx: 54, goal: 5, numpy: scores,
			jax: peerText{eval: "jax.nn.softmax(jnp.einsum('bhid,bhjd->bhij', q * 0.125, k), axis=-1) @ v"}},
	)
}

// lines joins the lines of a program.
func lines(s ...string) string { return strings.Join(s, "\n") }

func networkRows(scale float64) []row {
	batch := scaled(256, scale)
	return []row{{
		name: "mlp_adam", in: []input{floats("x", batch, 784)}, mlx: 6.4, goal: 4,
		flops: 6 * float64(batch) * (784*256 + 256*256 + 256*10),
		setup: lines(
			"import mlx.nn as nn",
			"import mlx.optimizers as optim",
			"class MLP(nn.Module):",
			"    def __init__(self):",
			"        super().__init__()",
			"        self.layers = [nn.Linear(784, 256), nn.Linear(256, 256), nn.Linear(256, 10)]",
			"    def __call__(self, x):",
			"        for layer in self.layers[:-1]:",
			"            x = nn.relu(layer(x))",
			"        return self.layers[-1](x)",
			fmt.Sprintf("y = mx.random.randint(0, 10, (%d,))", batch),
			"model = MLP()",
			"opt = optim.Adam(learning_rate=1e-3)",
			"loss_and_grad = nn.value_and_grad(model, lambda model, x, y: nn.losses.cross_entropy(model(x), y, reduction='mean'))",
			"mx.eval(model.parameters(), y)"),
		body: lines(
			"loss, grads = loss_and_grad(model, x, y)",
			"opt.update(model, grads)",
			"mx.eval(loss, model.parameters(), opt.state)"),
		jax: peerText{
			setup: lines(
				"sizes = [784, 256, 256, 10]",
				"p = [(jnp.asarray(rng.standard_normal((i, o), dtype=np.float32)) / 28, jnp.zeros(o)) for i, o in zip(sizes, sizes[1:])]",
				fmt.Sprintf("y = jnp.asarray(rng.integers(0, 10, %d))", batch),
				"def loss(p, x, y):",
				"    for w, b in p[:-1]:",
				"        x = jax.nn.relu(x @ w + b)",
				"    z = x @ p[-1][0] + p[-1][1]",
				"    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(z), y[:, None], 1))",
				"tree = jax.tree_util.tree_map",
				"@jax.jit",
				"def update(p, m, v, x, y):",
				"    l, g = jax.value_and_grad(loss)(p, x, y)",
				"    m = tree(lambda m, g: 0.9 * m + 0.1 * g, m, g)",
				"    v = tree(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)",
				"    return l, tree(lambda p, m, v: p - 1e-3 * m / (jnp.sqrt(v) + 1e-8), p, m, v), m, v",
				"state = (p, tree(jnp.zeros_like, p), tree(jnp.zeros_like, p))"),
			body: lines("global state", "l, *state = update(*state, x, y)", "jax.block_until_ready(state)"),
		},
	}}
}

// tinyRows measure what an operation costs besides its arithmetic.
func tinyRows(scale float64) []row {
	chain := scaled(20000, scale)
	one := []input{floats("a", 1), floats("b", 1)}
	return []row{
		{name: "tiny_add", in: one, units: 1000, body: "for _ in range(1000):\n    mx.eval(a + b)", mlx: 0.112, goal: 0.003,
			numpy: peerText{body: "for _ in range(1000):\n    a + b"},
			jax:   peerText{setup: "f = jax.jit(lambda a, b: a + b)", body: "for _ in range(1000):\n    f(a, b).block_until_ready()"}},
		{name: "tiny_chain", in: one, units: chain, mlx: 0.005, goal: 0.001,
			body:  fmt.Sprintf("x = a\nfor _ in range(%d):\n    x = x + b\nmx.eval(x)", chain),
			numpy: peerText{body: fmt.Sprintf("x = a\nfor _ in range(%d):\n    x = x + b", chain)}},
	}
}
