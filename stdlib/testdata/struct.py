"""Bytes packed and unpacked, beside what CPython prints."""

import struct


def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


show(lambda: (struct.pack('<ihb',1,-2,3)))
show(lambda: (struct.pack('>IHB?',1,2,3,True)))
show(lambda: (struct.pack('ihq',1,2,3)))
show(lambda: (struct.calcsize('ihq'), struct.calcsize('<ihq'), struct.calcsize('bi'), struct.calcsize('10s3x')))
show(lambda: (struct.unpack('<ihb',b'\x01\x00\x00\x00\xfe\xff\x03')))
show(lambda: (struct.unpack('>f',struct.pack('>f',1.5))))
show(lambda: (struct.pack('<e',1.5), struct.pack('<d',-0.1)))
show(lambda: (struct.pack('5s',b'ab'), struct.pack('c',b'x'), struct.pack('5p',b'abcdefg')))
show(lambda: (struct.unpack('3s2x',b'abc\x00\x00')))
show(lambda: (struct.unpack('<i',b'\x00')))
show(lambda: (struct.pack('<b',200)))
show(lambda: (struct.pack('<B',-1)))
show(lambda: (struct.pack('<i','x')))
show(lambda: (struct.pack('<2i',1)))
show(lambda: (struct.pack('z',1)))
show(lambda: (struct.unpack_from('<H',b'\x01\x02\x03\x04',2)))
show(lambda: (list(struct.iter_unpack('<H',b'\x01\x02\x03\x04'))))
show(lambda: (struct.Struct('<IH').size, struct.Struct('<IH').format, struct.Struct('<IH').pack(1,2)))
b=bytearray(6)
struct.pack_into('<H',b,2,0x1234)
print(b)
show(lambda: (struct.unpack('>4B',b'\x01\x02\x03\x04')))
show(lambda: (struct.unpack('>q',b'\xff'*8)))
