"""One module for each kind of thing that programs can read."""
