layers = [1, 2, 3]
layers(0)
