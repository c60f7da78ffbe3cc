def t(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__, '|', e)
import math
vals = [0, -42, 10**20, True, -0.0, 3.14159, 1e16, 123456789.123, float('-inf'), float('nan'), 2.5, 5e-324]
specs = ['', 'd', 'x', 'X', 'o', 'b', '#x', '#b', '#o', 'E', 'f', 'F', 'g', 'G', '%', 'n', ',', '_', '+', ' ', '-', '10', '<10', '>10', '^10', '=10', '010', '*^12', '.2f', '.0f', '.3e', '.3g', '10.3f', '+.2f', ',.2f', '_x', '08.3f', '<+8.1f|'[:-1], '.1%', '#.3g', '#g', '.10g', 's', '5s', '.2s', '+d', ' d', ',d', '_d', '_b', '0=8d', 'z.1f', '.0e', '.15g', '.17g', '#.0f', '.2', '.5', '20,.3f', '020,.3f']
for v in vals:
    for s in specs:
        try: r = format(v, s)
        except Exception as e: r = f'{type(e).__name__}|{e}'
        print(repr(v), s, r)
for v in ['', 'a', 'hello', 'é漢']:
    for s in ['', 's', '10', '<10', '>10', '^10', '*^9', '.2', '.3s', '10.2', '=10', '+', 'd', 'x', ',', '010', '05s']:
        try: r = format(v, s)
        except Exception as e: r = f'{type(e).__name__}|{e}'
        print(repr(v), s, r)
for v in [1+2j, 1j, 1.5-2.25j, complex('nan'), complex('inf')]:
    for s in ['', '.2f', 'g', 'e', '20', '>20.1f', '+', 'd', '=20', ',']:
        try: r = format(v, s)
        except Exception as e: r = f'{type(e).__name__}|{e}'
        print(repr(v), s, r)
for v in [None, [1], (1,), {}, object]:
    for s in ['', '>10', 's']:
        try: r = format(v, s)
        except Exception as e: r = f'{type(e).__name__}|{e}'
        print(repr(v), s, r)
w, p, n = 10, 3, 3.14159265
print(f'{n:{w}.{p}f}|{n!r:>{w+10}}|{n=}|{n = :.2f}|{w+p=}|{{}}|{"nested"}|{"a" "b"}|{n:,}|{[1,2]}|{ {"a":1} }|{(lambda: 3)()}|{w if p else n}|' if False else f'{n:{w}.{p}f}|{n!r:>{w+10}}|{n=}|{n = :.2f}|{w+p=}|{{}}|{"nested"}|{n:,}|{[1,2]}|{ {"a":1} }|{w if p else n}')
print(f"{'a':>5}{'b':<5}|{'c':^5}|" f'{w}' 'x' rf'\d{w}' fr'\{w}')
print(f'''{
w
}''', f'{w!s}', f'{w!a}', f"{'é'!a}", f'{w,}', f'{w:>{"5"}}', f'{None}', f'{True:d}', f'{w:{"<"}{8}}|')
print(f'{n:.{p}}', f'{w:#06x}', f'{-5 % 3}', f'{w==10}', f'{w!=10}', f'{w>5}', f'{"a:b"}', f'{dict(a=1)["a"]}', f'{[i for i in range(3)]}')
print('{} {}'.format(1, 2), '{0} {1} {0}'.format('a', 'b'), '{a} {b}'.format(a=1, b=2), '{0[1]} {1.real}'.format([1, 2], 5), '{:>{w}}'.format('x', w=5), '{!r}'.format('q'), '{{}}'.format(), '{0:{1}}'.format(3.14159, '.2f'), '{a[k]}'.format(a={'k': 9}), '{:,}'.format(1234567))
t(lambda: '{} {}'.format(1)); t(lambda: '{a}'.format()); t(lambda: '{0} {}'.format(1, 2)); t(lambda: '{'.format()); t(lambda: '}'.format()); t(lambda: '{!z}'.format(1)); t(lambda: '{0.nope}'.format(1)); t(lambda: '{:d}'.format('a')); t(lambda: '{a.b}'.format(a=1)); t(lambda: '{[}'.format(1)); t(lambda: '{a}{a}'.format_map({'a': 1}))
pf = ['%d', '%5d', '%-5d|', '%05d', '%+d', '% d', '%i', '%u', '%x', '%X', '%#x', '%o', '%#o', '%e', '%E', '%f', '%.2f', '%8.3f', '%-8.3f|', '%08.3f', '%+.1f', '%g', '%G', '%.3g', '%#g', '%s', '%10s', '%-10s|', '%.2s', '%r', '%a', '%c', '%%', ]
for s in pf:
    for v in [5, -42, 3.7, 1e10, 10**20, True, float('nan'), 'é', None, [1]]:
        try: r = s % v
        except Exception as e: r = f'{type(e).__name__}|{e}'
        print(s, repr(v), r)
print('%s %s' % (1, 'a'), '%(a)s %(b)d' % {'a': 1, 'b': 2}, '%*d|%-*d|' % (5, 3, 5, 3), '%.*f' % (2, 3.14159), '%s' % (1,), '%s' % ((1, 2),), '%c%c' % ('a', 98), '%5.1f%%' % 99.55, '%r %r' % ('a', 1.0), '%s' % [1, 2], '%x' % 255, '%(k)5.2f|' % {'k': 3.14159}, 'no' % ())
t(lambda: '%s' % (1, 2)); t(lambda: '%s %s' % 1); t(lambda: '%(a)s' % {}); t(lambda: '%(a)s' % 1); t(lambda: '%d' % 1.5); t(lambda: '%d' % '1'); t(lambda: '%c' % 'ab'); t(lambda: '%c' % -1); t(lambda: '%x' % 1.5); t(lambda: '%f' % 'a'); t(lambda: 'a' % 1); t(lambda: 'a' % {}); t(lambda: 'a' % [1]); t(lambda: '%y' % 1); t(lambda: '%(a' % {}); t(lambda: '%d' % None); t(lambda: b'%d %s' % (1, b'x'))
for v in [0.1, 1.0, 1e15, 1e16, 123456789012345678.0, 1e-4, 1e-5, 1.1e-5, 5e-324, 1.7976931348623157e308, 2**53+0.0, 0.1+0.2, 1/3, 100000000000000000000.0, 1e21, 1e22, 1e23, -1e-7, 1234.5678]: print(v, repr(v), str(v), v.__repr__(), [v], '%s' % v, f'{v}')
for v in [0.5, 1.5, 2.5, -0.5, -1.5, 2.675, 1.005, 0.125, 1e20, 12345.678, -2.5, 5, 15, 25, -15, 1234567]:
    print(v, round(v), [round(v, k) for k in (-2, -1, 0, 1, 2)])
t(lambda: round(float('nan'))); t(lambda: round(float('inf'))); t(lambda: round(float('nan'), 1)); t(lambda: round(1e308, -308)); t(lambda: round(10**30, -5)); t(lambda: round(True)); t(lambda: round(2.5, None)); t(lambda: type(round(2.5)).__name__); t(lambda: type(round(2.5, 0)).__name__); t(lambda: type(round(5, 1)).__name__)
t(lambda: (0.1).hex()); t(lambda: float.fromhex('0x1.8p3')); t(lambda: (2.5).as_integer_ratio()); t(lambda: (2.0).is_integer()); t(lambda: (1.5).conjugate()); t(lambda: (1.5).real); t(lambda: (5).bit_length()); t(lambda: (255).to_bytes(2, 'big')); t(lambda: int.from_bytes(b'\x01\x02', 'little')); t(lambda: (7).bit_count()); t(lambda: (-5).to_bytes(2, 'little', signed=True)); t(lambda: (300).to_bytes(1, 'big')); t(lambda: (5).numerator); t(lambda: (1+2j).conjugate()); t(lambda: (3+4j).real); t(lambda: abs(3+4j)); t(lambda: (1+2j)*(3-1j)); t(lambda: (1+2j)/(3-1j)); t(lambda: (1+2j)**2); t(lambda: 1j**2); t(lambda: complex(1, 2)); t(lambda: complex('1+2j')); t(lambda: complex('j')); t(lambda: str(1j)); t(lambda: -1j); t(lambda: 1-0j); t(lambda: (1e20+1j)); t(lambda: 1j == 1j); t(lambda: 2+0j == 2)
