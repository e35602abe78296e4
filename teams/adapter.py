"""Sextant's ways with allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages as flash
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from activity.messages import post_letter
from teams import second_factors
from teams.models import Invitation, Language, User
from teams.pending import drop_invitation, invited_address, kept_invitation
from teams.services import InvitationError, accept_invitation


class PeopleAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up and sign-in by e-mail address."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """The person keeps the language of the page and the zone of the browser."""
        user.name = form.cleaned_data.get("name", "")
        user.time_zone = form.cleaned_data.get("time_zone", "UTC")
        user.language = language if (language := get_language()) in Language.values else Language.ENGLISH
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """Whoever comes by an open invitation has shown that the address is theirs."""
        return email.lower() == invited_address(request) or bool(super().is_email_verified(request, email))

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponseBase:
        """Whoever came by an invitation and pressed "Join" has joined once they are signed in."""
        response: HttpResponseBase = super().post_login(request, user, **details)
        if invitation := kept_invitation(request):
            self._join(request, user, invitation)
        drop_invitation(request)
        return response

    def _join(self, request: HttpRequest, user: User, invitation: Invitation) -> None:
        try:
            membership = accept_invitation(invitation=invitation, by=user, now=timezone.now())
        except InvitationError as refusal:
            flash.error(request, str(refusal))
        else:
            request.session["workspace"] = membership.workspace.slug
            words = _("You are now a member of %(place)s.") % {"place": membership.workspace.name}
            flash.success(request, words)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Written now, sent as due work: a mail server that is slow or away neither delays the page nor loses the
        mail. Its links are kept encrypted until it has gone."""
        request = allauth_context.request
        values = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        mail = self.render_mail(template_prefix, email, values)
        language = get_language() or Language.ENGLISH
        post_letter(address=email, language=language, subject=mail.subject, text=mail.body, due_at=timezone.now())


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Sextant"}

    def encrypt(self, text: str) -> str:
        return second_factors.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_factors.opened(encrypted_text)
