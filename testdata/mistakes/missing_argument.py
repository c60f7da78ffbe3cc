def scale(x, factor):
    return x * factor

def run():
    return scale(3)

run()
