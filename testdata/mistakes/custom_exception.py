class ShapeError(Exception):
    pass

def check(shape):
    if len(shape) != 2:
        raise ShapeError(f"want 2 axes, got {len(shape)}")

check((1, 2, 3))
