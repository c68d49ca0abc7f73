"""`python -m primer_anki`."""

from primer_anki.cli import main

if __name__ == "__main__":
    main()
