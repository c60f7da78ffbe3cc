class Model:
    @property
    def size(self):
        return self.width * 2

def report(model):
    print(f"size: {model.size}")

report(Model())
