/* The log: rotation, and a reader of it that has stopped reading. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { post } from '../lib/accounts.mjs';
import { connect, refusal } from '../lib/client.mjs';
import { ask } from '../lib/http.mjs';
import { OWNER, startServer, temporaryDirectory } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const modeOf = (file) => (statSync(file).mode & 0o777).toString(8);
const eventsIn = (file) => [...readFileSync(file, 'utf8').matchAll(/ event=(\S+)/g)].map(([, event]) => event);

test('after rotation the log goes on in a new file of the same mode', async (t) => {
  const logs = join(temporaryDirectory(), 'logs');
  const file = join(logs, 'hubbub.log');
  mkdirSync(logs);
  const server = await startServer({ t, settings: { log_file: file } });
  const mode = modeOf(file);
  renameSync(file, `${file}.1`);
  server.signal('SIGHUP');
  await until(() => existsSync(file) && eventsIn(file).includes('log_reopened'), 'the new file');
  assert.equal(modeOf(file), mode);

  renameSync(logs, `${logs}.away`);
  server.signal('SIGHUP');
  const away = join(`${logs}.away`, 'hubbub.log');
  await until(() => eventsIn(away).includes('log_reopen_failed'), 'the complaint');
  await server.stop();
  assert.deepEqual(eventsIn(away), ['log_reopened', 'log_reopen_failed', 'stopping', 'stopped']);
});

/** A named pipe for a program's stderr, whose reader can stop: then whoever writes to it waits. */
function stallable() {
  const path = join(temporaryDirectory(), 'log');
  execFileSync('mkfifo', [path]);
  const reader = new Socket({
    fd: openSync(path, constants.O_RDWR | constants.O_NONBLOCK),
    readable: true,
    writable: false,
  });
  return {
    fd: openSync(path, constants.O_WRONLY),
    reader,
    stall() {
      reader.pause();
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      try {
        for (;;) writeSync(fd, `${'-'.repeat(99)}\n`);
      } catch (error) {
        assert.equal(error.code, 'EAGAIN');
      } finally {
        closeSync(fd);
      }
    },
  };
}

test('a terminal that nobody reads stops nothing', async (t) => {
  const stderr = stallable();
  const server = await startServer({ t, stderr });
  stderr.stall();
  const wrong = { ...OWNER, password: 'not this one' };
  for (let i = 0; i < 3; i++) assert.equal((await post(server, null, 'sign_in', wrong)).status, 401);
  assert.equal((await post(server, null, 'sign_in', OWNER)).status, 200);
  server.signal('SIGHUP');
  assert.equal((await ask(server, '/healthz')).status, 200);
  assert.equal(await server.stop(), 0);
  stderr.reader.destroy();
});

test('at level debug the log tells what happens, without what is said', async (t) => {
  const server = await startServer({ t, settings: { log_level: 'debug' } });
  const client = await connect(server, { t });
  await client.send('lobby', 'between you and me');
  await refusal(client.request('join', { room: 'nowhere' }));
  await ask(server, '/invite/secret-code');
  await ask(server, '/api/v1/place');
  await client.close();
  const [connected, refused, request] = await Promise.all([
    server.waitForLog('connected'),
    server.waitForLog('request_refused'),
    server.waitForLog('http_request', ({ path }) => path === '/api/v1/place'),
    server.waitForLog('committed'),
    server.waitForLog('disconnected'),
  ]);
  assert.equal(connected.address, '127.0.0.1');
  assert.equal(refused.type, 'join');
  assert.equal(refused.code, 'not_found');
  assert.equal(request.status, '200');
  await server.stop();
  assert.ok(server.log.some(({ event }) => event === 'checkpoint'));
  for (const { line } of server.log) assert.doesNotMatch(line, /between you and me|secret-code/);
});

test('the metrics say how large the database is and what is left on its disk', async (t) => {
  const server = await startServer({ t });
  const sizes = () => server.metrics().then((metrics) => metrics.get('hubbub_database_bytes') > 0 && metrics);
  const metrics = await until(sizes, 'the first look');
  assert.equal(metrics.get('hubbub_database_bytes'), statSync(join(server.dataDir, 'hubbub.db')).size);
  assert.equal(metrics.get('hubbub_wal_bytes'), statSync(join(server.dataDir, 'hubbub.db-wal')).size);
  assert.ok(metrics.get('hubbub_disk_free_bytes') > 0);
  assert.equal(metrics.get('hubbub_checkpoint_failures_total'), 0);
});
