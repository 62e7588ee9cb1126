/* Stopping: bye, what was taken is committed, 1012, exit code 0; and what was acknowledged is there at the next
 * start. */
import assert from 'node:assert/strict';
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect, guest, isPassing, randomId, Refused, wholeHistory } from '../lib/client.mjs';
import { ask } from '../lib/http.mjs';
import { jsonFrame, rawUpgrade } from '../lib/raw.mjs';
import { startServer, temporaryDirectory, UNLIMITED } from '../lib/server.mjs';
import { times, until, within } from '../lib/wait.mjs';

for (const signal of ['SIGTERM', 'SIGINT']) {
  test(`${signal}: everybody is told when to come back, spread over time`, async (t) => {
    const server = await startServer({ t, settings: { ...UNLIMITED, reconnect_spread_ms: 2000 } });
    const clients = await times(40, () => connect(server, { t }));
    await Promise.all(clients.map((client) => client.join('lobby')));
    const { seq } = await clients[0].send('lobby', 'before the restart');
    server.signal(signal);
    assert.equal(await within(server.exited, 'the end'), 0);
    const waits = new Set();
    for (const client of clients) {
      assert.deepEqual(await client.closed, { code: 1012, reason: 'restart' });
      const bye = client.frames.at(-1);
      assert.equal(bye.type, 'bye', 'the last frame');
      assert.equal(bye.reason, 'restart');
      assert.ok(bye.reconnect_in_ms <= 2000, `reconnect_in_ms ${bye.reconnect_in_ms}`);
      waits.add(bye.reconnect_in_ms);
      assert.equal(client.views.get(1).last, seq, 'what was committed reached everybody first');
    }
    assert.ok(waits.size > 20, `only ${waits.size} different times`);
    await server.restart();
    const back = await connect(server, { t });
    assert.equal((await wholeHistory(back, 1)).at(-1).body, 'before the restart');
  });
}

test('under load: every answer is true, and what was not taken can be sent again', async (t) => {
  const server = await startServer({ t, settings: UNLIMITED });
  const senders = await times(4, async (i) => {
    const { cookie } = await guest(server, `Sender ${i}`);
    return { cookie, client: await connect(server, { t, cookie }), sent: new Map() };
  });
  const talk = async ({ client, sent }) => {
    for (let i = 0; ; i++) {
      const burst = Array.from({ length: 20 }, () => {
        const id = randomId();
        sent.set(id, null);
        return client.send('lobby', `of ${id}`, { id }).then(({ seq }) => sent.set(id, seq));
      });
      const failed = (await Promise.allSettled(burst)).find(({ status }) => status === 'rejected');
      if (!failed) continue;
      assert.ok(isPassing(failed.reason), `${failed.reason}`);
      return i;
    }
  };
  const talking = Promise.all(senders.map(talk));
  await until(() => senders.every(({ sent }) => sent.size > 200), 'some talk');
  assert.equal(await server.stop(), 0);
  await talking;
  await server.restart();

  for (const { cookie, sent } of senders) {
    const client = await connect(server, { t, cookie });
    for (const [id, seq] of sent) {
      const ack = await client.send('lobby', `of ${id}`, { id });
      if (seq !== null) assert.deepEqual([ack.seq, ack.duplicate], [seq, true], 'acknowledged before the stop');
      sent.set(id, ack.seq);
    }
  }
  const events = await wholeHistory(await connect(server, { t }), 1);
  const wanted = new Map(senders.flatMap(({ sent }) => [...sent]));
  assert.equal(events.length, wanted.size);
  for (const event of events) assert.equal(wanted.get(event.id), event.seq);
});

test('while it waits for somebody who does not read, newcomers are refused; it waits no longer than drain_ms', async (t) => {
  const server = await startServer({ t, settings: { ...UNLIMITED, drain_ms: 1500, max_connections: 10 } });
  const [sender, raw] = [await connect(server, { t }), await rawUpgrade(server, t)];
  raw.write(jsonFrame({ type: 'join', room: 1 }));
  await raw.message({ type: 'presence' });
  raw.pause();
  const big = 'x'.repeat(16000);
  for (let i = 0; i < 50; i++) await sender.send('lobby', big); // less than its queue, more than the kernel takes
  const started = performance.now();
  server.signal('SIGTERM');
  assert.equal((await sender.closed).code, 1012);
  const refused = await connect(server).catch((error) => error);
  assert.ok(isPassing(refused), `${refused}`);
  const health = await ask(server, '/healthz').catch((error) => error);
  assert.ok(health.status === 503 || /^ECONN(REFUSED|RESET)$/.test(health.code), `${health.status ?? health.code}`);
  assert.equal(await within(server.exited, 'the end'), 0);
  const took = performance.now() - started;
  assert.ok(took < 6000, `it took ${took} ms`);
});

test('a send after bye is refused with shutting_down or not answered, never lost after an ack', async (t) => {
  const server = await startServer({ t, settings: UNLIMITED });
  const { cookie } = await guest(server, 'Late');
  const client = await connect(server, { t, cookie });
  const late = randomId();
  const answer = client
    .first((frame) => frame.type === 'bye', 'bye')
    .then(() => client.send('lobby', 'too late', { id: late }));
  server.signal('SIGTERM');
  const error = await answer.catch((reason) => reason);
  if (error instanceof Refused) assert.equal(error.code, 'shutting_down');
  else assert.ok(error.type !== 'ack' && isPassing(error), `${error}`);
  assert.equal(await server.exited, 0);
  await server.restart();
  const ack = await (await connect(server, { t, cookie })).send('lobby', 'too late', { id: late });
  assert.equal(ack.duplicate, undefined);
});

test('HUP opens the log file anew, for rotation', async (t) => {
  const directory = temporaryDirectory();
  const file = join(directory, 'hubbub.log');
  const server = await startServer({ t, settings: { log_file: file, log_level: 'debug' } });
  renameSync(file, `${file}.1`);
  const old = readFileSync(`${file}.1`, 'utf8');
  assert.match(old, /^time=\S+Z level=info event=ready address=/m);
  server.signal('SIGHUP');
  await until(async () => {
    await (await connect(server)).close();
    try {
      return readFileSync(file, 'utf8').includes('event=');
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      return false;
    }
  }, 'a line in the new file');
  const client = await connect(server, { t });
  await client.send('lobby', 'a secret that no log may tell');
  await server.stop();
  for (const name of [file, `${file}.1`]) {
    const text = readFileSync(name, 'utf8');
    assert.ok(!text.includes('secret that'), 'the log tells what was said');
    for (const line of text.trim().split('\n'))
      assert.match(
        line,
        /^time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=(debug|info|warn|error) event=[a-z_]+( |$)/,
      );
  }
});
