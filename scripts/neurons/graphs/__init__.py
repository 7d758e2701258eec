"""Graphs and what several studies compute of them."""
