"""`python -m chauban.cli`."""

import sys

from chauban.cli import main

if __name__ == "__main__":
    sys.exit(main())
