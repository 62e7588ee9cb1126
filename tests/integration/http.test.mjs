/* HTTP: the page and its files from memory, health, metrics, and what is refused. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { connect } from '../lib/client.mjs';
import { ask as askServer } from '../lib/http.mjs';
import { rawConnect } from '../lib/raw.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';

const server = await startServer({ t: { after }, settings: { ...UNLIMITED, server_name: 'Tea & <b>"house"</b>' } });

const ask = (path, { of = server, ...options } = {}) => askServer(of, path, options);

const page = (await ask('/')).body.toString();
/** Every file that the page names. */
const files = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);

test('the page is HTML, and says so', async () => {
  const { status, headers, body } = await ask('/');
  assert.equal(status, 200);
  assert.match(headers['content-type'], /^text\/html; *charset=utf-8$/i);
  assert.equal(Number(headers['content-length']), body.length);
  assert.match(page, /^<!doctype html>/i);
  assert.ok(!page.includes('<b>"house"'), 'the name of the server is not escaped');
  assert.ok(files.some((path) => path.endsWith('.js')) && files.some((path) => path.endsWith('.css')), files.join(' '));
});

test('security headers are on every answer, also on errors', async () => {
  for (const path of ['/', ...files, '/nowhere', '/healthz', '/api/v1/me', '/ws']) {
    const { headers } = await ask(path);
    const policy = headers['content-security-policy'];
    assert.ok(policy, path);
    assert.ok(!policy.includes('unsafe-inline') && !policy.includes('unsafe-eval'), `${path}: ${policy}`);
    assert.match(policy, /default-src 'none'|default-src 'self'/, path);
    assert.match(policy, /frame-ancestors 'none'/, path);
    if (path === '/')
      assert.match(
        policy,
        /base-uri '(none|self)'.*form-action|form-action.*base-uri '(none|self)'/,
        'what default-src does not cover',
      );
    assert.equal(headers['x-content-type-options'], 'nosniff', path);
    assert.match(headers['referrer-policy'], /^(no-referrer|same-origin|strict-origin)/, path);
  }
  assert.ok(
    !/<script(?![^>]*src=)[^>]*>[^<]/i.test(page) && !/\son\w+=/i.test(page) && !/<style/i.test(page),
    'what the policy forbids',
  );
});

test('files with a hash in their name may be kept for ever; the page is asked for each time', async () => {
  for (const path of files) {
    const { status, headers } = await ask(path);
    assert.equal(status, 200, path);
    if (/[-.][0-9A-Za-z_-]{8,}\.\w+$/.test(path))
      assert.match(headers['cache-control'], /max-age=31536000.*immutable|immutable.*max-age=31536000/, path);
    else assert.match(headers['cache-control'], /no-cache|max-age=\d{1,6}\b/, path);
  }
  assert.ok(
    files.some((path) => /[-.][0-9A-Za-z_-]{8,}\.js$/.test(path)),
    'the script has a hashed name',
  );
  assert.match((await ask('/')).headers['cache-control'], /no-cache/);
});

test('ETag: what the browser has already is answered 304', async () => {
  for (const path of ['/', ...files]) {
    const {
      headers: { etag },
    } = await ask(path);
    assert.match(etag, /^(W\/)?"[^"]+"$/, path);
    for (const match of [etag, `"other", ${etag}`, '*', `W/${etag.replace(/^W\//, '')}`]) {
      const { status, headers, body } = await ask(path, { headers: { 'If-None-Match': match } });
      assert.equal(status, 304, `${path} with ${match}`);
      assert.equal(body.length, 0);
      assert.equal(headers.etag, etag);
    }
    assert.equal((await ask(path, { headers: { 'If-None-Match': '"other"' } })).status, 200);
  }
});

/** [Accept-Encoding, gzip or not, why] */
const encodings = [
  ['gzip', true, 'asked for'],
  ['deflate, gzip;q=0.8, br', true, 'among others'],
  ['GZIP', true, 'names have no case'],
  ['gzip;q=0', false, 'refused'],
  ['identity', false, 'only the plain one'],
  ['br', false, 'one that we have not'],
  ['notgzip', false, 'a name that only ends so'],
];

test('gzip goes to those who take it, and unpacks to the same bytes', async () => {
  for (const path of ['/', ...files.filter((name) => /\.(js|css)$/.test(name))]) {
    const plain = (await ask(path)).body;
    for (const [accept, packed, why] of encodings) {
      const { headers, body } = await ask(path, { headers: { 'Accept-Encoding': accept } });
      assert.equal(headers['content-encoding'] ?? 'identity', packed ? 'gzip' : 'identity', `${path}, ${why}`);
      assert.ok((packed ? gunzipSync(body) : body).equals(plain), `${path}, ${why}`);
      assert.match(headers.vary ?? '', /accept-encoding/i, path);
    }
  }
});

test('HEAD is GET without the body', async () => {
  for (const path of ['/', files[0], '/healthz', '/nowhere']) {
    const [get, head] = [await ask(path), await ask(path, { method: 'HEAD' })];
    assert.equal(head.status, get.status, path);
    assert.equal(head.body.length, 0, path);
    assert.equal(head.headers['content-length'], get.headers['content-length'], path);
  }
});

/** [method, path, statuses, why] */
const refused = [
  ['GET', '/nowhere', [404], 'no such file'],
  ['GET', '/index.htm', [404], 'nearly one'],
  ['GET', '//', [404, 400], 'two slashes'],
  ['GET', '/../../../etc/passwd', [404, 400], 'out of the tree'],
  ['GET', '/%2e%2e/%2e%2e/etc/passwd', [404, 400], 'the same, escaped'],
  ['GET', '/assets/', [404], 'a directory'],
  ['GET', '/api/v1/nothing', [404], 'no such call'],
  ['POST', '/', [405], 'the page is not posted to'],
  ['DELETE', '/healthz', [405], 'nor health deleted'],
  ['PUT', '/api/v1/guest', [405], 'a method that the call has not'],
  ['GET', '/api/v1/guest', [405], 'another'],
  ['POST', '/api/v1/me', [405], 'one can only ask who one is'],
  ['PROPFIND', '/', [405, 501, 400], 'WebDAV'],
];

test('what is not there, or not so, has its status and a reason', async () => {
  for (const [method, path, statuses, why] of refused) {
    const { status, headers, body } = await ask(path, { method, headers: { 'Content-Length': '0' } });
    assert.ok(statuses.includes(status), `${method} ${path}, ${why}: ${status}`);
    if (status === 405) assert.ok(headers.allow, `${method} ${path}: no Allow`);
    if (path.startsWith('/api/')) assert.match(JSON.parse(body).error.code, /^[a-z_]+$/, `${method} ${path}`);
    assert.ok(!body.toString().includes('root:'), path);
  }
});

/** [bytes, why]: each is answered with a status from 400 on, or cut off */
const malformed = [
  [
    'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'two lengths: a smuggler',
  ],
  [
    'POST /api/v1/guest HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 12\r\nContent-Length: 13\r\n\r\n{"name":"x"}',
    'two different Content-Lengths',
  ],
  ['POST /api/v1/guest HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', 'a negative length'],
  ['POST /api/v1/guest HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n', 'a length of 99 GB'],
  [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`, 'a head of 100 kB'],
  [`GET /${'y'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 'a request line of 100 kB'],
  ['GET / HTTP/9.9\r\nHost: x\r\n\r\n', 'no such version'],
  ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'TLS on a plain port'],
  ['\r\n\r\n\r\n\r\n', 'nothing'],
  ['hello\r\n\r\n', 'not HTTP'],
];

test('what is malformed or huge is refused or cut off, and others are served', async (t) => {
  for (const [bytes, why] of malformed) {
    const raw = await rawConnect(server, t);
    raw.socket.end(Buffer.from(bytes, 'latin1')); // end: the server may wait for no more
    const head = await raw.head();
    assert.ok(head === null || head.status >= 400, `${why}: ${head?.status}`);
    raw.destroy();
    assert.equal((await ask('/healthz')).status, 200, why);
  }
});

test('healthz is 200 while the writer can commit', async () => {
  const { status, headers, body } = await ask('/healthz');
  assert.equal(status, 200);
  assert.ok(body.length > 0);
  assert.match(headers['cache-control'], /no-store|no-cache/);
});

test('metrics tell what has happened', async (t) => {
  const clients = await Promise.all([connect(server, { t }), connect(server, { t })]);
  await Promise.all(clients.map((client) => client.join('lobby')));
  const before = await server.metrics();
  for (let i = 0; i < 10; i++) await clients[0].send('lobby', `message ${i}`);
  await clients[1].sees(1, clients[0].views.get(1).last);
  const now = await server.metrics();
  const grown = (name) => now.get(name) - before.get(name);
  assert.equal(now.get('hubbub_connections_open'), 2);
  assert.equal(now.get('hubbub_rooms'), 1);
  assert.equal(grown('hubbub_messages_total'), 10);
  assert.ok(grown('hubbub_deliveries_total') >= 20);
  assert.ok(grown('hubbub_commits_total') >= 10);
  for (const family of [
    'connections',
    'rooms',
    'messages',
    'deliveries',
    'queue',
    'dropped',
    'closes',
    'commit_batch',
    'commit_seconds',
    'loop',
    'memory|resident',
  ]) {
    assert.ok(
      [...now.keys()].some((name) => new RegExp(family).test(name)),
      `nothing about ${family}`,
    );
  }
  const text = (await ask('/metrics')).body.toString();
  for (const line of text.trim().split('\n')) {
    assert.match(
      line,
      /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? -?[0-9.e+]+(Inf)?)$/,
      'the text format of Prometheus',
    );
  }
});

test('metrics are only for the addresses of metrics_allow', async (t) => {
  for (const [allow, status] of [
    ['10.0.0.0/8', 403],
    ['', 403],
    ['10.0.0.0/8,127.0.0.0/8', 200],
  ]) {
    const other = await startServer({ t, settings: { metrics_allow: allow } });
    assert.equal((await ask('/metrics', { of: other })).status, status, allow);
  }
});
