/* Requests that another site makes a browser send, with the cookies of whoever sits before it: nothing comes of it. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call, crew, identity, known, PASSWORD, post } from '../lib/accounts.mjs';
import { connect, guest, NotUpgraded } from '../lib/client.mjs';
import { EXAMPLES, HTTP_CALLS, REQUEST_CALLS } from '../lib/documented.mjs';
import { ask } from '../lib/http.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';

const ALLOWED = 'https://intranet.example';

const settings = { ...UNLIMITED, signup: 'open', allowed_origins: ALLOWED };
const server = await startServer({ t: { after }, settings });
const [owner, anna] = await crew(server, 'anna');
const { cookie: guestCookie } = await guest(server, 'Passing');
const host = `127.0.0.1:${server.port}`;

/** What a browser would send for somebody who is all of these. */
const cookie = `${owner.cookie}; ${guestCookie}`;

/** Every call that changes something, with fields that would do so: [method, path, fields] */
const changing = [
  ...HTTP_CALLS.filter(({ method }) => method !== 'GET').map(({ method, path, fields }) => [
    method,
    path,
    Object.fromEntries(fields.map((field) => [field.replace('?', ''), PASSWORD])),
  ]),
  ...REQUEST_CALLS.map((name) => ['POST', `/api/v1/${name}`, { id: name, ...EXAMPLES.get(name) }]),
];

/** Where the command log is: whatever changes something moves it on. */
async function state() {
  const [row] = await server.sqlite('SELECT number, hex(hash) AS hash FROM applied');
  return row;
}

const error = (answer) => [answer.status, answer.json().error.code];

/** [headers that a browser adds, why] */
const foreign = [
  [{ Origin: 'https://evil.example' }, 'another site'],
  [{ Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }, 'another site, as browsers of today say it'],
  [{ Origin: 'https://evil.example', 'Sec-Fetch-Site': 'same-origin' }, 'two headers that do not agree'],
  [{ Origin: 'null' }, 'a frame without an origin, or a file'],
  [{ Origin: `http://127.0.0.1:${server.port + 1}` }, 'another port of this host'],
  [{ Origin: `http://localhost:${server.port}` }, 'another name of this host'],
  [{ Origin: `http://${host}.evil.example` }, 'a site whose name begins like ours'],
  [{ Origin: `http://evil.example/${host}` }, 'one whose path is like ours'],
  [{ Origin: `http://evil.example@${host}` }, 'one that is like a name and password'],
  [{ Origin: `${ALLOWED}.evil.example` }, 'one that begins like an allowed one'],
  [{ Origin: 'http://intranet.example' }, 'an allowed one without TLS'],
  [{ Origin: '' }, 'an empty origin'],
  [{ Origin: [`http://${host}`, 'https://evil.example'] }, 'two origins'],
  [{ 'Sec-Fetch-Site': 'cross-site' }, 'another site, without an origin'],
  [{ 'Sec-Fetch-Site': 'same-site' }, 'a neighbour of ours, without an origin'],
  [{ 'Sec-Fetch-Site': 'nonsense' }, 'a word that no browser says'],
];

/** The same where a cookie is sent to a call: no browser leaves both headers out. */
const foreignCalls = [...foreign, [{}, 'nobody says which page asks']];

test('no call that changes something is carried out for a page of another origin', async () => {
  assert.ok(changing.length > 50, `${changing.length} calls`);
  const before = await state();
  for (const [headers, why] of foreignCalls) {
    for (const [method, path, fields] of changing) {
      const options = { method, headers: { Cookie: cookie, 'Content-Type': 'application/json', ...headers } };
      const answer = await ask(server, path, { ...options, body: JSON.stringify(fields) });
      assert.deepEqual(error(answer), [403, 'forbidden'], `${method} ${path}: ${why}`);
      assert.equal(answer.headers['set-cookie'], undefined, `${method} ${path}: ${why}`);
    }
  }
  assert.deepEqual(await state(), before);
  assert.equal(await known(server, owner), 200);
});

const inParts = (fields) =>
  `--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n${JSON.stringify(fields)}\r\n--x--\r\n`;

/** What a form or a script without a preflight can send: [Content-Type, how the fields are written, why] */
const simple = [
  ['text/plain', JSON.stringify, 'a form of plain text'],
  ['text/plain;charset=UTF-8', JSON.stringify, 'what fetch() says of a string'],
  ['application/x-www-form-urlencoded', (fields) => new URLSearchParams(fields).toString(), 'a form'],
  ['application/x-www-form-urlencoded', JSON.stringify, 'a form that holds JSON'],
  ['multipart/form-data; boundary=x', inParts, 'a form with files'],
  ['text/plain; application/json', JSON.stringify, 'one that names JSON behind it'],
  ['text/plain, application/json', JSON.stringify, 'a list'],
  ['application/json-seq', JSON.stringify, 'a type that begins like JSON'],
  ['', JSON.stringify, 'an empty type'],
  [undefined, JSON.stringify, 'no type at all'],
];

test('nor is one whose body is not said to be JSON', async () => {
  const posts = changing.filter(([method]) => method === 'POST');
  const before = await state();
  for (const [type, write, why] of simple) {
    for (const [method, path, fields] of posts) {
      const said = type === undefined ? {} : { 'Content-Type': type };
      const headers = { Cookie: cookie, Origin: `http://${host}`, ...said };
      const answer = await ask(server, path, { method, headers, body: write(fields) });
      assert.equal(answer.status, 415, `${path}: ${why}`);
      assert.match(answer.json().error.message, /JSON/);
    }
  }
  assert.deepEqual(await state(), before);
});

test('nothing is changed by other methods, such as links and pictures use', async () => {
  const before = await state();
  const methods = ['GET', 'HEAD', 'PUT', 'PATCH', 'OPTIONS'];
  for (const [, path, fields] of changing) {
    for (const method of methods) {
      const query = `?${new URLSearchParams(fields)}&_method=POST`;
      const headers = { Cookie: cookie, 'X-HTTP-Method-Override': 'POST', 'Content-Type': 'application/json' };
      const body = ['GET', 'HEAD'].includes(method) ? {} : { body: JSON.stringify(fields) };
      const answer = await ask(server, path + query, { method, headers, ...body });
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.match(answer.headers.allow, /POST/);
    }
  }
  assert.deepEqual(await state(), before);
});

test('no answer lets another origin read it', async () => {
  const calls = ['place', 'me', 'avatar/1', 'send', 'people'].map((name) => `/api/v1/${name}`);
  for (const path of ['/', '/healthz', '/nowhere', ...calls]) {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const headers = {
        Cookie: cookie,
        Origin: 'https://evil.example',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type',
      };
      const answer = await ask(server, path, { method, headers });
      const granting = Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'));
      assert.deepEqual(granting, [], `${method} ${path}`);
      assert.equal(answer.headers['cross-origin-resource-policy'], 'same-origin', `${method} ${path}`);
      assert.equal(answer.headers['x-content-type-options'], 'nosniff', `${method} ${path}`);
    }
  }
});

/** [headers, why] */
const ours = [
  [{ Origin: `http://${host}` }, 'our page'],
  [{ Origin: `HTTP://${host}` }, 'our page, in capitals'],
  [{ Origin: `http://${host}`, 'Sec-Fetch-Site': 'same-origin' }, 'our page, as browsers of today say it'],
  [{ 'Sec-Fetch-Site': 'same-origin' }, 'our page, without an origin'],
  [{ 'Sec-Fetch-Site': 'none' }, 'somebody who typed the address'],
  [{ Origin: ALLOWED }, 'an origin that is allowed'],
  [{ Origin: ALLOWED, 'Sec-Fetch-Site': 'cross-site' }, 'an origin that is allowed, as browsers of today say it'],
];

test('our own page, and those that are allowed, do what they want', async () => {
  for (const [i, [headers, why]] of ours.entries()) {
    const before = await state();
    await call(server, anna, 'send', { id: `ours-${i}`, room: 'lobby', body: why }, headers);
    assert.notDeepEqual(await state(), before, why);
    const type = { 'Content-Type': 'Application/JSON; charset=utf-8' };
    const answer = await post(server, anna, 'people', {}, { ...headers, ...type });
    assert.equal(answer.status, 200, why);
  }
});

test('by TLS, a page of our name that came without it is a foreign one: whoever is on the way wrote it', async (t) => {
  const tls = { 'X-Forwarded-Proto': 'https', Host: 'chat.example' };
  const by = { ...owner, cookie: owner.cookie.replace('hubbub_session', '__Host-hubbub_session') };
  for (const [origin, status] of [
    ['https://chat.example', 200],
    ['http://chat.example', 403],
    ['http://chat.example:443', 403],
  ]) {
    const headers = { ...tls, Origin: origin };
    assert.equal((await post(server, by, 'people', {}, headers)).status, status, origin);
    const live = await connect(server, { t, headers: { Cookie: by.cookie, ...headers } }).catch((reason) => reason);
    assert.equal(live instanceof NotUpgraded ? live.status : 200, status, `${origin}, live`);
  }
});

test('any cookie of ours needs an origin, and is told so', async () => {
  for (const [cookies, why] of [
    [owner.cookie, 'a session'],
    [guestCookie, 'a guest'],
    ['hubbub_session=none-any-more', 'a session that is none'],
  ]) {
    const headers = { Cookie: cookies, 'Content-Type': 'application/json' };
    for (const [path, fields] of [
      ['people', {}],
      ['sign_in', { name: 'anna', password: PASSWORD }],
      ['sign_up', { name: 'eve', password: PASSWORD }],
      ['guest', { name: 'Renamed' }],
    ]) {
      const answer = await ask(server, `/api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(fields) });
      assert.deepEqual(error(answer), [403, 'forbidden'], `${path}: ${why}`);
      assert.match(answer.json().error.message, /needs an Origin header/);
    }
    assert.equal((await ask(server, '/api/v1/guest', { method: 'DELETE', headers: { Cookie: cookies } })).status, 403);
  }
});

test('a program without a cookie signs up and in, becomes a guest and signs out without an origin', async () => {
  const bare = (path, fields) =>
    ask(server, `/api/v1/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(fields),
    });
  const form = { name: 'robot', password: PASSWORD };
  assert.equal((await bare('sign_up', form)).status, 201);
  assert.equal((await bare('sign_in', form)).status, 200);
  assert.equal((await bare('guest', { name: 'Passing robot' })).status, 201);
  assert.equal((await bare('sign_out', {})).status, 204);
  assert.equal((await ask(server, '/api/v1/guest', { method: 'DELETE' })).status, 204);
});

test('a live connection of a program with a cookie needs none: a browser always sends one', async (t) => {
  assert.equal((await connect(server, { t, cookie: anna.cookie })).user.name, 'anna');
});

test('a token needs no origin, and another one does it no good either', async () => {
  const { token } = await call(server, anna, 'create_token', { name: 'bot', scope: 'write' });
  const fields = { id: 'by-token', room: 'lobby', body: 'hello' };
  const answer = await post(server, { token }, 'send', fields, { Origin: 'https://evil.example' });
  assert.deepEqual(error(answer), [403, 'forbidden']);
  await call(server, { token }, 'send', fields);
});

/* ------------------------------------------------------------------ cross-site WebSocket hijacking */

test('no page of another origin opens a live connection, whoever sits before it', async (t) => {
  const { token } = await call(server, anna, 'create_token', { name: 'bot', scope: 'write' });
  const people = {
    'a session': { Cookie: owner.cookie },
    'a guest': { Cookie: guestCookie },
    'a token': identity({ token }),
    nobody: {},
  };
  for (const [headers, why] of foreign.filter(([{ Origin: origin }]) => !Array.isArray(origin))) {
    for (const [whom, cookies] of Object.entries(people)) {
      const refused = await connect(server, { headers: { ...cookies, ...headers } }).catch((reason) => reason);
      assert.ok(refused instanceof NotUpgraded, `${why}, with ${whom}: ${refused}`);
      const { code } = JSON.parse(refused.text).error;
      assert.deepEqual([refused.status, code], [403, 'forbidden'], `${why}, with ${whom}`);
    }
  }
  for (const [headers] of ours) {
    const client = await connect(server, { t, headers: { Cookie: anna.cookie, ...headers } });
    assert.equal(client.user.name, 'anna');
  }
});
