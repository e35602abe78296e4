"""Verbs of a content matrix: set its shares, type by type or from a preset."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activity.services import changes, record
from audits.models import SocialAccount
from calendar_app.errors import MatrixError
from calendar_app.models import ContentMatrix, MatrixShare
from calendar_app.rules.matrix import WHOLE, adds_up
from calendar_app.services.aims import locked_brand
from calendar_app.services.kinds import create_content_kind
from core.errors import StaleError
from plans.models import ContentKind
from teams.access import require
from teams.models import Brand, User
from teams.rules import Permission

PALETTE = 10
NONE_YET = 0  # the version of a matrix that nobody has set
Shares = Mapping[ContentKind, int]


@transaction.atomic
def set_matrix(
    *, brand: Brand, account: SocialAccount | None, shares: Shares, by: User, now: datetime, version: int | None
) -> ContentMatrix:
    """Set the planned shares in percent, of an account or (None) of the brand; those of zero are left out, and without
    any the matrix is empty.

    Raises MatrixError for shares that do not add up to 100, for what belongs to another brand or is gone, and for a
    closed account; StaleError when somebody else set the matrix since `version` (0: there was none).
    """
    require(by, Permission.WRITE_POST, brand)
    matrix = _locked(brand, account)
    if version is not None and version != (matrix.version if matrix.pk else NONE_YET):
        raise StaleError(_("Somebody else changed this while you were editing. Compare, then save again."))
    kept = {kind: percent for kind, percent in shares.items() if percent}
    _require_sound(brand, account, kept)
    before, after = _percents(matrix) if matrix.pk else {}, {str(kind): percent for kind, percent in kept.items()}
    old, new = changes({"planned_shares": before}, {"planned_shares": after})
    if new:
        _write(matrix, kept, now)
        record(by=by, verb="calendar.matrix_edited", target=matrix, brand=brand, before=old, after=new)
    return matrix


@transaction.atomic
def fill_matrix(
    *, brand: Brand, account: SocialAccount | None, parts: Sequence[tuple[ContentKind | str, int]], by: User,
    now: datetime, version: int | None,
) -> ContentMatrix:  # fmt: skip
    """Set the shares of a preset: each part is a content type, or the name of one that is created, with its percents.

    Raises what `set_matrix` and `create_content_kind` raise.
    """
    require(by, Permission.WRITE_POST, brand)
    locked_brand(brand)
    kinds = [part if isinstance(part, ContentKind) else _create(brand, part, by) for part, _percent in parts]
    if len(set(kinds)) < len(kinds):
        raise MatrixError(_("A content type can take one part only."))
    shares = {kind: percent for kind, (_part, percent) in zip(kinds, parts, strict=True)}
    return set_matrix(brand=brand, account=account, shares=shares, by=by, now=now, version=version)


def _create(brand: Brand, name: str, by: User) -> ContentKind:
    """In the color that the fewest content types have."""
    used = list(ContentKind.objects.filter(brand=brand).values_list("color", flat=True))
    return create_content_kind(brand=brand, name=name, color=min(range(PALETTE), key=used.count), by=by)


def _locked(brand: Brand, account: SocialAccount | None) -> ContentMatrix:
    """The matrix as it stands now, or a new one."""
    locked_brand(brand)
    found = ContentMatrix.objects.filter(brand=brand, account=account).first()
    return found or ContentMatrix(brand=brand, account=account, version=NONE_YET)


def _require_sound(brand: Brand, account: SocialAccount | None, shares: Shares) -> None:
    if account and account.brand_id != brand.pk:
        raise MatrixError(_("This account belongs to another brand."))
    if account and account.closed_at is not None:
        raise MatrixError(_("%(account)s is closed: it needs no content matrix.") % {"account": account})
    if any(kind.brand_id != brand.pk for kind in shares):
        raise MatrixError(_("This content type belongs to another brand."))
    # held until the end, so that none is deleted meanwhile
    held = ContentKind.objects.select_for_update(no_key=True).filter(pk__in=[kind.pk for kind in shares])
    if len(held.order_by("pk")) < len(shares):
        raise MatrixError(_("Somebody deleted one of these content types. Load the page again."))
    if not all(0 < percent <= WHOLE for percent in shares.values()):
        raise MatrixError(_("A share is a whole number from 1 to 100."))
    if not adds_up(shares.values()):
        raise MatrixError(sum_words(sum(shares.values())))


def sum_words(total: int) -> str:
    """What is wrong with shares that add up to that many percent."""
    missing = WHOLE - total
    words = (
        ngettext("%(count)d point is missing", "%(count)d points are missing", missing)
        if missing > 0
        else ngettext("%(count)d point is too many", "%(count)d points are too many", -missing)
    ) % {"count": abs(missing)}
    return _("The shares add up to %(total)d%%, not to 100%%: %(missing)s.") % {"total": total, "missing": words}


def _write(matrix: ContentMatrix, shares: Shares, now: datetime) -> None:
    matrix.version, matrix.set_at = matrix.version + 1, now
    matrix.save()
    matrix.shares.all().delete()
    MatrixShare.objects.bulk_create(
        MatrixShare(brand=matrix.brand, matrix=matrix, content_kind=kind, percent=percent)
        for kind, percent in shares.items()
    )


def _percents(matrix: ContentMatrix) -> dict[str, int]:
    return {str(share.content_kind): share.percent for share in matrix.shares.select_related("content_kind")}
