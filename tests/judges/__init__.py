"""Judges: what a vendor published about its interface, turned against our own traffic."""
