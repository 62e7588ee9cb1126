import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceName } from '../../www/lib/device.js';
import { STATUS_CHOICES, TOKEN_CHOICES, untilOf } from '../../www/lib/durations.js';
import { relativeTime } from '../../www/lib/time.js';
import {
  checkDisplayName,
  checkPassword,
  checkUserName,
  fieldOfAccount,
  problemOf,
  problemsIn,
  problemsOf,
} from '../../www/model/form.js';

const RULES = [
  ['place', { missing: 'Enter a name.', maxBytes: 8 }],
  ['nickname', {}],
  ['password', { missing: 'Choose a password.', check: checkPassword }],
  ['agree', {}],
];
for (const [what, values, want] of [
  ['all well', { place: 'Garden', nickname: '', password: 'correct horse', agree: false }, []],
  [
    'all that is missing',
    { place: '', nickname: '', password: '' },
    [
      { field: 'place', message: 'Enter a name.' },
      { field: 'password', message: 'Choose a password.' },
    ],
  ],
  [
    'a field that is not there counts as empty',
    { place: 'Garden' },
    [{ field: 'password', message: 'Choose a password.' }],
  ],
  [
    'bytes are counted, not letters',
    { place: 'Gärtnerei', password: 'short' },
    [
      { field: 'place', message: '2 characters too long.' },
      { field: 'password', message: 'Too short: at least 10 characters.' },
    ],
  ],
  [
    'one too many',
    { place: 'Gartenbau', password: 'correct horse' },
    [{ field: 'place', message: '1 character too long.' }],
  ],
]) {
  test(`form: ${what}`, () => assert.deepEqual(problemsIn(RULES, values), want));
}

for (const [password, name, ok] of [
  ['correct horse', 'anna', true],
  ['ninechars', 'anna', false],
  ['😀😀😀😀😀😀😀😀😀😀', 'anna', true],
  ['annabergannaberg', 'AnnabergAnnaberg', false],
  ['annabergannaberg', undefined, true],
]) {
  test(`password: ${password} of ${name}`, () => assert.equal(checkPassword(password, { name }) === undefined, ok));
}

for (const [name, ok] of [
  ['anna.berg', true],
  ['Ève_2-x', true],
  ['李雷', true],
  ['anna berg', false],
  ['a@b', false],
  ['a\u200bb', false],
  ['😀', false],
  ['x'.repeat(32), true],
  ['x'.repeat(33), false],
]) {
  test(`user name: ${JSON.stringify(name)}`, () => assert.equal(checkUserName(name) === undefined, ok));
}

test('a refusal goes to the field that its code names, and else to the form', () => {
  const refusal = { type: 'error', code: 'name_taken', message: 'Somebody has that name.' };
  assert.deepEqual(problemOf(refusal, { name_taken: 'name' }), { field: 'name', message: 'Somebody has that name.' });
  assert.deepEqual(problemOf(refusal, {}), { field: null, message: 'Somebody has that name.' });
  assert.equal(problemOf(null, { name_taken: 'name' }).field, null);
});

test('all faults that a refusal names go to their fields, and to the form when it has no such field', () => {
  const faults = [
    { field: 'invite', code: 'not_found', message: 'It has expired.' },
    { field: 'name', code: 'name_taken', message: 'Somebody has that name.' },
    { field: 'password', code: 'invalid', message: 'That password is too common.' },
  ];
  const has = (field) => field !== 'invite';
  assert.deepEqual(problemsOf({ code: 'not_found', message: 'It has expired.', faults }, fieldOfAccount, has), [
    { field: null, message: 'It has expired.' },
    { field: 'name', message: 'Somebody has that name.' },
    { field: 'password', message: 'That password is too common.' },
  ]);
  const alone = { code: 'name_taken', message: 'Somebody has that name.', faults: [] };
  assert.deepEqual(problemsOf(alone, fieldOfAccount, has), [problemOf(alone, fieldOfAccount)]);
});

test('what is wrong with a new account goes to its name or its password', () => {
  const invalid = (message) => problemOf({ type: 'error', code: 'invalid', message }, fieldOfAccount).field;
  assert.equal(invalid('That password is too common. Choose another.'), 'password');
  assert.equal(invalid('Names that start with guest- are reserved.'), 'name');
  assert.equal(problemOf({ code: 'name_taken', message: '' }, fieldOfAccount).field, 'name');
  assert.equal(problemOf({ code: 'rate_limited', message: '' }, fieldOfAccount).field, null);
});

test('a display name may be of any letters, but not of many', () => {
  assert.equal(checkDisplayName('Ève Laurent 🌱'), undefined);
  assert.equal(checkDisplayName('😀'.repeat(32)), undefined);
  assert.match(checkDisplayName('😀'.repeat(33)), /32/);
});

test('every choice of an end has a meaning, and those that end, end later', () => {
  const now = new Date(2026, 4, 13, 15, 30).getTime(); /* a Wednesday */
  for (const { value } of [...STATUS_CHOICES, ...TOKEN_CHOICES]) {
    const until = untilOf(value, now);
    assert.ok(value === 'never' ? until === 0 : until > now, value);
  }
  assert.equal(untilOf('30min', now) - now, 30 * 60_000);
  assert.equal(untilOf('90d', now) - now, 90 * 86_400_000);
  assert.equal(untilOf('today', now), new Date(2026, 4, 14).getTime());
  assert.equal(untilOf('week', now), new Date(2026, 4, 18).getTime(), 'the Monday after');
  assert.equal(
    untilOf('week', new Date(2026, 4, 17, 23).getTime()),
    new Date(2026, 4, 18).getTime(),
    'also on a Sunday',
  );
  assert.equal(untilOf('week', new Date(2026, 4, 18, 1).getTime()), new Date(2026, 4, 25).getTime(), 'and on a Monday');
});

for (const [agent, want] of [
  ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
    'Safari on Mac',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1',
    'Safari on iPhone',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36',
    'Chrome on Android',
  ],
  ['curl/8.5.0', 'curl'],
  ['', 'Unknown device'],
  ['<script>', 'Unknown device'],
]) {
  test(`device: ${want}, ${agent.slice(0, 30)}`, () => assert.equal(deviceName(agent), want));
}

test('moments near by are said as a distance, others as a date', () => {
  const now = new Date(2026, 5, 15, 12).getTime();
  const ago = (seconds) => relativeTime(now - seconds * 1000, now);
  const en = (unit, n) => new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(n, unit);
  assert.deepEqual([ago(0), ago(44), ago(-10)], ['just now', 'just now', 'in a moment']);
  assert.equal(ago(45), en('minute', -1));
  assert.equal(ago(59 * 60), en('minute', -59));
  assert.equal(ago(59.6 * 60), en('hour', -1), 'not sixty minutes');
  assert.equal(ago(-(30 * 86_400 - 5)), en('day', 30), 'what was just said to last thirty days');
  assert.equal(ago(3_600), en('hour', -1));
  assert.equal(ago(25 * 3_600), en('day', -1));
  assert.equal(ago(-3 * 86_400), en('day', 3));
  assert.match(ago(40 * 86_400), /2026/);
});
