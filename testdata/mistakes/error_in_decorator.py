def logged(prefix):
    def wrap(fn):
        def inner(*args):
            print(prefix + args[0])
            return fn(*args)
        return inner
    return wrap

@logged("got ")
def double(x):
    return x * 2

double(4)
