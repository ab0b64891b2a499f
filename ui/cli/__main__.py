"""`python -m ui.cli`: the command `passage` where it isn't on the path."""

from ui.cli import main

if __name__ == "__main__":
    main()
