"""Orders of what depends on others."""

__all__ = ["CycleError", "TopologicalSorter"]


class CycleError(ValueError):
    """What depends on itself has no order."""


class TopologicalSorter:
    """Gives nodes after those that they depend on."""

    def __init__(self, graph=None):
        self._before, self._after, self._ready, self._left, self._out, self._done = {}, {}, None, 0, set(), 0
        for node, before in (graph or {}).items():
            self.add(node, *before)

    def add(self, node, *predecessors):
        if self._ready is not None:
            raise ValueError("Nodes cannot be added after a call to prepare()")
        self._before[node] = self._before.get(node, 0) + len(predecessors)
        self._after.setdefault(node, [])
        for p in predecessors:
            self._before.setdefault(p, 0)
            self._after.setdefault(p, []).append(node)

    def prepare(self):
        if self._ready is not None:
            raise ValueError("cannot prepare() more than once")
        self._ready = [n for n, count in self._before.items() if count == 0]
        cycle = self._cycle()
        if cycle:
            raise CycleError("nodes are in a cycle", cycle)

    def _cycle(self):
        seen, path, inside, work = set(), [], {}, []
        for start in self._after:
            if start in seen:
                continue
            work.append((start, iter(self._after[start])))
            path.append(start)
            inside[start] = 0
            seen.add(start)
            while work:
                node, rest = work[-1]
                for n in rest:
                    if n in inside:
                        return path[inside[n]:] + [n]
                    if n not in seen:
                        seen.add(n)
                        inside[n] = len(path)
                        path.append(n)
                        work.append((n, iter(self._after[n])))
                        break
                else:
                    work.pop()
                    del inside[path.pop()]
        return None

    def get_ready(self):
        if self._ready is None:
            raise ValueError("prepare() must be called first")
        ready, self._ready = tuple(self._ready), []
        self._out.update(ready)
        return ready

    def is_active(self):
        if self._ready is None:
            raise ValueError("prepare() must be called first")
        return self._done < len(self._before) and bool(self._ready or self._out)

    def __bool__(self):
        return self.is_active()

    def done(self, *nodes):
        if self._ready is None:
            raise ValueError("prepare() must be called first")
        for node in nodes:
            if node not in self._before:
                raise ValueError(f"node {node!r} was not added using add()")
            if node not in self._out:
                raise ValueError(f"node {node!r} was not passed out (still not ready)" if self._before[node] >= 0 else f"node {node!r} was already marked done")
            self._out.discard(node)
            self._before[node] = -1
            self._done += 1
            for n in self._after[node]:
                self._before[n] -= 1
                if self._before[n] == 0:
                    self._ready.append(n)

    def static_order(self):
        self.prepare()
        while self.is_active():
            ready = self.get_ready()
            yield from ready
            self.done(*ready)
