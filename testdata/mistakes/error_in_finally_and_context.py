def load(path):
    try:
        return open(path)
    except FileNotFoundError as e:
        raise RuntimeError("no checkpoint: " + path) from e

load("/nonexistent/checkpoint.bin")
