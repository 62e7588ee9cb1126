import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayOf } from '../../www/lib/time.js';
import { noticeOf, summaryOf } from '../../www/model/notices.js';
import { rowsOf } from '../../www/model/rows.js';
import { message } from './lib/fakes.mjs';

const NOON = new Date(2026, 5, 15, 12).getTime();
const [anna, ben, cleo, dora] = ['Anna', 'Ben', 'Cleo', 'Dora'].map((name, index) => ({ id: 7 + index, name }));
const nameOf = ({ name }) => name;
const at = (seq) => ({ room: 1, seq, at: NOON + seq * 1000 });
const came = (seq, type, actor) => ({ type, ...at(seq), actor });
const brought = (seq, type, actor, user) => ({ type, ...at(seq), actor, user });

const summaries = [
  [[came(1, 'joined', anna)], 'Anna joined'],
  [[came(1, 'joined', anna), came(2, 'joined', ben)], 'Anna and Ben joined'],
  [[anna, ben, cleo, dora].map((who, index) => came(index, 'joined', who)), 'Anna and 3 others joined'],
  [[came(1, 'joined', anna), came(2, 'left', ben), came(3, 'joined', cleo)], 'Anna and Cleo joined, Ben left'],
  [[came(1, 'joined', anna), came(2, 'left', anna), came(3, 'joined', anna)], 'Anna joined, Anna left'],
  [[brought(1, 'added', anna, ben), brought(2, 'added', anna, cleo)], 'Anna added Ben and Cleo'],
  [[brought(1, 'added', anna, ben), brought(2, 'added', dora, cleo)], 'Anna added Ben, Dora added Cleo'],
  [[brought(1, 'added', anna, ben), brought(2, 'removed', anna, ben)], 'Anna added Ben, Anna removed Ben'],
];
for (const [events, want] of summaries) test(`people: ${want}`, () => assert.equal(summaryOf(events, nameOf), want));

const cases = [
  [{ type: 'renamed', name: 'foyer' }, 'renamed this room to foyer'],
  [{ type: 'archived' }, 'archived this room'],
  [{ type: 'unarchived' }, 'unarchived this room'],
  [{ type: 'deleted', target: 4 }, 'deleted an earlier message'],
  [brought(1, 'removed', anna, ben), 'removed Ben'],
  [{ type: 'changed', topic: 'Seeds' }, 'changed the topic to “Seeds”'],
  [{ type: 'changed', topic: '' }, 'removed the topic'],
  [
    { type: 'changed', slow_s: 30, locked: true },
    'turned on slow mode: one message every 30 seconds and locked this room: only moderators can post',
  ],
  [{ type: 'changed', slow_s: 0, locked: false }, 'turned off slow mode and unlocked this room'],
  [
    { type: 'changed', kind: 'closed', history: 'joined' },
    'made this room private: members only and limited history for new members to messages after they join',
  ],
  [{ type: 'changed' }, 'changed this room'],
];
for (const [event, want] of cases) test(`one event: ${want}`, () => assert.equal(noticeOf(event, nameOf), want));

function rows(events, more = {}) {
  return rowsOf({ events, pending: [], dividerSeq: null, me: anna, nameOf, dayOf, hasArrived: () => false, ...more });
}

/** "day B people(2) b": as in rows.test.mjs, with how many events a line of people holds. */
function sketch(made) {
  return made
    .map((row) => {
      if (row.kind === 'people') return `people(${row.events.length})`;
      if (row.kind !== 'message') return row.kind;
      const letter = row.gone?.[0] ?? row.author.name[0];
      return row.opensGroup ? letter.toUpperCase() : letter.toLowerCase();
    })
    .join(' ');
}

const said = (seq, author, more = {}) => ({ ...message(seq, { author }), at: NOON + seq * 1000, ...more });
const deletion = (seq, target) => ({ type: 'deleted', ...at(seq), actor: ben, target });

const groupings = [
  [
    [came(1, 'joined', ben), came(2, 'joined', cleo), brought(3, 'added', anna, dora)],
    'day people(3)',
    'one after another: one line',
  ],
  [[came(1, 'joined', ben), said(2, ben), came(3, 'left', ben)], 'day people(1) B people(1)', 'a message between'],
  [
    [came(1, 'joined', ben), { type: 'archived', ...at(2), actor: ben }, came(3, 'left', ben)],
    'day people(1) notice people(1)',
    'another notice between',
  ],
  [
    [came(1, 'joined', ben), { ...came(2, 'left', ben), at: NOON + 86_400_000 }],
    'day people(1) day people(1)',
    'another day',
  ],
  [[said(1, ben), came(2, 'joined', cleo), said(3, ben)], 'day B people(1) B', 'it ends a group of messages'],
  [
    [said(1, ben), said(2, ben, { deleted: true, body: '' }), said(3, ben)],
    'day B D B',
    'a deleted message ends one too',
  ],
  [[said(1, ben, { hidden: true }), said(2, ben, { hidden: true })], 'day H H', 'and a hidden one'],
  [[said(2, ben), deletion(3, 2)], 'day B', 'a deletion shows at its message'],
  [[said(2, ben), deletion(3, 1)], 'day B notice', 'or as a line, when that is not here'],
  [
    [came(1, 'joined', ben), deletion(2, 1), came(3, 'joined', cleo)],
    'day people(2)',
    'a deletion between does not part',
  ],
];
for (const [events, want, why] of groupings) test(`rows: ${why}`, () => assert.equal(sketch(rows(events)), want));

test('the "new" line parts those who came before from those who came after', () => {
  const events = [came(1, 'joined', ben), came(2, 'joined', cleo), came(3, 'joined', dora)];
  assert.equal(sketch(rows(events, { dividerSeq: 1 })), 'day people(1) new people(2)');
});

test('a line of people is known by its last event, whatever is loaded above', () => {
  const events = [came(1, 'joined', ben), came(2, 'joined', cleo), came(3, 'joined', dora)];
  const keyOf = (from) => rows(events.slice(from)).find(({ kind }) => kind === 'people').key;
  assert.deepEqual([keyOf(2), keyOf(1), keyOf(0)], ['seq 3', 'seq 3', 'seq 3']);
});

test('whom one has blocked is folded away and neither announced nor a mention', () => {
  const events = [said(1, ben, { body: '@anna' }), said(2, cleo, { body: '@anna' })];
  const made = rows(events, {
    hasArrived: () => true,
    isMention: () => true,
    goneOf: ({ author }) => (author.id === ben.id ? 'blocked' : null),
  }).slice(1);
  assert.deepEqual(
    made.map(({ gone, announced, mentionsMe }) => [gone, announced, mentionsMe]),
    [
      ['blocked', false, false],
      [null, true, true],
    ],
  );
});
