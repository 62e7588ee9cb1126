/* The files of a running server are removed or replaced: it notices, says so and ends, instead of acknowledging what goes
 * into files without a name. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect, wholeHistory } from '../lib/client.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { within } from '../lib/wait.mjs';

/** A server with 20 messages in its database and 20 in its WAL, to which `happens` happens; then it has ended. */
async function afterwards(t, happens) {
  const server = await startServer({ t, settings: { ...UNLIMITED, drain_ms: 1000 } });
  for (let round = 0; round < 2; round++) {
    if (round) await server.restart();
    const client = await connect(server, { t });
    for (let i = 0; i < 20; i++) await client.send('lobby', `line ${20 * round + i}`);
  }
  happens(server.dataDir, (name) => join(server.dataDir, name));
  const gone = await server.waitForLog('database_gone');
  assert.ok(gone.file && gone.reason && gone.hint, gone.line);
  assert.equal(await within(server.exited, 'the end'), 1);
  return server;
}

async function bodies(t, server) {
  return (await wholeHistory(await connect(server, { t }), 1)).map((event) => event.body);
}

const lines = (n) => Array.from({ length: n }, (_, i) => `line ${i}`);

test('the data directory is removed', async (t) => {
  const server = await afterwards(t, (dataDir) => rmSync(dataDir, { recursive: true }));
  assert.ok(!existsSync(server.dataDir));
});

test('the database is moved away: it has everything, and its WAL is not left for another one', async (t) => {
  const server = await afterwards(t, (_, path) => renameSync(path('hubbub.db'), path('moved.db')));
  const path = (name) => join(server.dataDir, name);
  assert.ok(!existsSync(path('hubbub.db-wal')));
  renameSync(path('moved.db'), path('hubbub.db'));
  await server.start();
  assert.deepEqual(await bodies(t, server), lines(40));
});

test('a copy is moved over the database: the next start uses the copy', async (t) => {
  const server = await afterwards(t, (_, path) => {
    copyFileSync(path('hubbub.db'), path('copy.db')); // without the WAL
    renameSync(path('copy.db'), path('hubbub.db'));
  });
  await server.start();
  assert.deepEqual(await bodies(t, server), lines(20));
  await server.stop();
  assert.deepEqual(await server.sqlite('pragma integrity_check'), [{ integrity_check: 'ok' }]);
});

test('only the WAL is removed: what it had is in the database', async (t) => {
  const server = await afterwards(t, (_, path) => rmSync(path('hubbub.db-wal')));
  await server.start();
  assert.deepEqual(await bodies(t, server), lines(40));
});
