ops = {"inv": lambda x: 1 / x}

def apply(name, x):
    return ops[name](x)

apply("inv", 0)
