"""Everything that can be said about the code without running its tests, tool by tool. All are run, whatever fails.

./dev check            all of them
./dev check types ...  only those
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from config.services import ROOT, Services

BIN = Path(sys.executable).parent
TOOLS = {
    "lint": "ruff check .",
    "format": "ruff format --check .",
    "types": "mypy .",
    "imports": "lint-imports",
    "templates": "djlint templates --lint --quiet",
    "template-format": "djlint templates --check --quiet",
    "migrations": "python manage.py makemigrations --check --dry-run",
    "translation": "python -m config.messages missing",
    "production": "python manage.py check --deploy --fail-level WARNING",
    "dockerfile": "hadolint Dockerfile",
    "compose": "check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml",
}
PRODUCTION = {
    "SEXTANT_LOCAL": "0",
    "SECRET_KEY": "only-for-the-check-of-the-production-settings-7f3a9c51e2",
    "FIELD_KEYS": "b25seS1mb3ItdGhlLWNoZWNrLW9mLXNldHRpbmdzLTE=",
    "ALLOWED_HOSTS": "sextant.example",
    "SITE_URL": "https://sextant.example",
    "DATABASE_URL": "postgresql://nobody@nowhere.invalid/sextant",
    "REDIS_URL": "redis://nowhere.invalid/0",
}


def main(names: list[str]) -> int:
    unknown = set(names) - set(TOOLS)
    if unknown:
        print(f"Sextant: there is no check named {', '.join(sorted(unknown))}; there are: {', '.join(TOOLS)}")
        return 2
    with Services(os.environ.get("SEXTANT_SERVICES", "dev")):
        failed = [name for name in names or TOOLS if not passes(name)]
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nEverything is in order.")
    return bool(failed)


def passes(name: str) -> bool:
    """Run one tool; what it has to say is shown only when it finds something."""
    program, *arguments = TOOLS[name].split()
    environment = {**os.environ, "SEXTANT_LOCAL": "1", "SEXTANT_DEBUG": "0"}
    environment |= PRODUCTION if name == "production" else {}
    began = time.monotonic()
    result = subprocess.run(
        [BIN / program, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    print(f"{'ok' if result.returncode == 0 else 'FAILED':7}{name} ({time.monotonic() - began:.0f} s)", flush=True)
    if result.returncode:
        print(result.stdout, result.stderr, sep="")
    return result.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
