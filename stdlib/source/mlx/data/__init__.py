"""Samples and what is done to them on the way to a model.

A sample is a dict of arrays of numpy. A Buffer knows how many samples it has and gives any of them; a Stream gives one after
the other. Both are lazy: a sample is made when it is asked for, by the operations that were named, in their order.
"""

import collections as _collections
import csv as _csv
import io as _io
import tarfile as _tarfile
import threading as _threading

import numpy as np

from mlx.data import _images
from mlx.data._samples import LoadAudioInfo, NumChannels, NumFrames, NumSeconds, SampleRate, _array, _operations, _text, collated, generator, set_state

__all__ = ["Buffer", "LoadAudioInfo", "Stream", "buffer_from_vector", "files_from_tar", "stream_csv_reader", "stream_csv_reader_from_string", "stream_line_reader",
           "stream_python_iterable"]


class _Source:
    """What both kinds have: an operation that only looks at one sample."""

    def _mapped(self, one):
        raise NotImplementedError

    def _kept(self, good):
        raise NotImplementedError


class Buffer(_Source):
    """Samples that are counted, any of which can be asked for."""

    def __init__(self, size, at):
        self._size, self._at = size, at

    def __len__(self):
        return self._size

    def size(self):
        return self._size

    def __getitem__(self, i):
        if not -self._size <= i < self._size:
            raise IndexError(f"Buffer: sample {i} is out of range for {self._size}")
        return self._at(i % self._size)

    def __iter__(self):
        return (self._at(i) for i in range(self._size))

    def __repr__(self):
        return f"Buffer(size={self._size}" + (f", keys={sorted(self._at(0))}" if self._size else "") + ")"

    def _mapped(self, one):
        at = self._at
        return Buffer(self._size, lambda i: one(at(i)))

    def _kept(self, good):
        return self.perm([i for i in range(self._size) if good(self._at(i))])

    def perm(self, perm):
        """The samples at the places of a list."""
        order, at = [int(i) for i in perm], self._at
        return Buffer(len(order), lambda i: at(order[i]))

    def shuffle(self):
        """The samples in an order by chance."""
        return self.perm(generator().permutation(self._size))

    def append(self, buffer):
        """These samples and another buffer's."""
        first, at, more = self._size, self._at, buffer
        return Buffer(first + len(more), lambda i: at(i) if i < first else more[i - first])

    def partition(self, num_partitions, partition):
        """Every num_partitions-th sample, from a first one."""
        return self.perm(range(partition, self._size, num_partitions))

    def batch(self, batch_size, pad={}, dim={}):
        """Samples put together, so many at a time, or as many as a list says."""
        sizes = list(batch_size) if isinstance(batch_size, (list, tuple)) else [batch_size] * (self._size // batch_size) + [self._size % batch_size] * (self._size % batch_size > 0)
        starts = [0]
        for n in sizes:
            starts.append(starts[-1] + n)
        if starts[-1] > self._size:
            raise ValueError(f"batch: batches of {starts[-1]} samples, of which there are {self._size}")
        at = self._at
        return Buffer(len(sizes), lambda i: collated([at(k) for k in range(starts[i], starts[i + 1])], pad, dim))

    def to_stream(self):
        return Stream(lambda: iter(self))

    def ordered_prefetch(self, prefetch_size, num_thread):
        return self.to_stream().prefetch(prefetch_size, num_thread)


class Stream(_Source):
    """Samples one after the other, until there are no more; reset begins anew."""

    def __init__(self, begin):
        self._begin, self._now = begin, None

    def __iter__(self):
        return self

    def __next__(self):
        if self._now is None:
            self._now = self._begin()
        return next(self._now)

    def next(self):
        """The next sample, empty where there is none."""
        return next(self, {})

    def reset(self):
        self._now = None

    def _fresh(self, through):
        """A stream of what a generator makes of this one's samples."""
        def begin():
            self.reset()
            return through(self)
        return Stream(begin)

    def _mapped(self, one):
        return self._fresh(lambda samples: (one(s) for s in samples))

    def _kept(self, good):
        return self._fresh(lambda samples: (s for s in samples if good(s)))

    def shuffle(self, buffer_size):
        """The samples in an order by chance, of so many that are held at a time."""
        def through(samples):
            held = []
            for s in samples:
                held.append(s)
                if len(held) >= buffer_size:
                    yield held.pop(int(generator().integers(len(held))))
            for i in generator().permutation(len(held)):
                yield held[int(i)]
        return self._fresh(through)

    def partition(self, num_partitions, partition):
        """Every num_partitions-th sample, from a first one."""
        return self._fresh(lambda samples: (s for i, s in enumerate(samples) if i % num_partitions == partition))

    def batch(self, batch_size, pad={}, dim={}):
        """Samples put together, so many at a time; the last ones are fewer."""
        def through(samples):
            held = []
            for s in samples:
                held.append(s)
                if len(held) == batch_size:
                    yield collated(held, pad, dim)
                    held = []
            if held:
                yield collated(held, pad, dim)
        return self._fresh(through)

    def dynamic_batch(self, buffer_size, key, max_data_size=-1, pad={}, dim={}, shuffle=False, drop_outliers=False, max_skipped_samples=1000):
        """Samples of like size put together, as long as an array of them, with padding, stays within max_data_size elements."""
        def through(samples):
            more = True
            while more:
                held = []
                for s in samples:
                    held.append(s)
                    if len(held) == buffer_size:
                        break
                else:
                    more = False
                held.sort(key=lambda s: s[key].size)
                if drop_outliers and max_data_size > 0:
                    held = [s for s in held if s[key].size <= max_data_size]
                groups, group = [], []
                for s in held:
                    if group and (max_data_size > 0 and (len(group) + 1) * s[key].size > max_data_size):
                        groups.append(group)
                        group = []
                    group.append(s)
                if group:
                    groups.append(group)
                order = generator().permutation(len(groups)) if shuffle else range(len(groups))
                for i in order:
                    yield collated(groups[int(i)], pad, dim)
        return self._fresh(through)

    def prefetch(self, prefetch_size, num_threads):
        """The same samples, made ahead on a thread, so many at most."""
        if prefetch_size <= 0 or num_threads <= 0:
            raise ValueError(f"prefetch: got a size of {prefetch_size} and {num_threads} threads, want at least 1 of each")
        return self._fresh(lambda samples: _ahead(samples, prefetch_size))

    def prefetch_if(self, cond, prefetch_size, num_threads):
        return self.prefetch(prefetch_size, num_threads) if cond else self

    def buffered(self, buffer_size, on_refill=None, num_thread=1):
        """The samples by parts of a size, each of which on_refill may change as a buffer."""
        def through(samples):
            more = True
            while more:
                held = []
                for s in samples:
                    held.append(s)
                    if len(held) == buffer_size:
                        break
                else:
                    more = False
                part = buffer_from_vector(held)
                yield from on_refill(part) if on_refill else part
        return self._fresh(through)

    def repeat(self, num_time):
        """The samples once, and so many times more."""
        def through(samples):
            for i in range(num_time + 1):
                if i:
                    self.reset()
                yield from samples
        return self._fresh(through)

    def sliding_window(self, key, size, stride, dim=-1, index_key=""):
        """Parts of an array of each sample, of a size, a stride apart along an axis."""
        def through(samples):
            for s in samples:
                a = s[key]
                for i, at in enumerate(range(0, max(a.shape[dim] - size, 0) + 1, stride)):
                    window = dict(s)
                    window[key] = np.moveaxis(np.moveaxis(a, dim, 0)[at:at + size], 0, dim)
                    if index_key:
                        window[index_key] = np.array(i)
                    yield window
        return self._fresh(through)

    def line_reader_from_key(self, key, dst_key, unzip=False, local_prefix=""):
        """The lines of the file that each sample names."""
        return self._fresh(lambda samples: (line for s in samples for line in stream_line_reader(local_prefix + _text(s[key]), dst_key, unzip)))

    def csv_reader_from_key(self, key, sep=",", quote='"', local_prefix=""):
        """The rows of the table that each sample names."""
        return self._fresh(lambda samples: (row for s in samples for row in stream_csv_reader(local_prefix + _text(s[key]), sep, quote)))

    def to_buffer(self):
        """All samples that are left, in a buffer."""
        return buffer_from_vector(list(self))


def _ahead(samples, most):
    """Samples that a thread makes before they are asked for."""
    lock = _threading.Condition()
    ready, state = _collections.deque(), {"over": False, "error": None, "left": False}

    def work():
        try:
            for s in samples:
                with lock:
                    while len(ready) >= most and not state["left"]:
                        lock.wait()
                    if state["left"]:
                        return
                    ready.append(s)
                    lock.notify_all()
        except BaseException as e:
            state["error"] = e
        with lock:
            state["over"] = True
            lock.notify_all()

    _threading.Thread(target=work, daemon=True).start()
    try:
        while True:
            with lock:
                while not ready and not state["over"]:
                    lock.wait()
                if not ready:
                    break
                s = ready.popleft()
                lock.notify_all()
            yield s
    finally:
        with lock:
            state["left"] = True
            lock.notify_all()
    if state["error"] is not None:
        raise state["error"]


for _name, _one in {**_operations, **_images.operations}.items():
    setattr(_Source, _name, (lambda one: lambda self, *args, **kwargs: one(self, *args, **kwargs))(_one))
for _name in dir(_Source) + ["shuffle", "partition", "shard"]:
    if not _name.startswith("_") and not _name.endswith("_if"):
        def _conditional(name):
            def only(self, cond, *args, **kwargs):
                return getattr(self, name)(*args, **kwargs) if cond else self
            only.__name__ = name + "_if"
            return only
        setattr(_Source, _name + "_if", _conditional(_name))
_Source.shard = lambda self, num_shards, shard: self.partition(num_shards, shard)
del _name, _one


def buffer_from_vector(data):
    """The samples of a list of dicts, whose values are arrays, numbers, bytes or strings."""
    held = [{k: _array(v) for k, v in s.items()} for s in data]
    return Buffer(len(held), lambda i: dict(held[i]))


def stream_python_iterable(iterable_factory):
    """The samples that what a function gives iterates over."""
    return Stream(lambda: ({k: _array(v) for k, v in s.items()} for s in iter(iterable_factory())))


def stream_line_reader(filename, key, unzip=False, local_prefix=""):
    """The lines of a file."""
    def lines():
        import gzip

        with (gzip.open if unzip else open)(local_prefix + str(filename), "rb") as f:
            for line in f:
                yield {key: _array(line.rstrip(b"\n"))}
    return Stream(lines)


def stream_csv_reader_from_string(content, sep=",", quote='"'):
    """The rows of a table, by the names of its columns."""
    text = content.decode("utf-8") if isinstance(content, bytes) else content
    return Stream(lambda: ({k: _array(v) for k, v in row.items()} for row in _csv.DictReader(_io.StringIO(text), delimiter=sep, quotechar=quote)))


def stream_csv_reader(file, sep=",", quote='"', local_prefix=""):
    """The rows of a table in a file, by the names of its columns."""
    with open(local_prefix + str(file), encoding="utf-8", newline="") as f:
        return stream_csv_reader_from_string(f.read(), sep, quote)


def files_from_tar(tarfile, nested=False, num_threads=1):
    """The names of the files of an archive, under the key file."""
    with _tarfile.open(tarfile) as tar:
        return buffer_from_vector([{"file": m.name.encode("utf-8")} for m in tar.getmembers() if m.isfile()])
