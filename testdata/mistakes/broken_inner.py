def compute(n):
    return n / zero

def unused():
    pass
