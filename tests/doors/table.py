"""Every address there is, one line each: the methods it knows, whom it lets in, and whether it changes anything.

A new address needs its line here: `look` shows, `form` shows a form and takes it, `act` takes a POST that changes
something, `ask` takes a POST that only answers. The first word is the least role (or ANYBODY, PERSON, SITE_ADMIN).
`posts` is the least role for POST where reading needs less; `own` marks what belongs to one person, so that others get
404; `found` is what whoever is let in is answered where that is not the usual; `query` is what it cannot be asked
without. `theirs` are pages of libraries, which guard themselves.
"""

from dataclasses import dataclass
from typing import Any

from teams.rules import Role

ANYBODY, PERSON, SITE_ADMIN = "anybody", "person", "site admin"
GUEST, EDITOR, MANAGER, ADMIN = Role.GUEST, Role.EDITOR, Role.MANAGER, Role.ADMIN
SAFE = ("GET", "HEAD")
METHODS = (*SAFE, "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, kw_only=True)
class Row:
    needs: Role | str
    methods: tuple[str, ...]
    changes: bool
    posts: Role | None = None
    own: bool = False
    found: int | None = None
    query: dict[str, str] | None = None
    is_ours: bool = True

    def role(self, method: str) -> Role | str:
        return self.posts if method == "POST" and self.posts else self.needs


def look(needs: Role | str, **more: Any) -> Row:
    return Row(needs=needs, methods=SAFE, changes=False, **more)


def form(needs: Role | str, **more: Any) -> Row:
    return Row(needs=needs, methods=(*SAFE, "POST"), changes=True, **more)


def act(needs: Role | str, **more: Any) -> Row:
    return Row(needs=needs, methods=("POST",), changes=True, **more)


def ask(needs: Role | str, **more: Any) -> Row:
    return Row(needs=needs, methods=("POST",), changes=False, **more)


def theirs(needs: str) -> Row:
    return Row(needs=needs, methods=METHODS, changes=True, is_ours=False)


SITE = {
    "home": look(ANYBODY, found=302),  # whoever is signed in is led on
    "set_language": act(ANYBODY),
    "invitation": look(ANYBODY, found=404),  # asked with a token that is none
    "invitation_accept": act(ANYBODY, found=404),
    "invitation_leave": act(ANYBODY),
    "shared_plan": look(ANYBODY, found=404),  # as the invitation's, their token is none
    "shared_plan_pdf": form(ANYBODY, found=404),
    "shared_plan_file": look(ANYBODY, found=404),
    "public_survey": form(ANYBODY, found=404),
    "public_survey_thanks": look(ANYBODY, found=404),
    "workspace_list": look(PERSON),
    "workspace_create": form(PERSON),
    "profile": form(PERSON),
    "notification_list": look(PERSON),
    "notification_read": act(PERSON, own=True),
    "notification_read_all": act(PERSON),
    "preference_edit": form(PERSON),
    "person_data": look(PERSON),
    "person_export": act(PERSON),
    "person_delete": form(PERSON),
}
WORKSPACE = {
    "workspace_home": look(GUEST),
    "workspace_edit": form(ADMIN),
    "workspace_history": look(ADMIN),
    "member_list": look(EDITOR),
    "member_edit": form(ADMIN),
    "member_remove": act(GUEST, posts=ADMIN),  # everybody may leave; somebody else is asked about here
    "invitation_create": act(ADMIN),
    "invitation_cancel": act(ADMIN),
    "brand_create": form(ADMIN),
    "workspace_data": look(ADMIN),
    "workspace_export": act(ADMIN),
    "workspace_delete": form(ADMIN),
    "endpoint_list": look(ADMIN),
    "endpoint_create": form(ADMIN),
    "endpoint_detail": look(ADMIN),
    "endpoint_edit": form(ADMIN),
    "endpoint_test": act(ADMIN),
    "endpoint_rotate": act(ADMIN),
    "endpoint_enable": act(ADMIN),
    "endpoint_disable": act(ADMIN),
    "endpoint_delete": act(ADMIN),
    "workspace_goals": look(GUEST),
    "workspace_goals_export": look(GUEST),
    "unsent_list": look(ADMIN),
    "unsent_retry": act(ADMIN),
    "unsent_discard": act(ADMIN),
    "unfetched_retry": act(ADMIN),
    "unfetched_discard": act(ADMIN),
}
BRAND = {
    "brand_home": look(GUEST),
    "brand_edit": form(ADMIN),
    "history": look(EDITOR),
    "plan_detail": look(GUEST),
    "plan_document": look(GUEST),
    "plan_pdf": form(GUEST),
    "plan_pdf_detail": look(GUEST),
    "plan_pdf_retry": act(GUEST),
    "plan_pdf_file": look(GUEST),
    "plan_shares": form(MANAGER),
    "plan_share_revoke": act(MANAGER),
    "plan_create": form(MANAGER),
    "plan_edit": form(MANAGER),
    "branch_list": look(GUEST),
    "inherited_list": look(GUEST),
    "inherited_objective_take": act(MANAGER),
    "inherited_persona_take": act(EDITOR),
    "objective_follow": act(MANAGER),
    "persona_follow": act(EDITOR),
    "plan_changes": look(EDITOR),
    "plan_publish": form(MANAGER),
    "plan_section_edit": form(MANAGER),
    "revision_list": look(GUEST),
    "revision_compare": look(GUEST),
    "revision_detail": look(GUEST),
    "revision_acknowledge": act(GUEST),
    "revision_restore": form(MANAGER),
    "revision_call_list": look(EDITOR),
    "revision_call_take": act(MANAGER),
    "revision_call_dismiss": form(MANAGER),
    "objective_list": look(GUEST),
    "objective_create": form(MANAGER),
    "objective_edit": form(MANAGER),
    "objective_delete": form(MANAGER),
    "goal_list": look(GUEST),
    "goal_create": form(MANAGER),
    "goal_check": ask(MANAGER),
    "goal_matrix": look(GUEST),
    "goal_detail": look(GUEST),
    "goal_edit": form(MANAGER),
    "goal_delete": form(MANAGER),
    "check_in_create": act(GUEST, posts=MANAGER),  # the owner of the goal may as well, whatever their role
    "check_in_edit": form(GUEST, posts=MANAGER),
    "check_in_delete": act(GUEST, posts=MANAGER),
    "persona_list": look(GUEST),
    "persona_create": form(EDITOR),
    "persona_detail": look(GUEST),
    "persona_print": look(GUEST),
    "persona_portrait": look(GUEST, found=404),  # of a persona that has none
    "persona_edit": form(EDITOR),
    "persona_delete": form(EDITOR),
    "inspiration_list": look(GUEST),
    "inspiration_edit": form(EDITOR),
    "account_list": look(GUEST),
    "account_create": form(ADMIN),
    "account_detail": look(GUEST),
    "account_edit": form(ADMIN),
    "account_close": form(ADMIN),
    "account_reopen": act(ADMIN),
    "account_connect": form(ADMIN),
    "account_disconnect": form(ADMIN),
    "audit_list": look(GUEST),
    "audit_create": form(MANAGER),
    "audit_detail": look(GUEST),
    "audit_edit": form(MANAGER),
    "audit_close": form(MANAGER),
    "audit_export": look(GUEST),
    "review_edit": form(EDITOR),
    "calendar": look(GUEST),
    "calendar_feed": look(GUEST, query={"start": "2026-11-01", "end": "2026-12-01"}),
    "calendar_hints": look(GUEST),
    "post_list": look(GUEST),
    "post_create": form(EDITOR),
    "text_check": ask(EDITOR),
    "post_detail": look(GUEST),
    "post_edit": form(EDITOR),
    "post_delete": act(EDITOR),
    "post_restore": act(EDITOR),
    "delivery_schedule": act(EDITOR),
    "delivery_unschedule": act(EDITOR),
    "delivery_move": act(EDITOR),
    "delivery_publish": act(EDITOR),
    "delivery_unpublish": act(EDITOR),
    "content_kind_list": look(GUEST),
    "content_kind_create": form(EDITOR),
    "content_kind_edit": form(EDITOR),
    "content_kind_delete": act(EDITOR),
    "matrix_list": look(GUEST),
    "matrix_edit": form(EDITOR),
    "matrix_preset": form(EDITOR),
    "matrix_account_edit": form(EDITOR),
    "matrix_account_preset": form(EDITOR),
    "campaign_list": look(GUEST),
    "campaign_create": form(EDITOR),
    "campaign_edit": form(EDITOR),
    "campaign_delete": form(EDITOR),
    "results": look(GUEST),
    "results_export": look(GUEST),
    "delivery_figures": form(GUEST, posts=EDITOR),
    "account_figures": form(GUEST, posts=EDITOR),
    "pull_start": act(EDITOR),
    "brand_figures": form(GUEST, posts=EDITOR),
    "figures_import": form(EDITOR),
    "figures_template": look(EDITOR),
    "figures_preview": look(EDITOR, own=True, found=422),  # of a file that holds nothing
    "figures_confirm": act(EDITOR, own=True),
    "figures_discard": act(EDITOR, own=True),
    "survey_list": look(GUEST),
    "survey_create": form(EDITOR),
    "survey_detail": look(GUEST),
    "survey_edit": form(EDITOR),
    "survey_open": act(EDITOR),
    "survey_close": form(EDITOR),
    "survey_duplicate": act(EDITOR),
    "survey_delete": act(EDITOR),
    "survey_question_create": form(EDITOR),
    "survey_built_in_add": act(EDITOR),
    "survey_question_edit": form(EDITOR),
    "survey_question_remove": act(EDITOR),
    "survey_question_up": act(EDITOR),
    "survey_question_down": act(EDITOR),
    "survey_offline": form(EDITOR),
    "survey_response_list": look(GUEST),
    "survey_response_delete": act(MANAGER),
    "survey_results": look(GUEST),
    "survey_export": look(GUEST),
}

# -- pages of libraries -----------------------------------------------------------------------------------------------

SIGN_IN = (
    "account_login", "account_signup", "account_logout", "account_inactive", "account_email_verification_sent",
    "account_confirm_email", "account_confirm_login_code", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "mfa_authenticate", "mfa_login_webauthn",
)  # fmt: skip
OWN_ACCOUNT = (
    "account_email", "account_change_password", "account_set_password", "account_reauthenticate", "mfa_index",
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "mfa_list_webauthn", "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "usersessions_list",
)  # fmt: skip
CATALOGUE = ("network", "metric", "metricavailability", "networkfact")  # all that a site admin may correct
CHANGES = ("changelist", "add", "history", "delete", "change")
SITE_ADMINS = (
    *(f"admin:{name}" for name in ("index", "password_change", "password_change_done", "autocomplete", "app_list")),
    *(f"admin:networks_{model}_{change}" for model in CATALOGUE for change in CHANGES),
    *(f"admin/networks/{model}/<path:object_id>/" for model in CATALOGUE),
    "admin:view_on_site", "admin:jsi18n", "admin/(?P<url>.*)$",
)  # fmt: skip

TABLE: dict[str, Row] = {
    **SITE, **WORKSPACE, **BRAND,
    **dict.fromkeys((*SIGN_IN, "admin:login", "admin:logout"), theirs(ANYBODY)),
    **dict.fromkeys(OWN_ACCOUNT, theirs(PERSON)),
    **dict.fromkeys(SITE_ADMINS, theirs(SITE_ADMIN)),
}  # fmt: skip
