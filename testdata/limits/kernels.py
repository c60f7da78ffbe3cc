import mlx.core as mx
mx.eval(mx.linalg.svd(mx.random.normal((900, 900)), stream=mx.cpu))
while True: pass
# ---
import mlx.core as mx
mx.eval(mx.linalg.eigh(mx.random.normal((4000, 4000)), stream=mx.cpu))
# ---
import mlx.core as mx
mx.eval(mx.linalg.inv(mx.random.normal((3000, 3000)), stream=mx.cpu))
while True: pass
# ---
import mlx.core as mx
mx.eval(mx.linalg.qr(mx.random.normal((3000, 3000)), stream=mx.cpu))
while True: pass
# ---
import mlx.core as mx
x = mx.eye(3000)
while True: mx.eval(mx.linalg.cholesky(x, stream=mx.cpu))
# ---
import mlx.core as mx
mx.broadcast_to(mx.ones((1,)), (2**40,)).sum().item()
# ---
import mlx.core as mx
x = mx.broadcast_to(mx.ones((1,)), (2**20, 2**20))
mx.eval(x.sum(axis=0))
# ---
import mlx.core as mx
x = mx.ones((2000, 2000))
while True: mx.eval(x @ x)
# ---
import mlx.core as mx
x = mx.ones((1,))
mx.eval(mx.einsum('i,j,k->', x, mx.broadcast_to(x, (10**6,)), mx.broadcast_to(x, (10**6,))))
while True: pass
# ---
import mlx.core as mx
mx.eval(mx.sort(mx.random.normal((3 * 10**7,))))
while True: pass
# ---
import mlx.core as mx
mx.eval(mx.conv2d(mx.ones((8, 128, 128, 64)), mx.ones((64, 15, 15, 64))))
while True: pass
# ---
import mlx.core as mx
mx.eval(mx.fft.fft(mx.ones((9999991,))))
while True: pass
# ---
import mlx.core as mx
mx.eval(mx.cumsum(mx.ones((5 * 10**7,))))
while True: pass
# ---
import mlx.core as mx
while True: mx.eval(mx.random.normal((10**7,)))
# ---
import numpy as np
np.linalg.svd(np.random.rand(1000, 1000))
while True: pass
# ---
import numpy as np
np.linalg.inv(np.random.rand(2000, 2000))
while True: pass
# ---
import numpy as np
x = np.ones((1500, 1500))
while True: x @ x
# ---
import numpy as np
np.broadcast_to(np.ones(1), (2**40,)).sum()
# ---
import numpy as np
np.sort(np.random.rand(10**7))
while True: pass
# ---
import numpy as np
np.unique(np.random.rand(10**7))
while True: pass
