"""Every address. Workspace and brand stand in the path; a URL is one act."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import URLPattern, URLResolver, include, path

import activity.urls
import analytics.urls
import audits.urls
import calendar_app.urls
import personas.urls
import plans.urls
import surveys.urls
import teams.urls

BRAND_ROOMS = (plans, personas, audits, calendar_app, analytics, surveys, activity, teams)

# Into the admin as everywhere: with a limit on guesses, a confirmed address and the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Its purpose is the catalogue: whoever corrects that reads nobody's second factor and no key of a session.
admin.site.unregister([EmailAddress, Authenticator, UserSession, Group])

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(teams.urls.site_urlpatterns)),
    path("", include(plans.urls.site_urlpatterns)),
    path("", include(surveys.urls.site_urlpatterns)),
    path("me/", include(teams.urls.person_urlpatterns)),
    path("me/", include(activity.urls.person_urlpatterns)),
    path("me/", include("allauth.urls")),
    path("w/<slug:workspace>/", include(teams.urls.workspace_urlpatterns)),
    path("w/<slug:workspace>/", include(plans.urls.workspace_urlpatterns)),
    path("w/<slug:workspace>/", include(analytics.urls.workspace_urlpatterns)),
    *(path("w/<slug:workspace>/b/<slug:brand>/", include(room.urls.urlpatterns)) for room in BRAND_ROOMS),
    path("admin/", admin.site.urls),
]
if settings.DEBUG:
    urlpatterns += [path("gallery/", include("core.gallery"))]
if settings.INBOX_DIR:
    urlpatterns += [path("inbox/", include("config.inbox"))]
