/* The machine's clock is set back while the server runs: a time that lies in the future counts as now, so nobody waits
 * until the clock has caught up. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, crew, PASSWORD, post, signIn } from '../lib/accounts.mjs';
import { randomId } from '../lib/client.mjs';
import { DAY_S, serverWithClock } from '../lib/clock.mjs';
import { STEP_MS, totpCode } from '../lib/totp.mjs';
import { until } from '../lib/wait.mjs';

/** So much later the code is another one, also when a half minute ended meanwhile. */
const LATER_S = (2 * STEP_MS) / 1000;

test('slow mode waits no longer than it says', async (t) => {
  const { server, set } = await serverWithClock(t);
  const [owner, anna] = await crew(server, 'anna');
  const { room } = await call(server, owner, 'create_room', { name: 'slow' });
  await call(server, anna, 'add_member', { room });
  await call(server, owner, 'edit_room', { room, slow_s: 2 });
  await call(server, anna, 'send', { room, body: 'one', id: randomId() });
  set(-DAY_S);
  const answer = await post(server, anna, 'send', { room, body: 'two', id: randomId() });
  const { code, retry_after_ms } = answer.json().error;
  assert.equal(code, 'rate_limited');
  assert.ok(retry_after_ms > 0 && retry_after_ms <= 2000, `retry_after_ms ${retry_after_ms}`);
  await until(
    async () => (await post(server, anna, 'send', { room, body: 'two', id: randomId() })).status === 200,
    'the second message',
  );
});

test('the codes of an authenticator app let in again, each once', async (t) => {
  const { server, set, now } = await serverWithClock(t);
  const [, anna] = await crew(server, 'anna');
  const { secret } = await call(server, anna, 'start_totp');
  await call(server, anna, 'confirm_totp', { password: PASSWORD, secret, code: totpCode(secret, now()) });
  set(-DAY_S);
  const signInAt = (at) =>
    post(server, null, 'sign_in', { name: 'anna', password: PASSWORD, code: totpCode(secret, at) });
  const first = now();
  assert.equal((await signInAt(first)).status, 401, 'it counts as the code that was used last');
  set(-DAY_S + LATER_S);
  const second = now();
  assert.equal((await signInAt(second)).status, 200, 'a later one');
  for (const at of [first, second]) assert.equal((await signInAt(at)).status, 401);

  await server.restart();
  set(-2 * DAY_S);
  assert.equal((await signInAt(now())).status, 401);
  set(-2 * DAY_S + LATER_S);
  const session = await signIn(server, 'anna', { code: totpCode(secret, now()) });
  assert.ok(session);
});
