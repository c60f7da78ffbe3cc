import shutil, os
os.makedirs("a/b"); open("a/b/f.txt", "w").write("hi")
print(shutil.copy("a/b/f.txt", "g.txt"), open("g.txt").read(), shutil.copytree("a", "c"), open("c/b/f.txt").read(), shutil.move("g.txt", "c"), os.path.exists("c/g.txt"))
shutil.rmtree("a"); print(os.path.exists("a"), shutil.rmtree("zz", ignore_errors=True))
try: shutil.rmtree("zz")
except FileNotFoundError as e: print(e.errno)
print(tuple(shutil.get_terminal_size((90, 20)))[0] > 0)
