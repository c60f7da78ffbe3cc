"""What may be wrong with a message."""


class MessageError(Exception):
    """The base of these errors."""


class MessageParseError(MessageError):
    """A message cannot be read."""


class HeaderParseError(MessageParseError):
    """A header cannot be read."""


class MultipartConversionError(MessageError, TypeError):
    """A message cannot have several parts."""
