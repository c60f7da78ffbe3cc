
// Conv describes a convolution over up to three axes; those that it lacks have one
// place. The terms of an element are the kernel's elements, and for each of them the
// channels of a group.
struct Conv {
  uint m, n, k; // places of all batches, and of a group: filters and terms
  uint each, all, outs; // channels of a group, and of all of x and of the answer
  uint wide, weights_wide, out_wide, flip;
  int sizes[3], in[3], window[3], stride[3], low[3], dilation[3], input_dilation[3];
};

// Patches brings what the kernel sees at places: rows of the left side of a product,
// which are looked up and nowhere in memory. A thread has four terms of each 32nd place.
template <typename T, uint SIZE> struct Patches {
  typedef typename Staged<T>::type element;
  enum : uint { along = 1, step = uint(tile_depth) + tile_pad, places = SIZE / 32 };
  device const T* x; // of the group's channels
  constant Conv* p;
  bool inside[places];
  long batch[places];
  int corner[places * 3]; // where the kernel begins

  void settle(uint row0, uint i) {
    UNROLLED for (uint h = 0; h < places; h++) stand(h, row0 + h * 32 + i / 4);
  }

  // stand makes a place the thread's h-th.
  void stand(uint h, uint at) {
    inside[h] = at < p->m;
    for (uint a = 3; a > 0; a--) {
      uint size = uint(p->sizes[a - 1]);
      corner[h * 3 + a - 1] = int(at % size) * p->stride[a - 1] - p->low[a - 1];
      at /= size;
    }
    batch[h] = long(at);
  }

  // locate finds the pixel under an element of the kernel, unless there is none.
  bool locate(uint h, uint k, thread long& at) const {
    if (!inside[h] || k >= p->k) return false;
    uint element = k / p->each;
    int where[3];
    for (uint a = 3; a > 0; a--) {
      uint size = uint(p->window[a - 1]);
      where[a - 1] = int(element % size);
      element /= size;
    }
    at = batch[h];
    for (uint a = 0; a < 3; a++) {
      int e = p->flip != 0u ? p->window[a] - 1 - where[a] : where[a];
      int to = corner[h * 3 + a] + e * p->dilation[a];
      if (to < 0 || to % p->input_dilation[a] != 0 || to / p->input_dilation[a] >= p->in[a]) return false;
      at = at * p->in[a] + to / p->input_dilation[a];
    }
    at = at * long(p->all) + long(k % p->each);
    return true;
  }

  void fetch(threadgroup element* to, uint side0, uint k0, uint i) const {
    uint k = k0 + i % 4 * 4;
    UNROLLED for (uint h = 0; h < places; h++) {
      element v[4] = {element(0), element(0), element(0), element(0)};
      long at;
      if (p->wide != 0u) { // channels come in fours
        if (locate(h, k, at)) four(x + at, v);
      } else {
        UNROLLED for (uint e = 0; e < 4; e++)
          if (locate(h, k + e, at)) v[e] = element(widen(x[at]));
      }
      put_four(to + (h * 32 + i / 4) * step + i % 4 * 4, v);
    }
  }
};

// conv_tile: a group of filters for each place along the grid's last axis.
template <uint SIZE, typename T>
inline void conv_tile(device const T* x, device const T* w, device T* out, constant Conv& p, threadgroup float* shared, uint3 g, uint i, uint simd, uint lane) {
  Patches<T, SIZE> a;
  a.x = x + ulong(g.z) * p.each;
  a.p = &p;
  a.settle(g.y * SIZE, i);
  Strided<T, typename Staged<T>::type, SIZE, true> b;
  b.from = w + ulong(g.z) * p.n * p.k;
  b.line = p.k;
  b.side = p.n;
  b.depth = p.k;
  b.wide = p.weights_wide != 0u;
  Dense<T> result;
  result.out = out + ulong(g.z) * p.n;
  result.row = p.outs;
  tile_product<SIZE>(a, b, result, g.y * SIZE, g.x * SIZE, p.m, p.n, 0, p.k, shared, i, simd, lane);
}

// conv_each: a thread makes one element of the answer, whose filter has few companions
// in its group: those of neighbours lie side by side.
template <typename T>
inline void conv_each(device const T* x, device const T* w, device T* out, constant Conv& p, ulong i) {
  uint filter = uint(i % p.outs);
  Patches<T, 32> a;
  a.x = x + ulong(filter / p.n) * p.each;
  a.p = &p;
  a.stand(0, uint(i / p.outs));
  device const T* weights = w + ulong(filter) * p.k;
  float sum = 0.0f;
  for (uint k = 0; k < p.k; k += p.each) {
    long at;
    if (!a.locate(0, k, at)) continue;
    for (uint c = 0; c < p.each; c++) sum = fma(widen(a.x[at + long(c)]), widen(weights[k + c]), sum);
  }
  out[i] = to<T>::from(sum);
}
