def check(xs):
    assert len(xs) == 2, f"want two, got {len(xs)}"

check([1])
