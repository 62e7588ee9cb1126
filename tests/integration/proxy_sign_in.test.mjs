/* Signing in by a proxy: whoever a trusted proxy names in the header of the setting is that account, and nobody else's
 * word counts. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { call, crew, isEnded, PASSWORD, post, refusedCall, signIn } from '../lib/accounts.mjs';
import { connect, guest, NotUpgraded, refusal } from '../lib/client.mjs';
import { ask } from '../lib/http.mjs';
import { refusedStart } from '../lib/refusal.mjs';
import { startServer, temporaryDirectory, UNLIMITED } from '../lib/server.mjs';
import { times } from '../lib/wait.mjs';

const HEADER = 'X-Forwarded-User';

const start = (t, settings = {}) =>
  startServer({ t, settings: { ...UNLIMITED, auth_proxy_header: HEADER, ...settings } });

const as = (name, more = {}) => ({ [HEADER]: name, ...more });
const whoIs = (server, headers) => ask(server, '/api/v1/me', { headers });
const error = (answer) => [answer.status, answer.json().error.code];

async function accounts(server) {
  const rows = await server.sqlite("SELECT name FROM users WHERE kind = 'account' ORDER BY id");
  return rows.map(({ name }) => name);
}

async function notUpgraded(server, headers) {
  const refused = await connect(server, { headers }).catch((reason) => reason);
  assert.ok(refused instanceof NotUpgraded, `${refused}`);
  return [refused.status, JSON.parse(refused.text).error.code];
}

test('whom the proxy names is somebody, with an account from the first visit on, and needs no password', async (t) => {
  const server = await start(t);
  const first = await whoIs(server, as('anna'));
  assert.equal(first.status, 200);
  const { user, session, scope } = first.json();
  assert.deepEqual([user.name, user.role, session, scope], ['anna', 'member', 0, 'admin']);
  assert.equal(first.headers['set-cookie'], undefined, 'the proxy says it each time');
  assert.equal((await whoIs(server, as('ANNA'))).json().user.id, user.id, 'in any spelling of the name');

  const client = await connect(server, { t, headers: as('anna') });
  assert.equal(client.user.id, user.id);
  assert.deepEqual(
    client.welcome.rooms.map(({ name, role }) => [name, role]),
    [['lobby', 'member']],
  );
  await client.send('lobby', 'by a proxy');
  const answer = await post(server, null, 'send', { id: 'by-http', room: 'lobby', body: 'by a proxy' }, as('anna'));
  assert.equal(answer.status, 200);
  assert.deepEqual(await accounts(server), ['owner', 'anna']);
  assert.deepEqual(error(await post(server, null, 'sign_in', { name: 'anna', password: '' })), [400, 'invalid']);
  const guessed = await post(server, null, 'sign_in', { name: 'anna', password: PASSWORD });
  assert.deepEqual(error(guessed), [401, 'wrong_password'], 'there is no password that would fit');
});

test('an account that is there already is that account, with its role', async (t) => {
  const server = await start(t);
  const [owner] = await crew(server);
  assert.deepEqual((await whoIs(server, as('owner'))).json().user, owner.user);
  const answer = await post(server, null, 'create_invite', {}, as('owner'));
  assert.equal(answer.status, 200);
});

/** [settings, headers, why] */
const unbelievable = [
  [{ trusted_proxies: '10.1.2.3' }, as('owner'), 'from somebody who is no proxy'],
  [{ trusted_proxies: '10.1.2.3' }, as('owner', { 'X-Forwarded-For': '10.1.2.3' }), 'from somebody who says to be one'],
  [{ auth_proxy_header: '' }, as('owner'), 'where no header is set'],
  [{ auth_proxy_header: 'X-Remote-User' }, as('owner'), 'in another header'],
  [{}, as(''), 'an empty name'],
];

test('a header that nobody is believed in stops the start', async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  const sets = ['trusted_proxies=', `auth_proxy_header=${HEADER}`];
  assert.match(await refusedStart(dataDir, sets), /auth_proxy_header.*trusted_proxies/);
});

test('the header of anybody else is not read', async (t) => {
  for (const [settings, headers, why] of unbelievable) {
    const server = await start(t, settings);
    assert.deepEqual(error(await whoIs(server, headers)), [401, 'unauthorized'], why);
    assert.equal((await post(server, null, 'people', {}, headers)).status, 401, why);
    const client = await connect(server, { t, headers });
    assert.deepEqual([client.user.id, client.user.role], [0, 'visitor'], why);
    await server.restart({ allow_guests: 'no' });
    assert.equal((await notUpgraded(server, headers))[0], 403, why);
    assert.deepEqual(await accounts(server), ['owner'], why);
    await server.stop();
  }
});

/** [the header's value, status, code, why] */
const refused = [
  [['owner', 'owner'], 401, 'unauthorized', "twice: the second could be the client's own"],
  ['two words', 400, 'invalid', 'no user name'],
  ['x'.repeat(33), 400, 'invalid', 'a name that is too long'],
  ['<script>', 400, 'invalid', 'HTML'],
  ['everyone', 400, 'invalid', 'a mention of many'],
  ["owner' OR 1=1 --", 400, 'invalid', 'a condition'],
  ['guest-abcdefghij', 400, 'invalid', 'what looks like a made-up name'],
  ['passing', 409, 'name_taken', "a guest's name"],
  ['admin', 409, 'name_taken', 'what the command line is called'],
  [Buffer.from('Zoë').toString('latin1'), 200, 'Zoë', 'a name in UTF-8'],
  ['Zo\xeb', 401, 'unauthorized', 'a name in Latin-1'],
];

test('a name that cannot be an account is told so, and is nobody', async (t) => {
  const server = await start(t);
  await guest(server, 'Passing');
  for (const [value, status, code, why] of refused) {
    const answer = await whoIs(server, as(value));
    assert.equal(answer.status, status, `${why}: ${answer.text}`);
    if (status === 200) assert.equal(answer.json().user.name, code, why);
    else assert.equal(answer.json().error.code, code, why);
    if (status !== 200 && !Array.isArray(value))
      assert.deepEqual(await notUpgraded(server, as(value)), [status, code], why);
  }
  assert.deepEqual(await accounts(server), ['owner', 'Zoë']);
});

test('a token goes first, a session of another account is refused, and what is stale does not stand in the way', async (t) => {
  const server = await start(t);
  const [owner, anna] = await crew(server, 'anna');
  const { token } = await call(server, owner, 'create_token', { name: 'bot', scope: 'read' });
  const name = async (headers) => (await whoIs(server, headers)).json().user?.name;
  assert.equal(await name(as('ben', { Authorization: `Bearer ${token}` })), 'owner');
  assert.equal(await name(as('anna', { Cookie: anna.cookie })), 'anna');
  const both = await whoIs(server, as('ben', { Cookie: anna.cookie }));
  assert.deepEqual(error(both), [401, 'unauthorized']);
  assert.match(both.headers['set-cookie'][0], /^hubbub_session=;/, 'the browser forgets it, and the proxy knows');
  assert.deepEqual(await notUpgraded(server, as('ben', { Cookie: anna.cookie })), [401, 'unauthorized']);
  assert.equal(await name(as('ben', { Cookie: 'hubbub_session=hubbubs_stale' })), 'ben');
  assert.equal((await whoIs(server, as('ben', { Authorization: 'Bearer hubbub_stale' }))).status, 401);
});

test('one who only looks like somebody else to us is not signed in as them', async (t) => {
  const server = await start(t);
  const bill = (await whoIs(server, as('bill'))).json().user;
  assert.equal((await whoIs(server, as('BiLL'))).json().user.id, bill.id, 'capitals make no other person');
  for (const name of ['bi1l', 'bil1', 'b1ll', 'biIl']) {
    const answer = await whoIs(server, as(name));
    if (name.toLowerCase() === 'bill') assert.equal(answer.json().user.id, bill.id, name);
    else assert.deepEqual(error(answer), [409, 'name_taken'], name);
    if (answer.status === 409) assert.deepEqual(await notUpgraded(server, as(name)), [409, 'name_taken'], name);
  }
  const cyrillic = Buffer.from('b\u0456ll').toString('latin1'); // as a header carries it
  assert.deepEqual(error(await whoIs(server, as(cyrillic))), [409, 'name_taken']);
  assert.deepEqual(await accounts(server), ['owner', 'bill']);
});

test('nobody renames themselves to whom the proxy may name next', async (t) => {
  const server = await start(t);
  const [owner, mallory] = await crew(server, 'mallory');
  const before = await whoIs(server, as('eve'));
  const live = await connect(server, { t, headers: as('eve') });
  for (const who of [owner, mallory])
    assert.equal((await refusedCall(call(server, who, 'rename', { name: 'the-new-one' }))).code, 'forbidden');
  assert.equal((await refusal(live.request('rename', { name: 'the-new-one' }))).code, 'forbidden');
  const byProxy = await post(server, null, 'rename', { name: 'the-new-one' }, as('eve'));
  assert.deepEqual(error(byProxy), [403, 'forbidden']);
  assert.equal((await whoIs(server, as('eve'))).json().user.id, before.json().user.id);
  const visitor = await guest(server, 'gus');
  const renamed = await post(server, visitor, 'guest', { name: 'gustav' });
  assert.equal(renamed.status, 200, 'guests are named by nobody else');
});

test('where nobody may sign up, nobody new comes in this way either', async (t) => {
  const server = await start(t, { signup: 'closed' });
  assert.deepEqual(error(await whoIs(server, as('anna'))), [403, 'forbidden']);
  assert.deepEqual(await notUpgraded(server, as('anna')), [403, 'forbidden']);
  assert.equal((await whoIs(server, as('owner'))).status, 200);
  assert.deepEqual(await accounts(server), ['owner']);
});

test('of many first requests at the same time, one makes the account', async (t) => {
  const server = await start(t);
  const answers = await times(12, (i) => whoIs(server, as(i % 2 ? 'anna' : 'ANNA')));
  assert.equal(new Set(answers.map((answer) => answer.json().user.id)).size, 1);
  assert.equal((await accounts(server)).length, 2);
});

test('a second factor is for the proxy to ask for; what one has besides is held to what the place wants', async (t) => {
  const server = await start(t);
  const [owner] = await crew(server);
  await call(server, owner, 'set_place', { require_totp: true });
  assert.equal((await refusedCall(call(server, owner, 'create_invite'))).code, 'forbidden', 'by a password alone');
  assert.equal((await whoIs(server, as('owner'))).json().scope, 'admin');
  assert.equal((await post(server, null, 'create_invite', {}, as('owner'))).status, 200);
  const live = await connect(server, { t, headers: as('owner') });
  await live.request('create_room', { name: 'by the proxy' });
  await live.request('archive_room', { room: 'by the proxy', archived: true });
  const made = await post(server, null, 'create_token', { name: 'of mine', scope: 'admin' }, as('owner'));
  const { token } = made.json();
  assert.equal((await refusedCall(call(server, { token }, 'create_invite'))).code, 'forbidden', 'by a token');
});

test('a ban holds here as well', async (t) => {
  const server = await start(t);
  const owner = await signIn(server);
  const client = await connect(server, { t, headers: as('anna') });
  await call(server, owner, 'ban', { user: 'anna' });
  await isEnded(client, 'banned');
  assert.deepEqual(error(await whoIs(server, as('anna'))), [403, 'banned']);
  assert.deepEqual(await notUpgraded(server, as('anna')), [403, 'banned']);
});

test('a page of another origin has no more power by this than by a cookie', async (t) => {
  const server = await start(t);
  const fields = { id: 'stolen', room: 'lobby', body: 'x' };
  for (const more of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }]) {
    const answer = await post(server, null, 'send', fields, as('owner', more));
    assert.deepEqual(error(answer), [403, 'forbidden']);
    assert.deepEqual(await notUpgraded(server, as('owner', more)), [403, 'forbidden']);
  }
});

test('where somebody is, is what the proxy says', async (t) => {
  const server = await start(t);
  await call(server, null, 'create_invite', {}, as('owner', { 'X-Forwarded-For': '203.0.113.7' }));
  const { audit } = await call(server, null, 'audit', { verb: 'create_invite' }, as('owner'));
  assert.equal(audit[0].address, '203.0.113.7');
  assert.equal((await refusedCall(call(server, null, 'end_session', { session: 1 }, as('owner')))).code, 'not_found');
});
