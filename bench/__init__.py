"""Benchmarks. Each prints figures beside a floor measured in the same run; nothing here passes or fails."""
