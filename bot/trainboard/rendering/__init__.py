"""Values to text: what people read in trackers. Pure; every foreign word goes through `inert`."""
