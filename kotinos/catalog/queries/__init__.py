"""Reads of the catalogue as typed rows."""
