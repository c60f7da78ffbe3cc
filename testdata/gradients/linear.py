# differs: MLX lacks the gradients of decompositions and the jvp of convolutions
# Products, convolutions, mx.linalg.
from harness import *


def any_(*shape):
    return operand("any", shape)


PRODUCTS = [((2, 3), (3, 4)), ((3,), (3,)), ((3,), (3, 2)), ((2, 3), (3,)), ((2, 1, 2, 3), (3, 3, 2)), ((0, 3), (3, 2)), ((2, 0), (0, 3))]
for i, (a, b) in enumerate(PRODUCTS):
    check("matmul", mx.matmul, any_(*a), any_(*b), second=i < 5)
    check("transposed matmul", lambda x, y: mx.matmul(x, y.swapaxes(-1, -2)) if y.ndim > 1 else x @ y, any_(*a), any_(*(b[:-2] + b[-2:][::-1])), second=False)
check("complex matmul", mx.matmul, operand("any", (2, 3), mx.complex64), operand("any", (3, 2), mx.complex64), layouts=False)
check("addmm", lambda c, x, y: mx.addmm(c, x, y, alpha=0.5, beta=-2), any_(4), any_(2, 3), any_(3, 4))
check("addmm of batches", lambda c, x, y: mx.addmm(c, x, y, 2.0, 0.5), any_(2, 1, 4), any_(3, 3), any_(2, 3, 4))
check("addmm of vectors", lambda c, x, y: mx.addmm(c, x, y, 2.0, 0.5), any_(2), any_(3), any_(3, 2))
check("inner", mx.inner, any_(2, 3), any_(4, 3))
check("outer", mx.outer, any_(2, 2), any_(3))
check("vecdot", lambda x, y: mx.vecdot(x, y, axis=0), any_(3, 2), any_(3, 1))
check("complex vecdot", mx.vecdot, operand("any", (2, 3), mx.complex64), operand("any", (1, 3), mx.complex64), layouts=False)
check("kron", mx.kron, any_(2, 2), any_(3))
check("tensordot", lambda x, y: mx.tensordot(x, y, axes=[[0, 2], [1, 0]]), any_(2, 3, 4), any_(4, 2, 2))
for spec, shapes in (("ij,jk->ik", [(2, 3), (3, 2)]), ("bij,bkj,b->bik", [(2, 2, 3), (2, 4, 3), (2,)]), ("ii->i", [(3, 3)]), ("ij->", [(2, 3)]),
                     ("...i,...i->...", [(2, 3), (3,)]), ("ij,jk,kl,lm->im", [(2, 2)] * 4), ("i,j", [(2,), (3,)])):
    check(f"einsum {spec}", lambda *xs: mx.einsum(spec, *xs), *[any_(*s) for s in shapes], second=len(shapes) < 4)
check("hadamard_transform", mx.hadamard_transform, operand("any", (2, 8), mx.float32))
check("hadamard_transform", lambda x: mx.hadamard_transform(x, scale=0.3), operand("any", (12,), mx.float32))

check("gather_mm", lambda x, y, i, j: mx.gather_mm(x, y, i, j), any_(3, 2, 3), any_(2, 3, 2), operand("below 3", (2,)), operand("below 2", (2,)))
check("gather_mm by one", lambda x, y, j: mx.gather_mm(x, y, rhs_indices=j), any_(2, 2, 3), any_(3, 3, 2), operand("below 3", (2,)))
check("segmented_mm", lambda x, y: mx.segmented_mm(x, y, mx.array([[0, 2], [2, 5], [1, 1]], mx.uint32)), any_(2, 5), any_(5, 3))
masks = [operand("any", s) for s in ((1, 2), (1, 1), (1, 2))]
check("block_masked_mm", lambda x, y, o, l, r: mx.block_masked_mm(x, y, 32, o, l, r), any_(3, 2), any_(2, 40), *masks, layouts=False)
check("block_masked_mm of bools", lambda x, y: mx.block_masked_mm(x, y, 32, None, mx.array([[True, False]]), None), any_(2, 40), any_(40, 2), layouts=False)

# Convolutions: an input, a weight, and what places them.
CONVS = {
    "conv1d": (lambda x, w: mx.conv1d(x, w, stride=2, padding=1, dilation=2), (2, 7, 2), (3, 3, 2)),
    "conv1d in groups": (lambda x, w: mx.conv1d(x, w, groups=2), (1, 4, 4), (2, 2, 2)),
    "conv2d": (lambda x, w: mx.conv2d(x, w, stride=(1, 2), padding=(1, 0)), (1, 4, 5, 2), (2, 2, 3, 2)),
    "conv3d": (lambda x, w: mx.conv3d(x, w, padding=1), (1, 2, 3, 2, 1), (2, 2, 2, 2, 1)),
    "conv_transpose1d": (lambda x, w: mx.conv_transpose1d(x, w, stride=2, padding=1, output_padding=1), (1, 4, 2), (3, 3, 2)),
    "conv_transpose2d": (lambda x, w: mx.conv_transpose2d(x, w, stride=(2, 1), dilation=(1, 2)), (1, 3, 2, 1), (2, 2, 2, 1)),
    "conv_transpose3d": (lambda x, w: mx.conv_transpose3d(x, w, stride=2), (1, 2, 1, 2, 1), (1, 2, 1, 2, 1)),
    "conv_general": (lambda x, w: mx.conv_general(x, w, stride=2, padding=([1], [2]), kernel_dilation=2, input_dilation=3, groups=2, flip=True), (2, 4, 2), (4, 3, 1)),
    "conv_general cropped": (lambda x, w: mx.conv_general(x, w, padding=([-1], [0])), (1, 6, 1), (2, 2, 1)),
    "convolve": (lambda x, w: mx.convolve(x, w), (5,), (3,)),
    "convolve same": (lambda x, w: mx.convolve(x, w, mode="same"), (3,), (5,)),
    "convolve valid": (lambda x, w: mx.convolve(x, w, mode="valid"), (5,), (2,)),
}
for name, (f, a, b) in CONVS.items():
    check(name, f, any_(*a), any_(*b), layouts="2d" in name)

# Of matrices that are far from singular, and whose values lie apart.
n = 3
eye = mx.eye(n, dtype=mx.float64)
spread = mx.diag(mx.array([1.0, 2.5, 4.5], mx.float64))
square, tall, wide = any_(n, n), any_(4, 2), any_(2, 4)


def regular(x):
    return x * 0.4 + spread


def positive(x):
    return regular(x) @ regular(x).swapaxes(-1, -2)


def longer(x):
    return x * 0.4 + mx.eye(x.shape[-2], x.shape[-1], dtype=mx.float64) * mx.array([1.0, 2.5, 4.5, 7.0], mx.float64)[: x.shape[-1]]


LINALG = {
    "inv": lambda x: mx.linalg.inv(regular(x)),
    "tri_inv": lambda x: mx.linalg.tri_inv(regular(x)),
    "tri_inv upper": lambda x: mx.linalg.tri_inv(regular(x), upper=True),
    "cholesky": lambda x: mx.linalg.cholesky(positive(x)),
    "cholesky upper": lambda x: mx.linalg.cholesky(positive(x), upper=True),
    "cholesky_inv": lambda x: mx.linalg.cholesky_inv(regular(x)),
    "cholesky_inv upper": lambda x: mx.linalg.cholesky_inv(regular(x), upper=True),
    "pinv": lambda x: mx.linalg.pinv(regular(x)),
    "det": lambda x: mx.linalg.det(regular(x)),
    "slogdet": lambda x: mx.linalg.slogdet(regular(x)),
    "eigvalsh": lambda x: mx.linalg.eigvalsh(positive(x)),
    "eigh values": lambda x: mx.linalg.eigh(positive(x), UPLO="U")[0],
    "eigh vectors": lambda x: mx.square(mx.linalg.eigh(positive(x))[1]),
    "singular values": lambda x: mx.linalg.svd(regular(x), compute_uv=False),
    "svd": lambda x: [p if p.ndim < 2 else mx.square(p) for p in mx.linalg.svd(regular(x))],
    "qr": lambda x: mx.linalg.qr(regular(x)),
    "lu": lambda x: mx.linalg.lu(regular(x))[1:],
    "lu_factor": lambda x: mx.linalg.lu_factor(regular(x))[0],
}
for name, f in LINALG.items():
    check(name, f, square)
    if name not in ("tri_inv", "tri_inv upper", "slogdet"):
        check(f"batched {name}", f, any_(2, n, n), second=False, vmap=False, layouts=False)
# Of a sparse spectrum: the functions that are defined whatever the vectors' signs.
check("svd of tall", lambda x: [mx.linalg.svd(longer(x))[1], mx.square(mx.linalg.svd(longer(x))[2])], tall)
check("svd of wide", lambda x: [mx.linalg.svd(longer(x.T).T)[1], mx.square(mx.linalg.svd(longer(x.T).T)[0])], wide)
check("qr of tall", lambda x: mx.linalg.qr(longer(x)), tall)
check("qr of wide", lambda x: mx.linalg.qr(x * 0.4 + mx.eye(2, 4, dtype=mx.float64) * 2), wide)
check("lu of tall", lambda x: mx.linalg.lu(longer(x))[1:], tall)
check("lu of wide", lambda x: mx.linalg.lu(x * 0.4 + mx.eye(2, 4, dtype=mx.float64) * 2)[1:], wide)
check("pinv of tall", lambda x: mx.linalg.pinv(longer(x)), tall)
check("pinv of wide", lambda x: mx.linalg.pinv(longer(x.T).T), wide)
check("solve", lambda a, b: mx.linalg.solve(regular(a), b), square, any_(n, 2))
check("solve for a vector", lambda a, b: mx.linalg.solve(regular(a), b), square, any_(n))
check("solve_triangular", lambda a, b: mx.linalg.solve_triangular(regular(a), b), square, any_(n, 2))
check("solve_triangular upper", lambda a, b: mx.linalg.solve_triangular(regular(a), b, upper=True), square, any_(n, 2))
check("cross", lambda x, y: mx.linalg.cross(x, y), any_(2, 3), any_(3))
check("cross of two", lambda x, y: mx.linalg.cross(x, y, axis=0), any_(2, 3), any_(3, 3))

ORDERS = [None, 1, 2, 3, 0.5, float("inf"), float("-inf")]
for order in ORDERS:
    check(f"norm {order}", lambda x: mx.linalg.norm(x, order, axis=0), operand("distinct", (4, 2)), second=order not in (float("inf"), float("-inf")))
for order in ("fro", "nuc", 1, -1, 2, -2, float("inf"), float("-inf")):
    check(f"matrix norm {order}", lambda x: mx.linalg.norm(longer(x), order), operand("distinct", (3, 2)), second=False)
check("matrix_norm", lambda x: mx.matrix_norm(longer(x)), operand("distinct", (3, 2)))
check("norm of all", lambda x: mx.linalg.norm(x, keepdims=True), operand("away", (2, 3)))
check("complex norm", lambda x: mx.linalg.norm(x), operand("away", (3,), mx.complex64), layouts=False)


def abs2(z):
    return mx.square(mx.real(z)) + mx.square(mx.imag(z))


# Eigenvalues of a general matrix are complex, computed in complex64, and in no certain order.
def general(x):
    return x * 0.2 + spread.astype(mx.float32)


def ascending(x):
    values, vectors = mx.linalg.eig(general(x))
    order = mx.stop_gradient(mx.argsort(mx.real(values)))
    return values[order], abs2(vectors)[:, order]


def eigenvalues(x):
    values = mx.linalg.eigvals(general(x))
    return values[mx.stop_gradient(mx.argsort(mx.real(values)))]


check("eigvals", eigenvalues, operand("any", (n, n), mx.float32), second=False)
check("eig", ascending, operand("any", (n, n), mx.float32), second=False)
check("eig of complex matrices", lambda x: abs2(mx.linalg.eigvals(x * 0.2 + spread.astype(mx.complex64))).sum(), operand("any", (n, n), mx.complex64), second=False, layouts=False)
check("eigh of hermitian", lambda x: mx.linalg.eigvalsh(x @ mx.conj(x.T) * 0.1 + spread.astype(mx.complex64)), operand("any", (n, n), mx.complex64), second=False, layouts=False)

check("gather_mm by the other", lambda x, y, i: mx.gather_mm(x, y, lhs_indices=i), any_(2, 2, 3), any_(3, 3, 2), operand("below 2", (3,)))
check("gather_mm of a grid", lambda x, y, i, j: mx.gather_mm(x, y, i, j), any_(3, 2, 3), any_(2, 3, 2), operand("below 3", (2, 2)), operand("below 2", (2,)), second=False)

# The same of more kinds, and the gradients by the weight as functions of their own.
MORE_CONVS = {
    "conv by channels": (lambda x, w: mx.conv2d(x, w, padding=(1, 0), groups=3), (2, 3, 4, 3), (3, 2, 2, 1)),
    "conv by channels, two each": (lambda x, w: mx.conv1d(x, w, stride=2, padding=2, dilation=2, groups=2), (2, 7, 2), (4, 3, 1)),
    "conv_general with more behind": (lambda x, w: mx.conv_general(x, w, stride=[2], padding=([0], [3]), flip=True), (1, 6, 2), (2, 2, 2)),
    "conv_general with a tail unseen": (lambda x, w: mx.conv_general(x, w, stride=[3], padding=([-1], [0])), (1, 9, 1), (2, 2, 1)),
    "conv_general spread by channels": (lambda x, w: mx.conv_general(x, w, padding=2, input_dilation=2, stride=[3], groups=2), (1, 5, 2), (2, 3, 1)),
    "conv_general spread": (lambda x, w: mx.conv_general(x, w, padding=([2, 1], [1, 2]), input_dilation=[2, 3], stride=[3, 1]), (1, 3, 2, 2), (2, 2, 3, 2)),
    "conv_transpose2d in groups": (lambda x, w: mx.conv_transpose2d(x, w, stride=(2, 1), padding=1, groups=2), (1, 3, 3, 4), (4, 2, 3, 2)),
}
for name, (f, x, w) in MORE_CONVS.items():
    check(name, f, any_(*x), any_(*w))
    check(f"the weight's gradient of {name}", lambda x, c: mx.grad(lambda w: (mx.square(f(x, w)) * c).sum())(mx.ones(w, mx.float64)), any_(*x), any_(), second=False)

finish()
