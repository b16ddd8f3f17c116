"""Exports networks to files that need no training stack."""
