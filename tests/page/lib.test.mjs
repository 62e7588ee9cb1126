import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzyScore } from '../../www/lib/fuzzy.js';
import { randomId } from '../../www/lib/id.js';
import { isolate, said } from '../../www/lib/said.js';
import {
  AVATAR_COLOURS,
  asSent,
  avatarColour,
  initials,
  isBlank,
  isEmojiOnly,
  lineCount,
  listNames,
  utf8Length,
} from '../../www/lib/text.js';
import { dayLabel, dayOf } from '../../www/lib/time.js';

const table = (name, run, rows) => {
  for (const [input, want] of rows) test(`${name}: ${JSON.stringify(input)}`, () => assert.deepEqual(run(input), want));
};

table('initials', initials, [
  ['Anna', 'A'],
  ['anna', 'A'],
  ['Ève Laurent', 'ÈL'],
  ['Jan van der Berg', 'JB'],
  ['k.o_neil', 'KN'],
  ['😀 smile', '😀S'],
  ['李雷', '李'],
  ['---', '?'],
]);

table('emoji only', isEmojiOnly, [
  ['🍅', true],
  ['🍅 🍅\n🍅', true],
  ['👩‍👩‍👧‍👦', true],
  ['👍🏽', true],
  ['🇫🇷', false],
  ['🍅🍅🍅🍅🍅🍅🍅', false],
  ['ok 👍', false],
  ['1', false],
  ['#', false],
  ['', false],
]);

table('bytes', utf8Length, [
  ['abc', 3],
  ['ä', 2],
  ['€', 3],
  ['😀', 4],
]);

table('what is sent', asSent, [
  ['  a\n b \n', 'a\n b'],
  ['a\0b', 'ab'],
  ['\u001b[1ma\tb\r\nc\u007f\u0085d', '[1ma\tb\ncd'],
  ['a\ud800b\udc00', 'a\ufffdb\ufffd'],
  ['😀', '😀'],
  [' \0 ', ''],
]);

table('nothing to see', isBlank, [
  ['', true],
  [' \n\t\u00a0\u3000\u2028', true],
  ['\u200b\u200d\ufeff\u2060\u00ad\u180e\ufe0f', true],
  ['\u2800\u115f\u1160\u3164\uffa0', true],
  ['\u202e\u2066\u{e0020}\u0001', true],
  ['\u200bx', false],
  ['.', false],
  ['\u2801', false],
  ['👍', false],
]);

table('about how many lines', lineCount, [
  ['', 1],
  ['one', 1],
  ['one\n\nthree', 3],
  ['x'.repeat(101), 2],
]);

test('words of people do not turn the words around them', () => {
  assert.equal(said`Ban ${'Anna'} for ${5} days?`, 'Ban Anna for 5 days?');
  assert.equal(said`Ban ${'דני'}?`, 'Ban \u2068דני\u2069?');
  assert.equal(isolate('a\u202eb'), '\u2068ab\u2069');
  assert.equal(listNames(['דני', 'Ben'], 3), '\u2068דני\u2069 and Ben');
});

table('names in a row', (names) => listNames(names, 3), [
  [['Anna'], 'Anna'],
  [['Anna', 'Ben'], 'Anna and Ben'],
  [['Anna', 'Ben', 'Cleo'], 'Anna, Ben and Cleo'],
  [['Anna', 'Ben', 'Cleo', 'Dan'], 'Anna, Ben, Cleo and 1 other'],
  [['Anna', 'Ben', 'Cleo', 'Dan', 'Eve'], 'Anna, Ben, Cleo and 2 others'],
]);

test('an avatar colour stays with the id, and with the name of a visitor', () => {
  assert.equal(avatarColour({ id: 7, name: 'Anna' }), avatarColour({ id: 7, name: 'Anna B' }));
  assert.equal(avatarColour({ id: 0, name: 'visitor-3' }), avatarColour({ id: 0, name: 'visitor-3' }));
  for (const name of ['', 'a', 'visitor-3', '李雷', '😀']) {
    const colour = avatarColour({ id: 0, name });
    assert.ok(Number.isInteger(colour) && colour >= 0 && colour < AVATAR_COLOURS);
  }
});

test('a better match has a higher score', () => {
  const order = ['garden', 'gardening', 'my garden', 'rosegarden', 'great-dane'];
  const scores = order.map((name) => fuzzyScore(name === 'great-dane' ? 'gdn' : 'garden', name));
  assert.deepEqual(
    [...scores].sort((a, b) => b - a),
    scores,
  );
  assert.ok(scores.every((score) => score > 0));
  assert.equal(fuzzyScore('xyz', 'garden'), 0);
  assert.equal(fuzzyScore('nedrag', 'garden'), 0);
  assert.ok(fuzzyScore('', 'garden') > 0);
});

test('ids do not repeat', () => {
  const ids = new Set(Array.from({ length: 1000 }, randomId));
  assert.equal(ids.size, 1000);
  for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
});

test('days have names near by, and dates further off', () => {
  const now = new Date(2026, 5, 15, 0, 5).getTime();
  const minutes = (n) => now + n * 60_000;
  assert.equal(dayLabel(now, now), 'Today');
  assert.equal(dayLabel(minutes(-6), now), 'Yesterday');
  assert.match(dayLabel(minutes(-2 * 24 * 60), now), /13/);
  assert.match(dayLabel(minutes(-400 * 24 * 60), now), /2025/);
  assert.equal(dayOf(now), '2026-06-15');
});

test('yesterday is the day before, also when that day had 23 or 25 hours', () => {
  for (const [month, day] of [
    [2, 29],
    [2, 30],
    [9, 25],
    [9, 26],
  ]) {
    const now = new Date(2026, month, day, 0, 30).getTime();
    const before = new Date(2026, month, day - 1, 0, 30).getTime();
    assert.equal(dayLabel(before, now), 'Yesterday');
  }
});
