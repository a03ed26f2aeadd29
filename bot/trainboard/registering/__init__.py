"""The pages on this machine from which somebody registers a GitHub App, and to which GitHub sends them back.

They are shown to one browser, while a command waits for what comes of it.
"""
