import broken_inner

value = broken_inner.compute(4)
