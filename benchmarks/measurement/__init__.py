"""What the benchmarks measure, with which clock, and how they report it."""
