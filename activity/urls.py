from django.urls import URLPattern, URLResolver, path

from activity import views
from activity.hooks import views as hooks

Patterns = list[URLPattern | URLResolver]

person_urlpatterns: Patterns = [
    path("notifications/", views.notification_list, name="notification_list"),
    path("notifications/read/", views.notification_read_all, name="notification_read_all"),
    path("notifications/preferences/", views.preference_edit, name="preference_edit"),
    path("notifications/<int:pk>/read/", views.notification_read, name="notification_read"),
]
workspace_urlpatterns: Patterns = [
    path("history/", views.workspace_history, name="workspace_history"),
    path("webhooks/", hooks.endpoint_list, name="endpoint_list"),
    path("webhooks/new/", hooks.endpoint_create, name="endpoint_create"),
    path("webhooks/<int:pk>/", hooks.endpoint_detail, name="endpoint_detail"),
    path("webhooks/<int:pk>/edit/", hooks.endpoint_edit, name="endpoint_edit"),
    path("webhooks/<int:pk>/test/", hooks.endpoint_test, name="endpoint_test"),
    path("webhooks/<int:pk>/rotate/", hooks.endpoint_rotate, name="endpoint_rotate"),
    path("webhooks/<int:pk>/enable/", hooks.endpoint_enable, name="endpoint_enable"),
    path("webhooks/<int:pk>/disable/", hooks.endpoint_disable, name="endpoint_disable"),
    path("webhooks/<int:pk>/delete/", hooks.endpoint_delete, name="endpoint_delete"),
]
urlpatterns: Patterns = [
    path("history/", views.history, name="history"),
]
