"""Work side by side, in sequential form."""
