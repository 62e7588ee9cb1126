/* A database that is restored from a backup, or copied: clients find out by the epoch, and start anew. One that only
 * went through a crash is the same as before. */
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from '../lib/client.mjs';
import { refusedRun, refusedStart } from '../lib/refusal.mjs';
import { CONFIG, runProgram, startServer, temporaryDirectory, UNLIMITED } from '../lib/server.mjs';

const start = (t, options) => startServer({ t, settings: UNLIMITED, ...options });
const file = (server, name) => join(server.dataDir, name);
const remove = (server, ...names) => names.forEach((name) => rmSync(file(server, name), { force: true }));

/** Says so many lines in the lobby: the epoch, and the last seq. */
async function say(server, t, lines) {
  const client = await connect(server, { t });
  let seq = 0;
  for (let i = 0; i < lines; i++) ({ seq } = await client.send('lobby', `line ${i}`));
  const { epoch } = client.welcome;
  await client.close();
  return { epoch, seq };
}

async function backup(server) {
  const copy = join(temporaryDirectory(), 'backup.db');
  await server.sqlite(`VACUUM INTO '${copy}'`);
  return copy;
}

/** What somebody hears who comes back with what they had. */
async function comeBack(server, t, { seq, epoch }) {
  const client = await connect(server, { t });
  const { last_seq } = await client.join('lobby', seq, epoch);
  await client.request('ping');
  const view = await client.sees(1, last_seq);
  const heard = { epoch: client.welcome.epoch, resets: view.resets, events: view.events.map((event) => event.seq) };
  await client.close();
  return heard;
}

test('a restart, a crash and a command do not change the epoch: who comes back goes on', async (t) => {
  const server = await start(t);
  const had = await say(server, t, 3);
  assert.match(had.epoch, /^[0-9a-f]{16}$/);
  for (const end of ['stop', 'kill', 'kill']) {
    await say(server, t, 1);
    await server[end]();
    assert.equal((await server.command('user', 'list')).code, 0);
    await server.restart();
  }
  assert.deepEqual(await comeBack(server, t, had), { epoch: had.epoch, resets: 0, events: [4, 5, 6] });
  assert.ok(!server.log.some(({ event }) => event === 'database_restored'));
});

test('numbers mean nothing without the epoch that they are of', async (t) => {
  const server = await start(t);
  const { epoch, seq } = await say(server, t, 3);
  const heard = (after, named) => comeBack(server, t, { seq: after, epoch: named });
  assert.deepEqual(await heard(seq - 1, epoch), { epoch, resets: 0, events: [seq] });
  for (const after of [1, seq - 1, seq]) assert.deepEqual(await heard(after, null), { epoch, resets: 1, events: [] });
  assert.deepEqual(await heard(0, null), { epoch, resets: 0, events: [1, 2, 3] }, 'they all begin with nothing');
});

/** [how it is put back in place of what was there, why]. `server` is not running, and was killed after `taken`. */
const restorations = [
  [
    (server, taken) => {
      remove(server, 'hubbub.db', 'hubbub.db-wal', 'hubbub.db-shm', 'hubbub.mark');
      copyFileSync(taken, file(server, 'hubbub.db'));
    },
    'into an empty data directory',
  ],
  [
    (server, taken) => {
      remove(server, 'hubbub.db', 'hubbub.db-wal', 'hubbub.db-shm');
      copyFileSync(taken, file(server, 'hubbub.db'));
    },
    'in place of the file that was removed',
  ],
  [
    (server, taken) => {
      remove(server, 'hubbub.db-wal', 'hubbub.db-shm');
      writeFileSync(file(server, 'hubbub.db'), readFileSync(taken), { flag: 'r+' }); // as cp does: the same inode
    },
    'over the file that was there',
  ],
];

test('a restored backup has another epoch: numbers of before mean nothing', async (t) => {
  for (const [restore, why] of restorations) {
    const server = await start(t);
    await say(server, t, 3);
    const taken = await backup(server);
    const had = await say(server, t, 2);
    assert.equal(had.seq, 5);
    await server.waitForMark();
    await server.kill();
    restore(server, taken);
    assert.equal((await server.command('user', 'list')).code, 0, 'a command is not the one who should notice');
    await server.restart();
    const back = await comeBack(server, t, had);
    assert.notEqual(back.epoch, had.epoch, why);
    assert.deepEqual([back.resets, back.events], [1, []], why);
    await say(server, t, 4); // as many as it takes to be past what they had
    assert.deepEqual(await comeBack(server, t, had), { epoch: back.epoch, resets: 1, events: [] }, why);
    assert.deepEqual((await comeBack(server, t, { seq: 5, epoch: back.epoch })).events, [6, 7], why);
    assert.deepEqual((await comeBack(server, t, { seq: 900 })).resets, 1, 'ahead of all that there is');
    await server.kill();
    await server.restart();
    assert.equal((await say(server, t, 1)).epoch, back.epoch, `${why}: and stays so`);
    await server.stop();
  }
});

test('a copy of the whole directory, and a database of another server, have another epoch', async (t) => {
  const [server, other] = [await start(t), await start(t)];
  const [had, others] = [await say(server, t, 2), await say(other, t, 9)];
  assert.notEqual(had.epoch, others.epoch);
  await server.stop();
  await other.stop();
  const dataDir = join(temporaryDirectory(), 'copy');
  cpSync(server.dataDir, dataDir, { recursive: true });
  const copy = await start(t, { dataDir });
  assert.notEqual((await say(copy, t, 1)).epoch, had.epoch);
  await copy.stop();
  writeFileSync(file(server, 'hubbub.db'), readFileSync(file(other, 'hubbub.db')), { flag: 'r+' });
  await server.restart();
  assert.ok(![had.epoch, others.epoch].includes((await say(server, t, 1)).epoch));
});

test('a mark that cannot be read is that of another', async (t) => {
  const server = await start(t);
  const had = await say(server, t, 2);
  await server.stop();
  writeFileSync(file(server, 'hubbub.mark'), 'hubbub mark 1\nrun x\n');
  await server.restart();
  assert.notEqual((await say(server, t, 1)).epoch, had.epoch);
});

/* ------------------------------------------------------------------ what was lost is not made anew */

test('a key without a database, or a database without its key, is no new place', async (t) => {
  const server = await start(t);
  await say(server, t, 1);
  await server.stop();
  const [database, key] = [readFileSync(file(server, 'hubbub.db')), readFileSync(file(server, 'secret.key'))];
  const rows = [
    [() => remove(server, 'secret.key'), /secret\.key is missing.*backup/, 'no key'],
    [() => writeFileSync(file(server, 'hubbub.db'), ''), /hubbub\.db is missing or empty.*backup/, 'an empty database'],
    [() => remove(server, 'hubbub.db'), /hubbub\.db is missing or empty.*backup/, 'no database'],
  ];
  for (const [lose, pattern, why] of rows) {
    lose();
    assert.match(await refusedStart(server.dataDir), pattern, why);
    const sets = ['--config', CONFIG, '--set', `data_dir=${server.dataDir}`];
    await refusedRun([...sets, 'user', 'list']);
    await refusedRun([...sets, 'setup', '--owner', 'thief'], { input: 'a password of theirs\n' });
    writeFileSync(file(server, 'hubbub.db'), database);
    writeFileSync(file(server, 'secret.key'), key);
  }
  await server.restart();
  assert.equal((await say(server, t, 1)).seq, 2);
});

test('a command that finds no place says so and makes none', async () => {
  const parent = temporaryDirectory();
  for (const dataDir of [join(parent, 'missing'), parent]) {
    const sets = ['--config', CONFIG, '--set', `data_dir=${dataDir}`];
    for (const command of [
      ['user', 'list'],
      ['room', 'add', 'garden'],
      ['invite', 'create'],
    ])
      assert.match(await refusedRun([...sets, ...command]), /no database in data_dir.*--set data_dir/);
    for (const name of ['missing', 'hubbub.db', 'hubbub.lock', 'secret.key'])
      assert.ok(!existsSync(join(parent, name)));
  }
  const made = ['--config', CONFIG, '--set', `data_dir=${join(parent, 'made')}`];
  const { code, stderr } = await runProgram([...made, 'setup', '--owner', 'anna'], { input: 'plum-orbit-canvas\n' });
  assert.equal(code, 0, stderr);
  assert.match((await runProgram([...made, 'user', 'list'])).stdout, /anna/);
});
