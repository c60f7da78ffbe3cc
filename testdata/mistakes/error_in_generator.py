def batches(data, size):
    for i in range(0, len(data), size):
        batch = data[i:i + size]
        yield sum(batch) / (len(batch) - 1)

for b in batches([1, 2, 3], 2):
    print(b)
