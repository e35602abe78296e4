"""The one place where text is declared safe to print as it is. Everything here escapes first."""

import json

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


def json_text(data: object) -> SafeString:
    """JSON that may stand inside a script element: `<`, `>` and `&` are written as escapes."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S308


def import_map(text: SafeString, nonce: str) -> SafeString:
    """The import map of the page (from `json_text`), which a strict content security policy lets in by its nonce."""
    return format_html('<script type="importmap" nonce="{}">{}</script>', nonce, text)
