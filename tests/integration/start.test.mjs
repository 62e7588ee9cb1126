/* Starting: what is wrong is said in one line, the exit code tells it, and nothing was changed. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { call } from '../lib/accounts.mjs';
import { connect } from '../lib/client.mjs';
import { crash, database, lockHolder } from '../lib/crash.mjs';
import { ask } from '../lib/http.mjs';
import { MORTAL, refusedRun, refusedStart } from '../lib/refusal.mjs';
import { CONFIG, OWNER, ROOT, runProgram, sqlite, startServer, temporaryDirectory, UNLIMITED } from '../lib/server.mjs';
import { until, within } from '../lib/wait.mjs';

/** [--set, what the line names, why] */
const settings = [
  ['colour=red', /colour/, 'an unknown name'],
  ['max_conections=5', /max_conections.*max_connections/, 'a misspelt name, with the right one'],
  ['max_connections=many', /max_connections.*many/, 'not a number'],
  ['max_connections=-1', /max_connections/, 'out of range'],
  ['message_max_bytes=16X', /message_max_bytes/, 'an unknown unit'],
  ['allow_guests=perhaps', /allow_guests.*(yes|no)/, 'neither yes nor no'],
  ['log_level=loud', /log_level.*(debug|info|warn|error)/, 'no such level'],
  ['listening_ports=99999', /listening_ports/, 'no such port'],
  ['listening_ports=8443s', /listening_ports|TLS/i, 'TLS ends at the proxy'],
  ['document_root=/tmp', /document_root/, 'a forbidden option of CivetWeb'],
  ['ssl_certificate=/tmp/x.pem', /ssl_certificate.*TLS/, 'another one, with the reason'],
  ['nonsense', /nonsense/, 'not name=value'],
];

test('a setting that is wrong stops the start', async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  for (const [set, pattern, why] of settings) {
    assert.match(await refusedStart(dataDir, [set]), pattern, why);
  }
  assert.ok(!existsSync(dataDir), 'nothing was made');
});

/** [text of the file, what the line names, why] */
const files = [
  ['colour red\n', /broken\.conf:1\b.*colour/, 'an unknown name, with file and line'],
  [
    '# fine\n\nserver_name X\nmax_connections many\n',
    /broken\.conf:4\b.*max_connections/,
    'a bad value in the fourth line',
  ],
  ['server_name X\nserver_name Y\n', /broken\.conf:2\b.*server_name/, 'given twice'],
  ['server_name "X\n', /broken\.conf:1\b/, 'a quote that does not end'],
  ['max_connections\n', /broken\.conf:1\b.*max_connections/, 'no value'],
];

test('a settings file that is wrong stops the start and says where', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'broken.conf');
  for (const [text, pattern, why] of files) {
    writeFileSync(file, text);
    assert.match(await refusedRun(['--config', file, '--set', `data_dir=${directory}/data`]), pattern, why);
  }
  assert.match(await refusedRun(['--config', join(directory, 'missing.conf')]), /missing\.conf/);
  writeFileSync(file, 'server_name X\n');
  chmodSync(file, 0);
  assert.match(await refusedRun(['--config', file], { wrap: MORTAL }), /broken\.conf/);
  assert.deepEqual(readdirSync(directory), ['broken.conf']);
});

test('an environment variable or an option that is wrong stops the start', async () => {
  assert.match(await refusedRun(['--config', CONFIG], { env: { HUBBUB_COLOUR: 'red' } }), /HUBBUB_COLOUR/);
  assert.match(
    await refusedRun(['--config', CONFIG], { env: { HUBBUB_MAX_CONNECTIONS: 'x' } }),
    /HUBBUB_MAX_CONNECTIONS/,
  );
  for (const args of [['--frobnicate'], ['--config'], ['--set'], ['frobnicate']]) {
    const { code, stdout, stderr } = await runProgram(args);
    assert.ok(code > 0 && stdout === '' && /--help|commands/.test(stderr), `${args}: ${code} ${stdout} ${stderr}`);
  }
});

test('--check-config says what is in force and where it came from, and does nothing', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'my.conf');
  writeFileSync(file, `server_name "From file"\nmax_connections 7\nhistory_on_join 5\ndata_dir ${directory}/data\n`);
  const args = ['--config', file, '--set', 'history_on_join=9', '--check-config'];
  const { code, stdout, stderr } = await runProgram(args, {
    env: { HUBBUB_MAX_CONNECTIONS: '8', HUBBUB_HISTORY_ON_JOIN: '6' },
  });
  assert.equal(code, 0, stderr);
  const line = (name) => stdout.split('\n').find((text) => text.startsWith(`${name} `));
  assert.match(line('server_name'), /From file.*my\.conf:1\b/);
  assert.match(line('max_connections'), /\b8\b.*environment|\b8\b.*HUBBUB_MAX_CONNECTIONS/);
  assert.match(line('history_on_join'), /\b9\b.*--set/);
  assert.match(line('drain_ms'), /\b5000\b.*default/);
  assert.match(stdout, /# In the worst case, .* use \d+ MiB of memory:\n#\s+128 {2}outbound queues/);
  assert.deepEqual(readdirSync(directory), ['my.conf']);
  const again = join(directory, 'again.conf');
  writeFileSync(again, stdout);
  assert.equal(
    (await runProgram(['--config', again, '--check-config'])).code,
    0,
    'what it prints is a file that it reads',
  );
});

test('a port or a data directory that somebody else uses', async (t) => {
  const server = await startServer({ t });
  const other = join(temporaryDirectory(), 'data');
  assert.match(await refusedStart(other, [`listening_ports=127.0.0.1:${server.port}`]), new RegExp(`${server.port}`));
  assert.ok(!existsSync(other), 'data was made, although nobody will be served');
  assert.ok((await refusedStart(server.dataDir)).includes(server.dataDir));
  await (await connect(server, { t })).send('lobby', 'the first one is not disturbed');
});

test('a data directory that cannot be written', async () => {
  const parent = temporaryDirectory();
  const [file, sealed] = [join(parent, 'file'), join(parent, 'sealed')];
  writeFileSync(file, '');
  mkdirSync(sealed, { mode: 0o555 });
  for (const [directory, why] of [
    [file, 'a file'],
    [join(file, 'below'), 'below a file'],
    [sealed, 'without permission'],
    [join(sealed, 'data'), 'below one without permission'],
  ]) {
    assert.ok((await refusedStart(directory, [], { wrap: MORTAL })).includes(directory), why);
  }
  assert.deepEqual(readdirSync(sealed), []);
});

test('an installed server: the unit, the settings file and the commands speak of one data_dir', async () => {
  const unit = readFileSync(join(ROOT, 'config/hubbub.service'), 'utf8');
  const [, sed] = /^# +(sed .*?) \| install -D -m 644 \/dev\/stdin \/etc\/hubbub\/civetweb\.conf$/m.exec(unit);
  const [, state] = /^StateDirectory=(.*)$/m.exec(unit);
  assert.doesNotMatch(unit, /^Environment=/m, 'what the unit alone knows, commands do not');
  const installed = join(temporaryDirectory(), 'civetweb.conf');
  execFileSync('sh', ['-c', `${sed} > ${installed}`], { cwd: ROOT });
  const { stdout } = await runProgram(['--config', installed, '--check-config']);
  assert.match(stdout, new RegExp(`^data_dir +/var/lib/${state} `, 'm'));
});

/** [SQL on a good database, what the line says, why] */
const databases = [
  ["INSERT INTO schema_migrations VALUES (9999, 'from_the_future', 'x', 0)", /newer/, 'newer than the program'],
  [
    "UPDATE schema_migrations SET checksum = 'x' WHERE version = 1",
    /0001|changed|differ/,
    'made with another migration of that number',
  ],
  ['PRAGMA application_id = 1', /hubbub\.db/, "another program's"],
];

test('a database that this program must not touch', async (t) => {
  for (const [sql, pattern, why] of databases) {
    const server = await startServer({ t });
    await server.stop();
    const file = join(server.dataDir, 'hubbub.db');
    await sqlite(file, sql);
    const before = readFileSync(file);
    assert.match(await refusedStart(server.dataDir), pattern, why);
    assert.ok(readFileSync(file).equals(before), `${why}: it was changed`);
  }
});

test('a file that is no database', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'hubbub.db');
  for (const text of ['short', 'this is not a database, but a long enough text '.repeat(200)]) {
    writeFileSync(file, text);
    assert.match(await refusedStart(directory), /hubbub\.db/);
    assert.equal(readFileSync(file, 'utf8'), text);
  }
});

test('a damaged page is found after an unclean stop: nothing more is written, the rest can be read', async (t) => {
  const server = await startServer({ t, settings: UNLIMITED });
  const client = await connect(server, { t });
  for (let i = 0; i < 200; i++) await client.send('lobby', `line ${i} ${'x'.repeat(500)}`);
  await server.stop();
  const leaves = "SELECT pageno FROM dbstat WHERE name = 'messages' AND pagetype = 'leaf' ORDER BY path";
  const pages = (await server.sqlite(leaves)).map(({ pageno }) => pageno);
  const file = database(server);
  const bytes = readFileSync(file);
  await server.restart();
  await crash(server, t, 'one more');
  const from = (pages[pages.length >> 1] - 1) * 4096;
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(1000, 0xa5), 0, 1000, from);
  closeSync(handle);
  for (const round of ['after the crash', 'after a clean stop, as it has not been mended']) {
    await server.restart();
    assert.match((await server.waitForLog('database_damaged')).hint, /backup/, round);
    assert.equal((await ask(server, '/healthz')).status, 503, round);
    assert.equal((await server.metrics()).get('hubbub_storage_damaged'), 1, round);
    const reader = await connect(server, { t });
    await assert.rejects(reader.send('lobby', 'not stored'), { code: 'storage_failed' }, round);
    assert.equal((await reader.history(1, { before: 10, limit: 5 })).events.length, 5, round);
    await reader.close();
  }
  await server.stop();
  writeFileSync(file, bytes);
  await server.restart();
  await server.waitForLog('checked');
  await (await connect(server, { t })).send('lobby', 'mended');
});

test('a start that takes long listens at once, says so, and ends when it is told to', async (t) => {
  const server = await startServer({ t, settings: UNLIMITED });
  await server.stop();
  const asked = (path) => ask(server, path).catch(() => null);
  for (const end of ['SIGTERM', 'the lock is given back']) {
    const release = await lockHolder(database(server), t);
    const started = server.restart().then(
      () => 'ready',
      () => 'ended',
    );
    const health = await until(() => asked('/healthz'), 'an answer');
    assert.equal(health.status, 503);
    assert.deepEqual([health.json().reason, /is starting/.test(health.json().message)], ['starting', true]);
    for (const path of ['/api/v1/place', '/api/v1/me'])
      assert.deepEqual(
        [(await ask(server, path)).status, (await ask(server, path)).json().error.code],
        [503, 'starting'],
      );
    const page = await ask(server, '/');
    assert.deepEqual([page.status, page.headers.refresh], [503, '2']);
    await assert.rejects(connect(server, { t }), { status: 503 });
    assert.match((await server.command('user', 'list')).stderr, /still starting/);
    server.signal('SIGHUP');
    if (end === 'SIGTERM') {
      server.signal('SIGTERM');
      assert.equal(await within(server.exited, 'the end'), 0);
    }
    await release();
    assert.equal(await started, end === 'SIGTERM' ? 'ended' : 'ready');
  }
  await (await connect(server, { t })).send('lobby', 'goes on');
});

test('the first start makes a private data directory with a lobby; later ones find it', async (t) => {
  const dataDir = join(temporaryDirectory(), 'deep', 'data');
  mkdirSync(join(dataDir, '..'));
  const server = await startServer({ t, dataDir, owned: false });
  await call(server, null, 'setup', OWNER);
  assert.deepEqual((await connect(server, { t })).welcome.rooms, [
    { id: 1, name: 'lobby', kind: 'open', last_seq: 0, archived: false },
  ]);
  const { stdout } = await runProgram(['--version']);
  assert.match(stdout, /\d+\.\d+\.\d+/);
  const { code, stdout: help } = await runProgram(['--help']);
  assert.equal(code, 0);
  for (const word of ['--config', '--set', '--check-config', 'room'])
    assert.ok(help.includes(word), `--help does not tell of ${word}`);
});
