"""Values and differences in the messages of assertions."""


def short(x):
    return repr(x)


def difference(first, second):
    import pprint

    return difference_lines(pprint.pformat(first).splitlines(), pprint.pformat(second).splitlines())


def difference_lines(first, second):
    """The lines of both by an edit of fewest lines; - marks the first's own, + the second's."""
    n, m = len(first), len(second)
    if n * m > 1000000:
        return "\n".join(["- " + x for x in first] + ["+ " + x for x in second])
    common = [[0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            common[i][j] = common[i + 1][j + 1] + 1 if first[i] == second[j] else max(common[i + 1][j], common[i][j + 1])
    out, i, j = [], 0, 0
    while i < n or j < m:
        if i < n and j < m and first[i] == second[j]:
            out.append("  " + first[i])
            i, j = i + 1, j + 1
        elif i < n and (j == m or common[i + 1][j] >= common[i][j + 1]):
            out.append("- " + first[i])
            i += 1
        else:
            out.append("+ " + second[j])
            j += 1
    return "\n".join(out)
