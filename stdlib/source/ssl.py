"""Secured connections: scripts have no network."""

PROTOCOL_TLS, PROTOCOL_TLS_CLIENT, PROTOCOL_TLS_SERVER = 2, 16, 17
CERT_NONE, CERT_OPTIONAL, CERT_REQUIRED = 0, 1, 2


class SSLError(OSError):
    """What goes wrong with a secured connection."""


class SSLContext:
    """The settings of secured connections."""

    def __init__(self, protocol=PROTOCOL_TLS):
        self.protocol, self.check_hostname, self.verify_mode = protocol, True, CERT_REQUIRED

    def load_cert_chain(self, certfile, keyfile=None, password=None):
        raise PermissionError("ssl: scripts have no network")

    def wrap_socket(self, sock, **options):
        raise PermissionError("ssl: scripts have no network")


def create_default_context(purpose=None, **options):
    return SSLContext(PROTOCOL_TLS_CLIENT)


_create_unverified_context = create_default_context
_create_default_https_context = create_default_context
