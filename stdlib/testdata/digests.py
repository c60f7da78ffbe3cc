"""Digests, base64, identifiers and fractions."""

import base64
import binascii
import hashlib
import hmac
import uuid
from fractions import Fraction


def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


show(lambda: (hashlib.sha256(b'abc').hexdigest(), hashlib.md5().hexdigest(), hashlib.new('sha1',b'x').hexdigest()))
h=hashlib.sha256()
h.update(b'a')
g=h.copy()
h.update(b'b')
print(h.hexdigest()[:8],g.hexdigest()[:8],h.digest_size,h.block_size,h.name)
show(lambda: hashlib.sha256('x'))
show(lambda: hashlib.new('nope'))
show(lambda: hashlib.sha512(b'').digest()[:4])
show(lambda: (hmac.new(b'k',b'm','sha256').hexdigest()))
show(lambda: (base64.b64encode(b'hello'), base64.b64decode('aGVsbG8='), base64.urlsafe_b64encode(b'\xff\xfe'), base64.b32encode(b'hi'), base64.b16encode(b'hi')))
show(lambda: base64.b64decode('abc'))
show(lambda: (base64.b32decode('NBUQ===='), base64.b16decode('6869'), base64.encodebytes(b'x'*60)))
show(lambda: (binascii.hexlify(b'\x01\xff'), binascii.unhexlify('01ff'), binascii.crc32(b'abc')))
show(lambda: binascii.unhexlify('0'))
show(lambda: (uuid.UUID('12345678123456781234567812345678'), uuid.uuid5(uuid.NAMESPACE_DNS,'python.org'), uuid.uuid3(uuid.NAMESPACE_DNS,'python.org')))
show(lambda: (len(str(uuid.uuid4())), uuid.uuid4().version))
show(lambda: (Fraction(1,3)+Fraction(1,6), Fraction('3/4'), Fraction(0.5), Fraction('1.25'), Fraction(3,-6)))
show(lambda: (Fraction(1,3)*3==1, float(Fraction(1,4)), Fraction(7,2)//1, Fraction(22,7).limit_denominator(5), Fraction(3.141592653589793).limit_denominator(1000)))
show(lambda: (Fraction(1,2)**2, Fraction(1,2)<0.75, hash(Fraction(2))==hash(2), round(Fraction(7,2)), str(Fraction(4,2)), int(Fraction(-7,2))))
show(lambda: (Fraction(1,0)))
