class Config:
    def __init__(self):
        self.hidden_size = 8

def build(config):
    return config.hiden_size * 2

build(Config())
