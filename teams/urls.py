from django.urls import URLPattern, URLResolver, path

import activity.urls
from teams.views import invitations, members, places, site

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
]
workspace_urlpatterns: Patterns = [
    path("", places.workspace_home, name="workspace_home"),
    path("settings/", places.workspace_edit, name="workspace_edit"),
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
