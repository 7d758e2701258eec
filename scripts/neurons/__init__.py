"""What the neurons of a classifier do while it learns: plain functions on arrays and paths.

Nothing in here knows of Snakemake. Imports run one way (scripts -> library); only `models`,
`training` and the writing of dumps import torch, so that small jobs start fast.
"""
