/* Guests: a name that is one's own, remembered by a cookie. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { connect, guest, NotUpgraded, wholeHistory } from '../lib/client.mjs';
import { asOurPage, ask, cookieOf } from '../lib/http.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { times, within } from '../lib/wait.mjs';

const server = await startServer({ t: { after }, settings: UNLIMITED });
const API = '/api/v1/guest';

function call(path, { cookie, type = 'application/json', headers = {}, of = server, ...rest } = {}) {
  const more = {
    ...(cookie ? { Cookie: cookie } : {}),
    ...(rest.body !== undefined && type ? { 'Content-Type': type } : {}),
  };
  const all = { ...more, ...headers };
  return ask(of, path, { ...rest, headers: { ...asOurPage(of, all), ...all } });
}

async function me(cookie, of) {
  const answer = await call('/api/v1/me', { cookie, of });
  return answer.status === 200 ? answer.json().user : answer.status;
}

const setCookie = (answer) => answer.headers['set-cookie'][0];

test('a guest is made, known, renamed and forgotten', async () => {
  assert.equal(await me(), 401);
  const made = await call(API, { method: 'POST', body: '{"name":"Anna"}' });
  assert.equal(made.status, 201);
  const { user } = made.json();
  assert.equal(user.name, 'Anna');
  assert.ok(user.id > 0);
  const header = setCookie(made);
  assert.match(header, /^hubbub_guest=[^;\s]+;/);
  for (const attribute of [/; *HttpOnly/i, /; *SameSite=Lax/i, /; *Path=\/(;|$)/i, /; *Max-Age=\d{7,}/i])
    assert.match(header, attribute);
  assert.doesNotMatch(header, /; *Secure/i);
  const cookie = cookieOf(made);
  assert.deepEqual(await me(cookie), user);

  const renamed = await call(API, { method: 'POST', cookie, body: '{"name":"Anna Bee"}' });
  assert.equal(renamed.status, 200);
  assert.deepEqual(renamed.json().user, { id: user.id, name: 'Anna Bee', role: 'guest' });
  const fresh = cookieOf(renamed);
  assert.deepEqual(await me(fresh), { id: user.id, name: 'Anna Bee', role: 'guest' });

  const live = await connect(server, { cookie: fresh });
  const gone = await call(API, { method: 'DELETE', cookie: fresh });
  assert.ok([200, 204].includes(gone.status));
  assert.match(setCookie(gone), /^hubbub_guest=;.*Max-Age=0/i);
  assert.deepEqual(await within(live.closed, 'the end of the connection'), { code: 1008, reason: 'session ended' });
  for (const copy of [cookie, fresh]) assert.equal(await me(copy), 401, 'a copy of it is worth nothing either');
});

test('where a guest was who took another name is written down, however it was asked for', async (t) => {
  const { user, cookie } = await guest(server, 'Wanda');
  await call(API, { method: 'POST', cookie, body: '{"name":"Wanda by HTTP"}' });
  const client = await connect(server, { t, cookie });
  await client.request('rename', { name: 'Wanda live' });
  const rows = await server.sqlite(`SELECT address FROM audit WHERE verb = 'rename' AND actor_id = ${user.id}`);
  assert.deepEqual(rows, [{ address: '127.0.0.1' }, { address: '127.0.0.1' }]);
});

test('the cookie is Secure where the page came over TLS', async (t) => {
  const behind = await call(API, {
    method: 'POST',
    body: '{"name":"Behind a proxy"}',
    headers: { 'X-Forwarded-Proto': 'https' },
  });
  assert.match(setCookie(behind), /^__Host-hubbub_guest=.*; *Secure/i);
  for (const [value, secure] of [
    ['yes', true],
    ['no', false],
  ]) {
    const other = await startServer({ t, settings: { cookie_secure: value } });
    const made = await call(API, {
      of: other,
      method: 'POST',
      body: '{"name":"Anna"}',
      headers: { 'X-Forwarded-Proto': secure ? 'http' : 'https' },
    });
    assert.equal(/; *Secure/i.test(setCookie(made)), secure, value);
  }
});

/** [name, status, why] */
const names = [
  ['Zoë', 201, 'a letter with dots'],
  ['王小明', 201, 'Chinese'],
  ['محمد', 201, 'Arabic'],
  ["O'Neil-Smith 3rd", 201, 'marks and digits'],
  ['x'.repeat(32), 201, '32 characters'],
  ['é'.repeat(31) + 'z', 201, '32 characters of two bytes'],
  ['  trimmed  ', 201, 'white space at the ends is taken off'],
  ['', 400, 'empty'],
  ['   ', 400, 'only white space'],
  ['x'.repeat(33), 400, '33 characters'],
  ['a\u0000b', 400, 'a NUL'],
  ['a\nb', 400, 'a line break'],
  ['a\u202eb', 400, 'turns the direction of writing'],
  ['a\u200bb', 400, 'a space of no width'],
  ['!!!', 400, 'neither letter nor digit'],
  ['guest-abcdefghij', [400, 409], 'looks like a made-up one'],
];

test('names have rules', async () => {
  for (const [name, statuses, why] of names) {
    const response = await call(API, { method: 'POST', body: JSON.stringify({ name }) });
    assert.ok([statuses].flat().includes(response.status), `${why}: ${response.status}`);
    const answer = response.json();
    if (response.status === 201) assert.equal(answer.user.name, name.trim().normalize('NFC'), why);
    else assert.ok(answer.error.message.length > 0 && /^[a-z_]+$/.test(answer.error.code), why);
  }
});

test("a name that looks like another's is taken", async (t) => {
  const { cookie } = await guest(server, 'Olivia');
  for (const name of [
    'Olivia',
    'olivia',
    'OLIVIA',
    'Оlivia',
    'OIivia',
    '0livia',
    'Ｏlivia',
    'admin',
    'Admin',
    'lobby-not',
  ]) {
    const response = await call(API, { method: 'POST', body: JSON.stringify({ name }) });
    if (name === 'lobby-not') assert.equal(response.status, 201, 'rooms have names of their own');
    else {
      assert.equal(response.status, 409, name);
      assert.equal(response.json().error.code, 'name_taken', name);
    }
  }
  assert.equal((await guest(server, 'OLIVIA', cookie)).user.name, 'OLIVIA', "one may spell one's own name another way");
  const refused = await connect(server, { name: 'olivia' }).catch((error) => error);
  assert.ok(refused instanceof NotUpgraded && refused.status === 409, 'also for a visitor');
  await connect(server, { t, name: 'Visiting' });
  assert.equal(
    (await call(API, { method: 'POST', body: '{"name":"visiting"}' })).status,
    409,
    "nor may a guest take a connected visitor's",
  );
});

test('of many who want one name at once, one gets it', async () => {
  const answers = await times(12, () => call(API, { method: 'POST', body: '{"name":"Wanted"}' }));
  const statuses = answers.map((answer) => answer.status).sort();
  assert.deepEqual(statuses, [201, ...Array(11).fill(409)]);
});

/** [body, content type, statuses, why] */
const bodies = [
  ['{"name":7}', 'application/json', [400], 'a number'],
  ['{"nom":"Anna"}', 'application/json', [400], 'no name'],
  ['["Anna"]', 'application/json', [400], 'no object'],
  ['{"name":"Anna"', 'application/json', [400], 'cut off'],
  ['', 'application/json', [400, 411], 'empty'],
  ['\xff\xfe', 'application/json', [400], 'no JSON at all'],
  ['['.repeat(5000), 'application/json', [400, 413], 'nested too deep'],
  [`{"name":"Anna","x":"${'y'.repeat(1 << 20)}"}`, 'application/json', [400, 413], 'a megabyte'],
  ['{"name":"Form"}', 'text/plain', [400, 415], 'what a foreign page could send without asking'],
  ['name=Form', 'application/x-www-form-urlencoded', [400, 415], 'a form'],
];

test('a body that is no such object is refused', async () => {
  for (const [body, type, statuses, why] of bodies) {
    const response = await call(API, { method: 'POST', type, body });
    assert.ok(statuses.includes(response.status), `${why}: ${response.status}`);
    assert.match(response.json().error.code, /^[a-z_]+$/, why);
  }
});

test('who is still sending a body that is too large gets the answer', async () => {
  for (let round = 0; round < 30; round++) {
    const response = await call(API, { method: 'POST', body: `{"name":"${'y'.repeat(2 << 20)}"}` });
    assert.equal(response.status, 413);
    assert.equal(response.headers.connection, 'close');
  }
});

test('a page of another origin cannot act for a guest', async () => {
  const { cookie } = await guest(server, 'Careful');
  const headers = { Origin: 'https://evil.example' };
  assert.equal((await call(API, { method: 'POST', cookie, headers, body: '{"name":"Stolen"}' })).status, 403);
  assert.equal((await call(API, { method: 'DELETE', cookie, headers })).status, 403);
  assert.equal((await me(cookie)).name, 'Careful');
});

test("a cookie that was tampered with is nobody's", async (t) => {
  const { cookie, user } = await guest(server, 'Signed');
  const value = cookie.slice(cookie.indexOf('=') + 1);
  const forged = [
    value.slice(0, -1),
    `${value}A`,
    value.slice(0, -4) + (value.endsWith('AAAA') ? 'BBBB' : 'AAAA'),
    value.replace(`.${user.id}.`, `.${user.id - 1}.`),
    value.split('.').slice(0, -1).join('.'),
    'v1.1.QW5uYQ.1.',
    '',
    'x'.repeat(3000),
  ];
  for (const bad of forged) {
    assert.notEqual(bad, value);
    assert.equal(await me(`hubbub_guest=${bad}`), 401, bad.slice(0, 80));
    const client = await connect(server, { t, cookie: `hubbub_guest=${bad}` }).catch((error) => error);
    if (client instanceof NotUpgraded) assert.ok([400, 401, 403].includes(client.status));
    else assert.equal(client.user.id, 0, 'a forged cookie let somebody in as a guest');
  }
  const other = await startServer({ t });
  assert.equal(await me(cookie, other), 401, "another server's cookie");
  assert.deepEqual(await me(`a=b; ${cookie}; c=d`), user, 'among other cookies');
});

test('a guest is the same user on every connection, after a restart too', async (t) => {
  const { cookie, user } = await guest(server, 'Constant');
  const first = await connect(server, { t, cookie });
  assert.deepEqual(first.user, user);
  await first.send('lobby', 'before');
  await server.restart();
  assert.deepEqual(await me(cookie), user);
  const second = await connect(server, { t, cookie });
  assert.deepEqual(second.user, user);
  await second.send('lobby', 'after');
  const authors = (await wholeHistory(second, 1)).slice(-2).map((event) => event.author);
  const { role, ...author } = user;
  assert.equal(role, 'guest');
  assert.deepEqual(authors, [author, author]);
});

test('a new name is told to everybody, and history shows it', async (t) => {
  const { cookie, user } = await guest(server, 'Oldname');
  const [self, other] = [await connect(server, { t, cookie }), await connect(server, { t })];
  await Promise.all([self.join('lobby'), other.join('lobby')]);
  await self.send('lobby', 'under the old name');
  const { cookie: fresh } = await guest(server, 'Newname', cookie);
  const author = { id: user.id, name: 'Newname' };
  const renamed = { ...author, role: 'guest' };
  for (const client of [self, other]) {
    assert.deepEqual(await client.frame('member'), { type: 'member', change: 'renamed', user: renamed });
  }
  await other.sees(1, (await self.send('lobby', 'under the new name')).seq);
  assert.deepEqual(other.views.get(1).events.at(-1).author, author);
  assert.deepEqual(
    (await wholeHistory(other, 1)).slice(-2).map((event) => event.author),
    [author, author],
  );
  assert.deepEqual((await connect(server, { t, cookie: fresh })).user, renamed);
  assert.equal((await guest(server, 'oldname')).status, 201, 'the old name is free');
});

test('without guests nobody becomes one', async (t) => {
  const closed = await startServer({ t, settings: { allow_guests: 'no' } });
  const response = await call(API, { of: closed, method: 'POST', body: '{"name":"Anna"}' });
  assert.equal(response.status, 403);
});
