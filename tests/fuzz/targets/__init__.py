"""One module for each kind of thing that reads: its `TARGETS`."""
