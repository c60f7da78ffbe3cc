"""Heaps: lists whose element i is no greater than its elements 2i+1 and 2i+2."""

__all__ = ["heapify", "heappop", "heappush", "heappushpop", "heapreplace", "merge", "nlargest", "nsmallest"]


def _rise(heap, at, top=0):
    """Move the element at a place towards the top, to where it belongs."""
    while at > top and heap[at] < heap[(at - 1) // 2]:
        above = (at - 1) // 2
        heap[at], heap[above] = heap[above], heap[at]
        at = above


def _sink(heap, top):
    """Let the lesser children rise along the way down to a leaf, then let the element
    rise from there: elements that come from the end belong near the leaves (Floyd 1964;
    Knuth, The Art of Computer Programming, 5.2.3, exercise 18)."""
    at, end = top, len(heap)
    while 2 * at + 1 < end:
        below = 2 * at + 1
        if below + 1 < end and not heap[below] < heap[below + 1]:
            below += 1
        heap[at], heap[below] = heap[below], heap[at]
        at = below
    _rise(heap, at, top)


def heapify(x):
    """Make a list a heap, in place."""
    for i in range(len(x) // 2 - 1, -1, -1):
        _sink(x, i)


def heappush(heap, item):
    """Add an element."""
    heap.append(item)
    _rise(heap, len(heap) - 1)


def heappop(heap):
    """Remove and return the least element."""
    last = heap.pop()
    return heapreplace(heap, last) if heap else last


def heapreplace(heap, item):
    """Remove and return the least element, then add item."""
    least, heap[0] = heap[0], item
    _sink(heap, 0)
    return least


def heappushpop(heap, item):
    """Add item, then remove and return the least element."""
    if heap and heap[0] < item:
        item, heap[0] = heap[0], item
        _sink(heap, 0)
    return item


def nsmallest(n, iterable, key=None):
    """The n least elements, in order."""
    return sorted(iterable, key=key)[:max(n, 0)]


def nlargest(n, iterable, key=None):
    """The n greatest elements, the greatest first."""
    return sorted(iterable, key=key, reverse=True)[:max(n, 0)]


def merge(*iterables, key=None, reverse=False):
    """The elements of sorted iterables, in order."""
    heads = []
    for source in iterables:
        it = iter(source)
        for value in it:
            heads.append([value if key is None else key(value), value, it])
            break
    while heads:
        best = 0
        for i in range(1, len(heads)):
            if heads[i][0] > heads[best][0] if reverse else heads[i][0] < heads[best][0]:
                best = i
        head = heads[best]
        yield head[1]
        for value in head[2]:
            head[0] = value if key is None else key(value)
            head[1] = value
            break
        else:
            del heads[best]
