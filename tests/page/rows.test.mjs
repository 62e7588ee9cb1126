import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayOf } from '../../www/lib/time.js';
import { GROUP_MS, rowsOf } from '../../www/model/rows.js';
import { message } from './lib/fakes.mjs';

const NOON = new Date(2026, 5, 15, 12).getTime();
const anna = { id: 7, name: 'Anna' };
const ben = { id: 8, name: 'Ben' };

function rows(events, more = {}) {
  return rowsOf({
    events,
    pending: [],
    dividerSeq: null,
    me: anna,
    nameOf: ({ name }) => name,
    dayOf,
    hasArrived: () => false,
    ...more,
  });
}

/** "day B b A" : a day, Ben opening a group, Ben in it, Anna opening one. */
function sketch(made) {
  return made
    .map((row) => {
      if (row.kind !== 'message') return row.kind;
      return row.opensGroup ? row.author.name[0] : row.author.name[0].toLowerCase();
    })
    .join(' ');
}

const said = (seq, author, minutes, more = {}) => ({
  ...message(seq, { author, ...more }),
  at: NOON + minutes * 60_000,
});

const groupings = [
  [[said(1, ben, 0), said(2, ben, 1), said(3, ben, 2)], 'day B b b', 'one author, close together'],
  [[said(1, ben, 0), said(2, anna, 1), said(3, ben, 2)], 'day B A B', 'another author between'],
  [[said(1, ben, 0), said(2, ben, 5)], 'day B B', 'five minutes later'],
  [[said(1, ben, 0), { ...said(2, ben, 0), at: NOON + GROUP_MS - 1 }], 'day B b', 'just under five minutes'],
  [[said(1, ben, 0), said(2, ben, 4), said(3, ben, 8)], 'day B b b', 'each within five minutes of the one before'],
  [[said(1, ben, 0), said(2, ben, 1, { reply_to: 1 }), said(3, ben, 2)], 'day B B b', 'a reply opens a group'],
  [[said(1, ben, 12 * 60 - 1), said(2, ben, 12 * 60)], 'day B day B', 'midnight between'],
  [[said(1, ben, 0), said(2, ben, -1)], 'day B b', 'a clock that was set back does not matter'],
  [
    [
      said(1, ben, 0),
      { type: 'renamed', room: 1, seq: 2, actor: { id: 0, name: 'admin' }, at: NOON + 1, name: 'foyer' },
      said(3, ben, 1),
    ],
    'day B notice B',
    'a notice between',
  ],
  [
    [said(1, ben, 0), { type: 'pinned', room: 1, seq: 2, at: NOON }, said(3, ben, 1)],
    'day B b',
    'an unknown event is not to be seen',
  ],
  [[], '', 'nothing'],
];
for (const [events, want, why] of groupings) {
  test(`groups: ${why}`, () => assert.equal(sketch(rows(events)), want));
}

test('equal times keep the order of the numbers', () => {
  const made = rows([said(1, ben, 0), said(2, anna, 0), said(3, ben, 0), said(4, ben, 0)]);
  assert.deepEqual(
    made.slice(1).map(({ seq }) => seq),
    [1, 2, 3, 4],
  );
});

test('the "new" line stands before the first event after it, and opens a group', () => {
  const events = [said(1, ben, 0), said(2, ben, 1), said(3, ben, 2)];
  assert.equal(sketch(rows(events, { dividerSeq: 1 })), 'day B new B b');
  assert.equal(sketch(rows(events, { dividerSeq: 0 })), 'day new B b b');
  assert.equal(sketch(rows(events, { dividerSeq: 3 })), 'day B b b', 'nothing is new');
});

test('the "new" line is not there when its place is not', () => {
  const events = [said(11, ben, 0), said(12, ben, 1)];
  assert.equal(sketch(rows(events, { dividerSeq: 4, hasOlder: true })), 'day B b');
  assert.equal(sketch(rows(events, { dividerSeq: 10, hasOlder: true })), 'day new B b');
  assert.equal(sketch(rows(events, { dividerSeq: 4, hasOlder: false })), 'day new B b', 'nothing older is left');
});

test('the "new" line comes after the day when both fall together', () => {
  const events = [said(1, ben, 0), said(2, ben, 12 * 60)];
  assert.equal(sketch(rows(events, { dividerSeq: 1 })), 'day B day new B');
});

test('what is being sent stands at the end, in its order, and joins the group', () => {
  const pending = ['waiting', 'failed', 'sending'].map((state, index) => ({
    id: `id${index}`,
    room: 1,
    body: `pending ${index}`,
    at: NOON + 60_000,
    state,
    seq: null,
    code: null,
    reason: state === 'failed' ? 'The disk is full.' : null,
  }));
  const made = rows([said(1, anna, 0)], { pending });
  assert.equal(sketch(made), 'day A a a A', 'a failed one ends its group, for its buttons');
  assert.deepEqual(
    made.slice(1).map(({ state }) => state),
    ['sent', 'waiting', 'failed', 'sending'],
  );
  assert.equal(made[3].reason, 'The disk is full.');
});

test('a message keeps its key when it turns from pending into sent', () => {
  const item = { id: 'abc', room: 1, body: 'hi', at: NOON, state: 'sending', seq: null, code: null, reason: null };
  const [, before] = rows([], { pending: [item] });
  const [, after] = rows([said(9, anna, 0, { id: 'abc' })]);
  assert.equal(before.key, after.key);
  const [, other] = rows([said(9, ben, 0, { id: 'abc' })]);
  assert.notEqual(other.key, after.key, 'another person may use the same id');
});

test('only what arrived from others is announced', () => {
  const made = rows([said(1, ben, 0), said(2, anna, 0), said(3, ben, 0)], { hasArrived: (event) => event.seq > 1 });
  assert.deepEqual(
    made.slice(1).map(({ announced }) => announced),
    [false, false, true],
  );
});

test('authors have the name that they have now', () => {
  const [, row] = rows([said(1, ben, 0)], { nameOf: ({ id, name }) => (id === 8 ? 'Benjamin' : name) });
  assert.equal(row.author.name, 'Benjamin');
});
