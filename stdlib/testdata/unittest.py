"""Test cases and what their runner writes."""

import unittest, io, re, sys
class A(unittest.TestCase):
    @classmethod
    def setUpClass(cls): cls.k=3
    def setUp(self): self.x=1
    def tearDown(self): pass
    def test_ok(self): self.assertEqual(self.x+self.k,4)
    def test_fail(self):
        """A doc line."""
        self.assertEqual(1,2)
    def test_fail_msg(self): self.assertEqual(1,2,'why')
    def test_list(self): self.assertEqual([1,2,3],[1,2,4])
    def test_dict(self): self.assertEqual({'a':1},{'a':2})
    def test_set(self): self.assertEqual({1},{2})
    def test_tuple(self): self.assertEqual((1,2),(1,2,3))
    def test_err(self): raise KeyError('k')
    def test_err2(self): {}['x']
    @unittest.skip('because')
    def test_skip(self): pass
    @unittest.skipIf(True,'cond')
    def test_skip2(self): pass
    def test_skip3(self): self.skipTest('inside')
    @unittest.expectedFailure
    def test_xf(self): self.assertTrue(False)
    @unittest.expectedFailure
    def test_xs(self): pass
    def test_raises(self):
        with self.assertRaises(ValueError) as cm: int('x')
        self.assertIn('invalid',str(cm.exception))
        self.assertRaises(ZeroDivisionError, lambda: 1/0)
        with self.assertRaisesRegex(ValueError,'lit.*'): int('x')
    def test_raises_no(self):
        with self.assertRaises(ValueError): pass
    def test_raises_re(self):
        with self.assertRaisesRegex(ValueError,'zzz'): int('x')
    def test_raises_other(self):
        with self.assertRaises(ValueError): {}['q']
    def test_sub(self):
        for i in range(3):
            with self.subTest(i=i): self.assertNotEqual(i,1)
    def test_almost(self): self.assertAlmostEqual(1.0,1.1)
    def test_almost_ok(self): self.assertAlmostEqual(1.0,1.00000001); self.assertAlmostEqual(1,1.4,delta=0.5)
    def test_misc(self):
        self.assertTrue(1); self.assertFalse(0); self.assertIs(None,None); self.assertIsNone(None); self.assertIsNotNone(1)
        self.assertIn(1,[1]); self.assertNotIn(2,[1]); self.assertIsInstance(1,int); self.assertGreater(2,1); self.assertLessEqual(1,1)
        self.assertRegex('abc','b'); self.assertNotRegex('abc','z'); self.assertCountEqual([1,2],[2,1]); self.assertListEqual([1],[1]); self.assertDictEqual({},{})
    def test_gt(self): self.assertGreater(1,2)
    def test_in(self): self.assertIn(3,[1,2])
    def test_true(self): self.assertTrue(0)
    def test_inst(self): self.assertIsInstance(1,str)
    def test_none(self): self.assertIsNone(1)
class B(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise RuntimeError('no class')
    def test_b(self): pass
@unittest.skip('all')
class C(unittest.TestCase):
    def test_c(self): pass
for v in (1,2):
    out=io.StringIO()
    r=unittest.TextTestRunner(stream=out,verbosity=v).run(unittest.TestSuite([unittest.defaultTestLoader.loadTestsFromTestCase(c) for c in (A,B,C)]))
    text=re.sub(r'in \d+\.\d+s','in 0s',out.getvalue())
    text=re.sub(r' *[~^]+ *\n','',text)
    text=re.sub(r'\n\?[^\n]*','',text)
    text=re.sub(r'\n\n+',r'\n\n',text)
    text=re.sub(r'File "[^"]*"','File "tests.py"',text)
    print(text); print(r)
