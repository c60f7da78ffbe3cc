# Kernels of mx.fast.metal_kernel. Each part asserts what it shows.
import mlx.core as mx

# An elementwise function, compiled for a type that is not the array's.
exp_kernel = mx.fast.metal_kernel(
    name="exponential",
    input_names=["inp"],
    output_names=["out"],
    source="""
        uint elem = thread_position_in_grid.x;
        T value = inp[elem];
        out[elem] = metal::exp(value);
    """,
)


def exponential(a, **options):
    return exp_kernel(inputs=[a], template=[("T", mx.float32)], grid=(a.size, 1, 1), threadgroup=(32, 1, 1),
                      output_shapes=[a.shape], output_dtypes=[a.dtype], **options)[0]


for dtype, tolerance in [(mx.float32, 1e-6), (mx.float16, 1e-3), (mx.bfloat16, 1e-2)]:
    a = mx.random.normal((5, 17)).astype(dtype)
    b = exponential(a)
    assert b.dtype == dtype and b.shape == (5, 17)
    assert mx.allclose(b, mx.exp(a), rtol=tolerance), (dtype, b)

# Inputs that are not row-major are copied, or come with their strides.
a = mx.arange(24, dtype=mx.float32).reshape(4, 6)
assert mx.allclose(exponential(a.T[::2] / 10), mx.exp(a.T[::2] / 10))
strided = mx.fast.metal_kernel(
    name="strided",
    input_names=["inp"],
    output_names=["out"],
    source="""
        uint elem = thread_position_in_grid.x;
        auto at = elem_to_loc(long(elem), inp_shape, inp_strides, inp_ndim);
        out[elem] = 2 * inp[at];
    """,
    ensure_row_contiguous=False,
)
for view in (a.T, a[:, ::-1], a[::2, 1::2], mx.broadcast_to(a[:1], (3, 6)), a[None, 2]):
    got = strided(inputs=[view], grid=(view.size, 1, 1), threadgroup=(8, 1, 1), output_shapes=[view.shape], output_dtypes=[mx.float32])[0]
    assert mx.array_equal(got, 2 * view), got

# Scalars, small arrays, several outputs, and names for integers and bools.
several = mx.fast.metal_kernel(
    name="several",
    input_names=["a", "scale", "few"],
    output_names=["product", "place"],
    header="template <typename X> X half_of(X x) { return x / 2; }",
    source="""
        uint3 p = thread_position_in_grid;
        uint i = (p.z * threads_per_grid.y + p.y) * threads_per_grid.x + p.x;
        product[i] = half_of(a[i]) * scale + few[i % few_shape[0]] + (TWICE ? N : 0);
        place[i] = thread_index_in_threadgroup + 1000 * threads_per_threadgroup.x + 10000 * threadgroup_position_in_grid.x;
    """,
)


def run_several(twice):
    return several(inputs=[mx.arange(30), 2.0, mx.array([1.5, 2.5])], template=[("N", 100), ("TWICE", twice)],
                   grid=(5, 3, 2), threadgroup=(4, 2, 1), output_shapes=[(30,), (2, 3, 5)], output_dtypes=[mx.float32, mx.uint32])


product, place = run_several(False)
halves = mx.arange(30) // 2 * 2
assert mx.array_equal(product, halves + mx.array([1.5, 2.5] * 15)), product
assert mx.array_equal(run_several(True)[0], product + 100)
# The grid counts threads: the last groups along an axis are smaller.
assert place[0, 0].tolist() == [4000, 4001, 4002, 4003, 11000], place
assert place[1, 2].tolist() == [4000, 4001, 4002, 4003, 11000], place
assert place[0, 1].tolist() == [4004, 4005, 4006, 4007, 11001], place

# Threads of a group share memory and meet at barriers.
sums = mx.fast.metal_kernel(
    name="row_sums",
    input_names=["inp"],
    output_names=["out"],
    source="""
        threadgroup float parts[32];
        uint lane = thread_index_in_simdgroup, group = simdgroup_index_in_threadgroup;
        float sum = 0;
        for (uint i = thread_position_in_threadgroup.x; i < uint(inp_shape[1]); i += threads_per_threadgroup.x)
            sum += inp[threadgroup_position_in_grid.y * inp_shape[1] + i];
        sum = simd_sum(sum);
        if (lane == 0) parts[group] = sum;
        threadgroup_barrier(mem_flags::mem_threadgroup);
        if (group == 0) {
            sum = simd_sum(lane < simdgroups_per_threadgroup ? parts[lane] : 0.0f);
            if (lane == 0) out[threadgroup_position_in_grid.y] = sum;
        }
    """,
)
a = mx.random.uniform(shape=(3, 1000))
got = sums(inputs=[a], grid=(96, 3, 1), threadgroup=(96, 1, 1), output_shapes=[(3,)], output_dtypes=[mx.float32])[0]
assert mx.allclose(got, a.sum(axis=1), rtol=1e-5), got

# Outputs begin with a value, and are atomic where that was asked for.
histogram = mx.fast.metal_kernel(
    name="histogram",
    input_names=["inp"],
    output_names=["out"],
    source="atomic_fetch_add_explicit(&out[inp[thread_position_in_grid.x]], 1, memory_order_relaxed);",
    atomic_outputs=True,
)
a = mx.random.randint(0, 7, (200,))
for dtype in (mx.int32, mx.uint32, mx.float32):
    got = histogram(inputs=[a], grid=(200, 1, 1), threadgroup=(64, 1, 1), output_shapes=[(7,)], output_dtypes=[dtype], init_value=2)[0]
    assert mx.array_equal(got, 2 + mx.stack([(a == k).sum() for k in range(7)])), got

# Complex numbers.
turned = mx.fast.metal_kernel(name="turned", input_names=["z", "by"], output_names=["out"],
                              source="uint i = thread_position_in_grid.x; out[i] = z[i] * by;")
z = mx.array([1 + 2j, -3j, 0.5, 4, 5, 6, 7, 8 - 1j, 9])
got = turned(inputs=[z, mx.array(1j)], grid=(9, 1, 1), threadgroup=(9, 1, 1), output_shapes=[(9,)], output_dtypes=[mx.complex64])[0]
assert mx.allclose(got, z * 1j), got

# Bilinear sampling of an image at places of a grid, and its derivatives: four
# corners give to each sample, and take back from its cotangent.
corners = """
        uint i = thread_position_in_grid.x;
        int height = image_shape[1], width = image_shape[2], channels = image_shape[3];
        int samples = places_shape[1] * places_shape[2];
        int c = i %% channels, s = i / channels, n = s / samples;
        float x = ((places[2 * s] + 1) * width - 1) / 2, y = ((places[2 * s + 1] + 1) * height - 1) / 2;
        int left = int(floor(x)), top = int(floor(y));
        float dx = x - left, dy = y - top;
        %s
        for (int k = 0; k < 4; k++) {
            int px = left + (k & 1), py = top + (k >> 1);
            if (px < 0 || px >= width || py < 0 || py >= height) continue;
            float wx = (k & 1) ? dx : 1 - dx, wy = (k >> 1) ? dy : 1 - dy;
            int at = ((n * height + py) * width + px) * channels + c;
            %s
        }
        %s
"""
sample = mx.fast.metal_kernel(name="sample", input_names=["image", "places"], output_names=["out"],
                              source=corners % ("float sum = 0;", "sum += wx * wy * image[at];", "out[i] = sum;"))
sample_gradient = mx.fast.metal_kernel(
    name="sample_gradient", input_names=["image", "places", "cotangent"], output_names=["to_image", "to_places"],
    source=corners % (
        "float gx = 0, gy = 0;",
        """atomic_fetch_add_explicit(&to_image[at], wx * wy * cotangent[i], memory_order_relaxed);
            gx += ((k & 1) ? 1 : -1) * wy * image[at] * width / 2;
            gy += ((k >> 1) ? 1 : -1) * wx * image[at] * height / 2;""",
        """atomic_fetch_add_explicit(&to_places[2 * s], gx * cotangent[i], memory_order_relaxed);
        atomic_fetch_add_explicit(&to_places[2 * s + 1], gy * cotangent[i], memory_order_relaxed);"""),
    atomic_outputs=True)


@mx.custom_function
def grid_sample(image, places):
    shape = places.shape[:3] + image.shape[3:]
    return sample(inputs=[image, places], grid=(places.size // 2 * image.shape[3], 1, 1), threadgroup=(64, 1, 1),
                  output_shapes=[shape], output_dtypes=[image.dtype])[0]


@grid_sample.vjp
def grid_sample_vjp(primals, cotangent, _):
    image, places = primals
    return sample_gradient(inputs=[image, places, cotangent], grid=(cotangent.size, 1, 1), threadgroup=(64, 1, 1),
                           output_shapes=[image.shape, places.shape], output_dtypes=[mx.float32, mx.float32], init_value=0)


def plain_sample(image, places):
    n, height, width, channels = image.shape
    x, y = ((places[..., 0] + 1) * width - 1) / 2, ((places[..., 1] + 1) * height - 1) / 2
    left, top = mx.stop_gradient(mx.floor(x)), mx.stop_gradient(mx.floor(y))  # indices have no derivative
    out = 0
    for kx in (0, 1):
        for ky in (0, 1):
            px, py = left + kx, top + ky
            weight = (1 - mx.abs(x - px)) * (1 - mx.abs(y - py))
            inside = (px >= 0) & (px < width) & (py >= 0) & (py < height)
            at = mx.clip(px, 0, width - 1).astype(mx.int32), mx.clip(py, 0, height - 1).astype(mx.int32)
            rows = mx.arange(n)[:, None, None]
            out = out + image[rows, at[1], at[0]] * (weight * inside)[..., None]
    return out


image, places = mx.random.normal((2, 5, 6, 3)), mx.random.uniform(-1.1, 1.1, (2, 4, 3, 2))
assert mx.allclose(grid_sample(image, places), plain_sample(image, places), atol=1e-5)
of = lambda f: mx.grad(lambda image, places: (f(image, places) ** 2).sum(), argnums=(0, 1))(image, places)
for ours, theirs in zip(of(grid_sample), of(plain_sample)):
    assert mx.allclose(ours, theirs, atol=1e-3), (ours, theirs)

# A kernel waits in the graph like any operation, also in a compiled function.
lazy = exponential(mx.zeros((3,))) + 1
compiled = mx.compile(lambda x: exponential(x * 2) - 1)
assert mx.allclose(compiled(mx.ones((2, 2))), mx.exp(mx.full((2, 2), 2.0)) - 1)
assert mx.array_equal(lazy, mx.full((3,), 2.0))

# An empty grid and empty arrays run nothing.
assert exponential(mx.zeros((0, 3))).shape == (0, 3)


def raises(kind, words, f):
    try:
        mx.eval(f())
    except kind as e:
        assert words in str(e), str(e)
        return
    assert False, f"no {kind.__name__} about {words}"


def run(source="out[0] = a[0];", inputs=None, **options):
    kernel = mx.fast.metal_kernel(name="small", input_names=["a"], output_names=["out"], source=source)
    how = dict(inputs=inputs if inputs is not None else [mx.ones(9)], grid=(1, 1, 1), threadgroup=(1, 1, 1), output_shapes=[(1,)], output_dtypes=[mx.float32])
    how.update(options)
    return kernel(**how)


assert run()[0].item() == 1
assert run(source="", output_shapes=[(0,)])[0].size == 0
# The compiler's words, with the place in the script's own text.
raises(RuntimeError, "custom_kernel_small:2:", lambda: run(source="\n  out[0] = missing;"))
raises(RuntimeError, "missing", lambda: run(source="\n  out[0] = missing;"))
raises(ValueError, "Expected `inputs` to have size 1 but got size 2", lambda: run(inputs=[mx.ones(1), mx.ones(1)]))
raises(ValueError, "Expected `output_shapes` to have size 1 but got size 0", lambda: run(output_shapes=[]))
raises(ValueError, "Invalid template argument", lambda: run(template=[("T", 1.5)]))
raises(TypeError, "grid", lambda: run(grid=(1, 1)))
raises(ValueError, "threadgroup", lambda: run(threadgroup=(0, 1, 1)))
raises(ValueError, "2048 threads", lambda: run(threadgroup=(2048, 1, 1)))
raises(ValueError, "the stream is one of the cpu", lambda: run(stream=mx.cpu))
raises(NotImplementedError, "metal_kernel", lambda: mx.grad(lambda a: run(inputs=[a])[0].sum())(mx.ones(9)))
raises(ValueError, "custom_function", lambda: mx.vmap(lambda a: run(inputs=[a])[0])(mx.ones((2, 9))))

# What is compiled is shown when asked for.
mx.eval(run(verbose=True))
