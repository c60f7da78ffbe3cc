"""Patterns that need lookaround, references, bytes, flags and places within a text."""
import re
print(re.sub('x*','-','abxd'), re.findall('x*','abxd'), re.split('x*','axbc'), re.sub(r'\b','|','ab cd'))
print(re.compile('^b').search('ab',1), re.compile(r'\bb').search('ab',1), re.compile('b').match('ab',1))
print(re.sub(r"(?<=[{,])(\w+):", r'"\1":', "{a:1}"), re.findall(r'(\w)\1', 'aabbcd'), re.findall(r'(?P<q>["\']).*?(?P=q)', '"a" \'b\''))
print(re.findall(r'a(?!b)', 'abacad'), re.search(r'(?i)HELLO', 'say hello').span(), re.search('a$','a\n'))
print(re.match(r'(a)?b(?(1)c|d)', 'abc'), re.match(r'(a)?b(?(1)c|d)', 'bd'), re.match(r'(a)?b(?(1)c|d)', 'bc'))
print(re.findall(r'(?>a+)b|a++c', 'aaab aac'), re.findall('\\u0041\\x42', 'AB'))
print(re.findall(rb'\w+', b'ab \xff cd'), re.sub(rb'(a)', rb'<\1>', b'banana'), re.search(rb'\d+', b'a12').group())
m = re.match(r'(?P<x>a)(b)?(?P<z>c)', 'acd'); print(m.lastindex, m.lastgroup, m.groupdict(), m.regs, m.pos, m.endpos, m.groups('-'))
print(re.findall(r'\w+', 'naïve café ١٢', re.A), re.findall(r'\d+', '١٢ 34'), re.split(r'(,)', 'a,b,c', maxsplit=1))
print(re.sub('(é)', r'[\1]', 'éaé'), re.subn('a', lambda m: m.group().upper(), 'banana', count=2), re.fullmatch('a|ab', 'ab'))
print(re.compile(r'(?m)^\s+', re.I), re.I | re.M, re.compile('a', re.X).flags, re.X)
for p in ['(', 'a)', '[a', '*a', r'\1', '(?P<1a>x)', r'\q', 'a{2,1}', '(?z)']:
    try: re.compile(p); print(p, 'ok')
    except re.error as e: print(p, 'error')
print(re.findall('|a','aa'), re.sub('a*?','-','baac'), [m.span() for m in re.finditer(r'(?=(\w\w))', 'abcd')])
s = re.compile(r'(\d)|(\w)').scanner('1a'); print(s.match().groups(), s.match().groups(), s.match())
print(re.split(r'[\W_]+', 'a_b-c d'), re.escape('a.b-c'), re.findall(r'[]a]', ']a'), re.findall(r'[^]a]', ']ab'), re.findall('a{,2}b', 'aab'))
