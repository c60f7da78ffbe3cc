"""Passwords and user names."""

import os


def getuser():
    """The user's name, from the environment."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        if os.environ.get(name):
            return os.environ[name]
    raise OSError("No username set in the environment")


def getpass(prompt="Password: ", stream=None):
    """Refused: the terminal's echo cannot be turned off here."""
    raise NotImplementedError("getpass: reading a password without echo is not provided here; read an environment variable")
