from django.urls import URLPattern, URLResolver, path

from plans.views import branches, checkins, goal_lists, goals, home, matrix, objectives, plan

workspace_urlpatterns: list[URLPattern | URLResolver] = [
    path("goals/", goal_lists.workspace_goals, name="workspace_goals"),
    path("goals/export.csv", goal_lists.workspace_goals_export, name="workspace_goals_export"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.brand_home, name="brand_home"),
    path("plan/", plan.plan_detail, name="plan_detail"),
    path("plan/new/", plan.plan_create, name="plan_create"),
    path("plan/<int:pk>/", plan.plan_detail, name="plan_detail"),
    path("plan/<int:pk>/edit/", plan.plan_edit, name="plan_edit"),
    path("plan/branches/", branches.branch_list, name="branch_list"),
    path("plan/inherited/", branches.inherited_list, name="inherited_list"),
    path("plan/inherited/objectives/", branches.inherited_objective_take, name="inherited_objective_take"),
    path("plan/inherited/personas/", branches.inherited_persona_take, name="inherited_persona_take"),
    path("objectives/<int:pk>/follow/", branches.objective_follow, name="objective_follow"),
    path("personas/<int:pk>/follow/", branches.persona_follow, name="persona_follow"),
    path("objectives/", objectives.objective_list, name="objective_list"),
    path("objectives/new/", objectives.objective_create, name="objective_create"),
    path("objectives/<int:pk>/edit/", objectives.objective_edit, name="objective_edit"),
    path("objectives/<int:pk>/delete/", objectives.objective_delete, name="objective_delete"),
    path("goals/", goal_lists.goal_list, name="goal_list"),
    path("goals/new/", goals.goal_create, name="goal_create"),
    path("goals/check/", goals.goal_check, name="goal_check"),
    path("goals/personas/", matrix.goal_matrix, name="goal_matrix"),
    path("goals/<int:pk>/", goals.goal_detail, name="goal_detail"),
    path("goals/<int:pk>/edit/", goals.goal_edit, name="goal_edit"),
    path("goals/<int:pk>/delete/", goals.goal_delete, name="goal_delete"),
    path("goals/<int:pk>/check-ins/", checkins.check_in_create, name="check_in_create"),
    path("check-ins/<int:pk>/edit/", checkins.check_in_edit, name="check_in_edit"),
    path("check-ins/<int:pk>/delete/", checkins.check_in_delete, name="check_in_delete"),
]
