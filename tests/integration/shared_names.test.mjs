/* Closed rooms share names: with each other and with a listed room. By a name one means the one room with it that one sees. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call, crew, enter, post, refusedCall } from '../lib/accounts.mjs';
import { guest, randomId, refusal } from '../lib/client.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';

const server = await startServer({ t: { after }, settings: UNLIMITED });
const [owner, anna, ben, cleo] = await crew(server, 'Anna', 'Ben', 'Cleo');
let made = 0;
const newName = () => `name ${++made}`;

const make = async (who, name, kind) => (await call(server, who, 'create_room', { name, kind })).room;
/** What somebody who calls it so reads: the room. */
const find = (who, room) => call(server, who, 'history', { room });
const say = (who, room) => call(server, who, 'send', { id: randomId(), room, body: 'hello' });
const codeOf = async (request) => (await refusedCall(request)).code;

test('whoever is not in a closed room makes, renames and opens rooms as if its name were free', async () => {
  const name = newName();
  const closed = await make(anna, name, 'closed');
  const open = await make(ben, name.toUpperCase(), 'open');
  assert.ok(open > closed);
  assert.equal((await find(ben, name)).room, open);
  assert.equal((await find(cleo, name)).room, open);
  assert.equal(
    await codeOf(make(cleo, name, 'announcement')),
    'name_taken',
    'a listed room has it, which everybody sees',
  );
  const other = await make(cleo, newName(), 'open');
  assert.equal(await codeOf(call(server, cleo, 'rename_room', { room: other, name })), 'name_taken');

  const [first, second] = [newName(), newName()];
  await make(anna, first, 'closed');
  await call(server, cleo, 'rename_room', { room: other, name: first });
  const opened = await make(cleo, second, 'closed');
  await make(anna, second, 'closed');
  await call(server, cleo, 'edit_room', { room: opened, kind: 'announcement' });
  assert.equal((await find(cleo, second)).room, opened);
});

test('two closed rooms of one name are two rooms', async (t) => {
  const name = newName();
  const [annas, bens] = [await make(anna, name, 'closed'), await make(ben, name, 'closed')];
  const [a, b] = [await enter(server, t, anna), await enter(server, t, ben)];
  assert.equal((await a.join(name)).room, annas);
  assert.equal((await b.join(name)).room, bens);
  assert.equal((await a.send(name, 'to mine')).room, annas);
  assert.equal((await b.history(name)).room, bens);
  assert.equal(await codeOf(find(cleo, name)), 'not_found');

  await call(server, ben, 'add_member', { room: name, user: 'Anna' });
  for (const [type, fields] of [
    ['send', { body: 'which?' }],
    ['history', {}],
    ['members', {}],
    ['rename_room', { name: 'x' }],
    ['join', {}],
  ]) {
    const { code, message } = await refusal(a.request(type, { id: randomId(), room: name, ...fields }));
    const said = `Several rooms are called "${name}". Use the id of the one you mean: ${annas} or ${bens}.`;
    assert.deepEqual([code, message], ['ambiguous', said], type);
    if (type === 'join') continue;
    const { status, error } = await post(server, anna, type, { id: randomId(), room: name, ...fields }).then(
      (answer) => ({
        status: answer.status,
        error: answer.json().error,
      }),
    );
    assert.deepEqual([status, error.code, error.message], [409, 'ambiguous', said], type);
  }
  assert.equal((await a.send(annas, 'by its id')).room, annas);
  await call(server, anna, 'remove_member', { room: annas });
  assert.equal((await a.send(name, 'there is one now')).room, bens);
});

test('none of several is preferred: not the listed one, nor the one that is written so', async () => {
  const name = newName();
  const open = await make(ben, name, 'open');
  const closed = await make(cleo, name.toUpperCase(), 'closed');
  await call(server, cleo, 'add_member', { room: closed, user: 'Anna' });
  assert.equal(await codeOf(say(anna, name)), 'ambiguous');
  assert.equal(await codeOf(say(anna, name.toUpperCase())), 'ambiguous');
  assert.equal((await find(ben, name)).room, open);
  const { cookie } = await guest(server, 'Gast');
  assert.equal((await find({ cookie }, name)).room, open);
});

test('a closed room is not opened under the name of a listed one', async () => {
  const name = newName();
  const closed = await make(anna, name, 'closed');
  const open = await make(ben, name, 'announcement');
  for (const kind of ['open', 'announcement']) {
    const { code, message } = await refusedCall(call(server, anna, 'edit_room', { room: closed, kind }));
    assert.deepEqual([code, message.includes('Another room has this name.')], ['name_taken', true]);
  }
  await call(server, ben, 'archive_room', { room: open, archived: true });
  assert.equal(
    await codeOf(call(server, anna, 'edit_room', { room: closed, kind: 'open' })),
    'name_taken',
    'archived or not',
  );
  await call(server, anna, 'rename_room', { room: closed, name: newName() });
  await call(server, anna, 'edit_room', { room: closed, kind: 'open' });
});

test('asking to join by name asks all closed rooms that have it, and tells of none', async (t) => {
  const name = newName();
  const [annas, bens] = [await make(anna, name, 'closed'), await make(ben, name, 'closed')];
  const asking = await enter(server, t, cleo);
  const { id: _, ...told } = await asking.request('request_join', { room: name, text: 'please' });
  const { id: __, ...free } = await asking.request('request_join', { room: newName(), text: 'please' });
  assert.deepEqual(told, free);
  for (const [who, room] of [
    [anna, annas],
    [ben, bens],
  ]) {
    const { requests } = await call(server, who, 'requests', { room });
    assert.deepEqual(
      requests.map(({ user }) => user.name),
      ['Cleo'],
    );
  }
});

test('on the command line a name that several rooms have needs the id', async () => {
  const name = newName();
  const [first, second] = [await make(anna, name, 'closed'), await make(ben, name, 'closed')];
  for (const verb of [
    ['archive', name],
    ['unarchive', name],
    ['rename', name, newName()],
  ]) {
    const { code, stdout, stderr } = await server.command('room', ...verb);
    assert.equal(code, 1);
    assert.equal(
      stdout + stderr,
      `hubbub: "${name}": Several rooms are called "${name}". Use the id of the one you mean: ${first} or ${second}.\n`,
    );
  }
  assert.equal((await server.command('room', 'add', '--kind', 'closed', name)).code, 0);
  assert.equal((await server.command('room', 'archive', String(second))).code, 0);
  assert.equal(await codeOf(say(ben, second)), 'archived');
  assert.equal((await find(anna, name)).room, first);
});

test('a restart keeps it all', async () => {
  const name = newName();
  const [closed, open] = [await make(anna, name, 'closed'), await make(ben, name, 'open')];
  const second = await make(ben, name, 'closed');
  await server.restart();
  assert.equal(await codeOf(find(anna, name)), 'ambiguous');
  assert.equal((await find(cleo, name)).room, open);
  assert.equal(await codeOf(make(cleo, name, 'open')), 'name_taken');
  assert.ok((await make(cleo, name, 'closed')) > second);
  await call(server, anna, 'remove_member', { room: closed });
  assert.equal((await find(anna, name)).room, open);
  assert.equal(
    await codeOf(call(server, owner, 'archive_room', { room: name, archived: true })),
    'ambiguous',
    'admins manage all of them',
  );
});
