package main

import "fmt"

// generationRows are what generating text one token at a time is made of. Matrices and caches
// come from memory: at scale 1 they are 128 MiB and more, as the weights of a model are.
func generationRows(scale float64) []row {
	const width = 4096
	var rows []row
	for _, bits := range []int{4, 8} {
		for _, count := range []int{1, 4} {
			n := scaled(8*65536/bits, scale)
			name := fmt.Sprintf("matvec_%dbit_memory", bits)
			if count > 1 {
				name = fmt.Sprintf("matvec_%dbit_memory_x%d", bits, count)
			}
			rows = append(rows, row{name: name, in: []input{{"x", []int{count, width}, "bfloat16"}},
				setup: lines(
					fmt.Sprintf("w = mx.random.randint(0, 2**31 - 1, (%d, %d)).astype(mx.uint32)", n, width*bits/32),
					fmt.Sprintf("s = mx.random.normal((%d, %d)).astype(mx.bfloat16)", n, width/64),
					"z = -s",
					"mx.eval(w, s, z)"),
				eval:  fmt.Sprintf("mx.quantized_matmul(x, w, s, z, transpose=True, group_size=64, bits=%d)", bits),
				bytes: float64(n) * width * (float64(bits)/8 + 4.0/64), flops: 2 * float64(n) * width * float64(count)})
		}
	}
	n := scaled(32768, scale)
	keys := scaled(65536, scale)
	cache := func(name string) input { return input{name, []int{1, 8, keys, 64}, "bfloat16"} }
	return append(rows,
		row{name: "matvec_bfloat16_memory", in: []input{{"x", []int{1, width}, "bfloat16"}, {"w", []int{n, width}, "bfloat16"}},
			eval: "x @ w.T", bytes: 2 * float64(n) * width, flops: 2 * float64(n) * width},
		row{name: "attention_of_one_query", in: []input{{"q", []int{1, 32, 1, 64}, "bfloat16"}, cache("k"), cache("v")},
			eval:  "mx.fast.scaled_dot_product_attention(q, k, v, scale=0.125)",
			bytes: 2 * 2 * 8 * float64(keys) * 64, flops: 4 * 32 * float64(keys) * 64},
		token("token_4bit", scale, 0),
		token("token_4bit_after_200ms", scale, 0.2),
	)
}

// token is one token of a small Llama of 4 bits, with its cache, after so many idle seconds.
func token(name string, scale, pause float64) row {
	width, layers := 64*scaled(32, scale), 4
	hidden, groups := 4*width, (width+255)/256
	codes := float64(layers) * float64(2*width*width+2*width*64*groups+3*width*hidden)
	return row{name: name, pause: pause, bytes: codes * (0.5 + 4.0/64), flops: 2 * codes,
		setup: lines(
			"import mlx.nn as nn",
			fmt.Sprintf("D, L, KV, F, T = %d, %d, %d, %d, 512", width, layers, groups, hidden),
			"class Block(nn.Module):",
			"    def __init__(self):",
			"        super().__init__()",
			"        self.q, self.k, self.v, self.o = (nn.Linear(D, n, bias=False) for n in (D, 64 * KV, 64 * KV, D))",
			"        self.gate, self.up, self.down = nn.Linear(D, F, bias=False), nn.Linear(D, F, bias=False), nn.Linear(F, D, bias=False)",
			"        self.norm1, self.norm2, self.rope = nn.RMSNorm(D), nn.RMSNorm(D), nn.RoPE(64)",
			"    def __call__(self, x, cache):",
			"        h = self.norm1(x)",
			"        q, k, v = (p(h).reshape(1, 1, -1, 64).transpose(0, 2, 1, 3) for p in (self.q, self.k, self.v))",
			"        cache[0][:, :, T - 1:], cache[1][:, :, T - 1:] = self.rope(k, offset=T - 1), v",
			"        y = mx.fast.scaled_dot_product_attention(self.rope(q, offset=T - 1), cache[0], cache[1], scale=0.125)",
			"        x = x + self.o(y.transpose(0, 2, 1, 3).reshape(1, 1, D))",
			"        h = self.norm2(x)",
			"        return x + self.down(nn.silu(self.gate(h)) * self.up(h))",
			"model = nn.Sequential(*[Block() for _ in range(L)])",
			"model.set_dtype(mx.bfloat16)",
			"nn.quantize(model, group_size=64, bits=4)",
			"caches = [[mx.random.normal((1, KV, T, 64)).astype(mx.bfloat16) for _ in range(2)] for _ in range(L)]",
			"first = mx.random.normal((1, 1, D)).astype(mx.bfloat16)",
			"mx.eval(model.parameters(), caches, first)"),
		body: lines(
			"x = first",
			"for block, cache in zip(model.layers, caches):",
			"    x = block(x, cache)",
			"mx.eval(mx.argmax(x, axis=-1))"),
	}
}
