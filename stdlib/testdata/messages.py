# Messages with headers, and the names of characters.
import email, email.utils, email.message, email.header, html.entities, quopri, datetime, sysconfig, importlib.resources.abc
from email.parser import Parser, BytesParser
from email.message import EmailMessage, Message
print(email.utils.formatdate(0), email.utils.formatdate(1e9, usegmt=True), email.utils.format_datetime(datetime.datetime(2024,2,29,1,2,3,tzinfo=datetime.timezone(datetime.timedelta(hours=-5)))))
for d in ["Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 20 Nov 1995 19:12:08 -0500", "20 Nov 95 19:12 EST", "nope", "Sun, 06 Nov 1994 08:49:37 GMT", "Mon, 1 Jan 2001 00:00:00 -0000"]:
    print(email.utils.parsedate_tz(d), email.utils.parsedate(d))
    try: print(email.utils.parsedate_to_datetime(d), email.utils.mktime_tz(email.utils.parsedate_tz(d)) if d[-5:]!='-0000' else '')
    except Exception as e: print(type(e).__name__)
for a in ['A B <a@b.c>', '"x, y" <q@r>', 'p@q', '', 'n@m (Note)']: print(email.utils.parseaddr(a))
print(email.utils.getaddresses(['A <a@b>, "C, D" <c@d>', 'e@f']))
print(email.utils.formataddr(('A B','a@b')), email.utils.formataddr(('A.B','a@b')), email.utils.formataddr(('','a@b')))
print(email.header.decode_header('=?utf-8?b?w6k=?= x =?iso-8859-1?q?=E9_a?='), email.header.decode_header('plain'), str(email.header.make_header(email.header.decode_header('=?utf-8?q?caf=C3=A9?='))))
m = Message(); m['Content-Type'] = 'text/html; charset="UTF-8"; x=1'; m.add_header('Content-Disposition','attachment', filename='a b.txt'); m.set_payload('hi')
print(m.as_string(), m.get_content_type(), m.get_content_charset(), m.get_param('x'), m.get_filename(), m['content-TYPE'], 'x' in m, m.keys(), m.get_params(), m.get_content_disposition())
t = 'Subject: a\n b\nTo: x\nContent-Type: multipart/mixed; boundary="B"\n\npre\n--B\nContent-Type: text/plain\n\none\n--B\nContent-Transfer-Encoding: base64\nContent-Type: application/octet-stream\n\naGk=\n--B--\nend'
p = email.message_from_string(t)
print(p.is_multipart(), [x.get_payload(decode=True) for x in p.get_payload()], p['subject'], p.preamble, p.epilogue, [x.get_content_type() for x in p.walk()])
b = BytesParser().parsebytes(b'A: 1\r\nB: 2\r\n\r\nbody\r\n'); print(b.items(), repr(b.get_payload()))
print(Parser().parsestr('no header here\nx').get_payload())
e = EmailMessage(); e['Subject']='s'; e.set_content('text'); print(e.get_content_type(), e.get_content(), e['MIME-Version']); e.add_attachment(b'zz', maintype='image', subtype='png', filename='f.png'); print([x.get_content_type() for x in e.walk()], [x.get_filename() for x in e.iter_attachments()], e.get_body(('plain',)).get_content())
try: m.replace_header('Nope','1')
except KeyError as x: print('KeyError', x)
print(quopri.encodestring('é=a b \n'.encode()), quopri.decodestring(b'=C3=A9=\n x'), quopri.encodestring(b'x'*100))
E_=html.entities; print(len(E_.name2codepoint), E_.name2codepoint['lang'], E_.codepoint2name[169], E_.entitydefs['amp'], sum(E_.name2codepoint.values()), len(str(sorted(E_.entitydefs.items()))))
