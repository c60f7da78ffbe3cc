"""Helpers of numpy that live in submodules."""

import numpy.lib.stride_tricks
