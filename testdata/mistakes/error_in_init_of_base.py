class Base:
    def __init__(self, size):
        self.size = int(size)

class Derived(Base):
    def __init__(self, size):
        super().__init__(size)

Derived("large")
