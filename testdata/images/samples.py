# Buffers and streams of samples.
# differs everywhere: mlx-data is a package of its own
import os, io, pickle, wave, tarfile
import numpy as np, mlx.data as dx
from mlx.data.features import mfsc
r = np.random.RandomState(0)
S = [{"image": r.randint(0,256,(6,5,3)).astype(np.uint8), "label": i % 3, "x": np.arange(i+1)} for i in range(7)]
b = dx.buffer_from_vector(S)
print(len(b), b.size(), sorted(b[0]), b[0]["label"], b[0]["label"].dtype, b[3]["x"], b[0]["image"].dtype)
def show(s): print({k: (v.dtype.name, v.shape, int(np.asarray(v, dtype=np.float64).sum())) for k, v in sorted(s.items())})
for s in b.batch(3, pad={"x": -1}): show(s)
for s in b.batch(2, dim={"x": 0}): show(s)
for s in b.batch([3,2]): show(s)
st = b.to_stream().pad("image", 0, 1, 2, 9.0).image_center_crop("image", 4, 4).key_transform("image", lambda x: x.astype("float32")/255).batch(4)
for _ in range(2):
    for s in st: show(s)
    st.reset()
show(b.shape("image","sh")[0]); show(b.shape("image","n",1)[0]); show(b.rename_key("label","y").filter_key("image", remove=True)[2])
show(b.partition(2,1)[0]); print(len(b.partition(2,1)), len(b.partition_if(False,2,1)), len(b.perm([1,1,0])))
print(b.image_random_crop("image",2,3)[0]["image"].shape); show(b.slice("image",0,1,4)[1]); show(b.slice("image",[0,1],[1,0],[4,2])[1]); show(b.pad_to_size("x",0,9,7)[2]); show(b.pad_to_multiple("x",0,4,0)[4]); show(b.squeeze("label")[0])
print(sorted(int(s["label"]) for s in b.shuffle()), sorted(int(s["label"]) for s in b.to_stream().shuffle(3)))
show(next(b.to_stream().sample_transform(lambda s: {"z": s["x"]*2})))
show(next(b.to_stream().filter_by_shape("x",0,3,5)))
open("l.txt","w").write("ab\ncd\n\nef"); print([bytes(s["t"]).decode() for s in dx.stream_line_reader("l.txt","t")])
print([{k: bytes(v).decode() for k,v in sorted(s.items())} for s in dx.stream_csv_reader_from_string("a,b\n1,x y\n2,\"q,r\"\n")])
print([int(s["v"]) for s in dx.stream_python_iterable(lambda: ({"v": i} for i in range(4)))], len(b.to_stream().to_buffer()))
show(b.image_resize("image",5,6)[0])
w = wave.open("a.wav","wb"); w.setnchannels(1); w.setsampwidth(2); w.setframerate(16000); w.writeframes((r.randn(4000)*3000).astype(np.int16).tobytes()); w.close()
a = dx.buffer_from_vector([{"f": b"a.wav"}]).load_audio("f").squeeze("f"); show(a[0]); o = mfsc(40,16000,frame_size_ms=30,frame_stride_ms=10,high_freq=7600,low_freq=20)(a[0]["f"]); print(o.shape, o.dtype, np.round(o[3,:5],2), round(float(o.sum()),1))
t = tarfile.open("t.tar","w"); t.add("a.wav","./d/a.wav"); t.add("l.txt","l"); t.close()
print(sorted(bytes(s["file"]).decode() for s in dx.files_from_tar("t.tar"))); show(dx.buffer_from_vector([{"n": b"l"}]).read_from_tar("t.tar","n","c")[0])
os.makedirs("m", exist_ok=True); pickle.dump(S, open("m/train.pkl","wb")); pickle.dump(S[:2], open("m/test.pkl","wb"))
from mlx.data.datasets import load_mnist
print(len(load_mnist("m")), len(load_mnist("m", train=False)))
try: b[9]
except Exception as e: print(type(e).__name__)
it = b.to_stream().batch(3); n = next(it); show(n); print(it.next() != {}, sum(1 for _ in it), it.next())
print([int(s["label"][0]) for s in b.to_stream().batch(2).repeat(2)])
