/* What a person with a sqlite3 prompt sees: select * from history reads as one would wish. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect, guest } from '../lib/client.mjs';
import { startServer, temporaryDirectory, UNLIMITED } from '../lib/server.mjs';
import { times } from '../lib/wait.mjs';

/** As SQLite writes it, which is how Swedes do. */
const localTime = (at) => new Date(at).toLocaleString('sv-SE');

test('history, people and room_activity, beside the running server and after it', async (t) => {
  const server = await startServer({ t, settings: UNLIMITED, env: { TZ: 'Europe/Berlin' } });
  process.env.TZ = 'Europe/Berlin';
  const { cookie } = await guest(server, 'Anna');
  const [anna, ben] = [await connect(server, { t, cookie }), await connect(server, { t, name: 'Ben' })];
  assert.equal((await server.command('room', 'add', 'garden')).code, 0);
  const first = await anna.send('lobby', 'Hello **all**');
  const second = await ben.send('lobby', 'Hello\nto you, Ünï', { reply_to: first.seq });
  await anna.send('garden', 'quiet here');
  assert.equal((await server.command('room', 'rename', 'garden', 'yard')).code, 0);
  assert.equal((await server.command('room', 'archive', 'yard')).code, 0);

  const wanted = [
    { room: 'lobby', number: 1, time: localTime(first.at), author: 'Anna', text: 'Hello **all**' },
    { room: 'lobby', number: 2, time: localTime(second.at), author: 'Ben', text: 'Hello\nto you, Ünï' },
    { room: 'yard', number: 1, author: 'Anna', text: 'quiet here' },
    { room: 'yard', number: 2, author: 'admin', text: '* renamed the room to yard' },
    { room: 'yard', number: 3, author: 'admin', text: '* archived the room' },
  ];
  for (const state of ['running', 'stopped']) {
    const rows = await server.sqlite('select * from history');
    assert.equal(rows.length, wanted.length, state);
    for (const [i, row] of rows.entries()) {
      assert.deepEqual(Object.keys(row), ['room', 'number', 'time', 'author', 'text']);
      assert.match(row.time, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
      assert.deepEqual({ ...row, time: wanted[i].time }, { time: undefined, ...wanted[i] }, state);
      if (wanted[i].time) assert.equal(row.time, wanted[i].time, state);
    }
    assert.deepEqual(
      (await server.sqlite('select name from people')).map((row) => row.name),
      ['admin', 'owner', 'Anna', 'Ben'],
    );
    assert.deepEqual(await server.sqlite('select room, archived, messages from room_activity'), [
      { room: 'lobby', archived: 'no', messages: 2 },
      { room: 'yard', archived: 'yes', messages: 1 },
    ]);
    assert.deepEqual(await server.sqlite('pragma integrity_check'), [{ integrity_check: 'ok' }]);
    assert.deepEqual(await server.sqlite('pragma foreign_key_check'), []);
    if (state === 'running') await server.stop();
  }
});

test('messages of before control characters were refused give no orders to a terminal', async (t) => {
  const server = await startServer({ t });
  const client = await connect(server, { t });
  await client.send('lobby', 'line one\r\nline two\tend');
  await server.stop();
  const old = "'a' || char(27) || '[2J' || char(155) || 'x' || char(127) || 'ä' || char(9) || char(10) || '👍'";
  await server.sqlite(`insert into messages (room_id, seq, author_id, body, at) values (1, 2, 0, ${old}, 0)`);
  assert.deepEqual(
    (await server.sqlite("select text from history where room = 'lobby'")).map((row) => row.text),
    ['line one\nline two\tend', 'a␛[2J\\x9bx␡ä\t\n👍'],
  );
});

test('the file is one that survives a power cut: WAL; and a clean stop leaves nothing beside it', async (t) => {
  const server = await startServer({ t, settings: UNLIMITED });
  assert.deepEqual(await server.sqlite('pragma journal_mode'), [{ journal_mode: 'wal' }]);
  const client = await connect(server, { t });
  await times(100, (i) => client.send('lobby', `line ${i}`));
  await server.stop();
  const files = readdirSync(server.dataDir);
  assert.ok(!files.includes('hubbub.db-wal'), files.join(' '));
  assert.ok(files.includes('hubbub.db'));
});

test('under continuous load the WAL stays within its limit, as the database takes it over', async (t) => {
  const limit = 2 * 1024 * 1024;
  const server = await startServer({ t, settings: { ...UNLIMITED, wal_limit_bytes: limit, commit_max_bytes: '64K' } });
  const client = await connect(server, { t });
  const wal = join(server.dataDir, 'hubbub.db-wal');
  let largest = 0;
  let grown = 0;
  const body = 'x'.repeat(4096);
  for (let round = 0; round < 60; round++) {
    await times(40, () => client.send('lobby', body));
    largest = Math.max(largest, statSync(wal).size);
    grown = Math.max(grown, statSync(join(server.dataDir, 'hubbub.db')).size);
  }
  assert.ok(largest <= limit, `the WAL had ${largest} bytes`);
  assert.ok(grown > 3 * limit, `the database has only ${grown} bytes: nothing was moved there`);
});

test("the data is its owner's alone", async (t) => {
  const dataDir = join(temporaryDirectory(), 'data');
  await startServer({ t, dataDir });
  assert.equal(statSync(dataDir).mode & 0o077, 0, 'the directory');
  assert.equal(statSync(join(dataDir, 'secret.key')).mode & 0o077, 0, 'the key that signs cookies');
});

test('nobody else reads what is in it, even when the directory was made for everybody', async (t) => {
  const dataDir = join(temporaryDirectory(), 'data');
  mkdirSync(dataDir, { mode: 0o755 });
  chmodSync(dataDir, 0o755); /* whatever the umask of this process */
  const server = await startServer({ t, dataDir, owned: false });
  assert.equal((await server.command('room', 'add', 'something')).code, 0);
  const files = readdirSync(dataDir);
  assert.ok(files.includes('hubbub.db') && files.includes('hubbub.sock'), `${files}`);
  for (const file of files) assert.equal(statSync(join(dataDir, file)).mode & 0o077, 0, file);
});

test('visitors who say nothing leave no trace', async (t) => {
  const server = await startServer({ t });
  const client = await connect(server, { t, name: 'Silent' });
  await client.join('lobby');
  await client.close();
  assert.deepEqual(await server.sqlite('select name from people'), [{ name: 'admin' }, { name: 'owner' }]);
});
