"""A sprint's report: one value, and text of it for each kind of reader. A section is one module."""
