def find(items, name):
    for item in items:
        if item == name:
            return item

print(find(["a", "b"], "c").upper())
