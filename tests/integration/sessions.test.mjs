/* Sessions: their cookies, who may have which, and how they end. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { call, crew, isAlive, isEnded, known, me, PASSWORD, post, refusedCall, signIn } from '../lib/accounts.mjs';
import { connect, NotUpgraded } from '../lib/client.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const DAY_MS = 24 * 3600 * 1000;
const VALID_MS = 30 * DAY_MS;
const VALID_S = VALID_MS / 1000;
const OTHER_PASSWORD = 'another password entirely';
const BY_TLS = { 'X-Forwarded-Proto': 'https' };

const server = await startServer({ t: { after }, settings: UNLIMITED });
const [owner, anna, ben] = await crew(server, 'anna', 'ben');

const setCookie = ({ answer }) => answer.headers['set-cookie'][0];
const tokenOf = ({ cookie }) => cookie.slice(cookie.indexOf('=') + 1);
const sessionOf = async (who) => (await me(server, who)).json().session;

/** The same again for somebody who is signed in: another device. */
const device = (account, headers) => signIn(server, account.user.name, { headers });

async function isNobody(who) {
  assert.equal(await known(server, who), 401);
  assert.equal((await refusedCall(call(server, who, 'people'))).status, 401);
  const refused = await connect(server, who).catch((error) => error);
  assert.ok(refused instanceof NotUpgraded);
  assert.equal(refused.status, 401);
}

/* ------------------------------------------------------------------ cookies */

test('the cookie is for this site alone, and no script sees it', async () => {
  const session = await device(anna);
  const header = setCookie(session);
  assert.match(header, /^hubbub_session=hubbubs_[A-Za-z0-9_-]{43};/, '256 random bits');
  const attributes = header.split('; ').slice(1).sort();
  assert.deepEqual(attributes, ['HttpOnly', `Max-Age=${VALID_S}`, 'Path=/', 'SameSite=Lax']);
  assert.notEqual(tokenOf(session), tokenOf(await device(anna)), 'each session has a token of its own');
});

test('only the hash of a token is stored', async () => {
  const session = await device(anna);
  const hash = createHash('sha256').update(tokenOf(session)).digest('hex');
  const rows = await server.sqlite(`SELECT id FROM sessions WHERE token_hash = x'${hash}'`);
  assert.deepEqual(rows, [{ id: await sessionOf(session) }]);
  const columns = await server.sqlite("SELECT name FROM pragma_table_info('sessions')");
  for (const { name } of columns) {
    const where = `instr(CAST(${name} AS TEXT), '${tokenOf(session)}')`;
    assert.deepEqual(await server.sqlite(`SELECT 1 FROM sessions WHERE ${where}`), [], name);
  }
});

/** [settings, headers, secure?, why] */
const transports = [
  [{}, {}, false, 'plain HTTP'],
  [{}, BY_TLS, true, 'TLS, says a trusted proxy'],
  [{}, { 'X-Forwarded-Proto': 'http' }, false, 'no TLS, says a trusted proxy'],
  [{ trusted_proxies: '10.1.2.3' }, BY_TLS, false, 'TLS, says somebody'],
  [{ cookie_secure: 'yes' }, {}, true, 'always, by the setting'],
  [{ cookie_secure: 'no' }, BY_TLS, false, 'never, by the setting'],
];

test('by TLS the cookie is Secure and bound to the host by its name', async (t) => {
  const servers = new Map([['{}', server]]);
  for (const [settings, headers, secure, why] of transports) {
    const key = JSON.stringify(settings);
    if (!servers.has(key)) servers.set(key, await startServer({ t, settings: { ...UNLIMITED, ...settings } }));
    const at = servers.get(key);
    const session = await signIn(at, 'owner', { headers });
    const header = setCookie(session);
    assert.equal(header.startsWith('__Host-hubbub_session=hubbubs_'), secure, why);
    assert.equal(header.startsWith('hubbub_session=hubbubs_'), !secure, why);
    assert.equal(/; Secure(;|$)/.test(header), secure, why);
    assert.match(header, /; Path=\/;/, why);
    assert.doesNotMatch(header, /Domain/i, why);
    assert.equal((await me(at, session, headers)).status, 200, why);
  }
});

test('by TLS a cookie without the prefix, which another host could have set, is not looked at', async () => {
  const plain = await device(anna);
  const secure = await device(anna, BY_TLS);
  assert.equal((await me(server, plain, BY_TLS)).status, 401);
  assert.equal((await me(server, secure)).status, 401);
  const both = { cookie: `${(await device(ben)).cookie}; ${secure.cookie}` };
  assert.equal((await me(server, both, BY_TLS)).json().user.name, 'anna');
});

/** [cookie, why] */
const forgeries = (token) => [
  [`hubbub_session=${token.slice(0, -1)}`, 'cut off'],
  [`hubbub_session=${token}A`, 'with one letter more'],
  [`hubbub_session=${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, 'with another last letter'],
  [`hubbub_session=${token.slice('hubbubs_'.length)}`, 'without its prefix'],
  [`hubbub_session=hubbub_${token.slice('hubbubs_'.length)}`, 'with the prefix of a token'],
  [`hubbub_session=hubbubs_${randomBytes(32).toString('base64url')}`, 'made up'],
  ['hubbub_session=', 'empty'],
  [`hubbub_session=${'x'.repeat(4000)}`, 'huge'],
  [`hubbub_guest=${token}`, 'in the place of a guest'],
  [`Hubbub_Session=${token}`, 'under another name'],
];

test('a cookie that is not exactly one that was given is worth nothing', async () => {
  const session = await device(anna);
  for (const [cookie, why] of forgeries(tokenOf(session))) assert.equal(await known(server, { cookie }), 401, why);
  const among = { cookie: `a=b; ${session.cookie}; c="d"` };
  assert.equal(await known(server, among), 200, 'among other cookies');
  const behind = { cookie: `hubbub_session=${'x'.repeat(51)}; ${session.cookie}` };
  assert.equal(await known(server, behind), 200, 'behind a stale one of another path');
});

/* ------------------------------------------------------------------ fixation */

test('a cookie that was there before signing in never becomes a session', async () => {
  const chosen = `hubbub_session=hubbubs_${randomBytes(32).toString('base64url')}`;
  const victim = await signIn(server, 'anna', { headers: { Cookie: chosen } });
  assert.notEqual(victim.cookie, chosen);
  assert.equal(await known(server, { cookie: chosen }), 401);
  assert.equal((await me(server, victim)).json().user.name, 'anna');
});

test("a cookie of somebody else's session does not become one's own: it is replaced and ended", async (t) => {
  const attacker = await device(ben);
  const open = await connect(server, { t, ...attacker });
  const victim = await signIn(server, 'anna', { headers: { Cookie: attacker.cookie } });
  assert.notEqual(victim.cookie, attacker.cookie);
  await isEnded(open);
  await isNobody(attacker);
  assert.equal((await me(server, victim)).json().user.name, 'anna');
});

test('a sign-in that fails leaves the session as it is and gives no cookie', async () => {
  const session = await device(ben);
  const answer = await post(server, session, 'sign_in', { name: 'anna', password: 'not the password' });
  assert.equal(answer.status, 401);
  assert.equal(answer.headers['set-cookie'], undefined);
  assert.equal((await me(server, session)).json().user.name, 'ben');
});

/* ------------------------------------------------------------------ the list, and ending them */

test('the list says which devices are signed in, from where, and which is this one', async () => {
  const before = Date.now();
  await call(server, ben, 'end_other_sessions');
  const laptop = await device(ben, { 'User-Agent': 'Laptop/1.0 "quoted" <b>', 'X-Forwarded-For': '203.0.113.7' });
  await device(ben, { 'User-Agent': 'x'.repeat(500), 'X-Forwarded-For': '2001:db8::7' });
  await device(ben, { 'User-Agent': 'é'.repeat(150) });
  const { sessions } = await call(server, laptop, 'sessions');
  assert.deepEqual(
    sessions.map(({ device: name, address, current }) => [name, address, current]).sort(),
    [
      ['', '127.0.0.1', false], // node sends no User-Agent; that is the one of the test's start
      ['Laptop/1.0 "quoted" <b>', '203.0.113.7', true],
      ['x'.repeat(200), '2001:db8::7', false],
      ['é'.repeat(100), '127.0.0.1', false],
    ].sort(),
  );
  for (const { id, since, seen } of sessions) {
    assert.ok(id > 0 && seen >= since && Math.abs(seen - before) < 60_000);
  }
  assert.equal(sessions.find(({ current }) => current).id, await sessionOf(laptop));
});

test('a session that is ended from another device is gone at once, live connections too', async (t) => {
  const [here, there] = [await device(anna), await device(anna)];
  const mine = await connect(server, { t, ...here });
  const open = [await connect(server, { t, ...there }), await connect(server, { t, ...there })];
  const id = await sessionOf(there);
  await call(server, here, 'end_session', { session: id });
  await Promise.all(open.map((client) => isEnded(client)));
  await isNobody(there);
  const gone = await me(server, there);
  assert.match(gone.headers['set-cookie'][0], /^hubbub_session=; .*Max-Age=0/, 'the browser is told to forget it');
  await isAlive(mine);
  assert.equal((await refusedCall(call(server, here, 'end_session', { session: id }))).code, 'not_found');
});

test("one ends one's own sessions only", async () => {
  const foreign = await sessionOf(ben);
  for (const who of [anna, owner])
    assert.equal((await refusedCall(call(server, who, 'end_session', { session: foreign }))).code, 'not_found');
  assert.equal(await known(server, ben), 200);
});

test('all others are ended at once, and this one stays', async (t) => {
  const others = [await device(anna), await device(anna)];
  const mine = await connect(server, { t, ...anna });
  const open = [];
  for (const session of others) open.push(await connect(server, { t, ...session }));
  await mine.request('end_other_sessions'); // over the live connection, for once
  await Promise.all(open.map((client) => isEnded(client)));
  for (const session of others) await isNobody(session);
  await isAlive(mine);
  const { sessions } = await call(server, anna, 'sessions');
  assert.deepEqual(
    sessions.map(({ current }) => current),
    [true],
  );
});

test('a session that ends itself is closed as well', async (t) => {
  const session = await device(anna);
  const mine = await connect(server, { t, ...session });
  mine.post({ type: 'end_session', id: 'last', session: await sessionOf(session) });
  await isEnded(mine);
  await isNobody(session);
});

test('signing out ends the session, its connections and the cookie', async (t) => {
  const session = await device(anna);
  const open = await connect(server, { t, ...session });
  const answer = await post(server, session, 'sign_out');
  assert.equal(answer.status, 204);
  assert.match(answer.headers['set-cookie'][0], /^hubbub_session=; Path=\/; Max-Age=0; HttpOnly/);
  await isEnded(open);
  await isNobody(session);
  assert.equal((await post(server, session, 'sign_out')).status, 204, 'twice does no harm');
  assert.equal((await post(server, null, 'sign_out')).status, 204, 'nor does nobody');
});

test('changing the password ends the other sessions', async (t) => {
  const here = await device(ben);
  const there = await device(ben);
  const [mine, other] = [await connect(server, { t, ...here }), await connect(server, { t, ...there })];
  const change = (current, password) => post(server, here, 'set_password', { current, password });
  const wrong = await change('not the password', OTHER_PASSWORD);
  assert.deepEqual([wrong.status, wrong.json().error.code], [401, 'wrong_password']);
  assert.equal(await known(server, there), 200, 'a wrong guess ends nothing');

  assert.equal((await change(PASSWORD, OTHER_PASSWORD)).status, 204);
  await isEnded(other);
  await isNobody(there);
  await isNobody(ben);
  await isAlive(mine);
  assert.equal(await known(server, here), 200);
  const old = await post(server, null, 'sign_in', { name: 'ben', password: PASSWORD });
  assert.deepEqual([old.status, old.json().error.code], [401, 'wrong_password']);
  assert.equal((await signIn(server, 'ben', { password: OTHER_PASSWORD })).user.name, 'ben');
  assert.equal((await change(OTHER_PASSWORD, PASSWORD)).status, 204);
  Object.assign(ben, here);
});

test('a ban ends all sessions, and says why', async (t) => {
  const client = await connect(server, { t, ...ben });
  await call(server, owner, 'ban', { user: 'ben' });
  await isEnded(client, 'banned');
  assert.equal(await known(server, ben), 401);
  const answer = await post(server, null, 'sign_in', { name: 'ben', password: PASSWORD });
  assert.deepEqual([answer.status, answer.json().error.code], [403, 'banned']);
  assert.equal(answer.headers['set-cookie'], undefined);
  await call(server, owner, 'unban', { user: 'ben' });
  assert.equal(await known(server, ben), 401, 'what has ended stays so');
  Object.assign(ben, await device(ben));
});

/* ------------------------------------------------------------------ time */

test('sessions survive a restart', async (t) => {
  const id = await sessionOf(anna);
  await server.restart();
  assert.equal(await sessionOf(anna), id);
  assert.equal((await connect(server, { t, ...anna })).user.name, 'anna');
});

test('a session ends 30 days after it was last seen; being seen moves the end', async () => {
  const [stale, seen] = [await device(anna), await device(anna)];
  const ids = [await sessionOf(stale), await sessionOf(seen)];
  const [fresh] = await server.sqlite(`SELECT expires_at - created_at AS ms FROM sessions WHERE id = ${ids[0]}`);
  assert.ok(Math.abs(fresh.ms - VALID_MS) < 60_000, `${fresh.ms}`);
  await server.stop();
  const soon = Date.now() + DAY_MS;
  await server.sqlite(`UPDATE sessions SET expires_at = ${Date.now() - 1} WHERE id = ${ids[0]};
    UPDATE sessions SET expires_at = ${soon}, seen_at = seen_at - ${29 * DAY_MS} WHERE id = ${ids[1]}`);
  await server.restart();

  await isNobody(stale);
  const { sessions } = await call(server, anna, 'sessions');
  assert.ok(!sessions.some(({ id }) => id === ids[0]), 'what has expired is not listed');

  const answer = await me(server, seen);
  assert.equal(answer.status, 200);
  assert.match(answer.headers['set-cookie'][0], new RegExp(`^hubbub_session=${tokenOf(seen)}; .*Max-Age=${VALID_S};`));
  await until(async () => {
    const [row] = await server.sqlite(`SELECT seen_at, expires_at FROM sessions WHERE id = ${ids[1]}`);
    return row.expires_at > soon + 28 * DAY_MS && Date.now() - row.seen_at < 60_000;
  }, 'the new end of the session');
});

test('somebody who signs in for ever does not fill the table: the device that was not seen longest goes', async () => {
  await call(server, ben, 'end_other_sessions');
  const id = await sessionOf(ben);
  await server.stop();
  await server.sqlite(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99)
    INSERT INTO sessions (user_id, token_hash, device, address, created_at, seen_at, expires_at)
    SELECT ${ben.user.id}, randomblob(32), 'device ' || i, '', seen_at - i, seen_at - i, expires_at
    FROM n, sessions AS s WHERE s.id = ${id}`);
  await server.restart();
  const count = async () =>
    (await call(server, ben, 'sessions', { limit: 200 })).sessions.map((session) => session.device);
  assert.equal((await count()).length, 100);
  await device(ben, { 'User-Agent': 'the newest' });
  const names = await count();
  assert.equal(names.length, 100);
  assert.ok(names.includes('the newest') && !names.includes('device 99') && names.includes('device 98'));
});

test('a session is asked for where it is needed', async () => {
  for (const name of ['sessions', 'end_session', 'end_other_sessions', 'set_password', 'start_totp']) {
    const answer = await post(server, null, name, { session: 1, current: PASSWORD, password: OTHER_PASSWORD });
    assert.equal(answer.status, 401, name);
  }
  const answer = await me(server, null);
  assert.deepEqual([answer.status, answer.json().error.code], [401, 'unauthorized']);
  assert.equal(answer.headers['set-cookie'], undefined);
});
