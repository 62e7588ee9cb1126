/* Guessing passwords: it becomes slow, tells nothing, is not made quick by lying about where one is, and keeps nobody
 * else from working. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, crew, known, me, PASSWORD, post, signIn } from '../lib/accounts.mjs';
import { connect } from '../lib/client.mjs';
import { ask } from '../lib/http.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { totpCode } from '../lib/totp.mjs';
import { times } from '../lib/wait.mjs';

const FREE_PAIR = 5; // wrong guesses at one account from one address before one has to wait
const FREE_OTHER = 20; // at one account from anywhere; from one address at any account
const FIRST_WAIT_MS = 1000;
const WRONG = [401, 'wrong_password'];
const WAIT = [429, 'rate_limited'];

/** A server on this machine's own address trusts whom a test says it is a proxy for. */
const start = (t, settings = {}) => startServer({ t, settings: { ...UNLIMITED, ...settings } });

const from = (address) => ({ 'X-Forwarded-For': address });

const guess = (server, name, password, address) =>
  post(server, null, 'sign_in', { name, password }, address && from(address));

const error = (answer) => [answer.status, answer.json().error.code];

/** Wrong guesses, one after another, each of which is looked at. */
async function guessWrong(server, n, name, address) {
  for (let i = 0; i < n; i++)
    assert.deepEqual(error(await guess(server, name, `guess number ${i}`, address)), WRONG, `guess ${i}`);
}

/** That the next guess has to wait, and for how long. */
async function hasToWait(server, name, password, address) {
  const answer = await guess(server, name, password, address);
  assert.deepEqual(error(answer), WAIT);
  const { retry_after_ms: ms } = answer.json().error;
  assert.ok(Number.isInteger(ms) && ms > 0, `${ms}`);
  assert.equal(Number(answer.headers['retry-after']), Math.ceil(ms / 1000));
  return ms;
}

const grown = async (server, before) => {
  const now = await server.metrics();
  return (name) => now.get(`hubbub_${name}`) - before.get(`hubbub_${name}`);
};

test('after five wrong guesses one waits as long as one is told, twice as long each time', async (t) => {
  const server = await start(t);
  await crew(server, 'anna');
  await guessWrong(server, FREE_PAIR, 'anna', '192.0.2.1');
  const first = await hasToWait(server, 'anna', PASSWORD, '192.0.2.1');
  assert.ok(first <= FIRST_WAIT_MS, `${first}`);
  const second = await hasToWait(server, 'ANNA', PASSWORD, '192.0.2.1');
  assert.ok(second <= first, 'asking too early makes it no longer');
  assert.equal((await guess(server, 'anna', PASSWORD, '192.0.2.2')).status, 200, 'elsewhere there is no wait');

  await sleep(second + 2); // a timer may be a millisecond early
  await guessWrong(server, 1, 'anna', '192.0.2.1');
  const third = await hasToWait(server, 'anna', PASSWORD, '192.0.2.1');
  assert.ok(third > FIRST_WAIT_MS && third <= 2 * FIRST_WAIT_MS, `${third}`);
});

test('a name that nobody has is answered like one that somebody has, and costs the same', async (t) => {
  const server = await start(t);
  const [owner] = await crew(server, 'anna', 'barred');
  await call(server, owner, 'ban', { user: 'barred' });
  const names = ['anna', 'barred', 'nobody', 'admin', '<b>\u202e </b>'];
  const seen = [];
  for (const [i, name] of names.entries()) {
    const before = await server.metrics();
    const answers = [];
    for (let n = 0; n < FREE_PAIR + 2; n++) {
      const { status, headers, text } = await guess(server, name, `guess number ${n}`, `192.0.2.${i + 1}`);
      const body = text.replace(/"retry_after_ms":\d+/, '"retry_after_ms":0');
      answers.push([status, Object.keys(headers).sort().join(' '), body]);
    }
    const count = await grown(server, before);
    const counted = ['password_hashes_total', 'logins_refused_total', 'logins_rate_limited_total'].map(count);
    seen.push([answers, ...counted]);
  }
  assert.deepEqual(
    seen[0][0].map(([status]) => status),
    [...Array(FREE_PAIR).fill(401), 429, 429],
  );
  assert.deepEqual(seen[0].slice(1), [FREE_PAIR, FREE_PAIR, 2]);
  for (const [i, name] of names.entries()) assert.deepEqual(seen[i], seen[0], JSON.stringify(name));
});

test('many addresses that try one account wait together; its owner, who has been in before, does not', async (t) => {
  const server = await start(t);
  const [, anna] = await crew(server, 'anna');
  for (let i = 0; i < FREE_OTHER; i++) await guessWrong(server, 1, 'anna', `198.51.100.${i}`);
  assert.ok((await hasToWait(server, 'anna', PASSWORD, '198.51.100.200')) <= FIRST_WAIT_MS);
  assert.equal(await known(server, anna), 200, 'sessions are not touched');
  assert.equal((await guess(server, 'anna', PASSWORD)).status, 200, 'from where the session is from');
  assert.equal((await guess(server, 'owner', PASSWORD, '198.51.100.200')).status, 200, 'another account');
});

test('one address that tries many accounts waits, also when it has many addresses of one network', async (t) => {
  const server = await start(t);
  const [, anna] = await crew(server, 'anna');
  const address = (i) => `2001:db8:0:7::${(i + 1).toString(16)}`;
  const here = await signIn(server, 'anna', { headers: from(address(0)) });
  for (let i = 0; i < FREE_OTHER; i++) await guessWrong(server, 1, `name-${i}`, address(i));
  assert.ok((await hasToWait(server, 'somebody-else', PASSWORD, address(99))) <= FIRST_WAIT_MS);
  await hasToWait(server, 'owner', PASSWORD, address(99));
  assert.equal((await guess(server, 'anna', PASSWORD, address(98))).status, 200, 'whoever has been in from there');
  assert.equal((await guess(server, 'owner', PASSWORD, '2001:db8:0:8::1')).status, 200, 'the network beside it');
  for (const who of [anna, here]) assert.equal(await known(server, who), 200);
});

test('guesses at the same time are counted while they are looked at', async (t) => {
  const server = await start(t, { password_threads: 4 });
  await crew(server, 'anna');
  await guessWrong(server, 1, 'anna', '192.0.2.1');
  const before = await server.metrics();
  const answers = await times(30, (i) => guess(server, 'anna', `guess number ${i}`, '192.0.2.1'));
  const looked = answers.filter(({ status }) => status === 401).length;
  assert.ok(looked >= 1 && looked <= FREE_PAIR, `${looked} guesses were looked at`);
  for (const answer of answers.filter(({ status }) => status !== 401)) assert.deepEqual(error(answer), WAIT);
  const count = await grown(server, before);
  assert.equal(count('password_hashes_total'), looked);
  assert.equal(count('logins_rate_limited_total'), 30 - looked);
});

test('what is guessed where one is signed in counts as well: the own password, and the second factor', async (t) => {
  const server = await start(t);
  const [, anna] = await crew(server, 'anna');
  const wrong = { current: 'not the password', password: 'another password entirely' };
  for (let i = 0; i < FREE_PAIR; i++) assert.deepEqual(error(await post(server, anna, 'set_password', wrong)), WRONG);
  const { secret } = await call(server, anna, 'start_totp');
  /** [call, fields] */
  const rows = [
    ['set_password', { ...wrong, current: PASSWORD }],
    ['stop_totp', { password: PASSWORD }],
    ['confirm_totp', { password: PASSWORD, secret, code: totpCode(secret) }],
    ['sign_in', { name: 'anna', password: PASSWORD }],
  ];
  let wait;
  for (const [name, fields] of rows) {
    const answer = await post(server, anna, name, fields);
    assert.deepEqual(error(answer), WAIT, name);
    wait = answer.json().error.retry_after_ms;
    assert.ok(wait > 0 && wait <= FIRST_WAIT_MS, `${name}: ${wait}`);
  }

  await sleep(wait + 2);
  await call(server, anna, 'confirm_totp', { ...rows[2][1], code: totpCode(secret) });
  const withCode = (code) => post(server, null, 'sign_in', { name: 'anna', password: PASSWORD, code });
  for (let i = 0; i < FREE_PAIR + 1; i++)
    // not to know that there is one is no guess
    assert.deepEqual(error(await withCode(undefined)), [401, 'totp_required']);
  for (let i = 0; i < FREE_PAIR; i++) assert.deepEqual(error(await withCode('nonsense')), [401, 'totp_required']);
  assert.deepEqual(error(await withCode('nonsense')), WAIT);
});

test('the metrics count what came in, what was wrong and what had to wait', async (t) => {
  const server = await start(t);
  const before = await server.metrics();
  await signIn(server);
  await guessWrong(server, FREE_PAIR, 'owner');
  await hasToWait(server, 'owner', PASSWORD);
  const count = await grown(server, before);
  assert.equal(count('logins_total'), 1);
  assert.equal(count('logins_refused_total'), FREE_PAIR);
  assert.equal(count('logins_rate_limited_total'), 1);
  assert.equal(count('password_hashes_total'), FREE_PAIR + 1);
  const told = server.log.filter((entry) => entry.event === 'sign_in_refused');
  assert.equal(told.length, FREE_PAIR + 1);
  for (const { address, reason, line } of told) {
    assert.equal(address, '127.0.0.1');
    assert.match(reason, /^(wrong_password|rate_limited)$/);
    assert.ok(!line.includes('guess number'), 'what was typed is in the log');
  }
});

test('the metrics count what is tried instead of a password, too', async (t) => {
  const server = await start(t);
  const [owner] = await crew(server);
  const none = 'A'.repeat(43);
  const tries = [
    () => me(server, { cookie: `hubbub_session=${none}` }),
    () => me(server, { cookie: 'hubbub_session=short' }),
    () => me(server, { token: `hubbub_${none}` }),
    () => me(server, { token: 'whatever' }),
    () => post(server, null, 'use_reset', { code: none, password: PASSWORD }),
    () => post(server, null, 'use_reset', { code: 'short', password: PASSWORD }),
    () => post(server, null, 'sign_up', { name: 'eve', password: PASSWORD, invite: none }),
    () => ask(server, `/api/v1/invite?code=${none}`),
  ];
  for (const [i, attempt] of tries.entries()) {
    const before = await server.metrics();
    await attempt();
    assert.equal((await grown(server, before))('secrets_refused_total'), 1, `try ${i}`);
  }
  const before = await server.metrics();
  await me(server, owner);
  await me(server, null);
  await post(server, owner, 'set_password', { current: 'a wrong password', password: 'another password' });
  const count = await grown(server, before);
  assert.deepEqual([count('secrets_refused_total'), count('logins_refused_total')], [0, 1]);
});

/* ------------------------------------------------------------------ where one is */

test('X-Forwarded-For of somebody who is no proxy is not read', async (t) => {
  const server = await start(t, { trusted_proxies: '10.9.9.9' });
  for (let i = 0; i < FREE_PAIR; i++) await guessWrong(server, 1, 'owner', `192.0.2.${i}`);
  await hasToWait(server, 'owner', PASSWORD, '192.0.2.200');
  await hasToWait(server, 'owner', PASSWORD, '10.9.9.9');
});

test('behind a proxy one counts for oneself, whatever one made up before it added where one is', async (t) => {
  const server = await start(t);
  for (let i = 0; i < FREE_PAIR; i++) await guessWrong(server, 1, 'owner', `198.51.100.${i}, 203.0.113.9`);
  await hasToWait(server, 'owner', PASSWORD, '198.51.100.77, 203.0.113.9');
  assert.equal((await guess(server, 'owner', PASSWORD, '203.0.113.9, 203.0.113.10')).status, 200);
});

/** [X-Forwarded-For, the address that a session shows, why] */
const forwarded = [
  [undefined, '127.0.0.1', 'no proxy'],
  ['203.0.113.7', '203.0.113.7', 'as a proxy says it'],
  ['203.0.113.7:4711', '203.0.113.7', 'with a port'],
  ['[2001:db8::7]:4711', '2001:db8::7', 'in brackets, with a port'],
  ['::ffff:203.0.113.7', '203.0.113.7', 'an IPv4 address in the form of an IPv6 one'],
  ['198.51.100.1, 203.0.113.7', '203.0.113.7', 'behind what the client made up'],
  ['203.0.113.7, 127.0.0.1, ::1', '203.0.113.7', 'before further proxies that are trusted'],
  [['198.51.100.1', '203.0.113.7'], '203.0.113.7', 'in two headers'],
  ['203.0.113.7, nonsense', '127.0.0.1', 'before something that is no address'],
  ['nonsense', '127.0.0.1', 'no address'],
  ["203.0.113.7' OR 1=1 --", '127.0.0.1', 'something for a database'],
];

test('a session shows where its device is', async (t) => {
  const server = await start(t);
  for (const [value, address, why] of forwarded) {
    const session = await signIn(server, 'owner', { headers: value && from(value) });
    const { sessions } = await call(server, session, 'sessions');
    assert.equal(sessions.find(({ current }) => current).address, address, why);
  }
});

/* ------------------------------------------------------------------ a flood */

test('a flood of sign-ins leaves the rest at work, and says when to come again', async (t) => {
  const server = await start(t, { password_threads: 1 });
  const [, anna] = await crew(server, 'anna');
  const client = await connect(server, { t, ...anna });
  const answers = [];
  let goesOn = true;
  const flood = times(24, async (i) => {
    for (let n = 0; goesOn; n++) answers.push(await guess(server, `name-${i}-${n}`, PASSWORD, `198.51.100.${i}`));
  });
  try {
    while (!answers.some(({ status }) => status === 503) || !answers.some(({ status }) => status === 401))
      await client.request('ping');
    for (let i = 0; i < 10; i++) {
      assert.equal((await ask(server, '/healthz')).status, 200);
      await client.send('lobby', `in the flood ${i}`);
      await call(server, anna, 'people');
    }
  } finally {
    goesOn = false;
    await flood;
  }
  const seen = new Set(answers.map((answer) => error(answer).join(' ')));
  for (const kind of seen) assert.match(kind, /^(401 wrong_password|503 overloaded|429 rate_limited)$/);
  for (const answer of answers.filter(({ status }) => status === 503)) {
    assert.ok(answer.json().error.retry_after_ms > 0);
    assert.ok(Number(answer.headers['retry-after']) >= 1);
  }
  assert.equal((await signIn(server, 'anna')).user.name, 'anna', 'and when it is over, one can sign in');
});
