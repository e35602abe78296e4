from django.urls import URLPattern, URLResolver, path

from analytics.views import imports, results, subjects, unsent

workspace_urlpatterns: list[URLPattern | URLResolver] = [
    path("unsent/", unsent.unsent_list, name="unsent_list"),
    path("unsent/retry/", unsent.unsent_retry, name="unsent_retry"),
    path("unsent/discard/", unsent.unsent_discard, name="unsent_discard"),
    path("unsent/figures/retry/", unsent.unfetched_retry, name="unfetched_retry"),
    path("unsent/figures/discard/", unsent.unfetched_discard, name="unfetched_discard"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("results/", results.results, name="results"),
    path("results/export.csv", results.results_export, name="results_export"),
    path("results/deliveries/<int:pk>/", subjects.delivery_figures, name="delivery_figures"),
    path("results/accounts/<int:pk>/", subjects.account_figures, name="account_figures"),
    path("results/accounts/<int:pk>/pull/", subjects.pull_start, name="pull_start"),
    path("results/brand/", subjects.brand_figures, name="brand_figures"),
    path("results/import/", imports.figures_import, name="figures_import"),
    path("results/import/template.csv", imports.figures_template, name="figures_template"),
    path("results/import/<int:pk>/", imports.figures_preview, name="figures_preview"),
    path("results/import/<int:pk>/confirm/", imports.figures_confirm, name="figures_confirm"),
    path("results/import/<int:pk>/discard/", imports.figures_discard, name="figures_discard"),
]
