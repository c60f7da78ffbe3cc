def parse(line):
    key, value = line.split("=")
    return key, int(value)

parse("epochs=ten")
