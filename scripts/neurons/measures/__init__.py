"""The study `measures`: which statistic of the neurons tells anything about how well a network performs."""
