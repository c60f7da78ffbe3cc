"""What happens to running tests when the person at the terminal interrupts them: KeyboardInterrupt, as for other scripts."""


def registerResult(result):
    """Results need not be known: an interrupt is an exception."""


def removeResult(result):
    """Whether the result was known."""
    return False


def installHandler():
    """Interrupts are exceptions already."""


def removeHandler(method=None):
    """Interrupts stay exceptions."""
    return method
