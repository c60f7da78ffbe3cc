"""Text as HTML writes it."""

from _html import unescape

__all__ = ["escape", "unescape"]


def escape(s, quote=True):
    """Text with the characters that HTML gives a meaning written as references."""
    s = s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return s.replace('"', "&quot;").replace("'", "&#x27;") if quote else s
