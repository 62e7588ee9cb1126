/* Two hundred connections that each hold half a request keep nobody's live connection from working. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from '../lib/client.mjs';
import { ask } from '../lib/http.mjs';
import { handshake, rawConnect } from '../lib/raw.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { times, until, within } from '../lib/wait.mjs';

const HALF = 200;

/** What each holds back something of. */
const halves = [
  () => 'GE',
  () => 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ',
  (server) => handshake(server).slice(0, -2),
  () =>
    'POST /api/v1/guest HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"name":',
];

test('two hundred half requests', async (t) => {
  const server = await startServer({ t, settings: { ...UNLIMITED, request_timeout_ms: 400 } });
  const [anna, ben] = await Promise.all([connect(server, { t, name: 'Anna' }), connect(server, { t, name: 'Ben' })]);
  const { last_seq: start } = await ben.join('lobby');
  const raws = await times(HALF, () => rawConnect(server, t));
  for (const [i, raw] of raws.entries()) raw.write(halves[i % halves.length](server));
  let ended = 0;
  for (const raw of raws) raw.ended.then(() => ended++);

  const slowest = { ms: 0 };
  let sent = 0;
  for (; ended < HALF && sent < 5000; sent++) {
    // from the first to the last of them being cut off
    const began = performance.now();
    await anna.send('lobby', `message ${sent}`);
    await ben.sees(1, start + sent + 1);
    slowest.ms = Math.max(slowest.ms, performance.now() - began);
    await until(() => performance.now() - began > 5, 'a moment'); // a pace at which the test does not race
  }
  t.diagnostic(`${sent} messages meanwhile, the slowest took ${slowest.ms.toFixed(1)} ms`);
  assert.ok(slowest.ms < 2000, `a message took ${slowest.ms} ms`);
  await within(Promise.all(raws.map((raw) => raw.ended)), 'the end of all half requests');
  assert.equal((await ask(server, '/healthz')).status, 200);
  await (await connect(server, { t })).request('ping');
});

test('a body that dribbles in byte by byte is cut off too', async (t) => {
  const server = await startServer({ t, settings: { ...UNLIMITED, request_timeout_ms: 400 } });
  const raw = await rawConnect(server, t);
  raw.write(
    'POST /api/v1/guest HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n',
  );
  const dribble = setInterval(() => raw.write(' '), 50);
  t.after(() => clearInterval(dribble));
  const began = performance.now();
  await within(raw.ended, 'the end of a dribbling request');
  assert.ok(performance.now() - began < 15_000);
});
