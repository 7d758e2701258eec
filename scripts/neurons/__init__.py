"""What the neurons of a classifier do while it learns: plain functions on arrays and paths.

Nothing in here knows of Snakemake. Imports run one way (scripts -> library); what runs
a network imports torch, and nothing else does, so that small jobs start fast.
"""
