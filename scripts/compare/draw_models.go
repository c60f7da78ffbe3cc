package main

import (
	"fmt"
	"strings"
)

// Families of what models are made of: fused functions, transforms within transforms, losses,
// schedules, training, trees of parameters and their files.

// normal draws an expression for an array of normal numbers.
func (d *drawer) normal(shape []int, more string) string {
	return fmt.Sprintf("mx.random.normal(%s, key=mx.random.key(%d))%s", tuple(shape), d.IntN(10000), more)
}

func drawFast(d *drawer) string {
	cast := d.one("", "", "", ".astype(mx.float16)", ".astype(mx.bfloat16)")
	var lines, call, args string
	switch d.IntN(5) {
	case 0:
		n := 2 * d.between(1, 8)
		lines = fmt.Sprintf("x, w, b = %s, %s, %s\n", d.normal(append(d.solid(0, 2), n), cast), d.normal([]int{n}, cast), d.normal([]int{n}, cast))
		call = d.one("mx.fast.rms_norm(x, w, 1e-5)", "mx.fast.rms_norm(x, None, 1e-3)", "mx.fast.layer_norm(x, w, b, 1e-5)", "mx.fast.layer_norm(x, None, None, 1e-5)", "mx.fast.layer_norm(x, w, None, 1e-2)")
		args = "x, w, b"
	case 1:
		n := 2 * d.between(2, 6)
		shape := []int{d.between(1, 2), d.between(1, 3), d.between(1, 5), n}
		offset := d.one("0", "3", "mx.array(2)", fmt.Sprintf("mx.arange(%d)", shape[0]))
		lines = fmt.Sprintf("x = %s\n", d.normal(shape, cast))
		call = fmt.Sprintf("mx.fast.rope(x, %d, traditional=%s, base=%s, scale=%s, offset=%s)", 2*d.between(1, n/2), d.one("True", "False"), d.one("10000.0", "500.0"), d.one("1.0", "0.5"), offset)
		if d.chance(1, 4) {
			call = fmt.Sprintf("mx.fast.rope(x, %d, traditional=%s, base=None, scale=1.0, offset=%s, freqs=mx.arange(1, %d).astype(mx.float32))", n, d.one("True", "False"), offset, n/2+1)
		}
		args = "x"
	case 2, 3:
		b, kv, queries, keys, n := d.between(1, 2), d.between(1, 2), d.between(1, 6), d.between(1, 6), d.one("4", "8", "64")
		heads := kv * d.between(1, 2)
		lines = fmt.Sprintf("q, k, v = %s, %s, %s\n", d.attended(b, heads, queries, n, cast), d.attended(b, kv, keys, n, cast), d.attended(b, kv, keys, n, cast))
		mask := d.one("", ", mask='causal'", fmt.Sprintf(", mask=%s", d.normal([]int{queries, keys}, cast)), fmt.Sprintf(", mask=%s > 0", d.normal([]int{b, 1, queries, keys}, "")))
		if queries > keys && strings.Contains(mask, "causal") {
			mask = ""
		}
		call, args = "mx.fast.scaled_dot_product_attention(q, k, v, scale="+d.one("1.0", "0.25")+mask+")", "q, k, v"
		if d.chance(1, 6) {
			call = strings.TrimSuffix(call, ")") + fmt.Sprintf(", sinks=%s)", d.normal([]int{heads}, cast))
		}
	default:
		rows, n := d.between(1, 4), d.between(2, 9)
		lines = fmt.Sprintf("x, y = %s, mx.array(%s)\n", d.normal([]int{rows, n}, cast), d.wholes(rows, 0, n-1))
		call, args = "mx.fast.cross_entropy(x, y)", "x"
	}
	if d.chance(1, 3) {
		if strings.Contains(call, "fast.rms_norm") || strings.Contains(call, "None, None") {
			args = "x"
		}
		places := ordinals(strings.Count(args, ",") + 1)
		return show + lines + fmt.Sprintf("show(mx.grad(lambda %s: (%s).square().sum(), argnums=(%s,))(%s))\n", args, call, places, args)
	}
	return show + lines + "show(" + call + ")\n"
}

func ordinals(n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprint(i)
	}
	return strings.Join(parts, ", ")
}

func (d *drawer) attended(batch, heads, places int, size, more string) string {
	return fmt.Sprintf("mx.random.normal((%d, %d, %d, %s), key=mx.random.key(%d))%s", batch, heads, places, size, d.IntN(10000), more)
}

// wholes draws a list of integers.
func (d *drawer) wholes(n, low, high int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprint(d.between(low, high))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func drawSchedule(d *drawer) string {
	one := func() string {
		rate := d.one("0.1", "1e-3", "2.0", "1")
		return d.one("opt.exponential_decay("+rate+", "+d.one("0.9", "0.5", "1.0")+")", fmt.Sprintf("opt.step_decay(%s, 0.5, %d)", rate, d.between(1, 5)),
			fmt.Sprintf("opt.cosine_decay(%s, %d)", rate, d.between(1, 9)), fmt.Sprintf("opt.cosine_decay(%s, %d, end=%s)", rate, d.between(1, 9), d.one("1e-4", "0.01")),
			fmt.Sprintf("opt.linear_schedule(%s, %s, %d)", d.one("0", "1e-6"), rate, d.between(1, 9)))
	}
	s := one()
	if d.chance(1, 2) {
		first := d.between(1, 4)
		s = fmt.Sprintf("opt.join_schedules([%s, %s], [%d])", one(), one(), first)
		if d.chance(1, 3) {
			s = fmt.Sprintf("opt.join_schedules([%s, %s, %s], [%d, %d])", one(), one(), one(), first, first+d.between(1, 5))
		}
	}
	head := show + "import mlx.optimizers as opt\ns = " + s + "\n"
	if d.chance(1, 2) {
		return head + fmt.Sprintf("for i in range(%d): show(s(%s))\n", d.between(1, 12), d.one("i", "mx.array(i)"))
	}
	o := d.one("SGD(s)", "SGD(s, momentum=0.9)", "Adam(s)", "AdamW(s, weight_decay=0.1)", "Lion(s)", "RMSprop(s)", "Adagrad(s)", "Adamax(s)")
	return head + fmt.Sprintf("o = opt.%s\np = {'w': mx.array([1.0, -2.0, 0.5])}\nfor i in range(%d):\n    p = o.apply_gradients({'w': p['w'] * 2 + 1}, p)\n    show(o.learning_rate)\nshow(p)\nshow(o.state['step'])\n", o, d.between(1, 6))
}

// drawNested draws transforms of transforms.
func drawNested(d *drawer) string {
	n := d.between(1, 4)
	f := d.one("mx.sin(x) * x", "mx.exp(-x * x)", "x ** 3", "mx.tanh(x * 2)", "mx.log1p(x * x)", "mx.where(x > 0, x * x, -x)", "mx.softmax(x) * x", "mx.sigmoid(x) / (1 + x * x)", "mx.cumsum(x) * x", "mx.maximum(x, 0.25) * x",
		"mx.checkpoint(lambda t: mx.cos(t) * t)(x)", "mx.stop_gradient(x) * x", "mx.sort(x) * x", "mx.logsumexp(x) * x", "mx.concatenate([x, x * x])[:x.size]", "(x[None] * x[:, None]).sum(0)", "mx.einsum('i,j->i', x, x)",
		"mx.custom_function(lambda t: t * t * t)(x)", "mx.linalg.norm(x + 3) * x", "mx.fast.rms_norm(x, None, 1e-3)")
	whole := "lambda x: (" + f + ").sum()"
	wrap := func(g string) string { // of a scalar function, another of one
		switch d.IntN(5) {
		case 0:
			return "mx.compile(" + g + ")"
		case 1:
			return "(lambda x: mx.grad(" + g + ")(x).sum())"
		case 2:
			return "(lambda x: mx.vmap(" + g + ")(mx.stack([x, x * 0.5])).sum())"
		case 3:
			return "(lambda x: mx.jvp(" + g + ", [x], [mx.ones(x.shape)])[1][0])"
		}
		return "mx.checkpoint(" + g + ")"
	}
	g := "(" + whole + ")"
	for range d.between(1, 3) {
		g = wrap(g)
	}
	last := d.one("show(g(x))", "show(mx.grad(g)(x))", "show(mx.value_and_grad(g)(x))", "show(mx.vmap(mx.grad(g))(mx.stack([x, -x, x + 1])))", "show(mx.compile(mx.grad(g))(x))", "show(mx.grad(mx.compile(g))(x))",
		"show(mx.compile(mx.vmap(mx.grad(mx.compile(g))))(mx.stack([x, x + 1])))", "show(mx.vjp(g, [x], [mx.array(2.0)]))", "show(mx.jvp(mx.grad(g), [x], [mx.ones(x.shape)]))",
		"show(mx.vmap(lambda a, b: g(a) * b, in_axes=(0, None))(mx.stack([x, x * 2]), x))", "show(mx.vmap(lambda a: mx.jvp(g, [a], [mx.ones(a.shape)])[1][0], in_axes=1)(mx.stack([x, x * 2], axis=1)))")
	return show + fmt.Sprintf("x = %s * 0.25\ng = %s\n%s\n", d.reals([]int{n}), g, last)
}

func drawLoss(d *drawer) string {
	rows, n := d.between(1, 4), d.between(2, 5)
	reduction := ", reduction=" + d.one("'none'", "'mean'", "'sum'")
	x, y := d.reals([]int{rows, n}), d.reals([]int{rows, n})
	lines := fmt.Sprintf("import mlx.nn as nn\nx, y = %s, %s\n", x, y)
	classes := "mx.array(" + d.wholes(rows, 0, n-1) + ")"
	call := d.one("cross_entropy(x, "+classes+"%s)", "cross_entropy(x, mx.softmax(y)%s)", "cross_entropy(x, "+classes+", label_smoothing=0.2%s)", "cross_entropy(x, "+classes+", weights=mx.arange(1, "+fmt.Sprint(rows+1)+").astype(mx.float32)%s)",
		"binary_cross_entropy(x, (y > 0).astype(mx.float32)%s)", "binary_cross_entropy(mx.sigmoid(x), (y > 0).astype(mx.float32), with_logits=False%s)", "l1_loss(x, y%s)", "mse_loss(x, y%s)",
		"nll_loss(mx.log(mx.softmax(x)), "+classes+"%s)", "gaussian_nll_loss(x, y, mx.abs(y) + 0.1%s)", "gaussian_nll_loss(x, y, mx.abs(y) + 0.1, full=True%s)", "kl_div_loss(mx.log(mx.softmax(x)), mx.log(mx.softmax(y))%s)",
		"smooth_l1_loss(x, y, beta=0.5%s)", "triplet_loss(x, y, x * y%s)", "triplet_loss(x, y, x - y, p=1, margin=0.5%s)", "hinge_loss(x, mx.sign(y)%s)", "huber_loss(x, y, delta=0.7%s)", "log_cosh_loss(x, y%s)",
		"cosine_similarity_loss(x, y%s)", "margin_ranking_loss(x, y, mx.sign(x - y), margin=0.1%s)")
	call = "nn.losses." + fmt.Sprintf(call, reduction)
	if d.chance(1, 2) {
		return show + lines + "show(mx.value_and_grad(lambda x, y: " + call + ".sum(), argnums=(0, 1))(x, y))\n"
	}
	return show + lines + "show(" + call + ")\n"
}

// drawTraining draws a model, its steps and what has become of it.
func drawTraining(d *drawer) string {
	in, hidden := d.between(2, 4), 2*d.between(2, 4)
	act := d.one("nn.relu", "nn.gelu", "mx.tanh", "nn.silu")
	body := d.one(fmt.Sprintf("        self.norm = nn.%s(%d)\n", d.one("LayerNorm", "RMSNorm"), hidden), fmt.Sprintf("        self.norm = nn.BatchNorm(%d)\n", hidden), "        self.norm = lambda t: t\n", "        self.norm = nn.Identity()\n")
	bias := ""
	if strings.Contains(body, "Norm") {
		bias = ", bias=False" // its gradient would be nothing but rounding
	}
	lines := fmt.Sprintf("import mlx.nn as nn\nimport mlx.optimizers as opt\nfrom functools import partial\nfrom mlx.utils import tree_flatten, tree_map\nmx.random.seed(%d)\n", d.IntN(10000)) +
		fmt.Sprintf("class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.layers = [nn.Linear(%d, %d%s), nn.Linear(%d, 1%s)]\n%s", in, hidden, bias, hidden, d.one("", ", bias=False"), body) +
		fmt.Sprintf("    def __call__(self, x):\n        return self.layers[1](%s(self.norm(self.layers[0](x))))\n", act) +
		fmt.Sprintf("m = Net()\nx = mx.random.normal((5, %d))\ny = x.sum(axis=1, keepdims=True)\no = opt.%s\n", in, d.one("SGD(0.05)", "SGD(0.05, momentum=0.9, nesterov=True, dampening=0)", "Adam(0.01)", "AdamW(0.01)", "Adafactor(1e-2, relative_step=False)", "RMSprop(0.01)", "Lion(1e-3)", "Muon(0.01)",
			"MultiOptimizer([opt.Adam(0.01), opt.SGD(0.1)], [lambda name, w: 'bias' in name])", "SGD(opt.cosine_decay(0.1, 4))"))
	if d.chance(1, 3) {
		lines += d.one("m.layers[0].freeze()\n", "m.freeze()\nm.layers[1].unfreeze()\n", "m.layers[0].freeze(keys=['weight'], strict=False)\n", "m.update(tree_map(lambda p: p * 0.5, m.parameters()))\n", "m.eval()\n", "m.apply(lambda p: p + 0.1)\n")
	}
	loss := fmt.Sprintf("def loss(m, x, y):\n    return nn.losses.%s(m(x), y, reduction='mean')\n", d.one("mse_loss", "l1_loss", "huber_loss"))
	steps := d.between(1, 5)
	clip := d.one("", "", "    g, n = opt.clip_grad_norm(g, 0.5)\n")
	step := "    l, g = nn.value_and_grad(m, loss)(m, x, y)\n" + clip + "    o.update(m, g)\n    return l\n"
	switch d.IntN(3) {
	case 0:
		lines += loss + "@partial(mx.compile, inputs=[m.state, o.state], outputs=[m.state, o.state])\ndef step(x, y):\n" + step
	case 1:
		lines += loss + "def step(x, y):\n" + step
	default:
		lines += loss + "def step(x, y):\n" + strings.Replace(step, "    return l", "    mx.eval(m.parameters(), o.state)\n    return l", 1)
	}
	lines += fmt.Sprintf("for _ in range(%d): show(step(x, y))\n", steps)
	return show + lines + d.one("show(sorted(k for k, _ in tree_flatten(m.trainable_parameters())))\nshow([v for _, v in tree_flatten(m.parameters())])\n", "show([k for k, _ in tree_flatten(o.state)])\nshow(o.state['step'])\n", "show(m(x))\nprint(m)\n", "show([v for _, v in tree_flatten(o.state)])\n")
}

func drawTree(d *drawer) string {
	var node func(depth int) string
	node = func(depth int) string {
		switch k := d.IntN(7); {
		case k < 2 && depth > 0:
			parts := make([]string, d.between(0, 3))
			for i := range parts {
				parts[i] = node(depth - 1)
			}
			return "[" + strings.Join(parts, ", ") + "]"
		case k < 4 && depth > 0:
			parts := make([]string, d.between(0, 3))
			for i := range parts {
				parts[i] = fmt.Sprintf("'%s%d': %s", d.one("a", "w", "layers"), i, node(depth-1))
			}
			return "{" + strings.Join(parts, ", ") + "}"
		case k == 4 && depth > 0:
			return "(" + node(depth-1) + ", " + node(depth-1) + ")"
		}
		return d.one(fmt.Sprintf("mx.array(%s)", d.wholes(d.between(1, 3), -9, 9)), fmt.Sprint(d.between(-9, 9)), "None", "'text'", "2.5")
	}
	double := "lambda x: x * 2 if isinstance(x, (int, float, mx.array)) else x"
	call := d.one("u.tree_flatten(t)", "u.tree_flatten(t, prefix='p')", "u.tree_unflatten(u.tree_flatten(t))", "u.tree_map("+double+", t)", "u.tree_map_with_path(lambda k, x: (k, x), t)", "u.tree_map(lambda a, b: (a, b), t, t)",
		"u.tree_reduce(lambda acc, x: acc + (x.size if isinstance(x, mx.array) else 1), t, 0)", "u.tree_flatten(t, destination={})", "u.tree_merge({'a': t}, {'b': t})", "u.tree_map(lambda x: x, t, is_leaf=lambda x: isinstance(x, list))",
		"u.tree_flatten(t, is_leaf=lambda x: isinstance(x, tuple))", "mx.vmap(lambda s: u.tree_map(lambda x: x + s if isinstance(x, mx.array) else s, t))(mx.arange(2))")
	return show + "import mlx.utils as u\nt = " + node(3) + "\nshow(" + call + ")\n"
}

// drawFiles draws arrays that are written and read again.
func drawFiles(d *drawer) string {
	kind := d.one("npy", "npz", "npzc", "safetensors", "safetensors", "gguf")
	var types []string
	switch kind {
	case "npy", "npz", "npzc":
		types = []string{"bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "float16", "float32", "complex64"}
	case "gguf":
		types = []string{"int8", "int16", "int32", "float16", "float32", "bfloat16"}
	default:
		types = allTypes
	}
	names := []string{"a", "layers.0.w", "b_2"}[:d.between(1, 3)]
	var pairs []string
	for _, n := range names {
		pairs = append(pairs, fmt.Sprintf("'%s': %s", n, d.vary(d.array(d.solid(1, 3), d.one(types...), false))))
	}
	lines := "w = {" + strings.Join(pairs, ", ") + "}\n"
	switch kind {
	case "npy":
		lines += "mx.save('f', w['a'])\nshow(mx.load('f.npy'))\n"
	case "npz":
		lines += "mx.savez('f', **w)\nshow(dict(mx.load('f.npz')))\n"
	case "npzc":
		lines += "mx.savez_compressed('f', mx.arange(3), **w)\nshow(dict(mx.load('f.npz')))\n"
	case "gguf":
		lines += "mx.save_gguf('f', w" + d.one("", ", {'n': mx.array(3), 's': 'text', 'l': ['x', 'y']}") + ")\n" + d.one("show(mx.load('f.gguf'))\n", "a, m = mx.load('f.gguf', return_metadata=True)\nshow(a)\nshow(m)\n")
	default:
		lines += "mx.save_safetensors('f', w" + d.one("", ", {'format': 'mlx', 'n': '1'}") + ")\n" + d.one("show(mx.load('f.safetensors'))\n", "a, m = mx.load('f.safetensors', return_metadata=True)\nshow(a)\nshow(m)\n",
			"with open('f.safetensors', 'rb') as f: show(mx.load(f, format='safetensors'))\n")
	}
	return show + lines
}
