from django.urls import URLPattern, URLResolver, path

import activity.urls
from teams.views import data, invitations, members, places, site

Patterns = list[URLPattern | URLResolver]

site_urlpatterns: Patterns = [
    path("", site.home, name="home"),
    path("language/", site.set_language, name="set_language"),
    path("workspaces/", site.workspace_list, name="workspace_list"),
    path("workspaces/new", site.workspace_create, name="workspace_create"),
    path("invitations/leave/", invitations.invitation_leave, name="invitation_leave"),
    path("invitations/<str:token>", invitations.invitation, name="invitation"),
    path("invitations/<str:token>/accept/", invitations.invitation_accept, name="invitation_accept"),
]
person_urlpatterns: Patterns = [
    path("profile/", site.profile, name="profile"),
    path("data/", data.person_data, name="person_data"),
    path("data/export/", data.person_export, name="person_export"),
    path("data/delete/", data.person_delete, name="person_delete"),
]
workspace_urlpatterns: Patterns = [
    path("settings/", places.workspace_edit, name="workspace_edit"),
    path("settings/data/", data.workspace_data, name="workspace_data"),
    path("settings/data/export/", data.workspace_export, name="workspace_export"),
    path("settings/data/delete/", data.workspace_delete, name="workspace_delete"),
    path("members/", members.member_list, name="member_list"),
    path("members/invite/", invitations.invitation_create, name="invitation_create"),
    path("members/<int:pk>/", members.member_edit, name="member_edit"),
    path("members/<int:pk>/remove/", members.member_remove, name="member_remove"),
    path("invitations/<int:pk>/cancel/", invitations.invitation_cancel, name="invitation_cancel"),
    path("brands/new/", places.brand_create, name="brand_create"),
    *activity.urls.workspace_urlpatterns,
]
urlpatterns: Patterns = [
    path("settings/", places.brand_edit, name="brand_edit"),
]
