"""Running a coroutine from a program that is not one."""

import contextvars as _contextvars

from . import events, tasks

__all__ = ["Runner", "run"]


class Runner:
    """A loop for several coroutines, one after the other."""

    def __init__(self, *, debug=None, loop_factory=None):
        self._debug, self._factory, self._loop, self._context, self._state = debug, loop_factory, None, None, "new"

    def __enter__(self):
        self._begin()
        return self

    def __exit__(self, exc_type, exc_val, exc_tb):
        self.close()

    def _begin(self):
        if self._state == "closed":
            raise RuntimeError("Runner is closed")
        if self._state == "begun":
            return
        if self._factory is None:
            self._loop = events.new_event_loop()
            events.set_event_loop(self._loop)
        else:
            self._loop = self._factory()
        if self._debug is not None:
            self._loop.set_debug(self._debug)
        self._context, self._state = _contextvars.copy_context(), "begun"

    def get_loop(self):
        self._begin()
        return self._loop

    def run(self, coro, *, context=None):
        """Run a coroutine and give its result."""
        if not tasks.iscoroutine(coro):
            raise ValueError(f"a coroutine was expected, got {coro!r}")
        if events._get_running_loop() is not None:
            raise RuntimeError("Runner.run() cannot be called from a running event loop")
        self._begin()
        task = self._loop.create_task(coro, context=self._context if context is None else context)
        return self._loop.run_until_complete(task)

    def close(self):
        """End what still runs, and the loop."""
        if self._state != "begun":
            return
        loop = self._loop
        try:
            _cancel_all(loop)
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
        finally:
            if self._factory is None:
                events.set_event_loop(None)
            loop.close()
            self._loop, self._state = None, "closed"
            _warn_of_forgotten()


def run(main, *, debug=None):
    """Run a coroutine with a loop of its own, and give its result."""
    if events._get_running_loop() is not None:
        raise RuntimeError("asyncio.run() cannot be called from a running event loop")
    with Runner(debug=debug) as runner:
        return runner.run(main)


def _cancel_all(loop):
    left = tasks.all_tasks(loop)
    if not left:
        return
    for task in left:
        task.cancel()
    loop.run_until_complete(tasks.gather(*left, return_exceptions=True))
    for task in left:
        if not task.cancelled() and task.exception() is not None:
            loop.call_exception_handler({"message": "unhandled exception during asyncio.run() shutdown", "exception": task.exception(), "task": task})


def _warn_of_forgotten():
    """Tell of the coroutines that nobody awaited."""
    import _asyncio
    import warnings

    for name in _asyncio.forgotten_coroutines():
        warnings.warn(f"coroutine '{name}' was never awaited", RuntimeWarning, stacklevel=4)
