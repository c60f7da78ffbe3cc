"""Files of scientific data: those of waves."""

from scipy.io import wavfile

__all__ = ["wavfile"]
