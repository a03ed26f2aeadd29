"""Trainboard keeps the plan of a machine-learning team true."""

__version__ = "0.1.0"
