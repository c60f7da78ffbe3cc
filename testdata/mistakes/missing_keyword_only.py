def sample(logits, *, temperature):
    return logits / temperature

sample(1.0)
