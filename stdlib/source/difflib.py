"""Differences between sequences."""

from collections import namedtuple as _namedtuple

__all__ = ["Differ", "Match", "SequenceMatcher", "context_diff", "get_close_matches", "ndiff", "restore", "unified_diff"]

Match = _namedtuple("Match", "a b size")


class SequenceMatcher:
    """Compares two sequences by the longest blocks that they share."""

    def __init__(self, isjunk=None, a="", b="", autojunk=True):
        self.isjunk, self.autojunk = isjunk, autojunk
        self.a = self.b = None
        self.set_seqs(a, b)

    def set_seqs(self, a, b):
        self.set_seq1(a)
        self.set_seq2(b)

    def set_seq1(self, a):
        self.a, self.matching_blocks, self.opcodes = a, None, None

    def set_seq2(self, b):
        self.b, self.matching_blocks, self.opcodes = b, None, None
        where = {}
        for i, x in enumerate(b):
            where.setdefault(x, []).append(i)
        self.bjunk, self.bpopular = set(), set()
        if self.isjunk:
            self.bjunk = {x for x in where if self.isjunk(x)}
        n = len(b)
        if self.autojunk and n >= 200:
            self.bpopular = {x for x, at in where.items() if x not in self.bjunk and len(at) > n // 100 + 1}
        self.b2j = {x: at for x, at in where.items() if x not in self.bjunk and x not in self.bpopular}

    def find_longest_match(self, alo=0, ahi=None, blo=0, bhi=None):
        """The longest block that parts of both share, the first of several."""
        a, b, b2j, junk = self.a, self.b, self.b2j, self.bjunk
        ahi, bhi = len(a) if ahi is None else ahi, len(b) if bhi is None else bhi
        i, j, size = alo, blo, 0
        ends = {}
        for x in range(alo, ahi):
            following = {}
            for y in b2j.get(a[x], ()):
                if y < blo:
                    continue
                if y >= bhi:
                    break
                k = following[y] = ends.get(y - 1, 0) + 1
                if k > size:
                    i, j, size = x - k + 1, y - k + 1, k
            ends = following
        for wanted in (False, True):
            while i > alo and j > blo and (b[j - 1] in junk) == wanted and a[i - 1] == b[j - 1]:
                i, j, size = i - 1, j - 1, size + 1
            while i + size < ahi and j + size < bhi and (b[j + size] in junk) == wanted and a[i + size] == b[j + size]:
                size += 1
        return Match(i, j, size)

    def get_matching_blocks(self):
        """The blocks that both share, in order, and an empty one at the end."""
        if self.matching_blocks is not None:
            return self.matching_blocks
        todo, found = [(0, len(self.a), 0, len(self.b))], []
        while todo:
            alo, ahi, blo, bhi = todo.pop()
            i, j, size = m = self.find_longest_match(alo, ahi, blo, bhi)
            if size:
                found.append(m)
                if alo < i and blo < j:
                    todo.append((alo, i, blo, j))
                if i + size < ahi and j + size < bhi:
                    todo.append((i + size, ahi, j + size, bhi))
        found.sort()
        out, last = [], (0, 0, 0)
        for i, j, size in found:
            if last[0] + last[2] == i and last[1] + last[2] == j:
                last = (last[0], last[1], last[2] + size)
            else:
                if last[2]:
                    out.append(Match(*last))
                last = (i, j, size)
        if last[2]:
            out.append(Match(*last))
        out.append(Match(len(self.a), len(self.b), 0))
        self.matching_blocks = out
        return out

    def get_opcodes(self):
        """What turns the first into the second, part by part."""
        if self.opcodes is not None:
            return self.opcodes
        i = j = 0
        out = self.opcodes = []
        for x, y, size in self.get_matching_blocks():
            tag = "replace" if i < x and j < y else "delete" if i < x else "insert" if j < y else ""
            if tag:
                out.append((tag, i, x, j, y))
            i, j = x + size, y + size
            if size:
                out.append(("equal", x, i, y, j))
        return out

    def get_grouped_opcodes(self, n=3):
        """The opcodes in groups with at most n equal elements around."""
        codes = list(self.get_opcodes()) or [("equal", 0, 1, 0, 1)]
        if codes[0][0] == "equal":
            tag, i1, i2, j1, j2 = codes[0]
            codes[0] = tag, max(i1, i2 - n), i2, max(j1, j2 - n), j2
        if codes[-1][0] == "equal":
            tag, i1, i2, j1, j2 = codes[-1]
            codes[-1] = tag, i1, min(i2, i1 + n), j1, min(j2, j1 + n)
        group = []
        for tag, i1, i2, j1, j2 in codes:
            if tag == "equal" and i2 - i1 > 2 * n:
                group.append((tag, i1, min(i2, i1 + n), j1, min(j2, j1 + n)))
                yield group
                group = []
                i1, j1 = max(i1, i2 - n), max(j1, j2 - n)
            group.append((tag, i1, i2, j1, j2))
        if group and not (len(group) == 1 and group[0][0] == "equal"):
            yield group

    def ratio(self):
        """How alike the sequences are, from 0 to 1."""
        total = len(self.a) + len(self.b)
        return 2.0 * sum([m.size for m in self.get_matching_blocks()]) / total if total else 1.0

    def quick_ratio(self):
        """At least ratio."""
        count = {}
        for x in self.b:
            count[x] = count.get(x, 0) + 1
        same = 0
        for x in self.a:
            if count.get(x, 0) > 0:
                count[x] -= 1
                same += 1
        total = len(self.a) + len(self.b)
        return 2.0 * same / total if total else 1.0

    def real_quick_ratio(self):
        """At least quick_ratio."""
        total = len(self.a) + len(self.b)
        return 2.0 * min(len(self.a), len(self.b)) / total if total else 1.0


def get_close_matches(word, possibilities, n=3, cutoff=0.6):
    """The words most like a word."""
    if not n > 0:
        raise ValueError(f"n must be > 0: {n!r}")
    if not 0.0 <= cutoff <= 1.0:
        raise ValueError(f"cutoff must be in [0.0, 1.0]: {cutoff!r}")
    s = SequenceMatcher()
    s.set_seq2(word)
    found = []
    for x in possibilities:
        s.set_seq1(x)
        if s.real_quick_ratio() >= cutoff and s.quick_ratio() >= cutoff and s.ratio() >= cutoff:
            found.append((s.ratio(), x))
    return [x for _, x in sorted(found, reverse=True)[:n]]


def _range(start, stop):
    length = stop - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


def unified_diff(a, b, fromfile="", tofile="", fromfiledate="", tofiledate="", n=3, lineterm="\n"):
    """The lines that differ, with some around, - before those of the first and + before those of the second."""
    started = False
    for group in SequenceMatcher(None, a, b).get_grouped_opcodes(n):
        if not started:
            started = True
            yield f"--- {fromfile}{chr(9) + fromfiledate if fromfiledate else ''}{lineterm}"
            yield f"+++ {tofile}{chr(9) + tofiledate if tofiledate else ''}{lineterm}"
        first, last = group[0], group[-1]
        yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@{lineterm}"
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                for line in a[i1:i2]:
                    yield " " + line
                continue
            if tag in ("replace", "delete"):
                for line in a[i1:i2]:
                    yield "-" + line
            if tag in ("replace", "insert"):
                for line in b[j1:j2]:
                    yield "+" + line


def context_diff(a, b, fromfile="", tofile="", fromfiledate="", tofiledate="", n=3, lineterm="\n"):
    """The lines that differ, of the first and then of the second."""
    marks = {"insert": "+ ", "delete": "- ", "replace": "! ", "equal": "  "}
    span = lambda i, j: str(j) if j - i <= 1 else f"{i + 1},{j}"
    started = False
    for group in SequenceMatcher(None, a, b).get_grouped_opcodes(n):
        if not started:
            started = True
            yield f"*** {fromfile}{chr(9) + fromfiledate if fromfiledate else ''}{lineterm}"
            yield f"--- {tofile}{chr(9) + tofiledate if tofiledate else ''}{lineterm}"
        first, last = group[0], group[-1]
        yield "***************" + lineterm
        yield f"*** {span(first[1], last[2])} ****{lineterm}"
        if any([tag in ("replace", "delete") for tag, *_ in group]):
            for tag, i1, i2, _, _ in group:
                if tag != "insert":
                    for line in a[i1:i2]:
                        yield marks[tag] + line
        yield f"--- {span(first[3], last[4])} ----{lineterm}"
        if any([tag in ("replace", "insert") for tag, *_ in group]):
            for tag, _, _, j1, j2 in group:
                if tag != "delete":
                    for line in b[j1:j2]:
                        yield marks[tag] + line


def IS_LINE_JUNK(line, pat=None):
    return line.strip() in ("", "#")


def IS_CHARACTER_JUNK(ch, ws=" \t"):
    return ch in ws


class Differ:
    """Differences of lines, with ? lines that point at what changed within them."""

    def __init__(self, linejunk=None, charjunk=None):
        self.linejunk, self.charjunk = linejunk, charjunk

    def compare(self, a, b):
        """The lines of both: two spaces before those of both, - and + before those of one, ? before hints."""
        for tag, i1, i2, j1, j2 in SequenceMatcher(self.linejunk, a, b).get_opcodes():
            if tag == "replace":
                yield from self._replace(a, i1, i2, b, j1, j2)
            elif tag == "delete":
                yield from ["- " + x for x in a[i1:i2]]
            elif tag == "insert":
                yield from ["+ " + x for x in b[j1:j2]]
            else:
                yield from ["  " + x for x in a[i1:i2]]

    def _plain(self, a, i1, i2, b, j1, j2):
        gone, new = ["- " + x for x in a[i1:i2]], ["+ " + x for x in b[j1:j2]]
        return new + gone if j2 - j1 < i2 - i1 else gone + new

    def _replace(self, a, i1, i2, b, j1, j2):
        best, at, cutoff = 0.74, None, 0.75
        same = None
        s = SequenceMatcher(self.charjunk)
        for j in range(j1, j2):
            s.set_seq2(b[j])
            for i in range(i1, i2):
                if a[i] == b[j]:
                    same = same or (i, j)
                    continue
                s.set_seq1(a[i])
                if s.real_quick_ratio() > best and s.quick_ratio() > best and s.ratio() > best:
                    best, at = s.ratio(), (i, j)
        if best < cutoff:
            if same is None:
                yield from self._plain(a, i1, i2, b, j1, j2)
                return
            at, best = same, 1.0
        else:
            same = None
        i, j = at
        yield from self._around(a, i1, i, b, j1, j)
        if same is None:
            s.set_seqs(a[i], b[j])
            left = right = ""
            for tag, x1, x2, y1, y2 in s.get_opcodes():
                m, n = x2 - x1, y2 - y1
                left += {"replace": "^" * m, "delete": "-" * m, "insert": "", "equal": " " * m}[tag]
                right += {"replace": "^" * n, "delete": "", "insert": "+" * n, "equal": " " * n}[tag]
            yield "- " + a[i]
            yield from _hint(a[i], left)
            yield "+ " + b[j]
            yield from _hint(b[j], right)
        else:
            yield "  " + a[i]
        yield from self._around(a, i + 1, i2, b, j + 1, j2)

    def _around(self, a, i1, i2, b, j1, j2):
        if i1 < i2 and j1 < j2:
            yield from self._replace(a, i1, i2, b, j1, j2)
        elif i1 < i2:
            yield from ["- " + x for x in a[i1:i2]]
        else:
            yield from ["+ " + x for x in b[j1:j2]]


def _hint(line, marks):
    if marks.strip():
        marks = "".join([c if m == " " and c.isspace() else m for c, m in zip(line, marks)]).rstrip()
        yield f"? {marks}\n"


def ndiff(a, b, linejunk=None, charjunk=IS_CHARACTER_JUNK):
    """Differences of lines by Differ."""
    return Differ(linejunk, charjunk).compare(a, b)


def restore(delta, which):
    """The lines of the first or the second of which ndiff told the differences."""
    mark = {1: "- ", 2: "+ "}[int(which)]
    for line in delta:
        if line[:2] in ("  ", mark):
            yield line[2:]
