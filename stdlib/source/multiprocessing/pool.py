"""Pools of workers."""

from multiprocessing import Pool

ThreadPool = Pool
