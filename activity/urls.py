from django.urls import URLPattern, URLResolver, path

from activity import views

Patterns = list[URLPattern | URLResolver]

person_urlpatterns: Patterns = [
    path("notifications/", views.notification_list, name="notification_list"),
    path("notifications/read/", views.notification_read_all, name="notification_read_all"),
    path("notifications/preferences/", views.preference_edit, name="preference_edit"),
    path("notifications/<int:pk>/read/", views.notification_read, name="notification_read"),
]
workspace_urlpatterns: Patterns = [
    path("history/", views.workspace_history, name="workspace_history"),
]
urlpatterns: Patterns = [
    path("history/", views.history, name="history"),
]
