def train(steps, lr=0.1, momentum=0.9):
    pass

train(10, learning_rate=0.5)
