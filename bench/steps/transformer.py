"""A small transformer, which programs whose first line asks for it begin with."""

class Block(nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.h = h
        self.n1, self.n2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv, self.o = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
    def __call__(self, x):
        B, L, D = x.shape
        q, k, v = [u.reshape(B, L, self.h, -1).transpose(0, 2, 1, 3) for u in mx.split(self.qkv(self.n1(x)), 3, axis=-1)]
        a = mx.fast.scaled_dot_product_attention(q, k, v, scale=(D // self.h) ** -0.5, mask="causal")
        x = x + self.o(a.transpose(0, 2, 1, 3).reshape(B, L, D))
        return x + self.down(nn.gelu(self.up(self.n2(x))))
class GPT(nn.Module):
    def __init__(self, V, d, n, h):
        super().__init__()
        self.e = nn.Embedding(V, d); self.b = [Block(d, h) for _ in range(n)]; self.n = nn.LayerNorm(d); self.out = nn.Linear(d, V, bias=False)
    def __call__(self, x):
        h = self.e(x)
        for b in self.b: h = b(h)
        return self.out(self.n(h))
