import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { may, mayDelete, whyNotWrite } from '../../www/model/permissions.js';
import { RULES } from '../../www/model/verb_rules.js';

const readme = await readFile(new URL('../../src/proto/README.md', import.meta.url), 'utf8');

/** The table "Who may do what", by verb. */
function rulesInReadme() {
  const [section] = readme.slice(readme.indexOf('## Who may do what')).split('\n## Error codes');
  const rows = [...section.matchAll(/^\| `(\w+)` \|([^\n]*)\|$/gm)].map(([, verb, rest]) => [
    verb,
    rest.split('|').map((cell) => cell.trim()),
  ]);
  return Object.fromEntries(
    rows.map(([verb, [anywhere, member, moderator, self, , lower]]) => [
      verb,
      Object.fromEntries(
        Object.entries({ anywhere, member, moderator, self, lower: lower === 'yes' }).filter(([, value]) => value),
      ),
    ]),
  );
}

test('the rules are those of the protocol', () => {
  const columns = Object.entries(RULES).map(([verb, { notInDirect: _, ...rule }]) => [verb, rule]);
  assert.deepEqual(Object.fromEntries(columns), rulesInReadme());
});

const person = (role, id = 7) => ({ id, role });
const open = { kind: 'open', membership: null };
const closed = { kind: 'closed', membership: null };
const inside = (role, kind = 'open') => ({ kind, membership: { role } });

const cases = [
  ['send', person('guest'), open, true, 'guests count as members of open rooms'],
  ['send', person('member'), open, false, 'an account has to join'],
  ['send', person('member'), inside('member'), true],
  ['send', person('owner'), closed, false, 'nobody writes where they do not belong'],
  ['edit_room', person('member'), inside('member'), false],
  ['edit_room', person('member'), inside('moderator'), true],
  ['edit_room', person('moderator'), open, true],
  ['edit_room', person('moderator'), closed, false, 'not from outside'],
  ['edit_room', person('admin'), closed, true],
  ['edit_room', person('owner'), inside('member', 'direct'), false, 'nobody manages a direct conversation'],
  ['add_member', person('member'), inside('member'), true],
  ['add_member', person('member'), open, false, 'others'],
  ['add_member', person('member'), inside('member', 'direct'), false],
  ['set_room_role', person('moderator'), inside('member'), false],
  ['set_room_role', person('member'), inside('moderator'), true],
  ['create_room', person('guest'), null, false],
  ['create_room', person('member'), null, true],
  ['mark_unread', person('guest'), open, false],
  ['mark_unread', person('member'), inside('member'), true],
  ['report', person('guest'), open, true],
  ['report', person('visitor'), open, false],
  ['people', person('guest'), null, false],
  ['audit', person('moderator'), null, false],
  ['send', null, open, false, 'nobody'],
];
for (const [verb, me, room, want, why = ''] of cases) {
  test(`${verb}: ${me?.role} ${room ? `in ${room.kind} as ${room.membership?.role ?? 'nobody'}` : ''} ${why}`, () => {
    assert.equal(may(verb, { me, room }), want);
  });
}

const about = [
  ['remove_member', person('member'), inside('moderator'), person('member', 8), true],
  [
    'remove_member',
    person('member'),
    inside('moderator'),
    person('moderator', 8),
    false,
    'ranks like a moderator of the place',
  ],
  ['remove_member', person('moderator'), open, person('member', 8), true],
  ['remove_member', person('moderator'), open, person('admin', 8), false],
  ['remove_member', person('member'), inside('member'), person('member', 8), false],
  ['remove_member', person('member'), inside('member'), person('member', 7), true, 'oneself'],
  ['add_member', person('member'), open, person('member', 7), true, 'oneself'],
  ['mute', person('admin'), inside('member'), person('admin', 8), false],
  ['mute', person('owner'), inside('member'), person('owner', 8), true, 'an owner outranks all'],
  ['mute', person('member'), inside('moderator'), person('guest', 8), true],
  ['ban', person('moderator'), null, person('member', 8), true],
  ['ban', person('moderator'), null, person('moderator', 8), false],
  ['set_room_role', person('admin'), open, person('owner', 8), true, 'not about lower roles only'],
];
for (const [verb, me, room, target, want, why = ''] of about) {
  test(`${verb} ${target.id === me.id ? 'oneself' : target.role}: ${me.role} as ${room?.membership?.role ?? 'nobody'} ${why}`, () => {
    assert.equal(may(verb, { me, room, target }), want);
  });
}

test('whose messages may be deleted', () => {
  const facts = (role, room) => ({ me: person(role), room });
  assert.equal(mayDelete({ id: 7 }, facts('guest', open)), true);
  assert.equal(mayDelete({ id: 7 }, facts('member', inside('member', 'direct'))), true);
  assert.equal(mayDelete({ id: 8 }, facts('member', inside('member'))), false);
  assert.equal(mayDelete({ id: 8 }, facts('member', inside('moderator'))), true);
  assert.equal(mayDelete({ id: 8 }, facts('moderator', open)), true);
  assert.equal(mayDelete({ id: 8 }, facts('owner', inside('member', 'direct'))), false);
});

test('what keeps one from writing', () => {
  const room = (more) => ({ archived: false, locked: false, ...inside('member'), ...more });
  const member = person('member');
  assert.equal(whyNotWrite(room({}), member), null);
  assert.equal(whyNotWrite(room({ archived: true, membership: null }), member), 'archived');
  assert.equal(whyNotWrite(room({ membership: null }), member), 'not_a_member');
  assert.equal(whyNotWrite(room({ locked: true }), member), 'locked');
  assert.equal(whyNotWrite(room({ locked: true }), person('moderator')), null);
  assert.equal(whyNotWrite(room({ kind: 'announcement' }), member), 'announcement');
  assert.equal(whyNotWrite(room({ kind: 'announcement', membership: { role: 'moderator' } }), member), null);
  assert.equal(whyNotWrite(room({ membership: null }), person('guest')), null);
});
