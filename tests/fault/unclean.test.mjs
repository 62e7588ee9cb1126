/* Ends and starts that are not as one would wish: killed while draining, a damaged WAL, files that cannot be written. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect, guest, isPassing, randomId, wholeHistory } from '../lib/client.mjs';
import { crash, database, lockHolder } from '../lib/crash.mjs';
import { jsonFrame, rawUpgrade } from '../lib/raw.mjs';
import { seeded } from '../lib/random.mjs';
import { MORTAL, refusedStart } from '../lib/refusal.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

test('after kill -9 the next start looks closely; after a clean stop it need not', async (t) => {
  const server = await startServer({ t, settings: { ...UNLIMITED, log_level: 'debug' } });
  const checked = () => server.log.some((entry) => entry.event === 'check');
  assert.ok(!checked(), 'a new database was checked');
  await crash(server, t);
  await server.restart();
  await server.waitForLog('check');
  await server.waitForLog('checked'); // or the next start would check again
  assert.equal((await wholeHistory(await connect(server, { t }), 1)).length, 1);
  await server.restart();
  assert.ok(!checked(), 'a check after a clean stop');
});

test('killed while draining: what was acknowledged is there', async (t) => {
  const random = seeded(t);
  const server = await startServer({ t, settings: { ...UNLIMITED, drain_ms: 10_000 } });
  const { cookie } = await guest(server, 'Sender');
  const acked = new Map();
  for (let round = 0; round < 8; round++) {
    const [client, raw] = [await connect(server, { t, cookie }), await rawUpgrade(server, t)];
    raw.write(jsonFrame({ type: 'join', room: 1 }));
    raw.pause(); // something to wait for
    const bodies = Array.from({ length: 200 }, () => randomId());
    const answers = bodies.map((id) =>
      client.send('lobby', `of ${id} ${'x'.repeat(4000)}`, { id }).then(
        ({ seq }) => acked.set(id, seq),
        (error) => {
          if (!isPassing(error)) throw error;
        },
      ),
    );
    await answers[random.between(0, 150)];
    server.signal('SIGTERM');
    await Promise.race([Promise.all(answers), server.exited]);
    if (server.running) await server.kill();
    await Promise.all(answers);
    await server.restart();
    const events = await wholeHistory(await connect(server, { t }), 1);
    const byId = new Map(events.map((event) => [event.id, event.seq]));
    assert.equal(byId.size, events.length);
    for (const [id, seq] of acked) assert.equal(byId.get(id), seq);
  }
});

test('a power cut that tore the end of the WAL: what was synced before is there, in order', async (t) => {
  const random = seeded(t);
  const server = await startServer({ t, settings: UNLIMITED });
  const client = await connect(server, { t });
  for (let i = 1; i <= 100; i++) await client.send('lobby', `line ${i}`);
  await server.kill();
  const wal = `${database(server)}-wal`;
  truncateSync(wal, statSync(wal).size - random.between(1, 100_000));
  await server.restart();
  const events = await wholeHistory(await connect(server, { t }), 1);
  assert.deepEqual(
    events.map((event) => event.body),
    events.map((_, i) => `line ${i + 1}`),
  );
  const { seq } = await (await connect(server, { t })).send('lobby', 'goes on');
  assert.equal(seq, events.length + 1);
});

test('a database file that cannot be written stops the start with one line', async (t) => {
  const server = await startServer({ t, settings: UNLIMITED });
  await (await connect(server, { t })).send('lobby', 'hello');
  await server.stop();
  chmodSync(database(server), 0o444);
  const before = readFileSync(database(server));
  assert.match(await refusedStart(server.dataDir, [], { wrap: MORTAL }), /hubbub\.db/);
  assert.ok(readFileSync(database(server)).equals(before));
  chmodSync(database(server), 0o644);
  await server.restart();
  assert.equal((await wholeHistory(await connect(server, { t }), 1)).length, 1);
});

test('another program that holds the database locked: nothing is lost, and it goes on afterwards', async (t) => {
  const server = await startServer({ t, settings: UNLIMITED });
  const client = await connect(server, { t });
  await client.send('lobby', 'before');
  const release = await lockHolder(database(server), t);
  const answers = Promise.allSettled(Array.from({ length: 50 }, (_, i) => client.send('lobby', `meanwhile ${i}`)));
  await client.request('ping');
  assert.equal((await client.history(1)).events.length, 1, 'reading goes on');
  await release();
  const stored = (await answers).filter((answer) => answer.status === 'fulfilled').length;
  for (const { reason } of await answers) if (reason) assert.equal(reason.code, 'storage_failed');
  await until(
    () => client.send('lobby', 'after').catch((error) => assert.equal(error.code, 'storage_failed')),
    'a send that is stored again',
  );
  assert.equal((await wholeHistory(client, 1)).length, stored + 2);
});

test('what a killed server leaves behind is no obstacle: socket, WAL, shared memory', async (t) => {
  const server = await startServer({ t, settings: UNLIMITED });
  await crash(server, t);
  assert.ok(existsSync(`${database(server)}-wal`));
  rmSync(`${database(server)}-shm`, { force: true });
  await server.restart();
  assert.equal((await server.command('room', 'add', 'garden')).code, 0);
  assert.equal((await connect(server, { t })).welcome.rooms.length, 2);
});

test('a key that is damaged is told, not replaced: cookies would be worthless', async (t) => {
  const server = await startServer({ t, settings: UNLIMITED });
  await server.stop();
  const key = join(server.dataDir, 'secret.key');
  writeFileSync(key, 'short');
  assert.match(await refusedStart(server.dataDir), /secret\.key/);
  assert.equal(readFileSync(key, 'utf8'), 'short');
});
