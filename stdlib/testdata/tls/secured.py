"""Servers and clients that TLS secures, on this machine alone, by the certificate cert.pem of
localhost, and client.pem that it signed."""

import http.client, http.server, socket, ssl, threading, urllib.request

class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = ("hello " + self.path).encode() + b"x" * 200000
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass

settings = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
settings.load_cert_chain("cert.pem", "key.pem")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), H)
server.socket = settings.wrap_socket(server.socket, server_side=True)
server.handle_error = lambda *args: None  # what clients that trust nothing leave behind
threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
port = server.server_port

trusting = ssl.create_default_context(cafile="cert.pem")
answer = urllib.request.urlopen(f"https://localhost:{port}/a", context=trusting)
body = answer.read()
print(answer.status, body[:8], len(body))
try:
    urllib.request.urlopen(f"https://localhost:{port}/a", context=ssl.create_default_context(cafile="other.pem"))
except urllib.error.URLError as e:
    print("CERTIFICATE_VERIFY_FAILED" in str(e), isinstance(e.reason, ssl.SSLCertVerificationError))
connection = http.client.HTTPSConnection("127.0.0.1", port, context=trusting)
connection.request("GET", "/b")
print(len(connection.getresponse().read()))
print(urllib.request.urlopen(f"https://127.0.0.1:{port}/c", context=ssl._create_unverified_context()).status)

with socket.create_connection(("localhost", port), timeout=30) as plain:
    with trusting.wrap_socket(plain, server_hostname="localhost") as secured:
        cert = secured.getpeercert()
        print(secured.version(), cert["subject"], cert["subjectAltName"], sorted(cert))
        print(ssl.PEM_cert_to_DER_cert(open("cert.pem").read()) == secured.getpeercert(True))
        secured.sendall(b"GET / HTTP/1.0\r\n\r\n")
        print(secured.recv(15))

def refused(f, kind):
    try:
        f()
    except kind as e:
        return e

def named(context, name):
    with socket.create_connection(("localhost", port), timeout=30) as plain:
        return context.wrap_socket(plain, server_hostname=name).version()

print(refused(lambda: named(trusting, "other.example"), ssl.SSLCertVerificationError).errno)
unnamed = ssl.create_default_context(cafile="cert.pem")
unnamed.check_hostname = False
print(named(unnamed, "other.example"))
old = ssl.create_default_context(cafile="cert.pem")
old.maximum_version = ssl.TLSVersion.TLSv1_2
print(named(old, "localhost"))
print(refused(lambda: trusting.wrap_socket(socket.socket()), ValueError))
print(refused(lambda: setattr(trusting, "verify_mode", ssl.CERT_NONE), ValueError))
print(refused(lambda: ssl.SSLContext(99), ValueError))
server.shutdown()

# Both ends prove who they are, and agree on a protocol.
both = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile="cert.pem")
both.verify_mode = ssl.CERT_REQUIRED
both.load_cert_chain("cert.pem", "key.pem")
both.set_alpn_protocols(["h2", "echo"])
listener = socket.create_server(("127.0.0.1", 0))
told = []

def serve():
    for _ in range(2):
        plain, _ = listener.accept()
        try:
            with both.wrap_socket(plain, server_side=True) as end:
                told.append((end.getpeercert()["subject"][0][0][1], end.selected_alpn_protocol()))
                end.sendall(end.recv(100).upper())
        except ssl.SSLError as e:
            told.append("refused")

thread = threading.Thread(target=serve)
thread.start()
client = ssl.create_default_context(cafile="cert.pem")
client.set_alpn_protocols(["echo"])

def echo():
    with socket.create_connection(listener.getsockname(), timeout=30) as plain:
        with client.wrap_socket(plain, server_hostname="localhost") as end:
            end.sendall(b"quiet")
            return end.recv(100)

refused(echo, OSError)
client.load_cert_chain("client.pem", "client.key")
print(echo())
thread.join()
print(told)

# An end that never answers.
silent = socket.create_server(("127.0.0.1", 0))
def waits():
    with socket.create_connection(silent.getsockname(), timeout=0.05) as plain:
        trusting.wrap_socket(plain, server_hostname="localhost")
print(type(refused(waits, OSError)).__name__)
