from django.urls import URLPattern, URLResolver, path

from calendar_app.views import calendar, campaigns, deliveries, kinds, matrix, posts

urlpatterns: list[URLPattern | URLResolver] = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/feed.json", calendar.calendar_feed, name="calendar_feed"),
    path("calendar/hints/", calendar.calendar_hints, name="calendar_hints"),
    path("posts/", posts.post_list, name="post_list"),
    path("posts/new/", posts.post_create, name="post_create"),
    path("posts/text-check/", posts.text_check, name="text_check"),
    path("posts/<int:pk>/", posts.post_detail, name="post_detail"),
    path("posts/<int:pk>/edit/", posts.post_edit, name="post_edit"),
    path("posts/<int:pk>/delete/", posts.post_delete, name="post_delete"),
    path("posts/<int:pk>/restore/", posts.post_restore, name="post_restore"),
    path("deliveries/<int:pk>/schedule/", deliveries.delivery_schedule, name="delivery_schedule"),
    path("deliveries/<int:pk>/unschedule/", deliveries.delivery_unschedule, name="delivery_unschedule"),
    path("deliveries/<int:pk>/move/", deliveries.delivery_move, name="delivery_move"),
    path("deliveries/<int:pk>/publish/", deliveries.delivery_publish, name="delivery_publish"),
    path("deliveries/<int:pk>/unpublish/", deliveries.delivery_unpublish, name="delivery_unpublish"),
    path("content-types/", kinds.content_kind_list, name="content_kind_list"),
    path("content-types/new/", kinds.content_kind_create, name="content_kind_create"),
    path("content-types/<int:pk>/edit/", kinds.content_kind_edit, name="content_kind_edit"),
    path("content-types/<int:pk>/delete/", kinds.content_kind_delete, name="content_kind_delete"),
    path("content/matrix/", matrix.matrix_list, name="matrix_list"),
    path("content/matrix/edit/", matrix.matrix_edit, name="matrix_edit"),
    path("content/matrix/preset/", matrix.matrix_preset, name="matrix_preset"),
    path("content/matrix/<int:pk>/edit/", matrix.matrix_edit, name="matrix_account_edit"),
    path("content/matrix/<int:pk>/preset/", matrix.matrix_preset, name="matrix_account_preset"),
    path("campaigns/", campaigns.campaign_list, name="campaign_list"),
    path("campaigns/new/", campaigns.campaign_create, name="campaign_create"),
    path("campaigns/<int:pk>/edit/", campaigns.campaign_edit, name="campaign_edit"),
    path("campaigns/<int:pk>/delete/", campaigns.campaign_delete, name="campaign_delete"),
]
