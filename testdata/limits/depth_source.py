eval('a' + '.b' * 10**6)
# ---
eval('f' + '()' * 10**6)
# ---
eval('a' + '[0]' * 10**6)
# ---
eval('1' + '+1' * 10**6)
# ---
eval('a' + '.b()[0]' * 10**5)
# ---
eval('(' * 10**6)
# ---
eval('[' * 10**6 + ']' * 10**6)
# ---
eval('-' * 10**6 + '1')
# ---
eval('not ' * 10**6 + '1')
# ---
eval('1' + '**1' * 10**6)
# ---
eval('lambda: ' * 10**6 + '1')
# ---
eval('1 if 1 else ' * 10**6 + '1')
# ---
eval('1' + ' or 1' * 10**6)
# ---
eval('1' + ' < 1' * 10**6)
# ---
eval('[' + '1,' * 10**6 + ']')
# ---
eval('f(' + '1,' * 10**6 + ')')
# ---
eval('"a" ' * 10**6)
# ---
exec('x = ' * 10**5 + '1')
# ---
exec('if 1:\n pass\n' + 'elif 1:\n pass\n' * 10**5)
# ---
exec('\n'.join(' ' * i + 'if 1:' for i in range(3000)) + ' pass')
# ---
exec('\n'.join(' ' * i + 'for x in y:' for i in range(1000)) + ' pass')
# ---
exec('@f\n' * 10**5 + 'def g(): pass')
# ---
exec('x = 1\n' * 10**6)
# ---
exec('def f(): pass\n' * 10**5)
# ---
exec('x%d = 1\n' * 3 % (1, 2, 3) * 10**5)
# ---
compile('x = 1\n' * 10**6, 'a', 'exec')
# ---
eval('f"' + '{x}' * 10**6 + '"')
# ---
eval('{' + '1:1,' * 10**6 + '}')
# ---
exec('x' + ' = x' * 10**6)
# ---
exec('del ' + 'x,' * 10**6 + 'x')
# ---
exec('match x:\n case ' + '[' * 10**5 + ']' * 10**5 + ': pass')
# ---
exec('match x:\n case ' + '1 | ' * 10**5 + '1: pass')
# ---
exec('class A:\n' + ' x = 1\n' * 10**6)
# ---
exec('global ' + ', '.join('x%d' % i for i in range(10**5)))
# ---
exec('import ' + '.'.join(['a'] * 10**5))
# ---
eval('"' + 'a' * 10**8 + '"')
# ---
eval('1' * 10**7)
# ---
eval('0x' + 'f' * 10**8)
# ---
eval(' ' * 10**8 + '1')
# ---
exec('#' * 10**8)
# ---
eval('a' * 10**8)
# ---
exec('while 1:\n' + ' x = 1\n' * 10**6)
# ---
eval('x' + ' @ x' * 10**6)
# ---
eval('x' + '.y.z(1)' * 10**6)
