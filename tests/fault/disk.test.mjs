/* A disk that refuses to write. The file size limit of the process (RLIMIT_FSIZE, set from outside while it runs)
 * makes the kernel itself refuse, as a full disk does, in the middle of a write where the limit falls there; and it
 * needs no privilege to set or to lift. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect, guest, randomId, Refused, wholeHistory } from '../lib/client.mjs';
import { ask, postJson } from '../lib/http.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

/** Files of the server may grow to this many bytes, until they may grow freely again. */
function limitFiles(server, bytes) {
  execFileSync('prlimit', ['--pid', String(server.pid), `--fsize=${bytes}:`]);
}
const UNLIMITED_SIZE = 'unlimited';

/**
 * The signal that goes with the limit is ignored from outside, so that the test asks for no more than a full
 * disk does.
 */
const IGNORE_XFSZ = ['sh', '-c', 'trap "" XFSZ; exec "$@"', 'sh'];

const size = (server, name) => {
  try {
    return statSync(join(server.dataDir, name)).size;
  } catch {
    return 0;
  }
};

const health = async (server) => (await ask(server, '/healthz')).status;

/** [how much more may be written, why] */
const limits = [
  [() => 0, 'nothing can be written'],
  [() => 1, 'one byte can be written'],
  [(server) => Math.max(size(server, 'hubbub.db-wal'), size(server, 'hubbub.db')), 'no file can grow'],
  [
    (server) => Math.max(size(server, 'hubbub.db-wal'), size(server, 'hubbub.db')) + 150_001,
    'it fills up after a while, in the middle of a write',
  ],
];

for (const [limit, why] of limits) {
  test(`disk full, ${why}: storage_failed, nothing half-done, and it goes on when there is room`, async (t) => {
    const server = await startServer({ t, settings: { ...UNLIMITED, wal_limit_bytes: '1M' }, wrap: IGNORE_XFSZ });
    const { cookie } = await guest(server, 'Sender');
    const [client, watcher] = [await connect(server, { t, cookie }), await connect(server, { t })];
    await watcher.join('lobby', 0);
    for (let i = 0; i < 50; i++) await client.send('lobby', `before ${i}`);
    assert.equal(await health(server), 200);

    limitFiles(server, limit(server));
    const bodies = new Map();
    const acked = new Map();
    const failed = [];
    for (let burst = 0; failed.length < 40; burst++) {
      assert.ok(burst < 2000, 'the disk is never full');
      const ids = Array.from({ length: 10 }, randomId);
      await Promise.all(
        ids.map(async (id) => {
          bodies.set(id, `${id} ${'x'.repeat(1000)}`);
          const answer = await client.send('lobby', bodies.get(id), { id }).catch((error) => error);
          if (answer.seq) acked.set(id, answer.seq);
          else {
            assert.ok(answer instanceof Refused && answer.code === 'storage_failed', `${answer}`);
            failed.push(id);
          }
        }),
      );
    }
    await until(async () => (await health(server)) === 503, '/healthz 503');
    const page = await watcher.history('lobby', { limit: 1 }); // reading goes on
    assert.equal(page.events.length, 1);
    await client.request('ping');
    await (await connect(server, { t })).join('lobby');
    const rejected = await postJson(server, '/api/v1/guest', '{"name":"Nobody"}');
    assert.ok(rejected.status >= 500, `a guest was made: ${rejected.status}`);

    limitFiles(server, UNLIMITED_SIZE);
    for (const id of failed) {
      const ack = await until(
        () =>
          client.send('lobby', bodies.get(id), { id }).catch((error) => {
            if (error.code !== 'storage_failed') throw error;
          }),
        'a send that is stored again',
      );
      assert.equal(ack.duplicate, undefined, 'what failed was stored all the same');
      acked.set(id, ack.seq);
    }
    assert.equal(await until(() => health(server), 'an answer'), 200);
    await client.send('lobby', 'after it');

    const events = await wholeHistory(client, 1);
    assert.equal(events.length, 50 + bodies.size + 1, 'each is there once');
    for (const event of events)
      if (bodies.has(event.id)) assert.deepEqual([event.seq, event.body], [acked.get(event.id), bodies.get(event.id)]);
    assert.deepEqual((await watcher.sees(1, events.length)).events, events, 'what was seen live is what is there');

    await server.kill();
    await server.restart();
    assert.deepEqual(await wholeHistory(await connect(server, { t }), 1), events);
    await server.stop();
    assert.deepEqual(await server.sqlite('pragma integrity_check'), [{ integrity_check: 'ok' }]);
  });
}

test('killed while the disk is full: what was acknowledged is there', async (t) => {
  const server = await startServer({ t, settings: UNLIMITED, wrap: IGNORE_XFSZ });
  const client = await connect(server, { t });
  for (let i = 0; i < 20; i++) await client.send('lobby', `before ${i}`);
  limitFiles(server, size(server, 'hubbub.db-wal') + 30_001);
  let acked = 20;
  for (let failed = false; !failed;) {
    await client.send('lobby', 'x'.repeat(3000)).then(
      ({ seq }) => {
        acked = seq;
      },
      (error) => {
        assert.equal(error.code, 'storage_failed');
        failed = true;
      },
    );
  }
  await server.kill();
  await server.restart();
  assert.equal((await wholeHistory(await connect(server, { t }), 1)).length, acked);
});

test('started on the full disk after a crash: it can be read, and goes on when there is room', async (t) => {
  const server = await startServer({ t, settings: UNLIMITED });
  const body = 'x'.repeat(16_000);
  for (let round = 0; round < 2; round++) {
    if (round) await server.restart(); // what was sent before is in the database, the rest in the WAL
    const client = await connect(server, { t });
    await Promise.all(Array.from({ length: 60 }, () => client.send('lobby', body)));
  }
  await server.kill();
  const bytes = size(server, 'hubbub.db-wal');
  assert.ok(size(server, 'hubbub.db') + 60 * body.length > bytes, 'the database would not have to grow');
  const full = await startServer({
    t,
    settings: UNLIMITED,
    dataDir: server.dataDir,
    wrap: [...IGNORE_XFSZ, 'prlimit', `--fsize=${bytes}:`],
  });
  const client = await connect(full, { t });
  assert.equal((await wholeHistory(client, 1)).length, 120);
  assert.equal(await health(full), 503);
  await assert.rejects(client.send('lobby', body), { code: 'storage_failed' });
  assert.ok(full.log.some((entry) => entry.event === 'storage_failed' && entry.during === 'recovery'));
  limitFiles(full, UNLIMITED_SIZE);
  await until(async () => (await health(full)) === 200, '/healthz 200');
  await client.send('lobby', body);
});

test('stopped while the disk is full: it ends, and what was acknowledged is there', async (t) => {
  const server = await startServer({ t, settings: { ...UNLIMITED, drain_ms: 1000 }, wrap: IGNORE_XFSZ });
  const client = await connect(server, { t });
  for (let i = 0; i < 20; i++) await client.send('lobby', `before ${i}`);
  limitFiles(server, 0);
  await assert.rejects(client.send('lobby', 'no room'), { code: 'storage_failed' });
  assert.equal(await server.stop(), 0);
  await server.restart();
  assert.equal((await wholeHistory(await connect(server, { t }), 1)).length, 20);
});
