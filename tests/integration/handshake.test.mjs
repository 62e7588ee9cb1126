/* The handshake: what is upgraded, and what is answered instead, with the status that the protocol's page gives. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { connect, connectAs, NotUpgraded } from '../lib/client.mjs';
import { encodeFrame, handshake, jsonFrame, OP, rawConnect, rawUpgrade } from '../lib/raw.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { times } from '../lib/wait.mjs';

const server = await startServer({
  t: { after },
  settings: { ...UNLIMITED, allowed_origins: 'https://chat.example,http://127.0.0.1:1' },
});
const host = `127.0.0.1:${server.port}`;
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** Sends bytes and reads the answer's head and what follows until the end of file or an upgrade. */
async function ask(t, bytes) {
  const raw = await rawConnect(server, t);
  raw.write(bytes);
  const head = await raw.head();
  return { raw, head };
}

test('the answer to a handshake proves that the key was read', async (t) => {
  const { head, raw } = await ask(t, handshake(server, { headers: { 'Sec-WebSocket-Key': KEY } }));
  assert.equal(head.status, 101);
  const accept = createHash('sha1').update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  assert.equal(head.headers.get('sec-websocket-accept'), accept);
  assert.equal(head.headers.get('upgrade').toLowerCase(), 'websocket');
  assert.equal(head.headers.get('connection').toLowerCase(), 'upgrade');
  assert.equal(head.headers.get('sec-websocket-extensions'), null);
  assert.equal((await raw.json()).type, 'welcome');
});

/** [offered, chosen, why] */
const protocols = [
  [null, null, 'none offered: none chosen'],
  ['hubbub.v1', 'hubbub.v1', 'ours'],
  ['hubbub.v9, hubbub.v1', 'hubbub.v1', 'ours among others'],
  [['graphql-ws', 'hubbub.v1'], 'hubbub.v1', 'ours in a second header'],
];

test('the sub-protocol is chosen from what is offered', async (t) => {
  for (const [offered, chosen, why] of protocols) {
    const { head } = await ask(t, handshake(server, { headers: { 'Sec-WebSocket-Protocol': offered } }));
    assert.equal(head.status, 101, why);
    assert.equal(head.headers.get('sec-websocket-protocol'), chosen, why);
  }
});

/** [changes to a good handshake, why]: all are upgraded */
const good = [
  [{}, 'as a program sends it'],
  [{ headers: { Connection: 'keep-alive, Upgrade' } }, 'as Firefox sends it'],
  [{ headers: { Connection: 'upgrade', Upgrade: 'WebSocket' } }, 'tokens have no case'],
  [
    { headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' } },
    'an extension that is not taken up',
  ],
  [{ headers: { Origin: `http://${host}` } }, 'the page itself'],
  [{ headers: { Origin: 'https://chat.example' } }, 'an origin that is allowed'],
  [{ headers: { Origin: 'http://127.0.0.1:1' } }, 'an origin that is allowed, with its port'],
  [{ path: '/ws?' }, 'an empty query'],
  [{ path: '/ws?name=Zoe&x=1' }, 'other parameters are ignored'],
];

test('handshakes that keep the rules are upgraded', async (t) => {
  for (const [change, why] of good) {
    const { head, raw } = await ask(t, handshake(server, change));
    assert.equal(head?.status, 101, why);
    raw.write(jsonFrame({ type: 'ping', id: 'p' }));
    await raw.message({ type: 'ack', id: 'p' });
    raw.destroy();
  }
});

/** [changes to a good handshake, status or statuses, why] */
const bad = [
  [{ method: 'POST', headers: { 'Content-Length': '0' } }, [400, 405], 'POST'],
  [{ method: 'HEAD' }, [400, 405], 'HEAD'],
  [{ version: 'HTTP/1.0' }, [400, 505], 'HTTP/1.0'],
  [{ headers: { Host: null } }, 400, 'no Host'],
  [{ headers: { Connection: null } }, [400, 426], 'no Connection'],
  [{ headers: { Connection: 'keep-alive' } }, [400, 426], 'Connection without upgrade'],
  [{ headers: { Upgrade: null } }, [400, 426], 'no Upgrade: a plain GET'],
  [{ headers: { Upgrade: 'h2c' } }, [400, 426], 'an upgrade to something else'],
  [{ headers: { 'Sec-WebSocket-Key': null } }, 400, 'no key'],
  [{ headers: { 'Sec-WebSocket-Key': '' } }, 400, 'an empty key'],
  [{ headers: { 'Sec-WebSocket-Key': 'c2hvcnQ=' } }, 400, 'a key of 5 bytes'],
  [{ headers: { 'Sec-WebSocket-Key': '!'.repeat(22) + '==' } }, 400, 'a key that is not base64'],
  [{ headers: { 'Sec-WebSocket-Key': 'A'.repeat(24) } }, 400, 'a key of 18 bytes'],
  [{ headers: { 'Sec-WebSocket-Version': null } }, [400, 426], 'no version'],
  [{ headers: { 'Sec-WebSocket-Version': '8' } }, 426, 'version 8'],
  [{ headers: { 'Sec-WebSocket-Version': '14' } }, 426, 'version 14'],
  [{ headers: { 'Sec-WebSocket-Version': '131' } }, 426, 'version 131'],
  [{ headers: { 'Content-Length': '4' }, body: 'body' }, 400, 'with a body'],
  [{ headers: { 'Transfer-Encoding': 'chunked' }, body: '0\r\n\r\n' }, [400, 411, 501], 'with a chunked body'],
  [{ headers: { Origin: 'https://evil.example' } }, 403, 'another origin'],
  [{ headers: { Origin: 'null' } }, 403, 'an opaque origin'],
  [{ headers: { Origin: `http://${host}.evil.example` } }, 403, 'an origin that begins like ours'],
  [{ headers: { Origin: `http://127.0.0.1:${server.port === 80 ? 81 : 80}` } }, 403, 'the same host with another port'],
  [{ headers: { Origin: 'https://sub.chat.example' } }, 403, 'a subdomain of an allowed origin'],
  [{ headers: { Origin: 'http://chat.example' } }, 403, 'an allowed origin with another scheme'],
  [{ path: '/ws/' }, 404, 'below the path'],
  [{ path: '/ws/x' }, 404, 'further below the path'],
  [{ path: '/wsx' }, 404, 'a path that begins so'],
  [{ path: '/nowhere' }, 404, 'another path'],
  [{ path: `/ws?name=${'x'.repeat(33)}` }, 400, 'a name of 33 characters'],
  [{ path: '/ws?name=%00' }, 400, 'a name of control characters'],
  [{ path: '/ws?name=%ff%fe' }, 400, 'a name that is not UTF-8'],
];

test('handshakes that break a rule are told so with the right status', async (t) => {
  for (const [change, statuses, why] of bad) {
    const { head, raw } = await ask(t, handshake(server, change) + (change.body ?? ''));
    assert.ok(head, `${why}: no answer at all`);
    assert.ok([statuses].flat().includes(head.status), `${why}: ${head.status}`);
    if (head.status === 426) assert.match(head.headers.get('upgrade'), /^websocket$/i, why);
    if (/^version/.test(why)) assert.equal(head.headers.get('sec-websocket-version'), '13', why);
    if (change.method !== 'HEAD' && head.status !== 404) {
      const body = JSON.parse((await raw.bytes(Number(head.headers.get('content-length')))).toString());
      assert.match(body.error.code, /^[a-z_]+$/, why);
      assert.ok(body.error.message.length > 0, why);
    }
    raw.destroy();
  }
});

test('a visitor has the name asked for, as long as nobody has one that looks like it', async (t) => {
  const { user } = await connect(server, { t, name: 'Jürgen Groß' });
  assert.deepEqual(user, { id: 0, name: 'Jürgen Groß', role: 'visitor' });
  const names = await times(5, () => connect(server, { t }));
  assert.equal(new Set(names.map((client) => client.user.name)).size, 5, 'made-up names differ');
  const anna = await connect(server, { t, name: 'Anna' });
  for (const name of ['Anna', 'ANNA', 'anna', '  Anna ', 'Аnnа', 'Ａｎｎａ']) {
    const refused = await connect(server, { name }).catch((error) => error);
    assert.ok(refused instanceof NotUpgraded, name);
    assert.equal(refused.status, 409, name);
    assert.equal(JSON.parse(refused.text).error.code, 'name_taken', name);
  }
  await anna.send('lobby', 'hello');
  await anna.close();
  const next = await connectAs(server, 'anna', { t });
  assert.deepEqual(
    next.user,
    { id: 0, name: 'anna', role: 'visitor' },
    'the name is free again, and its user another one',
  );
});

test('whatever comes in the packet of the handshake is not taken for a frame: 1002', async (t) => {
  const early = [
    jsonFrame({ type: 'ping', id: 'p' }),
    encodeFrame(OP.ping, 'x'),
    Buffer.from([0x81]),
    Buffer.alloc(5000, 0x55),
  ];
  for (const bytes of early) {
    const { head, raw } = await ask(t, Buffer.concat([Buffer.from(handshake(server)), bytes]));
    assert.equal(head.status, 101);
    assert.equal((await raw.closing())?.code, 1002);
  }
});

test('a handshake byte by byte, and then frames byte by byte', async (t) => {
  const raw = await rawConnect(server, t);
  await raw.writeByByte(Buffer.from(handshake(server)));
  assert.equal((await raw.head()).status, 101);
  assert.equal((await raw.json()).type, 'welcome');
  await raw.writeByByte(jsonFrame({ type: 'join', id: 'j', room: 'lobby' }));
  await raw.message({ type: 'ack', id: 'j' });
});

test('with allowed_origins * any page may connect; without guests nobody without a cookie may', async (t) => {
  const open = await startServer({ t, settings: { allowed_origins: '*' } });
  const raw = await rawUpgrade(open, t, { headers: { Origin: 'https://anywhere.example' } });
  assert.equal(raw.welcome.type, 'welcome');
  const closed = await startServer({ t, settings: { allow_guests: 'no' } });
  for (const name of [undefined, 'Anna']) {
    const refused = await connect(closed, { name }).catch((error) => error);
    assert.ok(refused instanceof NotUpgraded);
    assert.ok([401, 403].includes(refused.status), `${refused.status}`);
  }
});
