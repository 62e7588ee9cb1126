/* A sync that fails, of whatever file and at whatever time, is the end of the process: what the kernel could not write
 * counts as written from then on. The next start finds all that was acknowledged. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect, wholeHistory } from '../lib/client.mjs';
import { CONFIG, runProgram, startServer, temporaryDirectory, UNLIMITED } from '../lib/server.mjs';
import { within } from '../lib/wait.mjs';

/** The next sync of a file whose name ends so fails. */
class FailingSync {
  #file = join(temporaryDirectory(), 'fails');
  env = {
    LD_PRELOAD: process.env.FAILING_SYNC,
    FAILING_SYNC_FILE: this.#file,
    ASAN_OPTIONS: 'verify_asan_link_order=0',
  };
  arm(suffix) {
    writeFileSync(this.#file, suffix);
  }
  get armed() {
    return existsSync(this.#file);
  }
}

async function begin(t) {
  const sync = new FailingSync();
  const server = await startServer({ t, settings: { ...UNLIMITED, wal_limit_bytes: '1M' }, env: sync.env });
  return { sync, server, client: await connect(server, { t }) };
}

/** Sends until the connection is lost: how many were acknowledged. */
async function sendUntilTheEnd(client) {
  let acked = 0;
  for (; acked < 2000; acked++) {
    const lost = await client.send('lobby', `line ${acked} ${'x'.repeat(3000)}`).then(
      () => false,
      () => true,
    );
    if (lost) break;
  }
  return acked;
}

async function checkAll(t, server, acked) {
  const events = await wholeHistory(await connect(server, { t }), 1);
  assert.ok(events.length === acked || events.length === acked + 1, `${acked} acked, ${events.length} there`);
  for (const [i, event] of events.entries()) assert.ok(event.body.startsWith(`line ${i} `));
}

for (const [suffix, when] of [
  ['hubbub.db-wal', 'of the WAL, at a commit'],
  ['hubbub.db', 'of the database, at a checkpoint'],
]) {
  test(`a failed sync ${when}`, async (t) => {
    const { sync, server, client } = await begin(t);
    sync.arm(suffix);
    const acked = await sendUntilTheEnd(client);
    assert.equal(await within(server.exited, 'the end'), 1);
    assert.ok(!sync.armed);
    const [line] = server.log.filter((entry) => entry.event === 'sync_failed');
    assert.ok(line.file.endsWith(suffix) && line.reason && line.hint, line.line);
    await server.start();
    await checkAll(t, server, acked);
  });
}

test('a failed sync of the database, at the stop', async (t) => {
  const { sync, server, client } = await begin(t);
  for (let i = 0; i < 20; i++) await client.send('lobby', `line ${i} x`);
  sync.arm('hubbub.db');
  assert.equal(await server.stop(), 1);
  await server.start();
  await checkAll(t, server, 20);
});

test('a failed sync at the start after a crash: it does not start, and then it does', async (t) => {
  const { sync, server, client } = await begin(t);
  for (let i = 0; i < 20; i++) await client.send('lobby', `line ${i} x`);
  await server.kill();
  const sets = ['listening_ports=127.0.0.1:0', `data_dir=${server.dataDir}`].flatMap((set) => ['--set', set]);
  for (const suffix of ['hubbub.db-wal', 'hubbub.db']) {
    sync.arm(suffix);
    const { code, stderr } = await runProgram(['--config', CONFIG, ...sets], { env: sync.env });
    assert.equal(code, 1);
    assert.match(stderr, /event=sync_failed file=\S*hubbub\.db/);
    assert.doesNotMatch(stderr, /event=ready/);
  }
  await server.start();
  await checkAll(t, server, 20);
});

test('a failed sync of the directory, in which the files are new', async () => {
  const sync = new FailingSync();
  const dataDir = join(temporaryDirectory(), 'new');
  const sets = ['listening_ports=127.0.0.1:0', `data_dir=${dataDir}`].flatMap((set) => ['--set', set]);
  sync.arm('/new');
  const { code, stderr } = await runProgram(['--config', CONFIG, ...sets], { env: sync.env });
  assert.equal(code, 1);
  assert.match(stderr, /directory.*Input\/output error|Input\/output error.*directory/);
});
