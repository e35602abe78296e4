from django.urls import URLPattern, URLResolver, path

from surveys.views import answers, public, questions, results, surveys

site_urlpatterns: list[URLPattern | URLResolver] = [
    path("survey/<slug:token>/", public.public_survey, name="public_survey"),
    path("survey/<slug:token>/thanks/", public.public_survey_thanks, name="public_survey_thanks"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("surveys/", surveys.survey_list, name="survey_list"),
    path("surveys/new/", surveys.survey_create, name="survey_create"),
    path("surveys/<int:pk>/", surveys.survey_detail, name="survey_detail"),
    path("surveys/<int:pk>/edit/", surveys.survey_edit, name="survey_edit"),
    path("surveys/<int:pk>/open/", surveys.survey_open, name="survey_open"),
    path("surveys/<int:pk>/close/", surveys.survey_close, name="survey_close"),
    path("surveys/<int:pk>/duplicate/", surveys.survey_duplicate, name="survey_duplicate"),
    path("surveys/<int:pk>/delete/", surveys.survey_delete, name="survey_delete"),
    path("surveys/<int:pk>/questions/new/", questions.survey_question_create, name="survey_question_create"),
    path("surveys/<int:pk>/questions/built-in/", questions.survey_built_in_add, name="survey_built_in_add"),
    path("surveys/questions/<int:pk>/edit/", questions.survey_question_edit, name="survey_question_edit"),
    path("surveys/questions/<int:pk>/remove/", questions.survey_question_remove, name="survey_question_remove"),
    path("surveys/questions/<int:pk>/up/", questions.survey_question_up, name="survey_question_up"),
    path("surveys/questions/<int:pk>/down/", questions.survey_question_down, name="survey_question_down"),
    path("surveys/<int:pk>/offline/", answers.survey_offline, name="survey_offline"),
    path("surveys/<int:pk>/responses/", answers.survey_response_list, name="survey_response_list"),
    path("surveys/responses/<int:pk>/delete/", answers.survey_response_delete, name="survey_response_delete"),
    path("surveys/<int:pk>/results/", results.survey_results, name="survey_results"),
    path("surveys/<int:pk>/results/export.csv", results.survey_export, name="survey_export"),
]
