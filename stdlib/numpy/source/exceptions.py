"""The exceptions of numpy."""

import numpy as _np


class ComplexWarning(RuntimeWarning):
    """A complex number loses its imaginary part."""


AxisError = _np._axis_error
