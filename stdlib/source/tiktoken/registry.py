"""Encodings by their names, none of which comes with the runtime."""

ENCODINGS = {}
ENCODING_CONSTRUCTORS = {}


def get_encoding(encoding_name):
    """The encoding of a name that a program has registered in ENCODING_CONSTRUCTORS."""
    if encoding_name in ENCODINGS:
        return ENCODINGS[encoding_name]
    if encoding_name not in ENCODING_CONSTRUCTORS:
        raise ValueError(f"Unknown encoding {encoding_name!r}: its ranks are not on this machine; make a tiktoken.Encoding of what tiktoken.load.load_tiktoken_bpe reads of a file")
    from tiktoken.core import Encoding

    made = ENCODINGS[encoding_name] = Encoding(**ENCODING_CONSTRUCTORS[encoding_name]())
    return made


def list_encoding_names():
    return list(ENCODING_CONSTRUCTORS)
