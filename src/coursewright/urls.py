"""Every route in one table."""

from django.contrib import admin
from django.urls import URLPattern, include, path, register_converter
from django.views.generic import RedirectView

from coursewright import health
from coursewright.accounts import api as accounts
from coursewright.accounts import oauth, pages
from coursewright.api import docs, errors
from coursewright.api.paths import IdConverter
from coursewright.comments import api as comments
from coursewright.community import api as community
from coursewright.courses.api import courses, lessons, lists, sections
from coursewright.learning.api import completions, standings
from coursewright.media import api as media
from coursewright.media import files
from coursewright.notifications import api as notifications
from coursewright.notifications.pages import unsubscribe
from coursewright.quizzes import api as quizzes

register_converter(IdConverter, "id")

handler400 = errors.bad_request
handler404 = errors.no_such_path
handler500 = errors.server_error

COURSE = "course/<id:id>/"
SECTION = COURSE + "section/<id:section_id>/"
LESSON = SECTION + "lesson/<id:lesson_id>/"

api_v2: list[URLPattern] = [
    path("course/", courses.Courses.as_view()),
    path("course/search/", lists.SearchCourses.as_view()),
    path(COURSE, courses.CourseDetail.as_view()),
    path(COURSE + "join/", standings.Join.as_view()),
    path(COURSE + "invite/", standings.Invite.as_view()),
    path(COURSE + "role/", standings.Role.as_view()),
    path(COURSE + "status/", standings.Status.as_view()),
    path(COURSE + "request_join/", standings.RequestJoin.as_view()),
    path(COURSE + "users/", standings.Users.as_view()),
    path(COURSE + "user/", standings.SuggestedUsers.as_view()),
    path(COURSE + "comment/", comments.CourseComments.as_view()),
    path(COURSE + "quiz/", quizzes.QuizDashboard.as_view()),
    path(COURSE + "section/", sections.Sections.as_view()),
    path(SECTION, sections.SectionDetail.as_view()),
    path(SECTION + "lesson/", lessons.Lessons.as_view()),
    path(LESSON, lessons.LessonDetail.as_view()),
    path(LESSON + "question/", quizzes.Questions.as_view()),
    path(LESSON + "question/<id:question_id>/", quizzes.QuestionDetail.as_view()),
    path(LESSON + "attempt/", quizzes.Attempts.as_view()),
    path(LESSON + "attempt/<id:attempt_id>/", quizzes.AttemptDetail.as_view()),
    path(LESSON + "comment/", comments.LessonComments.as_view()),
    path(LESSON + "comment/<id:comment_id>/", comments.CommentDetail.as_view()),
    path(LESSON + "complete/", completions.Complete.as_view()),
    path(LESSON + "incomplete/", completions.Incomplete.as_view()),
    path("suggestion/course/", lists.Suggestions.as_view()),
    path("user/me/", accounts.UserMe.as_view()),
    path("user/me/permission/", accounts.UserMePermission.as_view()),
    path("user/hidden_users_id/", accounts.HiddenUsers.as_view()),
    path("user/search/", accounts.UserSearch.as_view()),
    path("user/<id:id>/", accounts.UserDetail.as_view()),
    path("user/<id:id>/settings/", notifications.UserSettings.as_view()),
    path("user/<id:id>/courses/", lists.UserCourses.as_view()),
    path("category/", community.Categories.as_view()),
    path("category/<id:id>/", community.CategoryDetail.as_view()),
    path("dynamic_preference/", community.Preferences.as_view()),
    path("dynamic_preference/<id:id>/", community.PreferenceDetail.as_view()),
    path("feature/", community.Features.as_view()),
    path("media/", media.MediaCreation.as_view()),
    path("media/upload/chunk/", media.ChunkUpload.as_view()),
    path("media/upload/complete/", media.UploadCompletion.as_view()),
    path("media/<id:id>/", media.MediaDetail.as_view()),
    path("notification/", notifications.Notifications.as_view()),
    path("notification/unseen/count/", notifications.UnseenCount.as_view()),
    path("notification/read/", notifications.Read.as_view()),
    path("jwt/verify_token/", accounts.JwtVerification.as_view()),
]

urlpatterns = [
    path("", pages.home),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("api/v2/", include(api_v2)),
    path("api/schema/", docs.OpenApi.as_view(), name="schema"),
    path("api/docs/", docs.page, name="docs"),
    path("oauth/authorize/", oauth.Authorize.as_view()),
    path("oauth/token/", oauth.Token.as_view()),
    path("oauth/revoke_token/", oauth.Revoke.as_view()),
    path("sign-in/", pages.SignIn.as_view(), name="sign-in"),
    path("sign-out/", pages.SignOut.as_view(), name="sign-out"),
    path("password/", pages.ChangePassword.as_view(), name="change-password"),
    path("password/changed/", pages.PasswordChanged.as_view(), name="password-changed"),
    path("password/forgot/", pages.ForgotPassword.as_view(), name="forgot-password"),
    path("password/<uidb64>/", pages.ChoosePassword.as_view(), name="choose-password"),
    path(".well-known/change-password", RedirectView.as_view(pattern_name="change-password")),
    path("unsubscribe/<str:token>/", unsubscribe),
    path("images/<str:kind>/<id:id>/<str:size>.png", files.drawn_image),
    path("media/<path:path>", files.media),
    path("admin/", admin.site.urls),
]
