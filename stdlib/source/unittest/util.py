"""Values and differences in the messages of assertions."""


def short(x):
    return repr(x)


def difference(first, second):
    """The lines of two values that differ."""
    import pprint

    return difference_lines(pprint.pformat(first).splitlines(), pprint.pformat(second).splitlines())


def difference_lines(first, second):
    """The lines of both; - marks the first's own, + the second's, ? what changed within them."""
    import difflib

    return "\n".join(difflib.ndiff(first, second))


def difference_text(first, second):
    """The lines of two texts that differ."""
    import difflib

    lines = [t.splitlines(True) for t in (first, second)]
    if len(lines[0]) == 1 and first.strip("\r\n") == first:
        lines = [[first + "\n"], [second + "\n"]]
    return "".join(difflib.ndiff(*lines))
