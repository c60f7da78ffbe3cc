"""Assignment in place, views, files, assertions and linear algebra."""

import io
import tempfile

import numpy as np

tmp = tempfile.mkdtemp()


def show(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, str(e).split("\n")[0])


try:
    a=np.arange(6).reshape(2,3)
    a[0]=9
    a[:,1]=[7,8]
    a[a>8]=-1
    print(a)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    a=np.zeros(5)
    a[[0,2]]=5
    a[[1,1]]+=1
    print(a)
    np.add.at(a,[3,3],1)
    print(a)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    a=np.arange(5)
    b=a[1:3]
    b+=10
    print(a,b)
    b[:]=0
    print(a)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    a=np.arange(5)
    a+=1.5
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    a=np.arange(5)
    a//=2
    a*=3
    print(a)
    a=a/2
    print(a)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    a=np.ones(3,np.float32)
    a+=np.ones(3)
    print(a.dtype)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    a=np.zeros((2,2))
    a[0,0]=1
    a[1]=[2,3]
    a[...]=a.T
    print(a)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    a=np.zeros(3)
    a[5]=1
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    a=np.zeros(3)
    a[:2]=np.ones(3)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    a=np.zeros(3)
    a[a==0]=np.ones(2)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    a=np.zeros(3,dtype=np.int8)
    a[0]=300
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    a=np.arange(6)
    a.shape=(2,3)
    print(a)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    a=np.array([3,1,2])
    a.sort()
    print(a)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    a=np.array([1.,2])
    a.fill(7)
    print(a)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    a=np.arange(9).reshape(3,3)
    np.fill_diagonal(a,0)
    print(a)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    a=np.zeros((2,3))
    a[:,0]=1
    a.T[2]=5
    print(a)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    b=np.broadcast_to(np.arange(3),(2,3))
    b[0]=1
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    np.save(tmp+'/a.npy',np.arange(6).reshape(2,3))
    print(np.load(tmp+'/a.npy'))
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    np.savez(tmp+'/b.npz',x=np.ones(2),y=np.arange(3))
    d=np.load(tmp+'/b.npz')
    print(d['x'],d['y'],d.files)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    np.savetxt(tmp+'/c.txt',np.array([[1.5,2],[3,4]]),fmt='%.2f',delimiter=',')
    print(open(tmp+'/c.txt').read())
    print(np.loadtxt(tmp+'/c.txt',delimiter=','))
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    print(np.loadtxt(['1 2','3 4'],dtype=int))
    print(np.genfromtxt(['1,2','3,x'],delimiter=','))
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    f=io.BytesIO()
    np.save(f,np.ones(2))
    f.seek(0)
    print(np.load(f))
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    np.testing.assert_allclose([1,2],[1,2+1e-9])
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    np.testing.assert_array_equal([1,2],[1,3])
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    np.testing.assert_allclose([1.,2],[1,2.1],rtol=1e-3)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    np.testing.assert_equal(1,2)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    np.testing.assert_almost_equal(1.0,1.00000001)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    np.testing.assert_array_almost_equal([1.,2.],[1.,2.1])
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    out=np.zeros(2)
    np.add([1,2],[3,4],out=out)
    print(out)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    x,y=np.array([1,2])
    print(x,y)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    a=np.array([1.0,2.0])
    print(*a)
    print("%s %d %.3f"%(a[0],a[1],a[0]))
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    s=set(np.array([1,2,2]).tolist())
    print(s)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    d={}
    d[np.int64(3)]=1
    print(d[3],3 in d)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    print(range(np.int64(3)), [1,2,3][np.int64(1)])
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    import math
    print(math.sqrt(np.float64(2)), math.floor(np.float32(2.5)))
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    np.set_printoptions(precision=3,suppress=True)
    print(np.array([1/3,1e-9,100.0]))
    np.set_printoptions(precision=8,suppress=False)
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    print(np.array_str(np.eye(2)), np.array2string(np.array([1.23456789,2]),precision=2))
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
for i,x in np.ndenumerate(np.array([[1,2],[3,4]])):
    print(i,x)
try:
    print(list(np.ndindex(2,2)))
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
try:
    a=np.arange(4); b=a.copy(); b[0]=9; print(a,b,np.shares_memory(a,a[1:]),np.shares_memory(a,b))
except Exception as e:
    print(type(e).__name__, str(e).split("\n")[0])
show(lambda: (np.linalg.qr(np.array([[1.,2],[3,4]])).R.shape))
show(lambda: (np.linalg.svd(np.array([[1.,2],[3,4]]))[1]))
show(lambda: (np.linalg.eigvalsh(np.array([[2.,1],[1,2]]))))
show(lambda: (np.linalg.pinv(np.array([[1.,2],[3,4],[5,6]])).round(6)))
show(lambda: (np.linalg.lstsq(np.array([[1.,1],[1,2],[1,3]]),np.array([1.,2,2]),rcond=None)[0].round(6)))
show(lambda: (np.linalg.matrix_rank(np.ones((2,2)))))
show(lambda: (np.linalg.cholesky(np.array([[4.,2],[2,3]]))))
show(lambda: (np.linalg.slogdet(np.array([[1.,2],[3,4]]))[0]))
show(lambda: np.fft.fftfreq(5))
show(lambda: np.exceptions.AxisError)
