# Masks of no axes: True keeps everything below a new axis, False nothing.
import numpy as np
a=np.arange(6).reshape(2,3)
for f in (lambda: a[True].shape, lambda: a[False].shape, lambda: a[0,True].shape, lambda: a[:,True].tolist(), lambda: a[True,[0,1]].tolist(), lambda: a[...,np.array(False)].shape, lambda: np.array(5)[True], lambda: np.array(5)[np.array(False)].shape, lambda: a[True,:,1].tolist(), lambda:a[[0,1],True].tolist()):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
b=a.copy(); b[True]=7; print(b.tolist())
for places in (True, np.array([True, False]), 7):
    try: print(np.delete(np.arange(3), places))
    except Exception as e: print(type(e).__name__, e)
