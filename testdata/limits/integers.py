import math
math.isqrt(1 << 50000000)
x = 3 ** (10**7)
while True: x = x * x
# ---
3**(4*10**7)
while True: 3**(4*10**7)
# ---
pow(3, 10**30000+1, 10**30000+7)
# ---
import math
math.factorial(4000000)
while True: math.factorial(4000000)
# ---
import math
while True: math.comb(8000000, 4000000)
# ---
x = 1 << 10**10
# ---
x = 2 ** 10**10
# ---
x = 10
while True: x *= x
# ---
x = 10
while True: x = x ** 3
# ---
x = 3 ** (10**6)
while True: x = x * 3 // 2
# ---
x = 3 ** (4 * 10**7); y = 3 ** (2 * 10**7) + 1
while True: x // y
# ---
x = 3 ** (4 * 10**7); y = 3 ** (2 * 10**7) + 1
while True: x % y
# ---
x = 3 ** (4 * 10**7); y = 3 ** (2 * 10**7) + 1
while True: divmod(x, y)
# ---
x = 3 ** (4 * 10**7); y = 3 ** (2 * 10**7) + 1
while True: x / y
# ---
import math
x = 3 ** (4 * 10**7); y = 5 ** (2 * 10**7) + 1
while True: math.gcd(x, y)
# ---
import math
math.lcm(*[3 ** (10**6) + i for i in range(10**4)])
# ---
import math
while True: math.perm(10**1000, 10**5)
# ---
str(3 ** (10**7))
# ---
import sys
sys.set_int_max_str_digits(0)
str(3 ** (10**8))
# ---
import sys
sys.set_int_max_str_digits(0)
int('1' * 10**8)
# ---
x = int('f' * 10**8, 16)
l = [hex(x) for i in range(100)]
# ---
l = [bin(1 << 10**8) for i in range(100)]
# ---
l = [f'{1 << 10**8:x}' for i in range(100)]
# ---
(1).to_bytes(10**10, 'big')
# ---
l = [(1).to_bytes(10**8, 'big') + bytes([i]) for i in range(100)]
# ---
int.from_bytes(bytes(10**9), 'big')
# ---
l = [(1 << 10**8) + i for i in range(1000)]
# ---
from fractions import Fraction
x = Fraction(3 ** 10**6, 5 ** 10**6)
while True: x = x + x * x
# ---
from decimal import Decimal
Decimal(10) ** 10**9
# ---
hash(1 << 10**8)
while True: hash(3 ** 10**6)
# ---
float(10**400)
# ---
x = 1
while True: x = (x << 64) | 1
# ---
import math
math.prod([3 ** 10**6] * 10**4)
# ---
sum([3 ** 10**7 + i for i in range(10**4)])
# ---
pow(3, -1, 3 ** 10**6 + 2)
while True: pow(3, -1, 3 ** 10**6 + 2)
