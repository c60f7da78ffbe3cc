# Functions that are written by one runtime and computed by another:
#
#     functions.py w FOLDER [NAME ...]     writes a file for each function
#     functions.py r FOLDER [NAME ...]     computes what the files hold and what is here, and compares
#
# It ends with a line of counts. What fails is printed, and goes on.
import sys, os, math
import mlx.core as mx, mlx.nn as nn
mode, d = sys.argv[1], sys.argv[2]
os.makedirs(d, exist_ok=True)
cpu = mx.cpu
mx.random.seed(1)
x = (mx.arange(12).reshape(3,4).astype(mx.float32)*0.37-1.9); mx.eval(x)
i32 = mx.array([[5,-7,3],[2,9,-4]]); u = mx.array([3,9,200],mx.uint8); c = mx.array([1+2j,-0.5j,3+0j]); b = mx.array([True,False,True])
sq = x@x.T+3*mx.eye(3); mx.eval(sq)
w = mx.random.normal((8,64),key=mx.random.key(3)); q = mx.quantize(w,32,4); mx.eval(q)
m = nn.Sequential(nn.Linear(4,8),nn.ReLU(),nn.LayerNorm(8),nn.Linear(8,2)); mx.eval(m.parameters())
tl = nn.TransformerEncoderLayer(8,2); mx.eval(tl.parameters()); tl.eval()
gru = nn.GRU(4,3); mx.eval(gru.parameters())
cnn = nn.Sequential(nn.Conv2d(1,4,3,padding=1),nn.ReLU(),nn.MaxPool2d(2),nn.Conv2d(4,2,2)); mx.eval(cnn.parameters())
un = [n for n in "abs negative sign exp expm1 log2 log10 log log1p sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh sqrt rsqrt square sigmoid erf erfinv floor ceil round logical_not real imag conjugate isnan isinf isfinite nan_to_num degrees radians stop_gradient reciprocal".split()]
bi = "add subtract multiply divide floor_divide remainder power maximum minimum arctan2 logaddexp equal not_equal less less_equal greater greater_equal logical_and logical_or".split()
F = {}
y15=mx.full((1,4),1.5); mx.eval(y15)
for n in un: F["un_"+n]=(lambda a,n=n: getattr(mx,n)(a),[x*0.4])
for n in bi:
    F["bi_"+n]=(lambda a,n=n: getattr(mx,n)(a, y15),[x]); 
    if n!="arctan2": F["bii_"+n]=(lambda a,n=n: getattr(mx,n)(a, mx.array([2,3,4])),[i32] if n!="power" else [mx.abs(i32)])
F.update({
 "bits": (lambda a: (a&3,a|8,a^5,a<<2,a>>1),[i32]), "inv":(lambda a: ~a,[i32]), "trunc":(lambda a: mx.trunc(a),[x]), "divmod":(lambda a: mx.divmod(a,mx.array(3)),[i32]),
 "complex":(lambda a: (a*a,mx.exp(a),mx.abs(a),a.real,mx.conjugate(a),a/(a+1)),[c]),
 "cast":(lambda a: (a.astype(mx.float16),a.astype(mx.int8),a.astype(mx.bool_),a.astype(mx.complex64),a.view(mx.int32),a.view(mx.uint8)),[x]),
 "where":(lambda a: mx.where(a>0,a,-1),[x]),
 "shape":(lambda a: (a.reshape(-1),a.reshape(2,6),a[None],a.T,a.transpose(1,0),a.flatten(),mx.unflatten(a,1,(2,2)),a.squeeze(),mx.expand_dims(a,(0,3)),mx.moveaxis(a[None],0,2)),[x]),
 "slice":(lambda a: (a[1],a[::2],a[:, ::-1],a[::-2,1:3],a[...,-1],a[5:],a[-1:]),[x]),
 "gather":(lambda a: (a[mx.array([0,2])],a[mx.array([0,1]),mx.array([2,3])],mx.take(a,mx.array([1,0]),axis=1),mx.take_along_axis(a,mx.argsort(a,axis=1),axis=1)),[x]),
 "scatter":(lambda a: (a.at[mx.array([0,0])].add(1.0),a.at[1].multiply(2),a.at[:,1:3].maximum(0),mx.put_along_axis(a,mx.zeros((3,1),mx.int32),mx.array(9.0),1)),[x]),
 "setitem":(lambda a: upd(a),[x]),
 "pad":(lambda a: (mx.pad(a,1),mx.pad(a,((1,0),(0,2)),constant_values=3),mx.pad(a,1,mode="edge")),[x]),
 "join":(lambda a: (mx.concatenate([a,a]),mx.stack([a,a],1),*mx.split(a,2,axis=1),mx.repeat(a,2,0),mx.tile(a,(2,1)),mx.roll(a,1,1),mx.flip(a,0)),[x]),
 "reduce":(lambda a: (a.sum(),a.sum(0),a.mean(1,keepdims=True),a.prod(0),a.max(),a.min(1),a.var(),a.std(0),(a>0).all(0),(a>0).any(),mx.logsumexp(a),mx.logsumexp(a,axis=1),mx.logsumexp(a,axis=0),a.argmax(),a.argmin(1),mx.median(a,axis=0)),[x]),
 "ireduce":(lambda a: (a.sum(),a.prod(),a.max()),[u]),
 "scan":(lambda a: (a.cumsum(0),a.cumprod(1),a.cummax(0),a.cummin(1),mx.logcumsumexp(a,axis=1),mx.cumsum(a,axis=1,reverse=True,inclusive=False)),[x]),
 "sort":(lambda a: (mx.sort(a,axis=0),mx.argsort(a,axis=1),mx.partition(a,1,axis=1)[:,1],mx.topk(a,2,axis=0).sum(0),mx.searchsorted(mx.array([-1.0,0.0,1.0]),a)),[x]),
 "softmax":(lambda a: (mx.softmax(a,axis=-1),mx.softmax(a,axis=0),nn.log_softmax(a)),[x]),
 "make":(lambda a: (mx.zeros((2,3)),mx.ones(4)*a[0],mx.arange(5),mx.arange(0.5,3,0.5),mx.full((2,),7),mx.eye(3),mx.tri(3),mx.linspace(0,1,5),mx.triu(a)),[x]),
 "matmul":(lambda a: (a@a.T,a@a[0],mx.addmm(sq,a,a.T,0.5,2.0),mx.einsum("ij,kj->ik",a,a),mx.outer(a[0],a[1]),mx.inner(a,a),mx.tensordot(a,a.T,1),mx.stack([a,a])@a.T),[x]),
 "conv":(lambda a: (mx.conv1d(a[None],mx.ones((2,2,4))),mx.conv_general(a[None],mx.ones((2,2,4)),stride=1,padding=1,kernel_dilation=2,flip=True),mx.conv_transpose1d(a[None],mx.ones((2,2,4)),stride=2)),[x]),
 "fft":(lambda a: (mx.fft.fft(a),mx.fft.ifft(a),mx.fft.rfft(a),mx.fft.irfft(mx.fft.rfft(a)),mx.fft.fft2(a),mx.fft.fft(a,norm="ortho"),mx.fft.irfft(mx.fft.rfft(a),n=5),mx.fft.rfftn(a)),[x]),
 "fftgrad":(mx.grad(lambda a: mx.abs(mx.fft.rfft(a)).sum()+mx.fft.irfft(a.astype(mx.complex64)).sum()),[x]),
 "random":(lambda a: (mx.random.uniform(shape=(3,4),key=mx.random.key(5))+a,mx.random.normal((2,),key=mx.random.key(6)),mx.random.randint(0,9,(3,),key=mx.random.key(2)),mx.random.categorical(a,key=mx.random.key(3))),[x]),
 "linalg":(lambda a: (mx.linalg.inv(a,stream=cpu),mx.linalg.cholesky(a,stream=cpu),*mx.linalg.qr(a,stream=cpu),mx.linalg.svd(a,compute_uv=False,stream=cpu),mx.linalg.eigvalsh(a,stream=cpu),mx.linalg.tri_inv(mx.tril(a),stream=cpu),mx.linalg.norm(a),mx.linalg.pinv(a,stream=cpu)),[sq]),
 "qmm":(lambda a: (mx.quantized_matmul(a,*q,group_size=32,bits=4),mx.dequantize(*q,group_size=32,bits=4)),[mx.ones((2,64))*0.3]),
 "gqmm":(lambda a: mx.gather_qmm(a,mx.stack([q[0],q[0]]),mx.stack([q[1],q[1]]),mx.stack([q[2],q[2]*2]),rhs_indices=mx.array([1,0]),group_size=32,bits=4),[mx.ones((2,3,64))*0.3]),
 "gmm":(lambda a: mx.gather_mm(mx.stack([a,a*2]),mx.stack([a.T,a.T*3]),rhs_indices=mx.array([1,0])),[x]),
 "fast":(lambda a: (mx.fast.rms_norm(a,mx.ones(4)*2,1e-5),mx.fast.layer_norm(a,None,mx.ones(4),1e-5),mx.fast.rope(a[None,None],4,traditional=False,base=10000.0,scale=1.0,offset=1),mx.fast.scaled_dot_product_attention(a[None,None],a[None,None],a[None,None],scale=0.5,mask="causal")),[x]),
 "grad":(mx.grad(lambda a: (mx.tanh(a@a.T)**2).sum()+mx.logsumexp(a,axis=0).sum()+mx.sort(a,axis=1)[:,0].sum()),[x]),
 "vmap":(mx.vmap(lambda r: (r*r).sum()+mx.softmax(r)[0]),[x]),
 "compiled":(mx.compile(lambda a: mx.sigmoid(a)*a+1),[x]),
 "mlp":(m,[x]), "mlpgrad":(lambda a: mx.grad(lambda p: m(p).sum())(a),[x]), "transformer":(lambda a: tl(a,None),[mx.ones((1,3,8))*0.2]), "gru":(lambda a: gru(a),[x[None]]), "cnn":(cnn,[mx.arange(64).reshape(1,8,8,1)/64.0]),
 "cnngrad":(lambda a: mx.grad(lambda p: cnn(p).sum())(a),[mx.arange(64).reshape(1,8,8,1)/64.0]),
 "masked":(lambda a: upd2(a),[x]), "hadamard":(lambda a: mx.hadamard_transform(a),[x]), "kron":(lambda a: (mx.kron(a,a),mx.diag(a[0]),mx.diagonal(a),mx.trace(a)),[x]),
 "f16":(lambda a: (a*2+1,mx.softmax(a),a@a.T),[x.astype(mx.bfloat16)]), "isclose":(lambda a: (mx.isclose(a,a+1e-9),mx.array_equal(a,a),mx.allclose(a,a)),[x]),
 "losses":(lambda a: (nn.losses.cross_entropy(a,mx.array([0,1,2])),nn.losses.mse_loss(a,a*0.5),nn.losses.binary_cross_entropy(a,mx.ones((3,4)))),[x]),
})
def upd(a):
    a = a*1; a[0] = 5; a[:,1] = a[:,0]*2; a[a>4] = 0; return a
def upd2(a):
    a = a*1; a[a>0] = 7.5; return a
def flat(v): return [v] if isinstance(v,mx.array) else list(v)
bad=0
sel=sys.argv[3:]
for n,(f,args) in sorted(F.items()):
    if sel and n not in sel: continue
    p=os.path.join(d,n+".mlxfn")
    try:
        if mode=="w": mx.export_function(p,f,*args)
        else:
            if not os.path.exists(p): continue
            got, want = mx.import_function(p)(*args), flat(f(*args))
            assert len(got)==len(want),(len(got),len(want))
            for k,(g,h) in enumerate(zip(got,want)):
                assert g.dtype==h.dtype and g.shape==h.shape,(k,g.dtype,h.dtype,g.shape,h.shape)
                if g.dtype==mx.complex64: g,h=mx.stack([g.real,g.imag]),mx.stack([h.real,h.imag])
                g,h=g.astype(mx.float32),h.astype(mx.float32)
                assert mx.allclose(g,h,rtol=1e-3 if n!="f16" else 2e-2,atol=1e-4 if n!="f16" else 3e-2,equal_nan=True).item(),(k,g.tolist(),h.tolist())
        print("ok", n)
    except Exception as e: print("fails", n, type(e).__name__, str(e)[:300].replace("\n", " "))
