// Drives every method of the published CourseApiClient, unmodified, against a running server.
// In: ORIGIN, and TEACHER, LEARNER, OTHER as JSON {id, token}. Out: JSON {method: what it gave}.
import { createRequire } from 'node:module';

const { CourseApiClient, http } = createRequire(import.meta.url)('@selfcommunity/api-services');
const [teacher, learner, other] = ['TEACHER', 'LEARNER', 'OTHER'].map((name) => JSON.parse(process.env[name]));
const said = {};

http.setBasePortal(process.env.ORIGIN);
const as = (who) => http.setAuthorizeToken(who.token);

// What a call gave: its answer, or the status it was refused with.
async function call(method, ...parameters) {
  try {
    const answer = await CourseApiClient[method](...parameters);
    (said[method] ??= []).push('ok');
    return answer;
  } catch (error) {
    (said[method] ??= []).push(error.response ? error.response.status : String(error));
    return undefined;
  }
}
const shown = {};

as(teacher);
const course = await call('createCourse', { name: process.env.NAME, type: 'structured', privacy: 'private' });
const { id } = course;
const section = await call('createCourseSection', id, { name: 'One', type: 'lesson' });
await call('updateCourseSection', id, section.id, { name: 'Week one', dripped_at: '2026-12-15T09:00:00.000Z' });
await call('patchCourseSection', id, section.id, { drip_delay: '0' });
const spare = await call('createCourseSection', id, { name: 'Spare', type: 'lesson' });
await call('createCourseLesson', { name: 'Nowhere', type: 'lesson' }); // posts to course/undefined/...
const made = await http.post(`/api/v2/course/${id}/section/${section.id}/lesson/`, { name: 'Limits', type: 'lesson' });
const lesson = made.data;
await call('updateCourseLesson', id, section.id, lesson.id, {
  type: 'lesson', name: 'Limits', text: '<p class="SCEditor-paragraph" dir="ltr">One</p>', medias: [], status: 'published',
});
await call('patchCourseLesson', id, section.id, lesson.id, { comments_enabled: true });
await call('updateCourse', id, { name: process.env.NAME, type: 'structured' });
await call('patchCourse', id, { id, enforce_lessons_order: true, new_comment_notification_enabled: true, hide_member_count: false });
const cover = new FormData();
cover.append('image_original', new Blob([Buffer.from(process.env.PICTURE, 'base64')], { type: 'image/png' }), 'cover.png');
const covered = await call('changeCourseCover', id, cover, { headers: { 'Content-Type': 'multipart/form-data' } });
shown.cover = covered && !covered.image_big.includes('/images/course/');
await call('deleteCourseSection', id, spare.id);
shown.sections = (await call('getCourseSections', id)).map((each) => each.name);
shown.section = (await call('getCourseSection', id, section.id)).lessons_order.length;
shown.lessons = (await call('getCourseLessons', id, section.id)).map((each) => each.html);

as(learner);
shown.requested = (await call('joinOrAcceptInviteToCourse', id)).join_status;
shown.status = (await call('getCourseStatus', id)).status;
as(teacher);
shown.waiting = (await call('getCourseWaitingApproval', id, { limit: 6, offset: 0 })).results.map((each) => each.id);
await call('inviteOrAcceptUsersToCourse', id, { users: [learner.id, other.id] });
shown.invited = (await call('getCourseInvitedUsers', id, { limit: 6 })).results.map((each) => each.id);
await call('removeInvitationToCourse', id, { users: [other.id] });
shown.suggested = (await call('getCourseSuggestedUsers', id, '')).results.map((each) => each.id).includes(other.id);
await call('changeCourseUserRole', id, { managers: [other.id] });
shown.joined = (await call('getCourseJoinedUsers', id, { statuses: ['manager', 'joined'], limit: 20 })).count;

as(learner);
shown.view = (await call('getSpecificCourseInfo', id, { view: 'user' })).sections[0].lessons[0].locked;
shown.html = (await call('getCourseLesson', id, section.id, lesson.id)).html;
await call('markLessonComplete', id, section.id, lesson.id);
await call('markLessonIncomplete', id, section.id, lesson.id);
await call('markLessonComplete', id, section.id, lesson.id);
const comment = await call('createCourseComment', id, section.id, lesson.id, { text: '<p>Thanks</p>', medias: [] });
await call('updateCourseComment', id, section.id, lesson.id, comment.id, { text: '<p>Thank you</p>', medias: [] });
await call('patchCourseComment', id, section.id, lesson.id, comment.id, { text: '<p>Thank you!</p>' });
shown.comment = (await call('getCourseLessonComment', id, section.id, lesson.id, comment.id)).html;
shown.comments = (await call('getCourseLessonComments', id, section.id, lesson.id, { limit: 15, ordering: 'added_at' })).count;
shown.mine = (await call('getJoinedCourses', { statuses: ['joined', 'manager'] })).results.map((each) => each.id);
await call('getJoinedCourses'); // asks for /course/?
shown.theirs = (await call('getUserJoinedCourses', teacher.id, { statuses: ['creator'] })).count > 0;
shown.found = (await call('searchCourses', { search: process.env.NAME, statuses: ['joined', 'manager'] })).results.map((each) => each.id);

as(teacher);
shown.dashboard = (await call('getCourseDashboardUsers', id, { statuses: ['joined'], limit: 6 })).results
  .map((each) => each.user_completion_rate);
shown.all = (await call('getCourseComments', id, { limit: 3, offset: 0 })).results.map((each) => each.extras.lesson.name);
as(learner);
await call('deleteCourseComment', id, section.id, lesson.id, comment.id);
await call('leaveOrRemoveCourseRequest', id);
as(teacher);
await call('leaveOrRemoveCourseRequest', id, { user: other.id });
await call('deleteCourseLesson', id, section.id, lesson.id);
await call('deleteCourse', id);

const methods = Object.getOwnPropertyNames(CourseApiClient).filter((name) => typeof CourseApiClient[name] === 'function');
console.log(JSON.stringify({ id, said, shown, missed: methods.filter((name) => !(name in said)) }));
