"""The CPU table: rows in processes of their own that take turns."""
