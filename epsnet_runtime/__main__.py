"""`python -m epsnet_runtime` is the command `epsnet`."""

from .commands.main import main

if __name__ == '__main__':
    main()
