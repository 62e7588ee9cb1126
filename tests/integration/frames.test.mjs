/* RFC 6455 from the client's side: every way to break it is answered with the right close code, and only that. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { connect } from '../lib/client.mjs';
import { closePayload, encodeFrame, jsonFrame, OP, rawUpgrade } from '../lib/raw.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { times, until } from '../lib/wait.mjs';

const MAX_BYTES = 1024;
const FRAME_LIMIT = MAX_BYTES + 4096;
const server = await startServer({ t: { after }, settings: { ...UNLIMITED, message_max_bytes: MAX_BYTES } });

const text = (payload, options) => encodeFrame(OP.text, payload, options);
const more = (payload, options) => encodeFrame(OP.continuation, payload, options);
const open = { fin: false };
const ping = '{"type":"ping","id":"p"}';
/** The header alone: a payload is announced that never comes. */
const announced = (opcode, length, options) => encodeFrame(opcode, '', { length, ...options });

/** [bytes, close code, why] */
const broken = [
  [text(ping, { mask: null }), 1002, 'not masked'],
  [encodeFrame(OP.ping, '', { mask: null }), 1002, 'a ping that is not masked'],
  [text(ping, { rsv: 4 }), 1002, 'RSV1 without an extension'],
  [text(ping, { rsv: 2 }), 1002, 'RSV2'],
  [text(ping, { rsv: 1 }), 1002, 'RSV3'],
  ...[3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf].map((opcode) => [encodeFrame(opcode, ''), 1002, `opcode ${opcode}`]),
  [text(ping, { lengthBits: 16 }), 1002, 'a length in 16 bits that fits in 7'],
  [text(ping, { lengthBits: 64 }), 1002, 'a length in 64 bits that fits in 7'],
  [announced(OP.text, 1n << 63n, { lengthBits: 64 }), [1002, 1009], 'a length with its highest bit set'],
  [encodeFrame(OP.ping, 'x'.repeat(126)), 1002, 'a ping of 126 bytes'],
  [encodeFrame(OP.pong, 'x'.repeat(126)), 1002, 'a pong of 126 bytes'],
  [encodeFrame(OP.close, closePayload(1000, 'x'.repeat(124))), 1002, 'a close of 126 bytes'],
  [encodeFrame(OP.ping, 'x', open), 1002, 'a ping in fragments'],
  [encodeFrame(OP.close, '', open), 1002, 'a close in fragments'],
  [more(ping), 1002, 'a continuation without a start'],
  [Buffer.concat([text('{', open), text(ping)]), 1002, 'a new message within another'],
  [Buffer.concat([text('{', open), more('}'), more('x')]), 1002, 'a continuation behind the last fragment'],
  [encodeFrame(OP.binary, ping), 1003, 'a binary message'],
  [encodeFrame(OP.binary, '', open), 1003, 'the start of a binary message'],
  [encodeFrame(OP.close, Buffer.of(3)), 1002, 'a close with one byte'],
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535].map((code) => [
    encodeFrame(OP.close, closePayload(code)),
    1002,
    `the close code ${code}`,
  ]),
  [encodeFrame(OP.close, Buffer.concat([closePayload(1000), Buffer.of(0xff)])), 1007, 'a reason that is not UTF-8'],
  [text(Buffer.of(0xff)), 1007, 'a byte that UTF-8 never has'],
  [text(Buffer.of(0xc0, 0xaf)), 1007, 'an overlong slash'],
  [text(Buffer.of(0xe0, 0x80, 0xaf)), 1007, 'an overlong slash in three bytes'],
  [text(Buffer.of(0xed, 0xa0, 0x80)), 1007, 'a surrogate'],
  [text(Buffer.of(0xf4, 0x90, 0x80, 0x80)), 1007, 'beyond U+10FFFF'],
  [text(Buffer.of(0x80)), 1007, 'a continuation byte without a start'],
  [text(Buffer.of(0xe2, 0x82)), 1007, 'a character cut off at the end'],
  [
    Buffer.concat([text(Buffer.of(0xe2), open), more(Buffer.of(0x28), open)]),
    1007,
    'told in the second fragment, before the last',
  ],
  [encodeFrame(OP.text, Buffer.of(0xff), { length: 100 }), 1007, 'told at the byte, although the frame goes on'],
  [text('x'.repeat(FRAME_LIMIT + 1)), 1009, 'a message over the limit'],
  [announced(OP.text, FRAME_LIMIT + 1), 1009, 'its header alone'],
  [announced(OP.text, 1n << 40n), 1009, 'a header that announces a terabyte'],
  [announced(OP.text, 0x7fffffffffffffffn), 1009, 'a header that announces all there is'],
  [
    Buffer.concat([text('x'.repeat(FRAME_LIMIT - 10), open), announced(OP.continuation, 11)]),
    1009,
    'fragments over the limit in all',
  ],
];

async function closesWith(t, codes, why, write) {
  const raw = await rawUpgrade(server, t);
  await write(raw);
  const closing = await raw.closing();
  assert.ok(closing, `${why}: no Close frame`);
  assert.ok([codes].flat().includes(closing.code), `${why}: closed with ${closing.code} ${closing.reason}`);
  assert.ok(!closing.texts.some((answer) => JSON.parse(answer).type === 'ack'), `${why}: carried out all the same`);
}

test('what breaks the framing closes with the right code', async (t) => {
  for (const [bytes, codes, why] of broken) {
    await closesWith(t, codes, why, (raw) => raw.write(bytes));
    await closesWith(t, codes, `${why}, behind good frames`, (raw) =>
      raw.write(Buffer.concat([jsonFrame({ type: 'ping' }), encodeFrame(OP.pong, ''), bytes, text(ping)])),
    );
  }
});

test('the same byte by byte', async (t) => {
  const small = broken.filter(([bytes]) => bytes.length <= 130);
  await Promise.all(small.map(([bytes, codes, why]) => closesWith(t, codes, why, (raw) => raw.writeByByte(bytes))));
});

/** [bytes, how many acks come, why] */
const sound = [
  [text(ping), 1, 'one frame'],
  [Buffer.concat([text(ping), text(ping), text(ping)]), 3, 'three in one packet'],
  [Buffer.concat([text('', open), more('', open), more(ping, open), more('')]), 1, 'empty fragments'],
  [
    Buffer.concat(
      [...ping].map((char, i) => encodeFrame(i ? OP.continuation : OP.text, char, { fin: i === ping.length - 1 })),
    ),
    1,
    'a fragment for each character',
  ],
  [
    Buffer.concat([text(ping.slice(0, 5), open), encodeFrame(OP.ping, 'between'), more(ping.slice(5))]),
    1,
    'a ping between fragments',
  ],
  [text(`${ping}${' '.repeat(FRAME_LIMIT - ping.length)}`), 1, 'a message of just the limit'],
  [Buffer.concat([encodeFrame(OP.pong, 'nobody asked'), text(ping)]), 1, 'a pong that nobody asked for'],
  [text(ping, { mask: Buffer.alloc(4) }), 1, 'a mask of zeros'],
];

test('frames that keep the rules are carried out, whole or byte by byte', async (t) => {
  for (const [bytes, acks, why] of sound) {
    for (const byByte of [false, true]) {
      const raw = await rawUpgrade(server, t);
      if (byByte && bytes.length < 1000) await raw.writeByByte(bytes);
      else raw.write(bytes);
      for (let i = 0; i < acks; i++) {
        const answer = await raw.json();
        assert.deepEqual(answer, { type: 'ack', id: 'p' }, why);
      }
      raw.destroy();
    }
  }
});

test('a character that is cut between packets and fragments is put together', async (t) => {
  const raw = await rawUpgrade(server, t);
  raw.write(jsonFrame({ type: 'join', room: 1 }));
  const bytes = Buffer.from(JSON.stringify({ type: 'send', id: 's', room: 1, body: '👩‍🚀 €' }));
  const pieces = [...bytes].map((byte, i) =>
    encodeFrame(i ? OP.continuation : OP.text, Buffer.of(byte), { fin: i === bytes.length - 1 }),
  );
  await raw.writeByByte(Buffer.concat(pieces));
  assert.equal((await raw.message({ type: 'message', id: 's' })).body, '👩‍🚀 €');
});

test('pings are answered with their payload, in order', async (t) => {
  const raw = await rawUpgrade(server, t);
  for (const payload of ['', 'x', 'y'.repeat(125)]) {
    raw.write(encodeFrame(OP.ping, payload));
    let pong;
    do pong = await raw.frame();
    while (pong.opcode === OP.ping); // the server's own, which may come at any time
    assert.equal(pong.opcode, OP.pong);
    assert.equal(pong.payload.toString(), payload);
  }
});

test('of many pings in one packet the last is answered', async (t) => {
  const raw = await rawUpgrade(server, t);
  const pings = Array.from({ length: 2000 }, (_, i) => encodeFrame(OP.ping, `${i}`));
  raw.write(Buffer.concat([...pings, text(ping)]));
  let pongs = 0;
  for (let frame; (frame = await raw.frame());) {
    if (frame.opcode === OP.pong) pongs++;
    if (frame.opcode === OP.pong && frame.payload.toString() === '1999') break;
    assert.notEqual(frame.opcode, OP.close);
  }
  assert.ok(pongs < 256, `${pongs} pongs`);
});

/** [payload of the client's Close, code that comes back, why] */
const goodbyes = [
  [Buffer.alloc(0), [1000, 1005], 'without a code'],
  [closePayload(1000, 'bye'), 1000, '1000'],
  [closePayload(1001), [1000, 1001], '1001'],
  [closePayload(3000), [1000, 3000], 'a registered code'],
  [closePayload(4999, 'x'.repeat(123)), [1000, 4999], "a code and a reason of one's own"],
];

test('a Close is answered with a Close, and then the connection ends', async (t) => {
  for (const [payload, codes, why] of goodbyes) {
    await closesWith(t, codes, why, (raw) => raw.write(Buffer.concat([encodeFrame(OP.close, payload), text(ping)])));
  }
});

test('a connection whose client goes without a word does not stay', async (t) => {
  const open = async () => (await server.metrics()).get('hubbub_connections_open');
  const before = await open();
  const raws = await times(20, () => rawUpgrade(server, t));
  assert.equal(await open(), before + 20);
  for (const raw of raws) raw.write(announced(OP.text, 100));
  for (const raw of raws) raw.destroy();
  await until(async () => (await open()) <= before, 'the end of the connections');
});

test('closings are counted by their reason', async () => {
  const metrics = await server.metrics();
  const closes = (reason) => metrics.get(`hubbub_closes_total{reason="${reason}"}`);
  const expected = (codes) => 2 * broken.filter(([, code]) => codes.includes(code)).length; // each was sent at least twice
  assert.ok(closes('protocol') >= expected([1002, 1003, 1007]), `protocol ${closes('protocol')}`);
  assert.ok(closes('too_big') >= expected([1009]), `too_big ${closes('too_big')}`);
  assert.equal(closes('internal'), 0);
});

test('after all that others are served as before', async (t) => {
  const [anna, ben] = await Promise.all([connect(server, { t }), connect(server, { t })]);
  const { room } = await ben.join('lobby');
  await ben.sees(room, (await anna.send('lobby', 'still here')).seq);
});
