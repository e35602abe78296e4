"""The press: a program of its own that typesets one document and ends, so that neither its memory nor a text that it
chokes on stays with a worker. Reads JSON from its input, writes the PDF to its output.

    press.py TEMPLATE FONT_FOLDER … < document.json > document.pdf
"""

import json
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

import typst

MEMORY = 3 * 2**30  # bytes of address space
SECONDS = 60  # of processor time


def main(template: Path, *fonts: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    data = sys.stdin.read()
    pdf = typst.compile(
        str(template), root=str(template.parent), font_paths=list(fonts), format="pdf", sys_inputs={"data": data},
        package_path=str(template.parent), package_cache_path=str(template.parent),
        timestamp=datetime.fromisoformat(json.loads(data)["made_at"]).astimezone(UTC).replace(microsecond=0),
    )  # fmt: skip
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
