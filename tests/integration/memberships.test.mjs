/* Who belongs to a room: coming and going by every door, what each is told of it, and that it lasts. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call, crew, enter, post, refusedCall } from '../lib/accounts.mjs';
import { connect, guest, randomId, refusal, wholeHistory } from '../lib/client.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { times } from '../lib/wait.mjs';

const server = await startServer({ t: { after }, settings: { ...UNLIMITED, history_on_join: 20 } });
const [owner, anna, ben, cleo, dora] = await crew(server, 'Anna', 'Ben', 'Cleo', 'Dora');
const { cookie: guestCookie } = await guest(server, 'Gast');
let made = 0;

/** A room of Anna's. */
async function makeRoom(fields = {}, maker = anna) {
  const name = `room ${++made}`;
  const { room } = await call(server, maker, 'create_room', { name, ...fields });
  return { room, name };
}

const add = (room, who, by = anna) => call(server, by, 'add_member', { room, user: who.user.id });
const remove = (room, who, by = anna) => call(server, by, 'remove_member', { room, user: who.user.id });
const say = (room, who, body = 'hello') => call(server, who, 'send', { id: randomId(), room, body });
const ids = (list) => list.map(({ id }) => id);

/** What a client has heard of a room from frame `since` on; everything that was under way has come. */
async function heardOf(client, room, since = 0) {
  await client.request('ping');
  return client.frames.slice(since).filter((frame) => (frame.room?.id ?? frame.room) === room);
}

const typesOf = (frames) => frames.map((frame) => (frame.change ? `${frame.type} ${frame.change}` : frame.type));

/** An event without what differs from run to run. */
function told({ type, seq, actor, user }) {
  return [type, seq, actor.name, ...(user ? [user.name] : [])];
}

/* ------------------------------------------------------------------ in and out */

test('each way in and out is an event in the timeline, and its person is told on every device', async (t) => {
  const [watcher, one, two] = await Promise.all([enter(server, t, anna), enter(server, t, ben), enter(server, t, ben)]);
  const { room } = await makeRoom({ kind: 'open', topic: 'What grows' });
  await watcher.join(room);
  const steps = [
    [() => call(server, ben, 'add_member', { room }), ['joined', 2, 'Ben'], 'joined'],
    [() => call(server, ben, 'remove_member', { room }), ['left', 3, 'Ben'], 'left'],
    [() => one.request('add_member', { room, user: 'ben' }), ['joined', 4, 'Ben'], 'joined'],
    [() => one.request('remove_member', { room, user: ben.user.id }), ['left', 5, 'Ben'], 'left'],
    [() => add(room, ben), ['added', 6, 'Anna', 'Ben'], 'joined'],
    [() => remove(room, ben), ['removed', 7, 'Anna', 'Ben'], 'left'],
  ];
  for (const [step, event, change] of steps) {
    const since = [one.frames.length, two.frames.length];
    const { room: inAck, seq } = await step();
    assert.deepEqual([inAck, seq], [room, event[1]]);
    assert.deepEqual(told((await watcher.sees(room, seq)).events.at(-1)), event);
    for (const [i, device] of [one, two].entries()) {
      const frame = await device.frame('membership', { change }, { since: since[i] });
      const { id, kind, topic, last_seq: last, ...membership } = frame.room;
      assert.deepEqual([id, kind, topic, last], [room, 'open', 'What grows', seq]);
      const own = { archived: false, name: `room ${made}` };
      const member = { role: 'member', level: 'all', read_seq: seq, unread: 0, mentions: 0 };
      assert.deepEqual(membership, change === 'left' ? own : { ...own, ...member });
    }
  }
  const { members, count } = await call(server, anna, 'members', { room });
  assert.deepEqual([count, ids(members)], [1, [anna.user.id]]);
  assert.deepEqual(
    typesOf(await heardOf(watcher, room)).filter((type) => type.startsWith('membership')),
    [
      'membership joined', // that of Anna herself, who made the room
    ],
  );
});

test('what is so already changes nothing, and is no error', async (t) => {
  const { room } = await makeRoom({ kind: 'closed' });
  await add(room, ben);
  const client = await enter(server, t, ben);
  await client.join(room);
  for (const again of [
    () => add(room, ben),
    () => call(server, ben, 'add_member', { room }),
    () => remove(room, cleo),
    () => client.request('add_member', { room }),
  ])
    assert.equal((await again()).duplicate, true);
  assert.deepEqual(
    (await wholeHistory(client, room)).map((event) => event.type),
    ['joined', 'added'],
  );
});

test('a room is told of to all who may see it, and to nobody else', async (t) => {
  const everybody = { maker: anna, account: cleo, guest: { cookie: guestCookie } };
  for (const [kind, listeners] of [
    ['open', ['maker', 'account', 'guest', 'visitor']],
    ['announcement', ['maker', 'account']],
    ['closed', ['maker']],
  ]) {
    const clients = { visitor: await connect(server, { t }) };
    for (const [name, who] of Object.entries(everybody)) clients[name] = await enter(server, t, who);
    const { room } = await makeRoom({ kind });
    await call(server, anna, 'rename_room', { room, name: `renamed ${++made}` });
    await call(server, anna, 'edit_room', { room, topic: 'new' });
    await call(server, anna, 'archive_room', { room, archived: true });
    await call(server, anna, 'archive_room', { room, archived: false });
    for (const [name, client] of Object.entries(clients)) {
      const heard = typesOf(await heardOf(client, room)).filter((type) => type !== 'activity');
      const wanted = ['created', 'renamed', 'changed', 'archived', 'unarchived'].map((change) => `room ${change}`);
      if (name === 'maker') wanted.splice(1, 0, 'membership joined');
      assert.deepEqual(heard, listeners.includes(name) ? wanted : [], `${name} of a room that is ${kind}`);
    }
  }
});

test('an account begins in the lobby, and in the rooms of its invitation', async () => {
  const { room } = await makeRoom({ kind: 'closed' }, owner);
  const { room: archived } = await makeRoom({ kind: 'closed' }, owner);
  await call(server, owner, 'archive_room', { room: archived, archived: true });
  const { code } = await call(server, owner, 'create_invite', { rooms: [room, archived] });
  const answer = await post(server, null, 'sign_up', { name: 'Emil', password: 'a password for tests', invite: code });
  assert.equal(answer.status, 201);
  const { events } = await call(server, owner, 'history', { room });
  assert.deepEqual(told(events.at(-1)), ['joined', 2, 'Emil']);
  const emil = answer.headers['set-cookie'][0].split(';')[0];
  const { welcome } = await connect(server, { t: { after }, cookie: emil });
  assert.deepEqual(ids(welcome.rooms), [1, room], 'what is archived takes nobody');
});

/* ------------------------------------------------------------------ asking to be let in */

test('who asks to join a closed room waits for an answer, which lets in or does not', async (t) => {
  const { room, name } = await makeRoom({ kind: 'closed' });
  const client = await enter(server, t, ben);
  await client.request('request_join', { room: name, text: 'I have a spade.' });
  await call(server, cleo, 'request_join', { room, text: 'me' });
  await call(server, cleo, 'request_join', { room, text: 'me, please' }); // the later one counts
  const { requests } = await call(server, anna, 'requests', { room });
  assert.deepEqual(
    requests.map(({ user, text }) => [user.name, text]),
    [
      ['Ben', 'I have a spade.'],
      ['Cleo', 'me, please'],
    ],
  );
  assert.equal((await refusedCall(call(server, ben, 'requests', { room }))).code, 'not_found');

  await call(server, anna, 'answer_request', { room, user: cleo.user.id, accept: false });
  const yes = await call(server, anna, 'answer_request', { room, user: ben.user.id, accept: true });
  const { room: seen } = await client.frame('membership', { change: 'joined' });
  assert.deepEqual([seen.id, seen.role, seen.read_seq], [room, 'member', yes.seq]);
  await client.join(room);
  assert.deepEqual(told((await client.sees(room, yes.seq)).events.at(-1)), ['added', 2, 'Anna', 'Ben']);
  assert.equal((await refusedCall(call(server, cleo, 'history', { room }))).code, 'not_found');
  assert.deepEqual((await call(server, anna, 'requests', { room })).requests, []);
  const late = call(server, anna, 'answer_request', { room, user: cleo.user.id, accept: true });
  assert.equal((await refusedCall(late)).code, 'not_found', 'a request is answered once');
});

test('how many wait is told to those who may answer, on all their devices, and to nobody else', async (t) => {
  const { room, name } = await makeRoom({ kind: 'closed' }); // Anna's
  await add(room, ben);
  const [phone, desk] = [await enter(server, t, anna), await enter(server, t, anna)];
  const [member, asking, admin] = [
    await enter(server, t, ben),
    await enter(server, t, cleo),
    await enter(server, t, owner),
  ];
  const rowOf = async (who) => (await enter(server, t, who)).welcome.rooms.find(({ id }) => id === room);
  const both = (requests) =>
    Promise.all([phone, desk].map((device) => device.frame('requests_waiting', { room, requests })));
  await asking.request('request_join', { room: name });
  await both(1);
  assert.equal((await rowOf(anna)).requests, 1);
  assert.equal((await rowOf(ben)).requests, undefined);
  const listed = async (who) =>
    (await call(server, who, 'rooms', { query: name })).rooms.map(({ requests }) => requests);
  assert.deepEqual([await listed(owner), await listed(ben)], [[1], []], 'an admin finds it from outside');
  await asking.request('request_join', { room: name, text: 'please' });

  await call(server, anna, 'set_room_role', { room, user: ben.user.id, role: 'moderator' });
  assert.equal((await member.frame('membership', { change: 'changed' })).room.requests, 1);
  await member.frame('requests_waiting', { room, requests: 1 });
  await call(server, anna, 'set_room_role', { room, user: ben.user.id, role: 'member' });
  await member.frame('requests_waiting', { room, requests: 0 });
  await call(server, owner, 'set_role', { user: ben.user.id, role: 'admin' });
  await call(server, owner, 'set_role', { user: ben.user.id, role: 'member' });

  await call(server, anna, 'answer_request', { room, user: cleo.user.id, accept: true });
  await both(0);
  for (const [client, want, why] of [
    [phone, [1, 0], 'the number has changed twice'],
    [member, [1, 0, 1, 0], 'as a moderator of the room, then as an admin'],
    [asking, [], 'who asks'],
    [admin, [], 'who is no member'],
  ]) {
    await client.request('ping');
    const told = client.frames.filter(({ type }) => type === 'requests_waiting').map(({ requests }) => requests);
    assert.deepEqual(told, want, why);
  }
});

test('whoever is added has no request waiting any more', async () => {
  const { room } = await makeRoom({ kind: 'closed' });
  await call(server, ben, 'request_join', { room });
  await add(room, ben);
  assert.deepEqual((await call(server, anna, 'requests', { room })).requests, []);
});

test('a room that is archived takes nobody in', async () => {
  const { room } = await makeRoom({ kind: 'closed' });
  await call(server, ben, 'request_join', { room });
  const { seq } = await call(server, anna, 'archive_room', { room, archived: true });
  const answer = (accept) => call(server, anna, 'answer_request', { room, user: ben.user.id, accept });
  assert.equal((await refusedCall(answer(true))).code, 'archived');
  assert.equal((await refusedCall(add(room, cleo))).code, 'archived');
  assert.equal((await call(server, anna, 'history', { room })).events.at(-1).seq, seq);
  await call(server, anna, 'archive_room', { room, archived: false });
  await answer(true);
  await call(server, anna, 'archive_room', { room, archived: true });
  await call(server, ben, 'remove_member', { room }); // but lets go
});

/* ------------------------------------------------------------------ announcements, locked rooms */

test('in a room of announcements moderators write; every account reads, and nobody else', async (t) => {
  const { room, name } = await makeRoom({ kind: 'announcement' });
  const [member, reader, foreign] = await Promise.all([
    enter(server, t, ben),
    enter(server, t, cleo),
    enter(server, t, { cookie: guestCookie }),
  ]);
  await member.request('add_member', { room });
  await Promise.all([member.join(room), reader.join(room)]);
  const { seq } = await say(room, anna, 'hear, hear');
  await Promise.all([member.sees(room, seq), reader.sees(room, seq)]);
  assert.equal((await refusal(member.send(room, 'me too'))).code, 'locked');
  assert.equal((await refusal(reader.send(room, 'me too'))).code, 'not_a_member');
  for (const refused of [foreign.join(room), foreign.history(room), foreign.send(name, 'me too'), foreign.join(name)])
    assert.equal((await refusal(refused)).code, 'not_found');
  await call(server, anna, 'set_room_role', { room, user: ben.user.id, role: 'moderator' });
  assert.equal((await member.send(room, 'me too')).seq, seq + 1);
});

test('in a locked room only moderators write, until it is unlocked', async (t) => {
  const { room } = await makeRoom();
  const client = await enter(server, t, ben);
  await client.request('add_member', { room });
  await client.join(room);
  const lock = (locked) => call(server, anna, 'edit_room', { room, locked });
  const { seq } = await lock(true);
  assert.equal((await client.sees(room, seq)).events.at(-1).locked, true);
  assert.equal((await client.frame('room', { change: 'changed' })).room.locked, true);
  assert.equal((await refusal(client.send(room, 'let me'))).code, 'locked');
  assert.equal((await connect(server, { t }).then((visitor) => refusal(visitor.send(room, 'me')))).code, 'locked');
  await say(room, anna, 'moderators may');
  assert.equal((await enter(server, t, ben)).welcome.rooms.find(({ id }) => id === room).locked, true);
  await lock(false);
  await client.send(room, 'at last');
});

/* ------------------------------------------------------------------ for good */

test('all of it is there after a restart', async (t) => {
  const people = { owner, anna, ben, cleo, dora };
  const { room } = await makeRoom({ kind: 'closed', history: 'joined', topic: 'What lasts', description: 'Long.' });
  await times(3, (i) => say(room, anna, `line ${i}`));
  await add(room, ben);
  await add(room, cleo);
  await remove(room, cleo);
  await call(server, anna, 'set_room_role', { room, user: ben.user.id, role: 'moderator' });
  await call(server, dora, 'request_join', { room, text: 'me?' });
  await call(server, ben, 'set_membership', { room, level: 'mentions', favourite: true, section: 'Home', position: 3 });
  await say(room, anna, '@Ben and all');

  const look = async () => {
    const seen = {};
    for (const [name, who] of Object.entries(people)) {
      const client = await enter(server, t, who);
      const mine = client.welcome.rooms;
      seen[name] = { rooms: mine, histories: {} };
      for (const { id } of mine) seen[name].histories[id] = (await client.history(id)).events;
      const { rooms } = await client.request('rooms', { limit: 200 });
      seen[name].listed = rooms;
    }
    seen.members = (await call(server, anna, 'members', { room })).members;
    seen.requests = (await call(server, anna, 'requests', { room })).requests;
    return seen;
  };
  const before = await look();
  assert.equal(await server.stop(), 0);
  await server.restart();
  assert.deepEqual(await look(), before);
});
