/* What the administration decides: who sees which page, who may do what to whom, and how what was done reads. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { detailsOf, VERBS, verbName } from '../../www/model/admin/audit.js';
import { checkUses, requestOf, stateOf, usesOf } from '../../www/model/admin/invites.js';
import { outcomeOf, remediesFor } from '../../www/model/admin/report.js';
import { isPowerful, mayDoTo, ROLE_NAMES, ROLES, rolesToGive } from '../../www/model/admin/roles.js';
import { hasLetters, roomsToOffer } from '../../www/model/admin/room_choice.js';
import { settingsLike } from '../../www/model/admin/settings.js';
import { tabsFor } from '../../www/model/admin/tabs.js';
import { WaitingReports } from '../../www/model/admin/waiting.js';

const person = (role, id = 8) => ({ id, name: `${role} ${id}`, role });
const room = (role, kind = 'open') => ({ kind, membership: role && { role } });
const ALL_TABS = ['people', 'invitations', 'rooms', 'bans', 'reports', 'audit', 'settings'];

for (const [me, rooms, want, why] of [
  [person('owner'), [], ALL_TABS, 'an owner'],
  [person('admin'), [], ALL_TABS, 'an admin'],
  [person('moderator'), [], ['bans', 'reports'], 'a moderator of the place'],
  [person('member'), [room('member'), room('moderator')], ['reports'], 'who moderates one room handles its reports'],
  [person('member'), [room('member'), room(null)], [], 'a member'],
  [person('guest'), [room(null)], [], 'a guest'],
  [null, [], [], 'nobody yet'],
]) {
  test(`pages: ${why}`, () => assert.deepEqual(tabsFor(me, rooms), want));
}

for (const [me, target, want, why] of [
  [person('owner', 1), person('member'), ['moderator', 'admin', 'owner'], 'an owner gives any role'],
  [person('owner', 1), person('owner'), ['member', 'moderator', 'admin'], 'an owner takes it from another owner'],
  [person('owner', 1), person('owner', 1), ['member', 'moderator', 'admin'], 'an owner steps down'],
  [person('admin', 1), person('member'), ['moderator'], 'an admin gives the roles below'],
  [person('admin', 1), person('moderator'), ['member'], 'and takes them'],
  [person('admin', 1), person('admin'), [], 'not to equals'],
  [person('admin', 1), person('owner'), [], 'nor to those above'],
  [person('admin', 1), person('admin', 1), [], 'nor to themselves'],
  [person('owner', 1), person('guest'), [], 'a guest has no account that could have one'],
  [person('moderator', 1), person('member'), [], 'a moderator gives none'],
  [null, person('member'), [], 'nobody'],
]) {
  test(`roles: ${why}`, () => assert.deepEqual(rolesToGive(me, target), want));
}

for (const [verb, me, target, want, why] of [
  ['ban', person('moderator', 1), person('member'), true, 'a member'],
  ['ban', person('moderator', 1), person('guest'), true, 'a guest'],
  ['ban', person('moderator', 1), person('moderator'), false, 'an equal'],
  ['ban', person('owner', 1), person('owner'), true, 'another owner'],
  ['ban', person('owner', 1), person('owner', 1), false, 'themselves'],
  ['ban', person('owner', 1), { id: 0, name: 'admin', role: 'system' }, false, 'the command line'],
  ['ban', person('member', 1), person('guest'), false, 'by a member'],
  ['unban', person('moderator', 1), person('member'), true, 'lifting'],
  ['create_reset', person('admin', 1), person('member'), true, 'a password link'],
  ['create_reset', person('admin', 1), person('guest'), false, 'for a guest, who has no password'],
  ['create_reset', person('moderator', 1), person('member'), false, 'by a moderator'],
]) {
  test(`${verb}: ${why}`, () => assert.equal(mayDoTo(verb, me, target), want));
}

test('every role that can be given has a name and says what it is for; two are given with care', () => {
  for (const { role, about } of ROLES) assert.ok(ROLE_NAMES[role] && about.length > 10, role);
  assert.deepEqual(ROLES.map(({ role }) => role).filter(isPowerful), ['admin', 'owner']);
});

const NOW = 1_790_000_000_000;
const invite = (fields) => ({
  id: 1,
  code: 'k7p2q',
  by: person('owner'),
  at: NOW - 1000,
  expires_ms: 0,
  max_uses: 0,
  uses: 0,
  revoked: false,
  rooms: [],
  ...fields,
});

for (const [fields, state, uses] of [
  [{}, 'valid', 'not used yet'],
  [{ uses: 3 }, 'valid', 'used by 3'],
  [{ uses: 3, max_uses: 4 }, 'valid', 'used by 3 of 4'],
  [{ uses: 4, max_uses: 4 }, 'used up', 'used by 4 of 4'],
  [{ expires_ms: NOW + 1 }, 'valid', 'not used yet'],
  [{ expires_ms: NOW }, 'expired', 'not used yet'],
  [{ expires_ms: NOW - 1, max_uses: 1, uses: 1 }, 'used up', 'used by 1 of 1'],
  [{ revoked: true, max_uses: 1, uses: 1, expires_ms: NOW - 1 }, 'revoked', 'used by 1 of 1'],
]) {
  test(`invitation ${JSON.stringify(fields)}: ${state}`, () => {
    assert.equal(stateOf(invite(fields), NOW), state);
    assert.equal(usesOf(invite(fields)), uses);
  });
}

for (const [text, isFine] of [
  ['', true],
  ['1', true],
  ['250', true],
  ['0', false],
  ['-1', false],
  ['1.5', false],
  ['many', false],
  ['1e3', false],
  ['01', false],
]) {
  test(`uses: "${text}"`, () => assert.equal(checkUses(text) === undefined, isFine));
}

test('an invitation as the request that makes it', () => {
  assert.deepEqual(requestOf({ label: '', uses: '', expires_ms: 0, rooms: [] }), {
    type: 'create_invite',
    label: '',
    expires_ms: 0,
    max_uses: 0,
    rooms: [],
  });
  assert.deepEqual(requestOf({ label: '5b', uses: '12', expires_ms: NOW, rooms: [2, 3] }), {
    type: 'create_invite',
    label: '5b',
    expires_ms: NOW,
    max_uses: 12,
    rooms: [2, 3],
  });
});

test('an invitation leads to the rooms that take new members: not to the lobby, where everybody is, nor to archived ones', () => {
  const listed = [
    { id: 1, name: 'lobby', kind: 'open', archived: false },
    { id: 3, name: 'yard', kind: 'open', archived: false },
    { id: 2, name: 'garden', kind: 'announcement', archived: false },
    { id: 4, name: 'old', kind: 'open', archived: true },
    { id: 5, name: 'board', kind: 'closed', archived: false },
  ];
  const offered = roomsToOffer(listed);
  assert.deepEqual(
    offered.map(({ name }) => name),
    ['board', 'garden', 'yard'],
  );
  assert.deepEqual(
    [hasLetters('Garden', 'ard'), hasLetters('Garden', 'GAR'), hasLetters('Garden', 'x')],
    [true, true, false],
  );
});

const moment = (at) => `at ${at}`;
for (const [verb, detail, want] of [
  ['set_role', { from: 'member', to: 'admin' }, ['from: member', 'to: admin']],
  [
    'ban',
    { until_ms: 0, reason: 'spam: a lot', hide: true },
    ['until: permanent', 'reason: spam: a lot', 'messages hidden: yes'],
  ],
  ['ban', { until_ms: NOW, reason: '', hide: false }, [`until: at ${NOW}`, 'messages hidden: no']],
  ['mute', { until_ms: 0 }, ['until: unmuted']],
  ['mute', { until_ms: NOW }, [`until: at ${NOW}`]],
  [
    'edit_room',
    { topic: 'What grew', locked: true, slow_s: 60 },
    ['topic: What grew', 'locked: yes', 'slow mode: 60 seconds'],
  ],
  ['edit_room', { slow_s: 0, history: 'joined' }, ['slow mode: off', 'history: joined']],
  ['set_place', { require_totp: true }, ['two-factor for admins: yes']],
  ['add_member', { user: { id: 9, name: 'cleo', display_name: 'Cleo' } }, ['user: Cleo']],
  ['add_member', { user: { id: 9, name: 'cleo' } }, ['user: cleo']],
  ['handle_report', { report: 5, outcome: 'spoke' }, ['report: 5', 'outcome: spoke']],
  ['create_token', { name: 'bot', expires_ms: 0 }, ['name: bot', 'expires: never']],
  [
    'something_new',
    { some_thing: [1, 'two'], nested: { a_b: 1, c: true }, nothing: null },
    ['some thing: 1 and two', 'nested: a b 1, c yes'],
  ],
  ['unban', {}, []],
]) {
  test(`details of ${verb}: ${want.join('; ') || 'none'}`, () => {
    assert.deepEqual(
      detailsOf({ verb, detail }, moment).map(({ key, value }) => `${key}: ${value}`),
      want,
    );
  });
}

test('what the protocol says is audited has a name in the audit', async () => {
  const readme = await readFile(new URL('../../src/proto/README.md', import.meta.url), 'utf8');
  const audited = [...readme.matchAll(/^\| `(\w+)` \|(?:[^|]*\|){6} yes \|$/gm)].map(([, verb]) => verb);
  assert.ok(audited.length > 20);
  assert.deepEqual(
    audited.filter((verb) => !VERBS[verb]),
    [],
  );
  assert.equal(verbName('something_new'), 'something new');
});

test('settings: by letters of the name, the value or where it comes from', () => {
  const settings = [
    { name: 'signup', value: 'invite', from: 'default' },
    { name: 'allow_guests', value: 'no', from: '--set' },
    { name: 'data_dir', value: '/srv/Hubbub', from: 'environment' },
  ];
  for (const [query, want] of [
    ['', 3],
    ['GUEST', 1],
    ['invite', 1],
    ['hubbub', 1],
    ['--set', 1],
    ['nothing like it', 0],
  ]) {
    assert.equal(settingsLike(settings, query).length, want, query);
  }
});

const report = (fields) => ({
  id: 5,
  room: 2,
  room_name: 'garden',
  seq: 43,
  author: person('member', 8),
  body: 'rude',
  by: person('member', 9),
  reason: '',
  at: NOW,
  ...fields,
});
for (const [fields, facts, want, why] of [
  [
    {},
    { me: person('moderator', 1), room: null },
    { delete: true, mute: true, ban: true },
    'a moderator of the place, of a room that they are not in',
  ],
  [
    { body: '' },
    { me: person('moderator', 1), room: null },
    { delete: false, mute: true, ban: true },
    'what is deleted is not deleted again',
  ],
  [
    { room_name: '' },
    { me: person('admin', 1), room: null },
    { delete: false, mute: false, ban: true },
    'a conversation of others is left alone',
  ],
  [
    {},
    { me: person('member', 1), room: room('moderator') },
    { delete: true, mute: true, ban: false },
    'a moderator of the room alone',
  ],
  [
    {},
    { me: person('moderator', 1), room: null, author: person('admin', 8) },
    { delete: true, mute: false, ban: false },
    'somebody higher',
  ],
  [{}, { me: person('moderator', 8), room: room('member') }, { delete: true, mute: false, ban: false }, 'oneself'],
]) {
  test(`remedies: ${why}`, () => {
    const author = facts.author ?? report(fields).author;
    assert.deepEqual(remediesFor(report(fields), { ...facts, author }), want);
  });
}

test('the outcome begins with what was done, each once', () => {
  assert.equal(outcomeOf([]), '');
  assert.equal(outcomeOf(['deleted the message']), 'Deleted the message.');
  assert.equal(
    outcomeOf(['deleted the message', 'muted Ben for a day', 'deleted the message']),
    'Deleted the message and muted Ben for a day.',
  );
});

test('waiting reports: as many as the server says, from the beginning of a connection on', () => {
  const reports = new WaitingReports();
  let changes = 0;
  reports.observe(() => changes++);
  for (const [frame, label, changed] of [
    [{ type: 'welcome' }, '', 0],
    [{ type: 'welcome', reports_waiting: 2 }, '2', 1],
    [{ type: 'member', change: 'changed', user: person('member') }, '2', 1],
    [{ type: 'reports_waiting', waiting: 1234 }, (1234).toLocaleString(), 2],
    [{ type: 'reports_waiting', waiting: 1234 }, (1234).toLocaleString(), 2],
    [{ type: 'reports_waiting', waiting: 0 }, '', 3],
    [{ type: 'reports_waiting', waiting: 1 }, '1', 4],
    [{ type: 'welcome' }, '', 5],
  ]) {
    reports.receive(frame);
    assert.deepEqual([reports.label, changes], [label, changed], JSON.stringify(frame));
  }
});
