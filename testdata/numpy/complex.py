"""complex128: arithmetic, promotion, printing, files, transforms, decompositions."""

import io

import numpy as np
a=np.array([1+2j,3.5-1j])
print(a, repr(a), a.dtype, a.real, a.imag, a*2, a*1.5, a/a, a**2, np.abs(a), a.sum(), a.mean(), a.var(), a.std())
print(np.complex128(1+2j), repr(np.complex128(1+2j)), np.complex128, isinstance(np.complex128(1), complex), np.dtype(complex), np.dtype('c16'), np.dtype('D').char, np.dtype('complex128').num)
for x in ['int8','uint8','int16','int32','int64','float16','float32','float64','complex64','complex128','bool','uint64']:
    for y in ['complex64','complex128']:
        print(x,y,np.promote_types(x,y), (np.ones(2,x)*np.ones(2,y)).dtype, (np.ones(2,x)+1j).dtype)
print(np.fft.fft(np.arange(4)), np.fft.fft(np.arange(4.0)).dtype, np.fft.fft(np.arange(4,dtype='f')).dtype, np.fft.rfft(np.arange(5)).dtype, np.fft.irfft(np.ones(3,'F')).dtype, np.fft.irfft(np.ones(3)).dtype, np.fft.fft(np.ones(3,'e')).dtype)
print(np.linalg.eig(np.array([[0.,1.],[-1.,0.]])))
print(np.linalg.eigvals(np.array([[2.,1.],[1.,3.]])))
print(np.linalg.svd(np.array([[1+1j,2],[3,4j]]))[1], np.linalg.eigvalsh(np.array([[2,1j],[-1j,3]])))
f=io.BytesIO(); np.save(f, a); b=np.load(io.BytesIO(f.getvalue())); print(b, b.dtype, (a==b).all())
print(np.exp(a), np.sqrt(a), np.log(a), np.sin(a), np.tanh(a), np.arcsin(a), np.sort(a[::-1]), np.argmax(a), np.cumsum(a), np.prod(a), a@a, np.vdot(a,a), np.dot(a,a), np.outer(a,a))
print(a.conj(), a.T, a.tolist(), a.astype('F'), a.astype(np.complex64).dtype, a.view('d'), a.itemsize, a.nbytes)
print(np.array([1,2.5,3j]), np.array([1j,np.float32(2)]).dtype, np.zeros(2,complex), np.full(2,1j), np.ones_like(a))
print(np.concatenate([a,np.ones(2)]), np.where(a.real>2,a,0), a[[1,0]], np.isnan(a), np.isfinite(a), np.angle(a), np.iscomplexobj(a), np.allclose(a,a), np.linalg.norm(a))
print(np.array([1e20+1e-5j, 1e-20j]), np.array([np.inf+1j, complex(np.nan,-0.0)]), np.complex128('1+2j'), np.complex64(1/3+1j/3), np.complex128(1/3+1j/3))
print(a.__array_interface__['typestr'], np.finfo(np.complex128).eps, np.can_cast('complex64','complex128'), np.result_type(1j, np.float32(1)))
print(np.float_power(2, 0.5), np.float_power(np.array([1j]),2), np.power(2j,3), np.round(a/3,2), np.einsum('i,i->', a, a), np.mean(a.astype('F')).dtype, np.square(a), np.reciprocal(a), np.sign(a))
print(np.maximum(a, a[::-1]), a.max(), a.min(), np.unique(np.array([1j,1j,2])), hash(np.complex128(2))==hash(2), np.complex128(2)==2)
print('%s'%a, f'{np.complex128(1.5+2j):.2f}', np.complex128(1+1j)+1, type(np.complex128(1)+1), type(np.complex64(1)+1j), type(np.complex64(1)+np.float64(1)))
for n in ("expm1", "exp2", "reciprocal", "floor", "power", "sqrt", "arccosh", "log1p"):
    for d in ("complex64", "complex128"):
        x = np.array([1.5 - 2j, -0.25 + 1j, 3 + 0j], dtype=d)
        try:
            y = getattr(np, n)(x, 3) if n == "power" else getattr(np, n)(x)
            print(n, d, y.dtype, np.round(y, 5).tolist())
        except TypeError:
            print(n, d, "TypeError")
print(np.real_if_close(np.array([1 + 1e-15j, 2])), np.real_if_close(np.array([1 + 1e-3j])), np.real_if_close(np.ones(2)))
big = np.array([1e200 + 1e200j, 3e-200 - 4e-200j])
print(np.abs(big), np.sqrt(big), np.log(big), np.arcsin(big), np.arctan(big), big / big)
a.real[0] = 7
a.imag = [-1, 2]
a.real *= 2
print(a, a.imag.base is a, np.array(5 + 6j).real, type(np.complex128(2j).imag), np.round(1.236 + 2.345j, 2))
try:
    np.ones(2).imag = 3
except TypeError as e:
    print(e)
