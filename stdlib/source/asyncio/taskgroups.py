"""Tasks that end together."""

from . import events, exceptions, tasks

__all__ = ["TaskGroup"]


class TaskGroup:
    """async with TaskGroup(): the statement ends when all tasks of it have; where one fails, the others are cancelled."""

    def __init__(self):
        self._loop, self._parent, self._tasks, self._errors = None, None, set(), []
        self._entered = self._exiting = self._aborting = self._asked = False
        self._base_error, self._waiter = None, None

    async def __aenter__(self):
        if self._entered:
            raise RuntimeError(f"TaskGroup {self!r} has been already entered")
        self._entered, self._loop = True, events.get_running_loop()
        self._parent = tasks.current_task(self._loop)
        if self._parent is None:
            raise RuntimeError(f"TaskGroup {self!r} cannot determine the parent task")
        return self

    def create_task(self, coro, *, name=None, context=None):
        refusals = {
            "has not been entered": not self._entered,
            "is finished": self._exiting and not self._tasks,
            "is shutting down": self._aborting,
        }
        for refusal, holds in refusals.items():
            if holds:
                raise RuntimeError(f"TaskGroup {self!r} {refusal}")
        task = self._loop.create_task(coro, name=name) if context is None else self._loop.create_task(coro, name=name, context=context)
        task.add_done_callback(self._done)
        self._tasks.add(task)
        return task

    async def __aexit__(self, exc_type, exc, tb):
        self._exiting = True
        if isinstance(exc, (SystemExit, KeyboardInterrupt)) and self._base_error is None:
            self._base_error = exc
        cancellation = exc if exc_type is exceptions.CancelledError else None
        if self._asked and self._parent.uncancel() == 0:
            cancellation = None
        if exc_type is not None and not self._aborting:
            self._abort()
        while self._tasks:
            if self._waiter is None:
                self._waiter = self._loop.create_future()
            try:
                await self._waiter
            except exceptions.CancelledError as e:
                if not self._aborting:
                    cancellation = e
                    self._abort()
            self._waiter = None
        if self._base_error is not None:
            raise self._base_error
        if cancellation is not None and not self._errors:
            raise cancellation
        if exc_type is not None and exc_type is not exceptions.CancelledError:
            self._errors.append(exc)
        if self._errors:
            errors, self._errors = self._errors, []
            raise BaseExceptionGroup("unhandled errors in a TaskGroup", errors) from None

    def _abort(self):
        self._aborting = True
        for task in self._tasks:
            if not task.done():
                task.cancel()

    def _done(self, task):
        self._tasks.discard(task)
        if self._waiter is not None and not self._tasks and not self._waiter.done():
            self._waiter.set_result(True)
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            return
        self._errors.append(error)
        if isinstance(error, (SystemExit, KeyboardInterrupt)) and self._base_error is None:
            self._base_error = error
        if self._parent.done():
            self._loop.call_exception_handler({"message": f"Task {task!r} has errored out but its parent task {self._parent} is already completed", "exception": error, "task": task})
            return
        if not self._aborting and not self._asked:
            self._abort()
            self._asked = True
            self._parent.cancel()

    def __repr__(self):
        info = [""]
        if self._tasks:
            info.append(f"tasks={len(self._tasks)}")
        if self._errors:
            info.append(f"errors={len(self._errors)}")
        if self._aborting:
            info.append("cancelling")
        elif self._entered:
            info.append("entered")
        return f"<TaskGroup{' '.join(info)}>"
