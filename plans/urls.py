from django.urls import URLPattern, URLResolver, path

from plans.views import goals, home, objectives, plan, workspace

workspace_urlpatterns: list[URLPattern | URLResolver] = [
    path("", workspace.workspace_home, name="workspace_home"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.brand_home, name="brand_home"),
    path("plan/", plan.plan_detail, name="plan_detail"),
    path("plan/new/", plan.plan_create, name="plan_create"),
    path("plan/<int:pk>/", plan.plan_detail, name="plan_detail"),
    path("plan/<int:pk>/edit/", plan.plan_edit, name="plan_edit"),
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
