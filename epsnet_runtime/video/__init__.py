"""Pictures that move: stable colours, and the file that holds them."""
