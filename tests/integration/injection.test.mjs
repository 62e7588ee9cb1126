/* Hostile text in every field of every request, over every way in, and hostile paths: a clean answer, nothing else. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { FIELDS } from '../../cmake/verbs.mjs';
import { call, crew, PASSWORD, post, refusedCall, signIn } from '../lib/accounts.mjs';
import { connect } from '../lib/client.mjs';
import { ERROR_CODES, EXAMPLES, HTTP_CALLS, REQUEST_CALLS, REQUESTS } from '../lib/documented.mjs';
import { asOurPage, ask } from '../lib/http.mjs';
import { rawConnect } from '../lib/raw.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';

/** Settings that let as much in as possible. */
const settings = { ...UNLIMITED, signup: 'open', auth_proxy_header: 'X-Remote-User' };
const server = await startServer({ t: { after }, settings });
const [owner, anna, target, typist] = await crew(server, 'anna', 'target', 'typist');
const garden = (await call(server, owner, 'create_room', { name: 'garden', kind: 'closed' })).room;
await call(server, owner, 'send', { id: 'first', room: garden, body: 'something to read' });

/* ------------------------------------------------------------------ what is tried */

/** Texts that mean something to a database, a shell, a browser, a file system or a careless C program. */
const TEXTS = [
  "'; DROP TABLE users; --",
  '" OR ""="',
  "') UNION SELECT password FROM users --",
  "x' AND 1 = randomblob(1000000000) --",
  '%',
  '_%\\',
  'garden* OR "a" NEAR/2 b',
  '../../../../etc/passwd',
  '..\\..\\hubbub.db',
  '$(reboot) `reboot` | reboot',
  '%s%s%s%n%x',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '{{constructor.constructor("alert(1)")()}} ${7*7}',
  'a\r\nSet-Cookie: hubbub_session=x\r\n\r\nHTTP/1.1 200 OK',
  '=cmd|calc!A1',
  '\u202eevil\u202c \u2066x\u2069',
  'a\u200b\ufeffb\u2028c\u2029d',
  'Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307'.repeat(20),
  '\uffff\ufffe\u{1ffff}\u{10ffff}',
  '\u0001\u0008\u001b[2J\u007f\u0085',
  '9'.repeat(400),
  'x'.repeat(15_000),
  '🌱'.repeat(3_500),
];

/** Escapes of JSON that stand for no text. */
const NO_TEXTS = ['a\u0000b', '\u0000', '\ud800', 'x\udfff', '\udc00\ud800'];

/** What is not text at all, where text should be. */
const OTHERS = [7, -1, 1e308, true, [], ['x'], {}, { toString: 'x' }, Array(1000).fill({ a: [] })];

/** Fields of running text; the others are names, numbers, words and flags, for which fewer tries are enough. */
const OPEN_ENDED = new Set(
  [...FIELDS.values()].filter(({ kind }) => /^(TEXT|(OWN_)?LINES?)$/.test(kind)).map(({ name }) => name),
);

/** What is really there, and what changes nothing; where this has no value for a field, the protocol's example has one. */
const HARMLESS = {
  room: garden,
  user: target.user.id,
  users: [target.user.id],
  rooms: [garden],
  name: 'a name',
  role: 'member',
  accept: false,
  archived: false,
  until_ms: 0,
  seq: 1,
  session: 999,
  token: 999,
  invite: 999,
  report: 999,
};

/** Values for the fields that a request needs, so that it comes as far as it can. */
function goodFields(request) {
  const example = { ...EXAMPLES.get(request), ...HARMLESS };
  const { needs } = REQUESTS.get(request);
  assert.ok(
    needs.every((field) => example[field] !== undefined),
    `${request}: the example has each of ${needs}`,
  );
  return Object.fromEntries(needs.map((field) => [field, example[field]]));
}

const A_FEW = 4;

/** [request, its fields, what was tried in which]: one field at a time. */
function* attacks(texts) {
  for (const [name, { needs, takes }] of REQUESTS) {
    const good = goodFields(name);
    for (const field of [...needs, ...takes]) {
      const some = OPEN_ENDED.has(field) ? texts : texts.slice(0, A_FEW);
      for (const value of some) yield [name, { ...good, [field]: value }, `${name}.${field} = ${brief(value)}`];
    }
  }
}

const brief = (value) => JSON.stringify(value).slice(0, 60);

let count = 0;
const newId = () => `attack-${++count}`;

/** An answer that a client can work with: done, or refused with a code of the protocol. */
function isClean(answer, what) {
  assert.ok(answer.status < 500, `${what}: ${answer.status} ${answer.text}`);
  if (answer.status === 204) return;
  const json = answer.json();
  if (answer.status >= 400) assert.ok(ERROR_CODES.includes(json.error.code), `${what}: ${answer.text}`);
  assert.equal(answer.headers['content-type'], 'application/json', what);
}

const schema = () => server.sqlite('SELECT name, sql FROM sqlite_schema ORDER BY name');
const before = await schema();

/** The database is sound, nobody has become anybody else, and the server has noticed nothing odd. */
async function isSound() {
  assert.deepEqual(await server.sqlite('PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
  assert.deepEqual(await server.sqlite('PRAGMA foreign_key_check'), []);
  assert.deepEqual(await schema(), before);
  const mighty = await server.sqlite("SELECT id FROM users WHERE role IN ('owner', 'admin', 'moderator')");
  assert.deepEqual(mighty, [{ id: owner.user.id }]);
  assert.equal((await ask(server, '/healthz')).status, 200);
  /* The data directory is a copy, and that is said. */
  const odd = ({ level, event }) => (level === 'error' || level === 'warn') && event !== 'database_restored';
  const complaints = server.log.filter(odd);
  assert.deepEqual(
    complaints.map(({ line }) => line),
    [],
  );
  assert.ok(server.running);
}

/* ------------------------------------------------------------------ every request */

test('every field of every request, by HTTP', async () => {
  for (const [name, fields, what] of attacks([...TEXTS, ...OTHERS, ...NO_TEXTS])) {
    if (!REQUEST_CALLS.includes(name)) continue;
    isClean(await post(server, owner, name, { id: newId(), ...fields }), what);
  }
  await isSound();
});

test('every field of every request, over a live connection', async (t) => {
  const client = await connect(server, { t, ...owner });
  await client.join('lobby');
  for (const [name, fields, what] of attacks([...TEXTS, ...OTHERS])) {
    const id = newId();
    client.post({ type: name, id, ...fields });
    const answer = await client.first((frame) => frame.id === id, what);
    if (answer.type === 'error') assert.ok(ERROR_CODES.includes(answer.code), `${what}: ${answer.code}`);
  }
  for (const [name, fields, what] of attacks(NO_TEXTS)) {
    const since = client.frames.length;
    client.post({ type: name, id: newId(), ...fields });
    assert.equal((await client.frame('error', {}, { since })).code, 'invalid_json', what);
  }
  await client.request('ping');
  client.check();
  await isSound();
});

test('every field of the forms for signing in and up', async () => {
  const forms = HTTP_CALLS.filter(({ method, fields }) => method === 'POST' && fields.length > 0);
  for (const { path, fields } of forms) {
    const good = Object.fromEntries(fields.filter((field) => !field.endsWith('?')).map((field) => [field, PASSWORD]));
    for (const field of fields.map((name) => name.replace('?', '')))
      for (const value of [...TEXTS, ...OTHERS, ...NO_TEXTS]) {
        const answer = await post(server, typist, path.slice('/api/v1/'.length), { ...good, [field]: value });
        isClean(answer, `${path} ${field} = ${brief(value)}`);
        if (NO_TEXTS.includes(value)) assert.equal(answer.json().error.code, 'invalid_json', path);
      }
  }
  await isSound();
});

test('bodies that are no JSON, or too much of it', async () => {
  const bytes = (...list) => Buffer.from(list);
  /** [body, why] */
  const bodies = [
    [bytes(0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d), 'no UTF-8'],
    [bytes(0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xc0, 0xaf, 0x22, 0x7d), 'an overlong slash'],
    [bytes(0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d), 'half of a pair'],
    [bytes(0), 'a NUL'],
    ['', 'nothing'],
    ['{', 'a beginning'],
    ['{"a":1}{"a":2}', 'two objects'],
    ['[{"room":1}]', 'a list'],
    ['null', 'null'],
    [`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'nested deeply'],
    [`{"a":"${'x'.repeat(1 << 20)}"}`, 'a megabyte'],
    ['{"room":1,"room":2,"id":"a","body":"x","__proto__":{"admin":true}}', 'a field twice, and one of JavaScript'],
    [`{${Array.from({ length: 5000 }, (_, i) => `"f${i}":${i}`).join(',')}}`, 'five thousand fields'],
  ];
  const json = { Cookie: owner.cookie, 'Content-Type': 'application/json' };
  const headers = { ...asOurPage(server, json), ...json };
  for (const name of ['send', 'set_profile', 'sign_in', 'audit', 'guest'])
    for (const [body, why] of bodies)
      isClean(await ask(server, `/api/v1/${name}`, { method: 'POST', headers, body }), `${name}: ${why}`);
  await isSound();
});

/* ------------------------------------------------------------------ what is accepted */

/** Everything that a text may hold, in one that every field takes. */
const TEXT = `'); DROP TABLE x; -- "\\" <b onclick='x'>&amp; \\u0000 %00 \${x} 🌱`;

test('a text that is accepted comes back as it was, letter by letter', async (t) => {
  const about = { name: TEXT.replaceAll(/[/#]/g, ''), topic: TEXT, description: TEXT, kind: 'closed' };
  const { room } = await call(server, owner, 'create_room', about);
  const members = await call(server, owner, 'members', { room });
  assert.equal(members.description, TEXT);
  await call(server, owner, 'set_membership', { room, section: TEXT });
  const { seq } = await call(server, owner, 'send', { id: TEXT.slice(0, 40), room, body: TEXT });
  const { events } = await call(server, owner, 'history', { room, limit: 1 });
  assert.deepEqual([events[0].body, events[0].id], [TEXT, TEXT.slice(0, 40)]);

  await call(server, anna, 'request_join', { room, text: TEXT });
  const { requests } = await call(server, owner, 'requests', { room });
  assert.equal(requests[0].text, TEXT);
  await call(server, owner, 'answer_request', { room, user: 'anna', accept: true });
  const { report } = await call(server, anna, 'report', { room, seq, reason: TEXT });
  await call(server, owner, 'handle_report', { report, outcome: TEXT });
  const { reports } = await call(server, owner, 'reports', { handled: true });
  const mine = reports.find(({ id }) => id === report);
  assert.deepEqual([mine.reason, mine.outcome, mine.body], [TEXT, TEXT, TEXT]);

  const name = TEXT.slice(0, 30).trim();
  await call(server, anna, 'set_profile', { display_name: name, bio: TEXT, status_text: TEXT, status_emoji: '🌱' });
  const { person } = await call(server, owner, 'person', { user: 'anna' });
  assert.deepEqual([person.display_name, person.bio, person.status_text], [name, TEXT, TEXT]);
  const { token_id: id } = await call(server, anna, 'create_token', { name: TEXT, scope: 'read' });
  const { tokens } = await call(server, anna, 'tokens');
  assert.equal(tokens.find((token) => token.id === id).name, TEXT);
  const device = TEXT.replaceAll(' 🌱', ''); // which node would not send in a header
  const session = await signIn(server, 'anna', { headers: { 'User-Agent': device } });
  const { sessions } = await call(server, session, 'sessions');
  assert.equal(sessions.find(({ current }) => current).device, device);
  await call(server, owner, 'set_place', { name });
  assert.equal((await ask(server, '/api/v1/place')).json().place.name, name);

  const { welcome } = await connect(server, { t, ...owner });
  const shown = welcome.rooms.find((one) => one.id === room);
  assert.deepEqual([shown.topic, shown.section, welcome.server.name], [TEXT, TEXT, name]);
  await call(server, owner, 'ban', { user: 'anna', reason: TEXT });
  const { bans } = await call(server, owner, 'bans');
  assert.equal(bans[0].reason, TEXT);
  await call(server, owner, 'unban', { user: 'anna' });
  Object.assign(anna, await signIn(server, 'anna'));
  await isSound();
});

/** What is shown beside other people's words: [request, its field, whether it may have several lines]. */
const shown = [
  ['set_profile', 'display_name', false],
  ['set_profile', 'status_text', false],
  ['set_profile', 'status_emoji', false],
  ['set_profile', 'bio', true],
  ['create_room', 'name', false],
  ['create_room', 'topic', false],
  ['create_room', 'description', true],
  ['create_token', 'name', false],
  ['set_membership', 'section', false],
  ['set_place', 'name', false],
  ['request_join', 'text', true],
  ['report', 'reason', true],
  ['ban', 'reason', true],
];

test('nothing that is shown beside the words of others moves the terminal or turns the writing', async () => {
  const hidden = ['\u0007', '\u001b[2J', '\u007f', '\u009b31m', '\u2028', '\u202e', '\u2066', '\u2069'];
  for (const [request, field, lines] of shown) {
    const good = goodFields(request);
    for (const one of hidden) {
      const refused = await refusedCall(call(server, owner, request, { ...good, [field]: `a${one}b` }));
      assert.equal(refused.code, 'invalid', `${request}.${field} with ${brief(one)}`);
    }
    const { status } = await post(server, owner, request, { ...good, [field]: 'a\nb' });
    if (!lines) assert.equal(status, 400, `${request}.${field} with a line end`);
  }
  await call(server, anna, 'set_profile', { bio: 'two\nlines', status_text: '\u05e9\u05dc\u05d5\u05dd\u200f!' });
  const { seq } = await call(server, owner, 'send', { id: 'as-it-is', room: garden, body: 'a\u202eb' });
  const { events } = await call(server, owner, 'history', { room: garden, after: seq - 1, limit: 1 });
  assert.equal(events[0].body, 'a\u202eb', 'what somebody says stands for itself');
  const bell = await refusedCall(call(server, owner, 'send', { id: 'bell', room: garden, body: 'a\u0007' }));
  assert.equal(bell.code, 'invalid', 'but it gives no orders to a terminal');
});

/** [what is looked for, why] */
const searches = [
  ['ann', 'part of a name'],
  ['%', 'what stands for anything in SQL'],
  ['_', 'what stands for any letter'],
  ['a%', 'a beginning and anything'],
  ["a' OR 1=1 --", 'a condition'],
  ['*', 'what stands for anything elsewhere'],
];

test('what is looked for stands for itself', async () => {
  const { people } = await call(server, owner, 'people', { limit: 200 });
  for (const [query, why] of searches) {
    const named = people.filter(({ name, display_name: shown }) => `${name}\n${shown}`.toLowerCase().includes(query));
    const found = await call(server, owner, 'people', { query, limit: 200 });
    assert.deepEqual(
      found.people.map(({ id }) => id),
      named.map(({ id }) => id),
      why,
    );
    assert.ok(named.length < people.length, why);
  }
  for (const verb of ['%', "ban' OR 1=1 --", '_an'])
    assert.deepEqual((await call(server, owner, 'audit', { verb })).audit, [], verb);
  assert.ok((await call(server, owner, 'audit', { verb: 'ban' })).audit.length > 0);
});

/* ------------------------------------------------------------------ addresses */

/** Paths out of the tree, in all the ways of writing them. */
const PATHS = [
  '/../../../../etc/passwd',
  '/assets/../../../../etc/passwd',
  '/assets/..%2f..%2f..%2fetc%2fpasswd',
  '/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  '/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd',
  '/..\\..\\..\\etc\\passwd',
  '/assets//etc/passwd',
  '//etc/passwd',
  '/assets/%00',
  '/favicon.svg%00.html',
  '/hubbub.db',
  '/data/hubbub.db',
  '/secret.key',
  '/assets/../hubbub.db',
  '/.git/config',
  '/assets/',
  '/assets',
  '/api/v1/../../hubbub.db',
  '/api/v1/avatar',
  '/api/v1/avatar/',
  '/api/v1/avatar/../../../../etc/passwd',
  '/api/v1/avatar/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '/api/v1/avatar/-1',
  '/api/v1/avatar/0',
  '/api/v1/avatar/99999999999999999999',
  '/api/v1/avatar/1e0',
  '/api/v1/avatar/0x1',
  '/api/v1/avatar/+1',
  '/api/v1/avatar/%31',
  '/api/v1/avatar/1%00',
  '/api/v1/avatar/1%2f..%2f1',
  "/api/v1/avatar/1'%20OR%201=1",
  '/api/v1/avatar/1;v=1',
  '/api/v1/avatar/1/1',
];

/** The picture of one pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

test('no path leads out of what is served', async (t) => {
  await call(server, owner, 'set_profile', { avatar: PNG });
  const { id } = owner.user;
  const mine = { headers: { Cookie: owner.cookie } };
  for (const suffix of ['', '?v=1', '?v=../../x', "?v=1'%20OR%201=1", `?v=${'9'.repeat(400)}`]) {
    const { status, headers, body } = await ask(server, `/api/v1/avatar/${id}${suffix}`, mine);
    assert.deepEqual([status, headers['content-type']], [200, 'image/png'], suffix);
    assert.equal(body.toString('base64'), PNG);
  }
  for (const path of PATHS.map((one) => one.replace('/avatar/1', `/avatar/${id}`))) {
    const raw = await rawConnect(server, t);
    raw.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${owner.cookie}\r\nConnection: close\r\n\r\n`);
    const head = await raw.head();
    assert.ok([400, 404].includes(head.status), `${path}: ${head.status}`);
    const body = (await raw.bytes(Number(head.headers.get('content-length')))).toString('latin1');
    assert.doesNotMatch(body, /root:|SQLite format|\[core\]/, path);
    raw.destroy();
  }
  await isSound();
});

/** What is looked at by somebody on the way to who is asking. */
const HEADERS = [
  'Cookie',
  'Authorization',
  'X-Forwarded-For',
  'X-Forwarded-Proto',
  'X-Remote-User',
  'User-Agent',
  'Accept-Encoding',
  'If-None-Match',
  'Origin',
];

test('no text in an address or a header does more than to be refused or ignored', async () => {
  for (const text of TEXTS.filter((one) => one.length < 5000)) {
    const coded = encodeURIComponent(text);
    for (const path of ['/', '/room/', '/api/v1/', '/api/v1/me?', '/api/v1/invite?code=']) {
      const { status } = await ask(server, path + coded);
      assert.ok(status < 500, `${path}${coded}: ${status}`);
    }
    const visited = await connect(server, { name: text }).catch((refused) => refused);
    if (visited.status) assert.ok([400, 409].includes(visited.status), `${text}: ${visited.status} ${visited.text}`);
    else await visited.close();

    if (/[^ -~]/.test(text)) continue; // what no client library sends in a header
    for (const header of HEADERS) {
      const { status } = await ask(server, '/api/v1/me', { headers: { [header]: text } });
      assert.ok([400, 401].includes(status), `${header}: ${text}: ${status}`);
    }
    const cookies = { Cookie: `hubbub_session=${text}; hubbub_guest=${text}` };
    assert.equal((await ask(server, '/api/v1/me', { headers: cookies })).status, 401, text);
  }
  await isSound();
});

/** A PNG that says that both its sides have so many pixels. */
function wide(png, side) {
  const copy = Buffer.from(png);
  copy.writeUInt32BE(side, 16);
  copy.writeUInt32BE(side, 20);
  return copy;
}

/** [bytes, why] */
const pictures = [
  ['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'a picture that runs'],
  ['<!doctype html><script>alert(1)</script>', 'a page'],
  ['GIF89a', 'another kind'],
  [Buffer.alloc(60_000), 'zeros'],
  [Buffer.concat([Buffer.from(PNG, 'base64'), Buffer.alloc(65_536)]), 'a picture that is too large'],
  [wide(Buffer.from(PNG, 'base64'), 30_000), 'a few bytes that fill the memory of whoever looks at them'],
];

test('what is no picture does not become an avatar, and what is one is never taken for anything else', async () => {
  for (const [bytes, why] of pictures) {
    const avatar = Buffer.from(bytes).toString('base64');
    assert.equal((await refusedCall(call(server, owner, 'set_profile', { avatar }))).code, 'invalid', why);
  }
  for (const avatar of ['data:image/png;base64,AAAA', '!!!!', `${PNG}!`, PNG.slice(0, 5)])
    assert.equal((await refusedCall(call(server, owner, 'set_profile', { avatar }))).code, 'invalid', avatar);
  const both = Buffer.concat([Buffer.from(PNG, 'base64'), Buffer.from('<script>alert(1)</script>')]);
  await call(server, owner, 'set_profile', { avatar: both.toString('base64') });
  const { headers } = await ask(server, `/api/v1/avatar/${owner.user.id}`, { headers: { Cookie: owner.cookie } });
  assert.equal(headers['content-type'], 'image/png');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.match(headers['content-security-policy'], /default-src 'none'/);
});
