from django.urls import URLPattern, URLResolver

Patterns = list[URLPattern | URLResolver]

person_urlpatterns: Patterns = []
urlpatterns: Patterns = []
