/* Every request and its answers, as src/proto/README.md tells a client author. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { connect, refusal } from '../lib/client.mjs';
import { jsonFrame, rawUpgrade } from '../lib/raw.mjs';
import { ROOT, startServer, UNLIMITED } from '../lib/server.mjs';
import { DURABLE_TYPES, FRAME_TYPES, parseFrame, QUESTIONS } from '../lib/shape.mjs';

const MAX_BYTES = 1024;
const HISTORY_ON_JOIN = 20;
const settings = {
  ...UNLIMITED,
  message_max_bytes: MAX_BYTES,
  history_on_join: HISTORY_ON_JOIN,
  server_name: 'Tea "house"',
};
const server = await startServer({ t: { after }, settings });
assert.equal((await server.command('room', 'add', 'garden')).code, 0);

/** What needs no account; the rest is in verbs.test.mjs. */
const GUESTS_MAY = ['join', 'leave', 'send', 'history', 'typing', 'presence', 'ping'];

/** The examples of the protocol's page: kind (client, server) and text. */
const examples = [
  ...readFileSync(`${ROOT}/src/proto/README.md`, 'utf8').matchAll(/^```json (client|server)\n(.*?)\n```$/gms),
].map(([, kind, text]) => ({ kind, text }));

test('the documented frames of the server have the shape that these tests demand of every frame', () => {
  const types = examples.filter((example) => example.kind === 'server').map((example) => parseFrame(example.text).type);
  assert.deepEqual([...new Set(types)].sort(), FRAME_TYPES.filter((type) => !QUESTIONS.includes(type)).sort());
});

test('each documented request gets the documented kind of answer', async (t) => {
  const requests = examples
    .filter((example) => example.kind === 'client')
    .map(({ text }) => ({ text, request: JSON.parse(text) }))
    .filter(({ request }) => GUESTS_MAY.includes(request.type));
  assert.deepEqual([...new Set(requests.map(({ request }) => request.type))], GUESTS_MAY);
  const author = await connect(server, { t });
  for (let i = 0; i < 130; i++) author.send('lobby', `filling ${i}`); // the examples speak of event 120
  await author.request('ping');

  for (const { text, request } of requests) {
    const client = await connect(server, { t });
    if (request.type === 'leave' || request.type === 'typing') await client.join(request.room);
    const since = client.frames.length;
    client.text(text);
    client.post({ type: 'ping', id: 'behind it' });
    const wanted = [request.id, 'behind it'].filter(Boolean);
    const answers = await Promise.all(
      wanted.map((id) =>
        client.first((frame) => frame.id === id && !DURABLE_TYPES.includes(frame.type), `an answer to ${text}`, {
          since,
        }),
      ),
    );
    if (request.id) assert.equal(answers[0].type, request.type === 'history' ? 'history' : 'ack', text);
    assert.ok(!client.frames.some((frame) => frame.type === 'error'), text);
    await client.close();
  }
});

test('welcome says who one is, what rooms there are and what is allowed', async (t) => {
  const before = Date.now();
  const anna = await connect(server, { t, name: 'Anna' });
  const { protocol, user, server: about, rooms, limits } = anna.welcome;
  assert.equal(protocol, 1);
  assert.deepEqual(user, { id: 0, name: 'Anna', role: 'visitor' });
  assert.equal(about.name, 'Tea "house"');
  assert.match(about.version, /^\d+\.\d+\.\d+/);
  assert.ok(about.now >= before - 1000 && about.now <= Date.now() + 1000, `now is ${about.now}`);
  assert.deepEqual(
    rooms.map((room) => [room.id, room.name, room.archived]),
    [
      [1, 'lobby', false],
      [2, 'garden', false],
    ],
  );
  assert.deepEqual(limits, { message_max_bytes: MAX_BYTES, history_on_join: HISTORY_ON_JOIN, history_page: 200 });
});

test('a request without id is carried out; of its answers only an error comes', async (t) => {
  const author = await connect(server, { t });
  const { epoch } = author.welcome;
  const { seq } = await author.send('garden', 'for those who join');
  const raw = await rawUpgrade(server, t);
  raw.write(jsonFrame({ type: 'ping' }));
  raw.write(jsonFrame({ type: 'join', room: 'nowhere' }));
  raw.write(jsonFrame({ type: 'join', room: 2, after: seq - 1, epoch }));
  const error = await raw.json();
  assert.equal(error.code, 'not_found');
  assert.equal(error.id, undefined);
  assert.equal((await raw.message({ type: 'message' })).seq, seq);
});

test('fields that are not known are ignored', async (t) => {
  const client = await connect(server, { t });
  const more = { priority: 9, nested: { deep: [1, { x: null }] }, über: 'x' };
  await client.request('join', { room: 'garden', ...more });
  const { seq } = await client.send('garden', 'hello', more);
  const view = await client.sees(2, seq);
  assert.equal(view.events.at(-1).body, 'hello');
});

test('join sends the last events, those after `after`, or starts anew', async (t) => {
  const author = await connect(server, { t });
  await author.join('garden');
  for (let i = 0; i < 2 * HISTORY_ON_JOIN; i++) author.send('garden', `line ${i}`);
  const { seq: last } = await author.send('garden', 'the last');

  const rows = [
    [undefined, last - HISTORY_ON_JOIN + 1, 'the last history_on_join events'],
    [0, 1, 'all, although the ring does not hold them'],
    [last - 5, last - 4, 'within the ring'],
    [last - HISTORY_ON_JOIN, last - HISTORY_ON_JOIN + 1, 'exactly the ring'],
    [last - HISTORY_ON_JOIN - 1, last - HISTORY_ON_JOIN, 'one before the ring'],
    [last, null, 'nothing new'],
    [last + 1000, null, 'beyond the last event: nothing, and a reset'],
  ];
  for (const [afterSeq, first, why] of rows) {
    const client = await connect(server, { t });
    const ack = await client.join('garden', afterSeq);
    assert.equal(ack.room, 2, why);
    assert.equal(ack.last_seq, last, why);
    const view = await client.sees(2, last);
    assert.equal(view.events[0]?.seq ?? null, first, why);
    assert.equal(view.resets, afterSeq > last ? 1 : 0, why);
    const since = client.frames.length;
    await client.join(2, last - 3); // open already: starts anew
    await client.frame('message', { seq: last }, { since });
    const again = client.frames
      .slice(since)
      .filter((frame) => frame.type === 'message')
      .map((frame) => frame.seq);
    assert.deepEqual(again, [last - 2, last - 1, last], why);
    await client.close();
  }
  const { seq } = await author.send('garden', 'after all that');
  assert.equal(seq, last + 1);
  await author.sees(2, seq);
});

test('after leave nothing of the room comes any more', async (t) => {
  const [stays, leaves] = await Promise.all([
    connect(server, { t, name: 'Stays' }),
    connect(server, { t, name: 'Leaves' }),
  ]);
  await stays.join('lobby');
  await leaves.join('lobby');
  await leaves.leave('lobby');
  const since = leaves.frames.length;
  const { seq } = await stays.send('lobby', 'not for you');
  await stays.sees(1, seq);
  await leaves.request('ping'); // behind whatever could have come
  assert.ok(!leaves.frames.slice(since).some((frame) => frame.room === 1), 'a frame of a room that was left');
  assert.equal((await refusal(leaves.leave('lobby'))).code, 'not_joined');
});

test('a ping is answered, and a state of presence is acknowledged', async (t) => {
  const client = await connect(server, { t });
  assert.deepEqual(await client.request('ping', { id: 'x'.repeat(64) }), { type: 'ack', id: 'x'.repeat(64) });
  assert.deepEqual(await client.request('presence', { id: 'p', state: 'away' }), { type: 'ack', id: 'p' });
  assert.deepEqual(await client.request('presence', { id: 'q', state: 'active' }), { type: 'ack', id: 'q' });
});

const nested = (depth) => '{"type":"ping","id":"n","x":' + '['.repeat(depth) + ']'.repeat(depth) + '}';
/** Texts that are not one JSON object. */
const notObjects = [
  '',
  ' ',
  'hello',
  '"ping"',
  '7',
  'null',
  '[]',
  '[{"type":"ping"}]',
  '{',
  '{"type":"ping"',
  '{"type":"ping",}',
  "{'type':'ping'}",
  '{"type":"ping"} x',
  '{"type":"ping"}{"type":"ping"}',
  '{"type" "ping"}',
  '{"type":"history","room":01}',
  '{"type":"history","room":1,"before":9007199254740993}',
  '{"type":"send","id":"raw","room":1,"body":"a\tb"}',
  nested(1000),
];

test('what is not a JSON object is told so, and nothing else happens', async (t) => {
  const client = await connect(server, { t });
  for (const text of notObjects) {
    const since = client.frames.length;
    client.text(text);
    const error = await client.frame('error', {}, { since });
    assert.equal(error.code, 'invalid_json', text.slice(0, 60));
    assert.equal(error.id, undefined, text.slice(0, 60));
  }
  await client.request('ping');
});

const big = 'x'.repeat(MAX_BYTES + 1);
/** [request, code, why]: all with id "r" unless the row gives another. */
const refused = [
  [{}, 'invalid', 'no type'],
  [{ type: 5 }, 'invalid', 'type is a number'],
  [{ type: 'dance' }, 'unknown_type', 'no such request'],
  [{ type: '' }, 'unknown_type', 'the empty type'],
  [{ type: 'PING' }, 'unknown_type', 'types are lower case'],
  [{ type: 'welcome' }, 'unknown_type', 'what only the server says'],
  [{ type: 'message', room: 1, body: 'x' }, 'unknown_type', 'the same, and tempting'],
  [{ type: 'join' }, 'invalid', 'no room'],
  [{ type: 'join', room: null }, 'invalid', 'room null'],
  [{ type: 'join', room: true }, 'invalid', 'room a boolean'],
  [{ type: 'join', room: [1] }, 'invalid', 'room an array'],
  [{ type: 'join', room: 1.5 }, 'invalid', 'room a fraction'],
  [{ type: 'join', room: 99 }, 'not_found', 'no such id'],
  [{ type: 'join', room: 'nowhere' }, 'not_found', 'no such name'],
  [{ type: 'join', room: 1, after: -1 }, 'invalid', 'after below 0'],
  [{ type: 'join', room: 1, after: '3' }, 'invalid', 'after a string'],
  [{ type: 'join', room: 1, after: 1.5 }, 'invalid', 'after a fraction'],
  [{ type: 'join', room: 1, after: 1e300 }, 'invalid', 'after beyond all integers'],
  [{ type: 'leave', room: 1 }, 'not_joined', 'not joined'],
  [{ type: 'leave', room: 99 }, 'not_found', 'no such room'],
  [{ type: 'leave' }, 'invalid', 'no room'],
  [{ type: 'send', room: 1 }, 'invalid', 'no body'],
  [{ type: 'send', room: 1, body: 7 }, 'invalid', 'body a number'],
  [{ type: 'send', room: 1, body: '' }, 'invalid', 'body empty'],
  [{ type: 'send', room: 1, body: ' \n\t ' }, 'invalid', 'body empty once trimmed'],
  [{ type: 'send', room: 1, body: '\u200b\u2800\u3164\ufe0f' }, 'invalid', 'body in which nothing can be seen'],
  ...[...Array(32).keys(), 0x7f, 0x80, 0x9b, 0x9f]
    .filter((code) => code > 0 && code !== 9 && code !== 10)
    .map((code) => [
      { type: 'send', room: 1, body: `a${String.fromCharCode(code)}b` },
      'invalid',
      `control character ${code.toString(16)}`,
    ]),
  [{ type: 'send', body: 'x' }, 'invalid', 'no room'],
  [{ type: 'send', room: 99, body: 'x' }, 'not_found', 'no such room'],
  [{ type: 'send', room: 1, body: 'x', reply_to: 0 }, 'invalid', 'reply_to 0'],
  [{ type: 'send', room: 1, body: 'x', reply_to: '1' }, 'invalid', 'reply_to a string'],
  [{ type: 'send', room: 1, body: 'x', reply_to: 1.5 }, 'invalid', 'reply_to a fraction'],
  [{ type: 'send', room: 1, body: 'x', reply_to: 123456 }, 'not_found', 'nothing there to reply to'],
  [{ type: 'send', room: 1, body: big }, 'too_big', 'body over the limit'],
  [{ type: 'send', room: 1, body: 'é'.repeat(MAX_BYTES / 2) + 'x' }, 'too_big', 'bytes count, not characters'],
  [{ type: 'history' }, 'invalid', 'no room'],
  [{ type: 'history', room: 99 }, 'not_found', 'no such room'],
  [{ type: 'history', room: 1, limit: 0 }, 'invalid', 'limit 0'],
  [{ type: 'history', room: 1, limit: 201 }, 'invalid', 'limit 201'],
  [{ type: 'history', room: 1, limit: '50' }, 'invalid', 'limit a string'],
  [{ type: 'history', room: 1, before: -1 }, 'invalid', 'before below 0'],
  [{ type: 'history', room: 1, after: 'x' }, 'invalid', 'after a string'],
  [{ type: 'history', room: 1, before: 5, after: 2 }, 'invalid', 'two of the three'],
  [{ type: 'typing', room: 1 }, 'not_joined', 'typing where one is not'],
  [{ type: 'typing' }, 'invalid', 'no room'],
  [{ type: 'presence' }, 'invalid', 'no state'],
  [{ type: 'presence', state: 'asleep' }, 'invalid', 'no such state'],
  [{ type: 'send', id: null, room: 1, body: 'x' }, 'invalid', 'send without id'],
  [{ type: 'send', id: '', room: 1, body: 'x' }, 'invalid', 'id empty'],
  [{ type: 'send', id: 'x'.repeat(65), room: 1, body: 'x' }, 'invalid', 'id of 65 bytes'],
  [{ type: 'send', id: 'é'.repeat(33), room: 1, body: 'x' }, 'invalid', 'id of 66 bytes'],
  [{ type: 'send', id: 5, room: 1, body: 'x' }, 'invalid', 'id a number'],
  [{ type: 'ping', id: 5 }, 'invalid', 'id a number'],
];

test('each refusal has its code, carries the id, and changes nothing', async (t) => {
  const watcher = await connect(server, { t });
  const { last_seq: before } = await watcher.join('lobby');
  await watcher.join('garden');
  const client = await connect(server, { t });
  for (const [row, code, why] of refused) {
    const request = { id: 'r', ...row };
    if (request.id === null) delete request.id;
    const since = client.frames.length;
    client.text(JSON.stringify(request));
    const error = await client.frame('error', {}, { since });
    assert.equal(error.code, code, why);
    assert.equal(error.id, request.id === 'r' ? 'r' : undefined, why);
  }
  const { seq } = await client.send('lobby', 'still here');
  assert.equal(seq, before + 1, 'a refused request took a number');
  await watcher.sees(1, seq);
});
