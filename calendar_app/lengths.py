"""Whether a text fits the network of an account, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.models import SocialAccount
from networks.formats import Format
from networks.queries import limits_for_all
from networks.rules.lengths import Code, Finding, TextCheck, Unit, check_text

UNITS: dict[Unit, str | Promise] = {
    Unit.CODE_POINTS: gettext_lazy("characters"),
    Unit.WEIGHTED: gettext_lazy("characters; a link counts 23, an emoji 2"),
    Unit.GRAPHEMES: gettext_lazy("characters as read"),
    Unit.EMOJI_BYTES: gettext_lazy("characters; an emoji counts several"),
    Unit.ESCAPED: gettext_lazy("characters; some signs count 2"),
}
WORDS: dict[Code, str | Promise] = {
    Code.TOO_LONG: gettext_lazy("the text has %(count)d characters, %(limit)d fit."),
    Code.TOO_MANY_BYTES: gettext_lazy("the text has %(count)d bytes, %(limit)d fit."),
    Code.TOO_MANY_HASHTAGS: gettext_lazy("the text has %(count)d hashtags, %(limit)d are allowed."),
    Code.TOO_MANY_LINKS: gettext_lazy("the text has %(count)d links, %(limit)d are allowed."),
    Code.FORBIDDEN_CHARACTER: gettext_lazy("the text holds a character that the network refuses."),
    Code.FOLDED: gettext_lazy("Only the first %(limit)d characters show before “more”."),
    Code.MEDIA_REQUIRED: gettext_lazy("Takes no post without a photo or a video."),
}
_MEDIA = Code.MEDIA_REQUIRED
NOTED = {Code.TOO_MANY_HASHTAGS: gettext_lazy("The text has %(count)d hashtags; only %(limit)d have an effect.")}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A text as the network of one account counts it."""

    account: SocialAccount
    check: TextCheck
    has_media: bool = False

    @property
    def unit(self) -> str:
        return str(UNITS[self.check.unit])

    @property
    def is_close(self) -> bool:
        """Less than a tenth of the limit is left."""
        return self.check.limit is not None and self.check.is_ok and self.check.used > 0.9 * self.check.limit

    @property
    def complaint(self) -> str:
        """Why the network would refuse the text, naming the account; "" when it would take it."""
        if self.check.is_ok:
            return ""
        words = {"account": self.account, "problem": _say(WORDS, self.check.errors[0])}
        return _("%(account)s: %(problem)s") % words

    @property
    def notes(self) -> list[str]:
        """What is worth knowing of a text that the network would take."""
        told = (finding for finding in self.check.warnings if not (self.has_media and finding.code is _MEDIA))
        return [_say({**WORDS, **NOTED}, finding) for finding in told]

    @classmethod
    def of(cls, texts: Iterable[tuple[SocialAccount, str]], kind: str = "") -> dict[int, Self]:
        """The texts of several accounts by the accounts' ids, against the limits that the catalogue knows today.

        `kind` is the post's format, by which it comes with a picture or without.
        """
        pairs = list(texts)
        has_media = kind in (Format.PHOTO, Format.CAROUSEL, Format.VIDEO, Format.STORY)
        limits = limits_for_all(account.network_id for account, _text in pairs)
        return {
            account.pk: cls(account=account, check=check_text(text, limits[account.network_id]), has_media=has_media)
            for account, text in pairs
        }


def measure(text: str, account: SocialAccount) -> Measured:
    """One text as the account's network counts it."""
    return Measured.of([(account, text)])[account.pk]


def _say(words: dict[Code, str | Promise], finding: Finding) -> str:
    return str(words[finding.code]) % {"count": finding.count, "limit": finding.limit}
