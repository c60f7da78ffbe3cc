"""Connections that TLS secures, over sockets of the network that the host grants.

Certificates are verified by Go's rules; ciphers are those that Go has for a version, and
cannot be chosen.
"""

import enum
import os
import socket as _sockets

PROTOCOL_SSLv23 = PROTOCOL_TLS = 2
PROTOCOL_TLS_CLIENT, PROTOCOL_TLS_SERVER = 16, 17
CERT_NONE, CERT_OPTIONAL, CERT_REQUIRED = 0, 1, 2
VERIFY_DEFAULT, VERIFY_X509_STRICT, VERIFY_X509_PARTIAL_CHAIN = 0, 32, 0x80000
OP_ALL, OP_NO_SSLv2, OP_NO_SSLv3, OP_NO_TLSv1, OP_NO_TLSv1_1 = 0x80000050, 0, 0x2000000, 0x4000000, 0x10000000
OP_NO_COMPRESSION, OP_NO_RENEGOTIATION, OP_NO_TICKET = 0x20000, 0x40000000, 0x4000
HAS_SNI = HAS_ALPN = HAS_TLSv1_2 = HAS_TLSv1_3 = True
HAS_SSLv2 = HAS_SSLv3 = HAS_TLSv1 = HAS_TLSv1_1 = HAS_NPN = False
OPENSSL_VERSION, OPENSSL_VERSION_INFO, OPENSSL_VERSION_NUMBER = "crypto/tls of Go", (3, 0, 0, 0, 0), 0x30000000


class TLSVersion(enum.IntEnum):
    """Versions of TLS, by their numbers on the wire."""

    MINIMUM_SUPPORTED = -2
    TLSv1 = 769
    TLSv1_1 = 770
    TLSv1_2 = 771
    TLSv1_3 = 772
    MAXIMUM_SUPPORTED = -1


class Purpose(enum.Enum):
    """What a certificate is good for."""

    SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
    CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"


class SSLError(OSError):
    """What goes wrong with a secured connection."""

    library, reason = "SSL", None


class SSLZeroReturnError(SSLError):
    """The connection was ended properly."""


class SSLWantReadError(SSLError):
    """There is nothing to read yet."""


class SSLWantWriteError(SSLError):
    """Nothing can be written yet."""


class SSLSyscallError(SSLError):
    """The system reported an error."""


class SSLEOFError(SSLError):
    """The connection was ended without a word."""


class SSLCertVerificationError(SSLError, ValueError):
    """A certificate is not to be trusted."""

    verify_code = 1

    @property
    def verify_message(self):
        return self.strerror


CertificateError = SSLCertVerificationError


def _read(path):
    with open(path, "rb") as f:
        return f.read()


class SSLContext:
    """The settings of secured connections."""

    def __init__(self, protocol=PROTOCOL_TLS):
        if protocol not in (PROTOCOL_TLS, PROTOCOL_TLS_CLIENT, PROTOCOL_TLS_SERVER):
            raise ValueError(f"invalid or unsupported protocol version {protocol}")
        self.protocol = protocol
        self._check = protocol == PROTOCOL_TLS_CLIENT
        self._verify = CERT_REQUIRED if self._check else CERT_NONE
        self.options, self.verify_flags, self.post_handshake_auth = OP_ALL, VERIFY_DEFAULT, False
        self._least, self._most = TLSVersion.TLSv1_2, TLSVersion.MAXIMUM_SUPPORTED
        self._roots, self._system, self._chain, self._key, self._protocols = b"", False, b"", b"", []

    @property
    def check_hostname(self):
        return self._check

    @check_hostname.setter
    def check_hostname(self, value):
        self._check = bool(value)
        if self._check and self._verify == CERT_NONE:
            self._verify = CERT_REQUIRED

    @property
    def verify_mode(self):
        return self._verify

    @verify_mode.setter
    def verify_mode(self, value):
        if value not in (CERT_NONE, CERT_OPTIONAL, CERT_REQUIRED):
            raise ValueError("invalid value for verify_mode")
        if value == CERT_NONE and self._check:
            raise ValueError("Cannot set verify_mode to CERT_NONE when check_hostname is enabled.")
        self._verify = value

    @property
    def minimum_version(self):
        return self._least

    @minimum_version.setter
    def minimum_version(self, value):
        value = TLSVersion(value)
        self._least = max(value, TLSVersion.TLSv1_2) if value > 0 else TLSVersion.TLSv1_2

    @property
    def maximum_version(self):
        return self._most

    @maximum_version.setter
    def maximum_version(self, value):
        value = TLSVersion(value)
        if 0 < value < TLSVersion.TLSv1_2:
            raise ValueError(f"Unsupported protocol version 0x{value:x}")
        self._most = value

    def load_default_certs(self, purpose=Purpose.SERVER_AUTH):
        self._system = True

    def set_default_verify_paths(self):
        self._system = True

    def load_verify_locations(self, cafile=None, capath=None, cadata=None):
        if cafile is None and capath is None and cadata is None:
            raise TypeError("cafile, capath and cadata cannot be all omitted")
        if cafile is not None:
            self._roots += _read(cafile) + b"\n"
        if capath is not None:
            for name in sorted(os.listdir(capath)):
                if not os.path.isdir(os.path.join(capath, name)):
                    self._roots += _read(os.path.join(capath, name)) + b"\n"
        if cadata is not None:
            self._roots += (cadata.encode("ascii") if isinstance(cadata, str) else DER_cert_to_PEM_cert(cadata).encode()) + b"\n"

    def load_cert_chain(self, certfile, keyfile=None, password=None):
        chain = _read(certfile)
        key = chain if keyfile is None else _read(keyfile)
        if b"ENCRYPTED" in key:
            raise NotImplementedError("ssl: a key that a password protects is not supported: write it without")
        self._chain, self._key = chain, key

    def set_alpn_protocols(self, alpn_protocols):
        for name in alpn_protocols:
            if not 0 < len(name) < 256 or "," in name:
                raise SSLError("ALPN protocols must be 1 to 255 in length")
        self._protocols = list(alpn_protocols)

    def set_ciphers(self, ciphers):
        raise NotImplementedError("ssl: ciphers cannot be chosen: they are those that Go has for a version of TLS")

    def wrap_socket(self, sock, server_side=False, do_handshake_on_connect=True, suppress_ragged_eofs=True, server_hostname=None, session=None):
        if session is not None:
            raise NotImplementedError("ssl: sessions cannot be resumed")
        return SSLSocket._secured(self, sock, server_side, do_handshake_on_connect, server_hostname)

    def wrap_bio(self, *args, **kwargs):
        raise NotImplementedError("ssl: only sockets can be secured")


class SSLSocket(_sockets.socket):
    """An end of a connection that TLS secures."""

    @classmethod
    def _secured(cls, context, sock, server_side, handshake, hostname):
        if server_side and hostname:
            raise ValueError("server_hostname can only be specified in client mode")
        if context.check_hostname and not server_side and not hostname:
            raise ValueError("check_hostname requires server_hostname")
        made = cls(sock.family)
        made._wire, made._at, made._timeout, made._options = sock._wire, sock._at, sock._timeout, sock._options
        made.context, made.server_side, made.server_hostname, made._done, made._handshake = context, server_side, hostname, False, handshake
        sock._wire, sock._closed = None, True  # the connection is the new one's
        if handshake and made._wire is not None and not made._listens():
            made.do_handshake()
        return made

    def _listens(self):
        return self._at is not None

    def accept(self):
        sock, address = super().accept()
        plain = _sockets.socket._of(sock._wire, self.family)
        return self._secured(self.context, plain, True, self._handshake, None), address

    @classmethod
    def _of(cls, wire, family):
        return _sockets.socket._of(wire, family)

    def connect(self, address):
        super().connect(address)
        if self._handshake:
            self.do_handshake()

    def do_handshake(self, block=False):
        if self._done:
            return
        c = self.context
        most = 0 if c.maximum_version < 0 else int(c.maximum_version)
        failed = self._connected().secure(
            self.server_side, self.server_hostname or "", c.verify_mode, c.check_hostname, c._roots, c._system or not c._roots and not self.server_side,
            c._chain, c._key, ",".join(c._protocols), int(c.minimum_version), most, -1 if self._timeout is None else self._timeout)
        if failed is not None:
            self.close()
            kind, text = failed
            if kind == "verify":
                raise SSLCertVerificationError(1, f"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {text}")
            raise SSLError(1, f"[SSL] {text}")
        self._done = True

    def _security(self):
        found = self._connected().security() if self._done else None
        if found is None:
            raise ValueError("handshake not done yet")
        return found

    def version(self):
        return self._security()[0] if self._done else None

    def cipher(self):
        if not self._done:
            return None
        version, name, *_ = self._security()
        return name, version, 256 if "256" in name and "128" not in name or "CHACHA20" in name else 128

    def selected_alpn_protocol(self):
        return self._security()[2] or None if self._done else None

    def getpeercert(self, binary_form=False):
        _, _, _, der, fields = self._security()
        if binary_form or der is None:
            return der
        return fields if self.context.verify_mode != CERT_NONE else {}

    def read(self, len=1024, buffer=None):
        return self.recv(len) if buffer is None else self.recv_into(buffer, len)

    def write(self, data):
        return self.send(data)

    def pending(self):
        return 0

    def unwrap(self):
        raise NotImplementedError("ssl: a connection stays secured until it is closed")

    def __repr__(self):
        return f"<ssl.SSLSocket {'[closed] ' if self._closed else ''}family={self.family}, type={self.type}, proto={self.proto}>"


def create_default_context(purpose=Purpose.SERVER_AUTH, *, cafile=None, capath=None, cadata=None):
    """The settings that are safe for a purpose."""
    context = SSLContext(PROTOCOL_TLS_CLIENT if purpose is Purpose.SERVER_AUTH else PROTOCOL_TLS_SERVER)
    if cafile or capath or cadata:
        context.load_verify_locations(cafile, capath, cadata)
    elif context.verify_mode != CERT_NONE:
        context.load_default_certs(purpose)
    return context


def _create_unverified_context(protocol=None, *, cert_reqs=CERT_NONE, check_hostname=False, purpose=Purpose.SERVER_AUTH, certfile=None, keyfile=None, cafile=None, capath=None, cadata=None):
    context = SSLContext(PROTOCOL_TLS_CLIENT if purpose is Purpose.SERVER_AUTH else PROTOCOL_TLS_SERVER)
    context.check_hostname = check_hostname
    context.verify_mode = cert_reqs
    if certfile:
        context.load_cert_chain(certfile, keyfile)
    if cafile or capath or cadata:
        context.load_verify_locations(cafile, capath, cadata)
    return context


_create_default_https_context = create_default_context
_create_stdlib_context = _create_unverified_context


def get_server_certificate(addr, ssl_version=PROTOCOL_TLS_CLIENT, ca_certs=None, timeout=None):
    """The certificate of a server, in PEM form."""
    context = create_default_context(cafile=ca_certs) if ca_certs else _create_unverified_context()
    context.check_hostname = False
    with _sockets.create_connection(addr, timeout) as sock, context.wrap_socket(sock, server_hostname=addr[0]) as secured:
        return DER_cert_to_PEM_cert(secured.getpeercert(True))


def DER_cert_to_PEM_cert(der_cert_bytes):
    """A certificate in PEM form."""
    import base64

    text = base64.b64encode(der_cert_bytes).decode()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def PEM_cert_to_DER_cert(pem_cert_string):
    """The bytes of a certificate in PEM form."""
    import base64

    text = pem_cert_string.strip()
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    if not text.startswith(begin) or not text.endswith(end):
        raise ValueError(f"Invalid PEM encoding; must start with {begin}")
    return base64.b64decode(text[len(begin):-len(end)])
