def run(resource):
    with resource as r:
        print(r)

run(3)
