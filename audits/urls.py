from django.urls import URLPattern, URLResolver, path

from audits.views import accounts, audits

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", accounts.account_list, name="account_list"),
    path("accounts/new/", accounts.account_create, name="account_create"),
    path("accounts/<int:pk>/", accounts.account_detail, name="account_detail"),
    path("accounts/<int:pk>/edit/", accounts.account_edit, name="account_edit"),
    path("accounts/<int:pk>/close/", accounts.account_close, name="account_close"),
    path("accounts/<int:pk>/reopen/", accounts.account_reopen, name="account_reopen"),
    path("accounts/<int:pk>/connect/", accounts.account_connect, name="account_connect"),
    path("accounts/<int:pk>/disconnect/", accounts.account_disconnect, name="account_disconnect"),
    path("audits/", audits.audit_list, name="audit_list"),
    path("audits/new/", audits.audit_create, name="audit_create"),
    path("audits/<int:pk>/", audits.audit_detail, name="audit_detail"),
    path("audits/<int:pk>/edit/", audits.audit_edit, name="audit_edit"),
    path("audits/<int:pk>/close/", audits.audit_close, name="audit_close"),
    path("audits/<int:pk>/sheet.csv", audits.audit_export, name="audit_export"),
    path("audits/<int:pk>/reviews/<int:review>/", audits.review_edit, name="review_edit"),
]
