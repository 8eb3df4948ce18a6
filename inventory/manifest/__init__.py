"""Manifests: a house written in a file, read into rows that `load_manifest` can load. Pure: no database in here."""
