import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unread } from '../../www/model/unread.js';

const unknown = () => null;
/** The events of these numbers are messages, and all are here. */
const here =
  (seqs, mentions = []) =>
  (after, upTo) => ({
    messages: seqs.filter((seq) => seq > after && seq <= upTo).length,
    mentions: mentions.filter((seq) => seq > after && seq <= upTo).length,
  });
const of = ({ readSeq, messages, mentions }) => [readSeq, messages, mentions];

function unreadOf(readSeq, messages, mentions, toSeq) {
  const unread = new Unread();
  unread.sync({ readSeq, messages, mentions, toSeq });
  return unread;
}

test("by the server's count, and then by what arrives", () => {
  const unread = unreadOf(10, 3, 1, 15);
  unread.arrived(14);
  assert.deepEqual(of(unread), [10, 3, 1], 'a replay of what was counted');
  unread.arrived(16);
  unread.arrived(17, true);
  assert.deepEqual(of(unread), [10, 5, 2]);
  unread.sync({ messages: 5, mentions: 2, toSeq: 17 });
  assert.deepEqual(of(unread), [10, 5, 2], 'the server agrees');
  unread.sync({ messages: 4, mentions: 1, toSeq: 16 });
  unread.arrived(17);
  assert.deepEqual(of(unread), [10, 5, 1]);
});

const readings = [
  [17, unknown, [17, 0, 0], 'all of it'],
  [16, unknown, [16, 1, 1], 'all that the server counted'],
  [15, unknown, [15, 1, 1], 'up to where the server counted'],
  [12, here([11, 12, 13, 14, 15]), [12, 4, 1], 'a part, which is all here: counted anew'],
  [
    12,
    (after, upTo) => (upTo <= 12 ? here([11, 12])(after, upTo) : null),
    [12, 2, 2],
    'a part, whose beginning is here: by so many less',
  ],
  [12, unknown, [12, 4, 2], 'a part that is not here: as it was, until the server says'],
  [10, unknown, [10, 4, 2], 'nothing new'],
  [4, unknown, [10, 4, 2], 'never back'],
];
for (const [seq, count, want, why] of readings) {
  test(`reading: ${why}`, () => {
    const unread = unreadOf(10, 3, 1, 15);
    unread.arrived(17, true);
    assert.equal(unread.read(seq, count), want[0] > 10);
    assert.deepEqual(of(unread), want);
  });
}

test('marking unread: counted anew, what is not here at least once', () => {
  const unread = unreadOf(15, 0, 0, 15);
  unread.readBack(12, 15, here([11, 13, 14, 15], [14]));
  assert.deepEqual(of(unread), [12, 3, 1]);
  unread.readBack(3, 15, unknown);
  assert.deepEqual(of(unread), [3, 3, 1]);
  const other = unreadOf(15, 0, 0, 15);
  other.readBack(3, 15, unknown);
  assert.equal(other.messages, 1);
});

test('what is left out by a reset keeps the count, and what comes behind it is counted', () => {
  const unread = unreadOf(10, 3, 1, 15);
  unread.arrived(16);
  unread.skipped(2000);
  assert.deepEqual(of(unread), [10, 4, 1]);
  unread.arrived(2000);
  unread.arrived(2001);
  assert.deepEqual(of(unread), [10, 5, 1]);
});

test('a deleted message counts no longer, and only once it did', () => {
  const unread = unreadOf(10, 3, 1, 15);
  unread.arrived(16, true);
  unread.arrived(17);
  unread.gone(16, true);
  assert.deepEqual(of(unread), [10, 4, 1], 'one that arrived here');
  unread.gone(12, true);
  assert.deepEqual(of(unread), [10, 3, 0], 'one that the server counted');
  unread.gone(9, true);
  unread.gone(16, true);
  assert.deepEqual(of(unread), [10, 3, 0], 'read before, or gone');
});
