from django.urls import URLPattern, URLResolver, path

from personas import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("personas/", views.persona_list, name="persona_list"),
    path("personas/new/", views.persona_create, name="persona_create"),
    path("personas/<int:pk>/", views.persona_detail, name="persona_detail"),
    path("personas/<int:pk>/print/", views.persona_print, name="persona_print"),
    path("personas/<int:pk>/portrait/", views.persona_portrait, name="persona_portrait"),
    path("personas/<int:pk>/edit/", views.persona_edit, name="persona_edit"),
    path("personas/<int:pk>/delete/", views.persona_delete, name="persona_delete"),
    path("inspiration/", views.inspiration_list, name="inspiration_list"),
    path("inspiration/<int:pk>/edit/", views.inspiration_edit, name="inspiration_edit"),
]
