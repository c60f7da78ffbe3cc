"""The parts of SciPy that programs with sounds and graphs ask for: signal and io.wavfile."""

__version__ = "1.15.3"
