/* Rooms on the command line: a running server shows each change within a second. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect, refusal } from '../lib/client.mjs';
import { startServer, temporaryDirectory, UNLIMITED } from '../lib/server.mjs';

const WITHIN_MS = 1000;
const server = await startServer({ t: { after }, settings: UNLIMITED });

async function command(...args) {
  const { code, stdout, stderr } = await server.command('room', ...args);
  assert.equal(code, 0, `room ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** The time between a command's end and the frame is short, as the frame may even come first. */
async function promptly(frame, what) {
  const start = performance.now();
  const got = await frame;
  assert.ok(performance.now() - start < WITHIN_MS, `${what} took too long`);
  return got;
}

test('a room from its making to its archiving', async (t) => {
  const [member, outside] = await Promise.all([
    connect(server, { t, name: 'Member' }),
    connect(server, { t, name: 'Outside' }),
  ]);

  await command('add', 'garden');
  for (const client of [member, outside]) {
    const created = await promptly(client.frame('room', { change: 'created' }), 'created');
    assert.deepEqual(created.room, { id: 2, name: 'garden', kind: 'open', last_seq: 0, archived: false });
  }
  assert.equal((await member.join('garden')).last_seq, 0);
  assert.equal((await member.send('garden', 'first')).seq, 1);

  await command('rename', 'garden', 'yard');
  for (const client of [member, outside]) {
    const renamed = await promptly(client.frame('room', { change: 'renamed' }), 'renamed');
    assert.deepEqual(renamed.room, { id: 2, name: 'yard', kind: 'open', last_seq: 2, archived: false });
  }
  const { at, ...renamed } = (await member.sees(2, 2)).events.at(-1);
  assert.deepEqual(renamed, { type: 'renamed', room: 2, seq: 2, actor: { id: 0, name: 'admin' }, name: 'yard' });
  assert.ok(Math.abs(at - Date.now()) < 60_000);
  assert.equal((await refusal(outside.join('garden'))).code, 'not_found');
  assert.equal((await member.send('yard', 'under its new name')).seq, 3);
  assert.equal((await member.send(2, 'and under its id')).seq, 4);

  await command('archive', 'yard');
  for (const client of [member, outside]) {
    const archived = await promptly(client.frame('room', { change: 'archived' }), 'archived');
    assert.deepEqual(archived.room, { id: 2, name: 'yard', kind: 'open', last_seq: 5, archived: true });
  }
  assert.equal((await member.sees(2, 5)).events.at(-1).type, 'archived');
  assert.equal((await refusal(member.send('yard', 'too late'))).code, 'archived');
  assert.equal((await outside.join('yard')).last_seq, 5, 'it can be read');
  await outside.sees(2, 5);
  assert.equal((await outside.history('yard')).events.length, 5);
  const { welcome } = await connect(server, { t });
  assert.deepEqual(welcome.rooms, [
    { id: 1, name: 'lobby', kind: 'open', last_seq: 0, archived: false },
    { id: 2, name: 'yard', kind: 'open', last_seq: 5, archived: true },
  ]);
});

test('an archived room can be opened again', async (t) => {
  const client = await connect(server, { t });
  await command('add', 'attic');
  const { room } = await client.join('attic');
  await command('archive', 'attic');
  await command('unarchive', 'attic');
  await client.sees(room, 2);
  assert.deepEqual(
    client.views.get(room).events.map((event) => event.type),
    ['archived', 'unarchived'],
  );
  await client.frame('room', { change: 'unarchived' });
  assert.equal((await client.send('attic', 'here again')).seq, 3);
});

test('the list has every room', async () => {
  const text = await command('list');
  for (const name of ['lobby', 'yard', 'attic']) assert.match(text, new RegExp(`\\b${name}\\b`));
  assert.match(
    text.split('\n').find((line) => line.includes('yard')),
    /archived/,
  );
});

/** [arguments, why] */
const refused = [
  [['add', 'lobby'], 'it is there'],
  [['add', 'LOBBY'], 'case is folded'],
  [['add', 'lоbby'], 'a Cyrillic o looks alike'],
  [['add', ''], 'no name'],
  [['add', '42'], 'digits alone are an id'],
  [['add', 'a/b'], 'a slash means something in addresses'],
  [['add', 'two\nlines'], 'a control character'],
  [['add', 'x'.repeat(65)], 'over 64 characters'],
  [['rename', 'nowhere', 'somewhere'], 'no such room'],
  [['rename', 'lobby', 'attic'], 'the name is taken'],
  [['archive', 'nowhere'], 'no such room'],
  [['archive', 'yard'], 'it is archived'],
];

test('what is refused says why in one line, ends with an error, and changes nothing', async (t) => {
  const client = await connect(server, { t });
  const before = client.welcome.rooms;
  for (const [args, why] of refused) {
    const { code, signal, stdout, stderr } = await server.command('room', ...args);
    assert.equal(signal, null, why);
    assert.notEqual(code, 0, `room ${args.join(' ')}: ${why}`);
    assert.equal(stdout, '', why);
    assert.match(stderr, /^.*\S.*\n$/, why);
  }
  assert.deepEqual((await connect(server, { t })).welcome.rooms, before);
  assert.ok(!client.frames.some((frame) => frame.type === 'room'));
});

test('a command that is not understood ends with an error and tells which there are', async () => {
  for (const args of [
    ['room'],
    ['room', 'add'],
    ['room', 'rename', 'lobby'],
    ['room', 'add', 'two', 'names'],
    ['room', 'paint', 'lobby'],
    ['rom', 'list'],
  ]) {
    const { code, stdout, stderr } = await server.command(...args);
    assert.ok(code > 0, args.join(' '));
    assert.equal(stdout, '', args.join(' '));
    assert.match(stderr, /^usage:\n.* room |^hubbub: unknown command/, args.join(' '));
  }
});

test('without a running server the commands work on its data', async (t) => {
  const dataDir = join(temporaryDirectory(), 'data');
  const stopped = await startServer({ t, settings: UNLIMITED, dataDir });
  await (await connect(stopped, { t })).send('lobby', 'hello');
  await stopped.stop();
  assert.equal((await stopped.command('room', 'add', 'garden')).code, 0);
  assert.equal((await stopped.command('room', 'rename', 'lobby', 'foyer')).code, 0);
  assert.match((await stopped.command('room', 'list')).stdout, /foyer\n.*garden\n/);
  await stopped.restart();
  const client = await connect(stopped, { t });
  assert.deepEqual(
    client.welcome.rooms.map((room) => [room.name, room.last_seq]),
    [
      ['foyer', 2],
      ['garden', 0],
    ],
  );
});

test('renaming a room to another spelling of its own name is possible', async () => {
  await command('add', 'cafe');
  await command('rename', 'cafe', 'CAFE');
  assert.match(await command('list'), /\bCAFE\b/);
});

test('all of it is there after a restart', async (t) => {
  const before = (await connect(server, { t })).welcome.rooms;
  await server.restart();
  assert.deepEqual((await connect(server, { t })).welcome.rooms, before);
  assert.equal((await server.command('room', 'add', 'after the restart')).code, 0);
});
