import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PAUSE_CHOICES, SHORT_MUTE_CHOICES, untilOf, untilWords } from '../../www/lib/durations.js';

const at = (day, hour, minute = 0) => new Date(2026, 5, day, hour, minute).getTime();

const cases = [
  ['10min', at(15, 12), at(15, 12, 10)],
  ['1h', at(15, 23, 30), at(16, 0, 30)],
  ['8h', at(15, 12), at(15, 20)],
  ['1d', at(15, 12), at(16, 12)],
  ['morning', at(15, 23), at(16, 8)],
  ['morning', at(16, 3), at(16, 8)],
  ['morning', at(16, 8), at(17, 8)],
  ['morning', at(30, 20), at(31, 8)],
];
for (const [choice, now, want] of cases) {
  test(`${choice} at ${new Date(now).toTimeString().slice(0, 5)}`, () => assert.equal(untilOf(choice, now), want));
}

test('every choice that is offered ends some time after now, the last one beyond all days', () => {
  const now = at(15, 12);
  for (const { value } of [...PAUSE_CHOICES, ...SHORT_MUTE_CHOICES]) assert.ok(untilOf(value, now) > now, value);
  assert.equal(untilWords(untilOf('always', now), now), 'until you turn them back on');
  assert.match(untilWords(at(15, 15, 30), now), /^until \d+:30/);
  assert.match(untilWords(at(16, 8), now), /^until .*(?:16|Jun)/);
});
