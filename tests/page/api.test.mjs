import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { isRefusal, reasonOf } from '../../www/lib/refusal.js';
import * as api from '../../www/net/api.js';

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

/** Answers every request, and keeps what was asked. */
function serverThat(answer) {
  const asked = [];
  globalThis.fetch = async (path, options) => {
    asked.push({ path, ...options });
    if (answer instanceof Error) throw answer;
    const { status = 200, body } = answer;
    return new Response(body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body), { status });
  };
  return asked;
}

test('a call is a POST of JSON, without fields that are not given', async () => {
  const asked = serverThat({ body: { user: { id: 7, name: 'anna' } } });
  const user = await api.signUp({ name: 'anna', password: 'x', invite: undefined });
  assert.equal(user.id, 7);
  const [{ path, method, headers, body }] = asked;
  assert.deepEqual([path, method, headers['Content-Type']], ['/api/v1/sign_up', 'POST', 'application/json']);
  assert.deepEqual(JSON.parse(body), { name: 'anna', password: 'x' });
});

test('an answer without content is null', async () => {
  serverThat({ status: 204 });
  assert.equal(await api.signOut(), null);
});

test('the code of an invitation cannot leave its place in the address', async () => {
  const asked = serverThat({ body: { invite: { valid: false } } });
  assert.deepEqual(await api.invite('a&b=c/../#'), { valid: false });
  assert.equal(asked[0].path, '/api/v1/invite?code=a%26b%3Dc%2F..%2F%23');
});

for (const [what, answer, status, code, message, retryAfterMs] of [
  [
    'a refusal',
    { status: 409, body: { error: { code: 'name_taken', message: 'Taken.' } } },
    409,
    'name_taken',
    'Taken.',
    null,
  ],
  [
    'one that asks for patience',
    { status: 429, body: { error: { code: 'rate_limited', message: 'Slow.', retry_after_ms: 9000 } } },
    429,
    'rate_limited',
    'Slow.',
    9000,
  ],
  [
    "a proxy's page",
    { status: 502, body: '<html>' },
    502,
    'http_502',
    'Unexpected answer from the server (502).',
    null,
  ],
  [
    'no answer',
    new TypeError('fetch failed'),
    0,
    'unreachable',
    "Can't reach the server. Try again in a moment.",
    null,
  ],
]) {
  test(`errors: ${what}`, async () => {
    serverThat(answer);
    await assert.rejects(api.call('rename', { name: 'x' }), (error) => {
      assert.ok(error instanceof api.ApiError);
      assert.deepEqual(
        [error.status, error.code, error.message, error.retryAfterMs],
        [status, code, message, retryAfterMs],
      );
      return true;
    });
  });
}

for (const [what, error, code, message] of [
  ['over HTTP', new api.ApiError(403, { code: 'forbidden', message: 'No.' }), 'forbidden', 'No.'],
  [
    'over the connection',
    { type: 'error', id: 'r1', code: 'not_found', message: 'No such room.' },
    'not_found',
    'No such room.',
  ],
  [
    'a long wait',
    { type: 'error', code: 'rate_limited', message: 'Wait.', retry_after_ms: 61_000 },
    'rate_limited',
    'Wait. (61 seconds)',
  ],
  [
    'a very long wait',
    new api.ApiError(429, { code: 'rate_limited', message: 'Wait.', retry_after_ms: 600_000 }),
    'rate_limited',
    'Wait. (10 minutes)',
  ],
  ['a blink', { type: 'error', code: 'rate_limited', message: 'Wait.', retry_after_ms: 180 }, 'rate_limited', 'Wait.'],
  ['no connection', null, 'unreachable', "You're not connected right now. Try again in a moment."],
  ['anything', new Error('Write something.'), 'failed', 'Write something.'],
  ['nothing', undefined, 'failed', 'Something went wrong.'],
]) {
  test(`reasons: ${what}`, () => {
    const reason = reasonOf(error);
    assert.deepEqual([reason.code, reason.message], [code, message]);
  });
}

test('a refusal is known by its code', () => {
  assert.ok(isRefusal({ code: 'not_found', message: '' }, 'not_found'));
  for (const other of [null, undefined, 'not_found', {}, new Error('not_found'), { code: 'archived', message: '' }]) {
    assert.equal(isRefusal(other, 'not_found'), false);
  }
});
