"""Exercises, routines and sentences: what is led, read from files and compiled to a timed plan."""
