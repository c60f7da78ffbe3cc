def get():
    return None

get()[0]
