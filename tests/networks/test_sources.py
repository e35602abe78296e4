"""The line that says where a figure comes from, as people are told it."""

import pytest

from networks.rules.sources import Citation, citations


@pytest.mark.parametrize(
    ("source", "cited"),
    [
        ("belief (LinkedIn Page admin form)", [Citation("belief")]),
        (
            "guide: https://www.one.example/sizes (2025) ; guide: https://two.example/a, seen ; conflict https://x.example",
            [Citation("guide", "https://www.one.example/sizes"), Citation("guide", "https://two.example/a")],
        ),
        ("peer-code: tool@74b01ad a.ts:46; other@1 b.py:2; peer-code: third", [Citation("peer-code")]),
        ("guide quoting Instagram: https://one.example/", [Citation("guide", "https://one.example/")]),
        ("Our own measurement, by Nadia; guide: none", []),
        ("", []),
    ],
)
def test_sources_are_read(source: str, cited: list[Citation]) -> None:
    assert citations(source) == cited


def test_site_is_the_host_that_people_know() -> None:
    assert Citation("guide", "https://www.one.example/sizes").site == "one.example"
    assert Citation("belief").site == ""
