from django.urls import URLPattern, URLResolver, path

from plans.views import documents, goals, home, objectives, plan, shared, shares

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.brand_home, name="brand_home"),
    path("plan/", plan.plan_detail, name="plan_detail"),
    path("plan/new/", plan.plan_create, name="plan_create"),
    path("plan/<int:pk>/", plan.plan_detail, name="plan_detail"),
    path("plan/<int:pk>/edit/", plan.plan_edit, name="plan_edit"),
    path("plan/document/", documents.plan_document, name="plan_document"),
    path("plan/<int:pk>/document/", documents.plan_document, name="plan_document"),
    path("plan/<int:pk>/pdf/", documents.plan_pdf, name="plan_pdf"),
    path("plan/pdfs/<int:pk>/", documents.plan_pdf_detail, name="plan_pdf_detail"),
    path("plan/pdfs/<int:pk>/retry/", documents.plan_pdf_retry, name="plan_pdf_retry"),
    path("plan/pdfs/<int:pk>/file/", documents.plan_pdf_file, name="plan_pdf_file"),
    path("plan/<int:pk>/links/", shares.plan_shares, name="plan_shares"),
    path("plan/links/<int:pk>/revoke/", shares.plan_share_revoke, name="plan_share_revoke"),
    path("objectives/", objectives.objective_list, name="objective_list"),
    path("objectives/new/", objectives.objective_create, name="objective_create"),
    path("objectives/<int:pk>/edit/", objectives.objective_edit, name="objective_edit"),
    path("objectives/<int:pk>/delete/", objectives.objective_delete, name="objective_delete"),
    path("goals/", goals.goal_list, name="goal_list"),
    path("goals/new/", goals.goal_create, name="goal_create"),
    path("goals/check/", goals.goal_check, name="goal_check"),
    path("goals/<int:pk>/", goals.goal_detail, name="goal_detail"),
    path("goals/<int:pk>/edit/", goals.goal_edit, name="goal_edit"),
    path("goals/<int:pk>/delete/", goals.goal_delete, name="goal_delete"),
]
site_urlpatterns: list[URLPattern | URLResolver] = [
    path("plan/<str:token>/", shared.shared_plan, name="shared_plan"),
    path("plan/<str:token>/pdf/", shared.shared_plan_pdf, name="shared_plan_pdf"),
    path("plan/<str:token>/plan.pdf", shared.shared_plan_file, name="shared_plan_file"),
]
