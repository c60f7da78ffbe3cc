# Ints of many digits are written and read within a limit, which a script may change.
import sys

def refused(f, *args):
    try:
        f(*args)
    except ValueError as e:
        print(e)

print(sys.get_int_max_str_digits())
refused(str, 10**4300)
refused(int, "1" * 4301)
refused(sys.set_int_max_str_digits, 639)
refused(sys.set_int_max_str_digits, -1)
sys.set_int_max_str_digits(640)
print(sys.get_int_max_str_digits(), len(str(10**639)), len(repr([10**639])))
refused(str, 10**640)
refused(repr, [10**640])
refused(format, 10**640, "d")
refused(lambda: "%d" % 10**640)
print(int("f" * 1000, 16) == 16**1000 - 1, len(hex(16**1000)))
sys.set_int_max_str_digits(0)
for n in (16383, 16384, 16385, 50000):
    x = 10**n - 1
    print(n, str(x) == "9" * n, int("9" * n) == x, int("-" + "9" * n) == -x, "%d" % -x == "-" + "9" * n, f"{x + 1:,}"[:5])
