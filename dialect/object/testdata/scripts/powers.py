# Each line of output is what CPython 3.11 prints; see golden_test.go.
xs=[0.1,0.3,0.7,0.9,0.99,0.999,1.1,1.5,2.0,3.0,10.0,123.456,1e-5,0.75]
ys=[-0.5,0.5,0.1,0.3,1/3,-1.5,2.5,3,10,20,-7,0.9,1.7,33.3,-0.01,5]
for x in xs:
    for y in ys:
        print(x,y,x**y)
for b in (0.9,0.999,0.95):
    for t in range(1,60): print(b**t, 1-b**t)
