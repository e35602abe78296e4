from typing import Any

import pytest
from django.contrib.staticfiles import finders

from config.vendor import FILES, VendorFinder


@pytest.mark.parametrize("name", FILES)
def test_every_named_library_is_there(name: str) -> None:
    found = finders.find(name)

    assert isinstance(found, str)
    assert found.endswith(FILES[name])


@pytest.mark.parametrize("name", ["vendor/axe-core/axe.js", "axe-core/axe.min.js", "vendor/../package.json"])
def test_nothing_else_of_node_modules_is_served(name: str) -> None:
    assert VendorFinder().find(name) == []


def test_missing_libraries_are_told(settings: Any, tmp_path: Any) -> None:
    settings.BASE_DIR = tmp_path

    (error,) = VendorFinder().check()

    assert error.id == "vendor.E001"
    assert error.hint == "npm ci"
