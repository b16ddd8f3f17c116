"""Pictures that move: stable colors, and the file that holds them."""
