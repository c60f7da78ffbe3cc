"""Files as memory, which scripts have none of: what would map one says so."""

ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY = 0, 1, 2, 3
MAP_SHARED, MAP_PRIVATE, MAP_ANONYMOUS = 1, 2, 32
PROT_READ, PROT_WRITE, PROT_EXEC = 1, 2, 4
PAGESIZE = ALLOCATIONGRANULARITY = 4096
error = OSError


class mmap:
    """A file as memory."""

    def __init__(self, fileno, length, **options):
        raise NotImplementedError("mmap: files are not mapped into memory here; read the file, or numpy.memmap")
