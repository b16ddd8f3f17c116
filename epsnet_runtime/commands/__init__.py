"""The command `epsnet`."""
