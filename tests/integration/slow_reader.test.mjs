/* A client that stops reading harms only itself: the others are as fast as before, it is closed with 1013, and comes
 * back whole. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, View } from '../lib/client.mjs';
import { closePayload, encodeFrame, jsonFrame, OP, rawUpgrade } from '../lib/raw.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { times, until } from '../lib/wait.mjs';

const SLOW = 10;
const BODY = 'x'.repeat(4096);
const MEASURED = 300;
const MORE_THAN_FITS = 1000; // 4 MiB: the queue, and what both kernels hold
const HISTORY_ON_JOIN = 20;

/** Sends one message after the other and gives the 99th percentile of the time until another client has it. */
async function p99(sender, reader, count) {
  const times = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    const ack = sender.send('lobby', BODY);
    await reader.sees(1, reader.views.get(1).last + 1);
    times.push(performance.now() - start);
    await ack;
  }
  return times.sort((a, b) => a - b)[Math.floor(count * 0.99)];
}

const tooSlow = async (server) => (await server.metrics()).get('hubbub_closes_total{reason="too_slow"}');

/** Joins the room and does not read any more. */
async function stalled(server, t) {
  const raw = await rawUpgrade(server, t);
  raw.write(jsonFrame({ type: 'join', id: 'j', room: 1 }));
  const { last_seq: last } = await raw.message({ type: 'ack', id: 'j' });
  raw.pause();
  const view = new View(1);
  view.open(Math.max(1, last - HISTORY_ON_JOIN + 1));
  return { raw, view };
}

/** Reads what is left, up to the Close frame or, without one, the end of file. */
async function readOut({ raw, view }) {
  raw.resume();
  for (let frame; (frame = await raw.frame());) {
    if (frame.opcode === OP.close)
      return { code: frame.payload.readUInt16BE(0), reason: frame.payload.subarray(2).toString() };
    const message = JSON.parse(frame.payload.toString());
    if (message.seq) view.apply(message);
  }
  return null;
}

test('ten who do not read: the others notice nothing, they are closed and resume whole', async (t) => {
  const server = await startServer({ t, settings: { ...UNLIMITED, history_on_join: HISTORY_ON_JOIN } });
  const [sender, reader] = await Promise.all([connect(server, { t }), connect(server, { t })]);
  await reader.join('lobby');
  const alone = await p99(sender, reader, MEASURED);

  const slow = await times(SLOW, () => stalled(server, t));
  const filling = await p99(sender, reader, MEASURED);
  for (let sent = 0; sent < MORE_THAN_FITS; sent += 10) {
    const { seq } = (await times(10, () => sender.send('lobby', BODY))).at(-1);
    await reader.sees(1, seq);
  }
  const [waking, sleeping] = [slow.slice(0, SLOW / 2), slow.slice(SLOW / 2)];
  const endings = Promise.all(waking.map(readOut));
  const full = await p99(sender, reader, MEASURED);
  t.diagnostic(
    `p99 alone ${alone.toFixed(1)} ms, beside ${SLOW} who do not read ${filling.toFixed(1)} and ${full.toFixed(1)} ms`,
  );
  assert.ok(
    Math.max(filling, full) < 5 * alone + 50,
    `p99 ${filling} and ${full} ms beside those who do not read, ${alone} ms without`,
  );

  for (const ending of await endings) assert.deepEqual(ending, { code: 1013, reason: 'too slow' });
  await until(async () => (await tooSlow(server)) === SLOW, 'the end of those who never read again');
  await Promise.all(sleeping.map(readOut));
  const last = reader.views.get(1).last;
  for (const { view } of slow) {
    assert.ok(view.last < last, 'it was not behind at all');
    const back = await connect(server, { t, views: new Map([[1, view]]) });
    await back.resume();
    await back.sees(1, last);
    await back.close();
  }
});

test('one who never answers for what it asks is closed as well', async (t) => {
  const server = await startServer({ t, settings: UNLIMITED });
  const sender = await connect(server, { t });
  await times(200, () => sender.send('lobby', BODY));
  const raw = await rawUpgrade(server, t);
  raw.pause();
  await until(async () => {
    for (let i = 0; i < 20; i++) raw.write(jsonFrame({ type: 'history', id: 'h', room: 1, limit: 200 }));
    return (await tooSlow(server)) > 0;
  }, 'the end of the connection');
  await sender.request('ping');
});

test('one who reads slowly, but reads, gets everything', async (t) => {
  const settings = {
    ...UNLIMITED,
    history_on_join: 20,
    commit_max_bytes: '64K',
    outbound_queue_frames: 32,
    outbound_queue_bytes: '64K',
    socket_send_buffer_bytes: '16K',
  };
  const server = await startServer({ t, settings });
  const sender = await connect(server, { t });
  const total = 900;
  for (let i = 0; i < total; i += 10) await times(10, () => sender.send('lobby', BODY));
  const slow = await connect(server, { t }); // the replay is far longer than its queue may be: it goes at the reader's pace
  slow.join('lobby', 0);
  for (let seq = 50; seq <= total; seq += 50) {
    await slow.sees(1, seq);
    slow.socket.pause();
    await sender.request('ping');
    slow.socket.resume();
  }
  assert.equal(slow.views.get(1).resets, 0);
});

test('nothing comes behind the Close frame, however much is said meanwhile', async (t) => {
  const server = await startServer({ t, settings: { ...UNLIMITED, socket_send_buffer_bytes: 4096 } });
  const sender = await connect(server, { t });
  await sender.send('lobby', 'first');
  const { raw } = await stalled(server, t);
  for (let i = 0; i < 100; i++) await sender.send('lobby', BODY); // more than the kernel holds
  raw.write(encodeFrame(OP.close, closePayload(1000)));
  for (let i = 0; i < 10; i++) await sender.send('lobby', 'late');
  raw.resume();
  assert.equal((await raw.closing())?.code, 1000); // or it says that a frame came behind
});

test('when all queues together are full, those who do not read go, and those who read stay', async (t) => {
  const settings = { ...UNLIMITED, outbound_queue_bytes: '512K', outbound_memory_bytes: '2M' };
  const server = await startServer({ t, settings });
  const reader = await connect(server, { t });
  for (let i = 0; i < 60; i++) await reader.send('lobby', BODY);
  const page = jsonFrame({ type: 'history', id: 'h', room: 1, limit: 60 });
  for (let i = 0; i < 30; i++) {
    const raw = await rawUpgrade(server, t);
    raw.pause();
    for (let n = 0; n < 4; n++) raw.write(page);
  }
  await until(async () => (await tooSlow(server)) > 0, 'the end of some of them');
  assert.equal((await reader.history('lobby', { limit: 60 })).events.length, 60);
  const held = (await server.metrics()).get('hubbub_outbound_memory_bytes');
  assert.ok(held <= 2 * 1024 * 1024, `${held} bytes`);
});

test('one that takes nothing for stall_timeout_ms is cut', async (t) => {
  const settings = { ...UNLIMITED, stall_timeout_ms: 2000, socket_send_buffer_bytes: 4096 };
  const server = await startServer({ t, settings });
  const sender = await connect(server, { t });
  await sender.send('lobby', 'first');
  await stalled(server, t);
  for (let i = 0; i < 100; i++) await sender.send('lobby', BODY);
  await until(async () => (await tooSlow(server)) === 1, 'the end of the one that takes nothing');
  await sender.request('ping');
});
