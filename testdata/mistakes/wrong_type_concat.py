name = "layer" + 1
