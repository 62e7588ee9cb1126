import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GRACE_MS, connectionStatus } from '../../www/model/connection_status.js';
import { LONGEST_MS, SHORTEST_MS, causeOfAnswer, causeOfClose, delayBefore } from '../../www/model/reconnect.js';

const closes = [
  [{ code: 1006, welcomed: true, bye: false }, 'lost'],
  [{ code: 1006, welcomed: false, bye: false }, 'unreachable'],
  [{ code: 1001, welcomed: true, bye: false }, 'lost'],
  [{ code: 1012, welcomed: true, bye: false }, 'restart'],
  [{ code: 1006, welcomed: true, bye: true }, 'restart'],
  [{ code: 1008, welcomed: true, bye: false }, 'flood'],
  [{ code: 1013, welcomed: true, bye: false }, 'slow'],
  [{ code: 1011, welcomed: true, bye: false }, 'failed'],
  [{ code: 1009, welcomed: true, bye: false }, 'too_big'],
];
for (const [end, want] of closes) {
  test(`close ${JSON.stringify(end)} means ${want}`, () => assert.equal(causeOfClose(end), want));
}

/** [what an HTTP answer says, what it means] */
const answers = [
  [{ status: 503, code: 'starting' }, 'restart'],
  [{ status: 503, code: 'shutting_down' }, 'restart'],
  [{ status: 503, code: 'too_many' }, 'full'],
  [{ status: 429, code: 'too_many' }, 'crowded'],
  [{ status: 502, code: 'http_502' }, 'unreachable'],
  [{ status: 0, code: 'http_0' }, 'unreachable'],
];
for (const [answer, want] of answers) {
  test(`an answer ${JSON.stringify(answer)} means ${want}`, () => assert.equal(causeOfAnswer(answer), want));
}

test('every wait is between half a second and thirty, and spread', () => {
  for (let attempt = 0; attempt < 40; attempt++) {
    const [least, middle, most] = [0, 0.5, 1].map((random) =>
      delayBefore({ attempt, cause: 'lost', random, asked_ms: null }),
    );
    assert.equal(least, SHORTEST_MS);
    assert.ok(middle > least && middle < most && most <= LONGEST_MS);
    if (attempt > 5) assert.equal(most, LONGEST_MS);
  }
});

test('what the server asks for is done, within reason', () => {
  const wait = (asked_ms) => delayBefore({ attempt: 9, cause: 'restart', random: 1, asked_ms });
  assert.equal(wait(0), 0);
  assert.equal(wait(1200), 1200);
  assert.equal(wait(-5), 0);
  assert.equal(wait(1e9), LONGEST_MS);
});

const now = 1_000_000;
const bad = {
  state: 'waiting',
  cause: 'lost',
  downSince: now - GRACE_MS,
  retryAt: now + 2_500,
  online: true,
  queued: 0,
  now,
};

test('a short drop shows nothing', () => {
  assert.equal(connectionStatus({ ...bad, downSince: null }), null);
  assert.equal(connectionStatus({ ...bad, downSince: now - GRACE_MS + 1 }), null);
  assert.notEqual(connectionStatus(bad), null);
});

test('some causes show at once', () => {
  for (const cause of ['flood', 'full', 'crowded'])
    assert.notEqual(connectionStatus({ ...bad, cause, downSince: now }), null);
});

test('every cause has its own words', () => {
  const causes = ['lost', 'unreachable', 'restart', 'flood', 'slow', 'crowded', 'full', 'too_big', 'failed', null];
  assert.equal(new Set(causes.map((cause) => connectionStatus({ ...bad, cause }).text)).size, causes.length);
  assert.match(connectionStatus({ ...bad, online: false }).text, /offline/);
});

test('the text does not change from second to second, nor from try to try', () => {
  const texts = [{}, { now: now + 1000 }, { state: 'connecting' }].map(
    (change) => connectionStatus({ ...bad, ...change }).text,
  );
  assert.equal(new Set(texts).size, 1);
});

test('the countdown is whole seconds, and only while waiting', () => {
  assert.equal(connectionStatus(bad).progress, 'Retrying in 3 s.');
  assert.equal(connectionStatus({ ...bad, retryAt: now - 10 }).progress, 'Retrying in 0 s.');
  assert.equal(connectionStatus({ ...bad, state: 'connecting' }).progress, 'Retrying now…');
});

test('says how much is waiting', () => {
  assert.doesNotMatch(connectionStatus(bad).text, /message/);
  assert.match(connectionStatus({ ...bad, queued: 1 }).text, / 1 message waiting\.$/);
  assert.match(connectionStatus({ ...bad, queued: 2 }).text, / 2 messages waiting\.$/);
});

test('connected, but not yet caught up', () => {
  assert.match(connectionStatus({ ...bad, state: 'open' }).text, /Catching up/);
  assert.equal(connectionStatus({ ...bad, state: 'stopped' }), null);
});
