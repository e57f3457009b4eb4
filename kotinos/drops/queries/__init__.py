"""Reads of drops as typed values."""
