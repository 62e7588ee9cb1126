/* Access tokens: who they are, what their scope lets them do, and how they end. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { call, crew, identity, isAlive, isEnded, known, me, PASSWORD, post, refusedCall } from '../lib/accounts.mjs';
import { connect, NotUpgraded } from '../lib/client.mjs';
import {
  EXAMPLES,
  LIVE_ONLY,
  NEED_PASSWORD,
  NEED_SESSION,
  REQUEST_CALLS,
  REQUESTS,
  SCOPES,
} from '../lib/documented.mjs';
import { ask } from '../lib/http.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { until, within } from '../lib/wait.mjs';

const RANKS = ['read', 'write', 'admin'];

const server = await startServer({ t: { after }, settings: UNLIMITED });
const [owner, anna] = await crew(server, 'anna');

/** A token of somebody's: `{ token, token_id }`, which says who makes a request as well. */
const tokenOf = (who, scope, more = {}) => call(server, who, 'create_token', { name: `for ${scope}`, scope, ...more });

const open = (who, t) => connect(server, { t, headers: identity(who) });

async function notUpgraded(made) {
  const refused = await made.catch((error) => error);
  assert.ok(refused instanceof NotUpgraded, `${refused}`);
  return [refused.status, JSON.parse(refused.text).error.code];
}

async function isNobody(who) {
  assert.equal(await known(server, who), 401);
  assert.equal((await refusedCall(call(server, who, 'people'))).status, 401);
  assert.deepEqual(await notUpgraded(open(who)), [401, 'unauthorized']);
}

test('a token is its account, over HTTP and over a live connection', async (t) => {
  const made = await tokenOf(anna, 'write');
  assert.match(made.token, /^hubbub_[A-Za-z0-9_-]{43}$/, '256 random bits');
  const answer = await me(server, made);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json(), { user: anna.user, session: 0, scope: 'write', totp: false });
  assert.equal(answer.headers['set-cookie'], undefined, 'a token is no session');
  const client = await open(made, t);
  assert.deepEqual(client.user, anna.user);
  const { seq } = await client.send('lobby', 'by a token');
  const { events } = await call(server, made, 'history', { room: 'lobby', limit: 1 });
  assert.deepEqual([events[0].seq, events[0].author.id], [seq, anna.user.id]);
  const byHttp = await call(server, made, 'send', { id: 'by-http', room: 'lobby', body: 'by a token and HTTP' });
  assert.equal(byHttp.seq, seq + 1);
});

test('a token is shown once, and only its hash is stored', async () => {
  const made = await tokenOf(anna, 'read', { name: 'weather bot', expires_ms: Date.now() + 60_000 });
  const { tokens } = await call(server, anna, 'tokens');
  const { since, expires_ms: end, ...listed } = tokens.find(({ id }) => id === made.token_id);
  assert.deepEqual(listed, { id: made.token_id, name: 'weather bot', scope: 'read' });
  assert.ok(end > since);
  assert.ok(!JSON.stringify(tokens).includes(made.token));
  const hash = createHash('sha256').update(made.token).digest('hex');
  const rows = await server.sqlite(`SELECT id FROM tokens WHERE token_hash = x'${hash}'`);
  assert.deepEqual(rows, [{ id: made.token_id }]);
});

/* ------------------------------------------------------------------ scopes */

/** Ends what it is asked by, so it comes last. */
const LAST = 'end_other_sessions';

/** Ids of nothing. */
const NOWHERE = {
  room: 999,
  user: 999,
  users: [999],
  rooms: [999],
  session: 999,
  token: 999,
  invite: 999,
  report: 999,
};

/** Well-formed fields of a request that ask for nothing that is there: an owner is never refused for want of a role. */
function nothingReal(name) {
  const fields = { ...EXAMPLES.get(name) };
  for (const [key, value] of Object.entries(NOWHERE))
    if (key in fields && !LIVE_ONLY.includes(name)) fields[key] = value;
  if (name === 'set_place') return { name: 'Hubbub' };
  if (name === 'rename') return { name: 'owner' };
  if (name === 'create_room') return { ...fields, name: `made by ${Math.random()}` };
  return fields;
}

test('a scope holds what the protocol says, and what the lesser ones hold, for every request', async (t) => {
  const names = [...REQUESTS.keys()].filter((name) => name !== LAST).concat(LAST);
  assert.deepEqual([...SCOPES.keys()].sort(), [...names].sort());
  for (const scope of RANKS) {
    const made = await tokenOf(owner, scope);
    const client = await open(made, t);
    await client.join('lobby');
    const allowed = (name) => !NEED_SESSION.includes(name) && RANKS.indexOf(scope) >= RANKS.indexOf(SCOPES.get(name));
    for (const name of names) {
      const live = await client.request(name, nothingReal(name)).catch((error) => error);
      assert.equal(live.code === 'forbidden', !allowed(name), `${name} with ${scope}, live: ${live.message ?? 'done'}`);
      if (!REQUEST_CALLS.includes(name) || name === LAST) continue;
      const answer = await post(server, made, name, { id: `${scope}-${name}`, ...nothingReal(name) });
      const code = answer.json().error?.code;
      assert.equal(code === 'forbidden', !allowed(name), `${name} with ${scope}, by HTTP: ${answer.text}`);
      if (code === 'forbidden') assert.equal(answer.status, 403, name);
      if (code === 'forbidden') assert.match(answer.json().error.message, /token/, name);
    }
  }
  Object.assign(owner, (await crew(server))[0]);
});

/** What changes how one signs in is for sessions. */
const forSessions = {
  set_password: { current: PASSWORD, password: 'another password entirely' },
  start_totp: {},
  confirm_totp: { password: PASSWORD, secret: 'A'.repeat(32), code: '000000' },
  stop_totp: { password: PASSWORD },
};

test('with no token does one change how the account signs in', async () => {
  for (const scope of RANKS) {
    const made = await tokenOf(owner, scope);
    for (const [name, fields] of Object.entries(forSessions)) {
      const answer = await post(server, made, name, fields);
      assert.deepEqual([answer.status, answer.json().error?.code], [403, 'forbidden'], `${name} with ${scope}`);
    }
  }
  assert.equal((await me(server, owner)).json().totp, false);
});

test("a scope gives nothing that the account's role does not", async () => {
  const made = await tokenOf(anna, 'admin');
  for (const [name, fields] of [
    ['create_invite', {}],
    ['audit', {}],
    ['settings', {}],
    ['set_place', { name: 'Mine' }],
    ['set_role', { user: 'anna', role: 'owner' }],
    ['create_reset', { user: 'owner' }],
  ])
    assert.equal((await refusedCall(call(server, made, name, fields))).code, 'forbidden', name);
});

/* ------------------------------------------------------------------ the password */

/** Each could become a way into an account. */
const GRANTS = { create_token: { name: 'more', scope: 'read' }, create_reset: { user: 'owner' } };

test('no token makes another one, or a way to a new password', async (t) => {
  assert.deepEqual(Object.keys(GRANTS).sort(), [...NEED_PASSWORD].sort());
  for (const scope of RANKS) {
    const made = await tokenOf(owner, scope);
    const live = await open(made, t);
    for (const [name, fields] of Object.entries(GRANTS)) {
      const all = { ...fields, current: PASSWORD };
      assert.equal((await refusedCall(call(server, made, name, all))).code, 'forbidden', `${name} with ${scope}`);
      assert.equal((await live.request(name, all).catch((error) => error)).code, 'forbidden', `${name} with ${scope}`);
    }
  }
});

test('a session alone is not enough for those: the current password has to come along, over HTTP', async (t) => {
  const live = await open(owner, t);
  for (const [name, fields] of Object.entries(GRANTS)) {
    const without = (current) => refusedCall(call(server, owner, name, { ...fields, current }));
    for (const current of [undefined, '', null, 7]) assert.equal((await without(current)).code, 'invalid', name);
    const { status, code } = await without('not the password');
    assert.deepEqual([status, code], [401, 'wrong_password'], name);
    assert.equal(await known(server, owner), 200);
    const refused = await live.request(name, { ...fields, current: PASSWORD }).catch((error) => error);
    assert.equal(refused.code, 'forbidden');
    assert.match(refused.message, /HTTP/);
    await call(server, owner, name, fields);
  }
});

test('a password that is guessed here is slowed down as at the door', async () => {
  let refused;
  for (let i = 0; i < 40 && refused?.code !== 'rate_limited'; i++)
    refused = await refusedCall(call(server, anna, 'create_token', { ...GRANTS.create_token, current: `guess ${i}` }));
  assert.equal(refused.code, 'rate_limited');
  assert.ok(refused.retryAfterMs > 0);
  const door = await post(server, null, 'sign_in', { name: 'anna', password: 'one more guess' });
  assert.equal(door.json().error.code, 'rate_limited');
  await server.restart(); // which forgets the guesses
});

/* ------------------------------------------------------------------ what is no token */

test('what is no valid token is refused, and not taken for a visitor', async () => {
  const { token } = await tokenOf(anna, 'admin');
  const session = anna.cookie.slice(anna.cookie.indexOf('=') + 1);
  /** [Authorization, why] */
  const rows = [
    ['Bearer', 'nothing'],
    ['Bearer ', 'nothing behind a space'],
    ['Bearer x', 'something else'],
    [`Bearer ${token.slice(0, -1)}`, 'cut off'],
    [`Bearer ${token}A`, 'with one letter more'],
    [`Bearer ${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, 'with another last letter'],
    [`Bearer ${token.toUpperCase()}`, 'in capitals'],
    [`Bearer ${session}`, "a session's"],
    [`Bearer "${token}"`, 'in quotes'],
    [[`Bearer ${token}`, `Bearer ${token}`], 'twice'],
  ];
  for (const [value, why] of rows) {
    const headers = { Authorization: value };
    assert.equal((await ask(server, '/api/v1/me', { headers })).status, 401, why);
    const answer = await post(server, null, 'people', {}, headers);
    assert.equal(answer.status, 401, why);
    assert.equal((await post(server, anna, 'people', {}, headers)).status, 401, `${why}, beside a valid cookie`);
    if (Array.isArray(value)) continue; // which the client library would not send
    assert.deepEqual(await notUpgraded(connect(server, { headers })), [401, 'unauthorized'], why);
  }
  for (const scheme of ['bearer', 'BEARER']) {
    const headers = { Authorization: `${scheme} ${token}` };
    assert.equal((await ask(server, '/api/v1/me', { headers })).status, 200, 'schemes have no case');
  }
  const basic = { Authorization: `Basic ${Buffer.from(`anna:${token}`).toString('base64')}` };
  assert.equal((await ask(server, '/api/v1/me', { headers: basic })).status, 401, 'another scheme is not for us');
});

test('a token is taken from its header and from nowhere else', async () => {
  const { token } = await tokenOf(anna, 'admin');
  for (const path of [`/api/v1/me?token=${token}`, `/api/v1/me?access_token=${token}`])
    assert.equal((await ask(server, path)).status, 401, path);
  for (const cookie of [`hubbub_session=${token}`, `hubbub_guest=${token}`, `token=${token}`])
    assert.equal(await known(server, { cookie }), 401, cookie.slice(0, 20));
  assert.equal((await ask(server, '/api/v1/people', { method: 'POST', body: JSON.stringify({ token }) })).status, 415);
});

test('a token goes before a cookie: a request is made by one account', async () => {
  const answer = await me(server, owner, identity(await tokenOf(anna, 'read')));
  assert.equal(answer.json().user.name, 'anna');
});

/** [fields, code, why] */
const refusedTokens = [
  [{ scope: 'read' }, 'invalid', 'no name'],
  [{ name: '', scope: 'read' }, 'invalid', 'an empty name'],
  [{ name: '   ', scope: 'read' }, 'invalid', 'a name of white space'],
  [{ name: 'x'.repeat(258), scope: 'read' }, 'invalid', 'a long name'],
  [{ name: 'x' }, 'invalid', 'no scope'],
  [{ name: 'x', scope: 'all' }, 'invalid', 'no such scope'],
  [{ name: 'x', scope: 'read', expires_ms: 1 }, 'invalid', 'it is over before it begins'],
  [{ name: 'x', scope: 'read', expires_ms: 'soon' }, 'invalid', 'not a time'],
];

test('a token has to make sense', async () => {
  for (const [fields, code, why] of refusedTokens)
    assert.equal((await refusedCall(call(server, anna, 'create_token', fields))).code, code, why);
});

/* ------------------------------------------------------------------ the end of one */

test('a token that is revoked is gone at once, live connections too; others stay', async (t) => {
  const [made, other] = [await tokenOf(anna, 'write'), await tokenOf(anna, 'write')];
  const [ended, stays, session] = [await open(made, t), await open(other, t), await connect(server, { t, ...anna })];
  assert.equal((await refusedCall(call(server, owner, 'revoke_token', { token: made.token_id }))).code, 'not_found');
  assert.equal((await refusedCall(call(server, other, 'revoke_token', { token: made.token_id }))).code, 'forbidden');
  assert.equal(await known(server, made), 200);

  await call(server, anna, 'revoke_token', { token: made.token_id });
  await isEnded(ended);
  await isNobody(made);
  await isAlive(stays);
  await isAlive(session);
  assert.equal((await refusedCall(call(server, anna, 'revoke_token', { token: made.token_id }))).code, 'not_found');
  const { tokens } = await call(server, anna, 'tokens');
  assert.ok(!tokens.some(({ id }) => id === made.token_id));
});

test('a token ends when its time is over, live connections too', async (t) => {
  const made = await tokenOf(anna, 'write', { expires_ms: Date.now() + 2000 });
  const [ends, stays] = [await open(made, t), await open(await tokenOf(anna, 'write'), t)];
  assert.equal(await known(server, made), 200);
  const { code, reason } = await within(ends.closed, 'the end of the connection');
  assert.deepEqual([code, reason], [1008, 'session ended']);
  await isAlive(stays);
  await until(async () => (await known(server, made)) === 401, 'the end of the token');
  await isNobody(made);
});

test('tokens survive a restart and a new password by the old one, and are of no use during a ban', async (t) => {
  const made = await tokenOf(anna, 'write');
  await server.restart();
  assert.equal(await known(server, made), 200);
  const other = 'another password entirely';
  assert.equal((await post(server, anna, 'set_password', { current: PASSWORD, password: other })).status, 204);
  assert.equal(await known(server, made), 200);
  const client = await open(made, t);
  await call(server, owner, 'ban', { user: 'anna' });
  await isEnded(client, 'banned');
  assert.equal((await me(server, made)).json().error.code, 'banned');
  assert.deepEqual(await notUpgraded(open(made)), [403, 'banned']);
});
