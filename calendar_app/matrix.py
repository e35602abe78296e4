"""What the pages read of the content matrices: what was planned beside what was published, and what a week lacks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audits.models import SocialAccount
from calendar_app.models import ContentMatrix, Delivery, DeliveryQuerySet, DeliveryState, MatrixShare
from calendar_app.rules.matrix import Counts, Mix, Planned, Row, mix
from core.charts import Chart, Series
from core.localtime import day_bounds
from plans.models import ContentKind
from plans.rules.facts import Per
from plans.rules.periods import around
from teams.models import Brand

MOST_LACKING = 3  # named in one line
PLANNED_COLOR, ACTUAL_COLOR = 9, 0  # of the palette: slate, blue
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Matrices:
    """The planned shares of a brand and of its accounts, largest first, and the content types they name."""

    of_account: Mapping[int, Planned]
    of_brand: Planned
    kinds: Mapping[int, ContentKind]
    set_at: Mapping[int | None, datetime]

    @classmethod
    def of(cls, brand: Brand) -> "Matrices":
        """One query."""
        found: dict[int | None, dict[int, int]] = defaultdict(dict)
        kinds, set_at = {}, {}
        rows = MatrixShare.objects.filter(brand=brand).select_related("matrix", "content_kind")
        for share in rows.order_by("-percent", "content_kind__name"):
            found[share.matrix.account_id][share.content_kind_id] = share.percent
            kinds[share.content_kind_id] = share.content_kind
            set_at[share.matrix.account_id] = share.matrix.set_at
        of_account = {pk: shares for pk, shares in found.items() if pk is not None}
        return cls(of_account=of_account, of_brand=found[None], kinds=kinds, set_at=set_at)

    def planned(self, account: int) -> Planned:
        """The shares that hold for an account: its own, else the brand's."""
        return self.of_account.get(account) or self.of_brand

    def since(self, account: int) -> datetime | None:
        """Since when those shares hold."""
        return self.set_at.get(account) or self.set_at.get(None)

    @property
    def is_any(self) -> bool:
        return bool(self.kinds)


def matrix_of(brand: Brand, account: SocialAccount | None) -> ContentMatrix | None:
    """The matrix of an account or (None) the brand's own, if anybody ever set it."""
    return ContentMatrix.objects.filter(brand=brand, account=account).first()


def shares_of(matrix: ContentMatrix | None) -> dict[int, int]:
    """Its percents by content type."""
    return dict(matrix.shares.values_list("content_kind_id", "percent")) if matrix else {}


# -- counting ---------------------------------------------------------------------------------------------------------


def published(brand: Brand, first: date, last: date) -> DeliveryQuerySet:
    """What was published in the local days from `first` to `last` on accounts that are open."""
    start, end = day_bounds(first, last, brand.time_zone)
    rows = Delivery.objects.for_brand(brand).published().filter(published_at__gte=start, published_at__lt=end)
    return rows.filter(account__in=SocialAccount.objects.for_brand(brand).open())


def in_calendar(brand: Brand, first: date, last: date) -> DeliveryQuerySet:
    """What stands in the calendar in those local days, planned or published."""
    rows = Delivery.objects.for_brand(brand).exclude(state=DeliveryState.DRAFT)
    start, end = day_bounds(first - DAY, last + DAY, "UTC")  # leads to the index only, as in `queries`
    return rows.filter(publish_at__gte=start, publish_at__lt=end, local_date__range=(first, last))


def counts(rows: DeliveryQuerySet) -> Mapping[int, Counts]:
    """How many there are of each content type, account by account. One query."""
    found: dict[int, dict[int | None, int]] = defaultdict(dict)
    grouped = rows.order_by().values_list("account", "post__content_kind")
    for account, kind, count in grouped.annotate(count=Count("pk")):
        found[account][kind] = count
    return found


# -- planned against actual -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A content type with its figures; without one the posts that have none."""

    kind: ContentKind | None
    row: Row

    @property
    def name(self) -> str:
        return self.kind.name if self.kind else _("Without a content type")


@dataclass(frozen=True)
class Block:
    """One account: its matrix, its own or the brand's, beside what was published on it."""

    account: SocialAccount
    is_own: bool
    mix: Mix
    lines: Sequence[Line]

    @property
    def key(self) -> str:
        return str(self.account.pk)

    @property
    def chart(self) -> Chart:
        """Bars for what was planned and what was published, in percent."""
        planned = Series(name=_("Planned"), values=[line.row.planned for line in self.lines], color=PLANNED_COLOR)
        published = Series(name=_("Published"), values=[line.row.percent for line in self.lines], color=ACTUAL_COLOR)
        labels = [line.name for line in self.lines]
        return Chart(kind="bar", labels=labels, series=[planned, published], unit="%", label_name=_("Content type"))

    @property
    def drifting(self) -> list[Line]:
        wanted = {row.kind for row in self.mix.drifting}
        return [line for line in self.lines if line.kind and line.kind.pk in wanted]


@dataclass(frozen=True, kw_only=True)
class Board:
    """The matrices of a brand: each account's, and the brand's own."""

    brand: Brand
    first: date
    last: date

    @cached_property
    def matrices(self) -> Matrices:
        return Matrices.of(self.brand)

    @cached_property
    def accounts(self) -> list[SocialAccount]:
        return list(SocialAccount.objects.for_brand(self.brand).open().select_related("network"))

    @cached_property
    def kinds(self) -> Mapping[int, ContentKind]:
        return {kind.pk: kind for kind in ContentKind.objects.filter(brand=self.brand)}

    @cached_property
    def blocks(self) -> list[Block]:
        """Of the accounts for which a matrix holds."""
        found = counts(published(self.brand, self.first, self.last)) if self.matrices.is_any else {}
        return [
            _block(account, self.matrices, found.get(account.pk, {}), self.kinds)
            for account in self.accounts
            if self.matrices.planned(account.pk)
        ]

    @property
    def default(self) -> list[tuple[ContentKind, int]]:
        """The brand's own shares."""
        return [(self.matrices.kinds[kind], percent) for kind, percent in self.matrices.of_brand.items()]

    @property
    def followers(self) -> list[SocialAccount]:
        """The accounts without a matrix of their own."""
        return [account for account in self.accounts if account.pk not in self.matrices.of_account]


def _block(account: SocialAccount, matrices: Matrices, found: Counts, kinds: Mapping[int, ContentKind]) -> Block:
    compared = mix(matrices.planned(account.pk), found)
    lines = [Line(kinds.get(row.kind or 0), row) for row in compared.rows]
    return Block(account, account.pk in matrices.of_account, compared, lines)


# -- what a week lacks ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Hint:
    """What the matrix of an account asks for, and its week has not enough of."""

    account: SocialAccount
    first: date
    is_this_week: bool
    lacking: Sequence[Line]

    @property
    def words(self) -> str:
        one = _("“%(name)s” (%(count)d of %(asked)d)")
        named = [
            one % {"name": line.name, "count": line.row.count, "asked": line.row.asked}
            for line in self.lacking[:MOST_LACKING]
        ]
        said = {"account": self.account, "kinds": ", ".join(named), "day": date_format(self.first, "DATE_FORMAT")}
        if self.is_this_week:
            return _("This week %(account)s lacks %(kinds)s.") % said
        return _("In the week of %(day)s %(account)s lacks %(kinds)s.") % said


def hints(brand: Brand, accounts: Collection[SocialAccount], *, day: date, today: date) -> dict[int, Hint]:
    """What the week of a day lacks, by account: those that lack nothing are not there. Two queries, one where there is
    no matrix."""
    matrices = Matrices.of(brand)
    if not matrices.is_any:
        return {}
    first, last = around(Per.WEEK, day, brand.first_weekday)
    found = counts(in_calendar(brand, first, last))
    told = (_hint(one, matrices, found.get(one.pk, {}), first, is_now=first <= today <= last) for one in accounts)
    return {hint.account.pk: hint for hint in told if hint.lacking}


def _hint(account: SocialAccount, matrices: Matrices, found: Counts, first: date, *, is_now: bool) -> Hint:
    rows: Iterable[Row] = mix(matrices.planned(account.pk), found).lacking
    lacking = [Line(matrices.kinds[row.kind], row) for row in rows if row.kind is not None]
    return Hint(account=account, first=first, is_this_week=is_now, lacking=lacking)
