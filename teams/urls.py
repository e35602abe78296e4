from django.urls import URLPattern, URLResolver

Patterns = list[URLPattern | URLResolver]

site_urlpatterns: Patterns = []
person_urlpatterns: Patterns = []
workspace_urlpatterns: Patterns = []
urlpatterns: Patterns = []
