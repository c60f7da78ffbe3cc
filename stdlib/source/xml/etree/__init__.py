"""Documents of XML as trees of elements."""
