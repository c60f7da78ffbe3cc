"""The interface of multiprocessing over threads."""

from multiprocessing import Barrier, Condition, Event, Lock, Pool, Process, Queue, RLock, Semaphore, Value, cpu_count
