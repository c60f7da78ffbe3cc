
// Product describes out = alpha * a b + beta * c for a stack of matrices.
struct Product {
  uint m, n, k;
  uint batch_rank;
  uint batch[10];
  long a_row, a_col, b_row, b_col, c_row, c_col;
  long a_batch[10], b_batch[10], c_batch[10];
  float alpha, beta;
  uint added, unused;
};

// Starts are where the matrices of one product of the stack begin.
struct Starts { long a, b, c; };

inline Starts starts(constant Product& p, uint i) {
  Starts s;
  s.a = s.b = s.c = 0;
  for (uint k = p.batch_rank; k > 0; k--) {
    uint at = i % p.batch[k - 1];
    s.a += long(at) * p.a_batch[k - 1];
    s.b += long(at) * p.b_batch[k - 1];
    s.c += long(at) * p.c_batch[k - 1];
    i /= p.batch[k - 1];
  }
  return s;
}

inline float product_sum(float x, float y, float sum) { return fma(x, y, sum); }
inline float2 product_sum(float2 x, float2 y, float2 sum) { return sum + c_mul(x, y); }
