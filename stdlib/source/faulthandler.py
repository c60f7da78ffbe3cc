"""What tells of crashes, of which a runtime has none."""

_enabled = [False]


def enable(file=None, all_threads=True):
    _enabled[0] = True


def disable():
    was, _enabled[0] = _enabled[0], False
    return was


def is_enabled():
    return _enabled[0]


def dump_traceback(file=None, all_threads=True):
    raise NotImplementedError("faulthandler.dump_traceback: there are no frames to look at")


def dump_traceback_later(timeout, repeat=False, file=None, exit=False):
    raise NotImplementedError("faulthandler.dump_traceback_later: there are no frames to look at")


def cancel_dump_traceback_later():
    pass
