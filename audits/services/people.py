"""What closed audits say of a person who is deleted."""

from collections.abc import Collection

from audits.models import AccountReview
from teams.models import User


def forget(*, user: User, names: Collection[str], workspaces: Collection[int]) -> None:  # noqa: ARG001 -- as all that forget
    """A closed sheet says who answered for an account: that was them."""
    sheets = AccountReview.objects.filter(brand__workspace__in=workspaces, frozen__owner__in=list(names))
    for review in sheets:
        AccountReview.objects.filter(pk=review.pk).update(frozen={**review.facts, "owner": ""})
