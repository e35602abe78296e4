from django.urls import URLPattern, URLResolver, path

from plans.views import calls, goals, home, objectives, plan, revisions, sections

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.brand_home, name="brand_home"),
    path("plan/", plan.plan_detail, name="plan_detail"),
    path("plan/new/", plan.plan_create, name="plan_create"),
    path("plan/<int:pk>/", plan.plan_detail, name="plan_detail"),
    path("plan/<int:pk>/edit/", plan.plan_edit, name="plan_edit"),
    path("plan/<int:pk>/changes/", revisions.plan_changes, name="plan_changes"),
    path("plan/<int:pk>/publish/", revisions.plan_publish, name="plan_publish"),
    path("plan/<int:pk>/steps/<slug:step>/", sections.plan_section_edit, name="plan_section_edit"),
    path("plan/<int:pk>/revisions/", revisions.revision_list, name="revision_list"),
    path("plan/<int:pk>/revisions/compare/", revisions.revision_compare, name="revision_compare"),
    path("plan/<int:pk>/calls/", calls.revision_call_list, name="revision_call_list"),
    path("plan/calls/<int:pk>/take/", calls.revision_call_take, name="revision_call_take"),
    path("plan/calls/<int:pk>/dismiss/", calls.revision_call_dismiss, name="revision_call_dismiss"),
    path("plan/revisions/<int:pk>/", revisions.revision_detail, name="revision_detail"),
    path("plan/revisions/<int:pk>/read/", revisions.revision_acknowledge, name="revision_acknowledge"),
    path("plan/revisions/<int:pk>/restore/", revisions.revision_restore, name="revision_restore"),
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
