"""Whether a text fits the network of an account, in words."""

from django.utils.translation import gettext as _

from audits.models import SocialAccount
from networks.labels import finding_text
from networks.queries import limits_for
from networks.rules.lengths import Code, Finding, TextCheck, check_text


def measure(text: str, account: SocialAccount) -> TextCheck:
    """The text as the account's network counts it, against the limits that the catalogue knows today."""
    return check_text(text, limits_for(account.network_id))


def complaint(account: SocialAccount, check: TextCheck) -> str:
    """Why the network would refuse the text, naming the account; "" when it would take it."""
    if check.is_ok:
        return ""
    return _("%(account)s: %(problem)s") % {"account": account, "problem": _problem(check.errors[0])}


def _problem(finding: Finding) -> str:
    if finding.code is Code.TOO_LONG:
        words = _("the text has %(used)d characters, %(limit)d fit.")
        return words % {"used": finding.count, "limit": finding.limit}
    return str(finding_text(finding))
