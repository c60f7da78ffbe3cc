import broken_outer
print(broken_outer.value)
