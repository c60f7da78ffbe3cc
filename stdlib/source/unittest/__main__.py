"""What mlxstar -m unittest runs."""

import sys

if sys.argv[0].endswith("__main__.py") or sys.argv[0].startswith("<"):
    sys.argv[0] = "mlxstar -m unittest"

from unittest.main import main

main(module=None)
