"""Libraries of the system, of which scripts find none."""


def find_library(name):
    return None


def find_msvcrt():
    return None
