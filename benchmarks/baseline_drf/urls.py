"""The same paths as the server's."""

from django.urls import path

from benchmarks.baseline_drf import views

urlpatterns = [
    path("api/v2/course/<int:pk>/", views.CourseDetail.as_view()),
    path("api/v2/course/<int:course_id>/section/<int:pk>/", views.SectionDetail.as_view()),
]
