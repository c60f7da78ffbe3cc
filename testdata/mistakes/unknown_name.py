def area(w, h):
    return w * hieght

print(area(2, 3))
