"""Servers and clients of the web, and sockets, on this machine alone."""

import threading, urllib.request, http.client, json, socket
from http.server import *
class H(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        body = json.dumps({"path": self.path, "ua": self.headers["x-a"]}).encode()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def do_POST(self):
        n = int(self.headers.get("Content-Length")); data = self.rfile.read(n)
        self.send_response(200); self.send_header("Transfer-Encoding", "chunked"); self.end_headers()
        for i in range(3):
            part = data + b"%d" % i
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part)); self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")
    def log_message(self, *a): pass
s = ThreadingHTTPServer(("127.0.0.1", 0), H)
t = threading.Thread(target=s.serve_forever, kwargs={"poll_interval": 0.05}); t.start()
port = s.server_address[1]
c = http.client.HTTPConnection("127.0.0.1", port)
for i in range(2):
    c.request("GET", f"/x{i}", headers={"X-A": "b"}); r = c.getresponse(); print(r.status, r.reason, r.read())
c.request("POST", "/", b"data"); r = c.getresponse(); print(r.read(), r.getheader("Transfer-Encoding"))
c.close()
print(urllib.request.urlopen(f"http://127.0.0.1:{port}/q?a=1").read())
try: urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/", method="PUT"))
except Exception as e: print(type(e).__name__, e, e.code)
s.shutdown(); t.join(); s.server_close()
try: http.client.HTTPConnection("127.0.0.1", port, timeout=2).request("GET", "/")
except Exception as e: print(type(e).__name__, e)
a = socket.socket(); a.bind(("127.0.0.1", 0)); a.listen()
b = socket.create_connection(a.getsockname()); x, addr = a.accept()
b.sendall(b"hello\nworld\n"); b.shutdown(socket.SHUT_WR)
print(x.makefile("r").readline(), x.recv(100)); x.settimeout(0.05)
y = socket.create_connection(a.getsockname()); y.settimeout(0.05)
try: y.recv(1)
except Exception as e: print(type(e).__name__, e)
