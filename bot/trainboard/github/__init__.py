"""GitHub, asked through PyGithub: one call, one answer, and what to make of a refusal.

This is no adapter. What the adapters for work items and for code both need of GitHub is here.
"""
