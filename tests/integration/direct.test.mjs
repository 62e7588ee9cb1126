/* Direct conversations: between the same people there is one, which is there for them and for nobody else. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call, crew, enter, refusedCall } from '../lib/accounts.mjs';
import { guest, randomId, refusal } from '../lib/client.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { isDurable } from '../lib/shape.mjs';
import { times } from '../lib/wait.mjs';

const NAMES = ['Anna', 'Ben', 'Cleo', 'Dora', 'Emil', 'Fritz', 'Gerda', 'Hugo', 'Ida', 'Jan', 'Karl', 'Lena'];
const server = await startServer({ t: { after }, settings: UNLIMITED });
const [owner, ...people] = await crew(server, ...NAMES);
const [anna, ben, cleo, dora, emil, fritz, gerda, hugo, ida, jan, karl] = people;

const idsOf = (...who) => who.map(({ user }) => user.id);
const open = (by, ...users) => call(server, by, 'open_direct', { users });
const say = (room, who, body = 'hello') => call(server, who, 'send', { id: randomId(), room, body });
const roomsOf = async (t, who) => new Map((await enter(server, t, who)).welcome.rooms.map((room) => [room.id, room]));
const block = (who, whom) => call(server, who, 'block', { user: whom.user.id });
const unblock = (who, whom) => call(server, who, 'unblock', { user: whom.user.id });

test('between two people there is one, whoever asks and however they are named', async (t) => {
  const [client, other] = [await enter(server, t, anna), await enter(server, t, ben)];
  const { room } = await client.request('open_direct', { users: ['ben'] });
  const { room: mine } = await client.frame('membership', { change: 'joined' });
  const who = [
    { id: anna.user.id, name: 'Anna' },
    { id: ben.user.id, name: 'Ben' },
  ];
  const own = { role: 'member', level: 'all', read_seq: 0, unread: 0, mentions: 0 };
  const { active_ms: at, ...rest } = mine;
  assert.deepEqual(rest, { id: room, name: '', kind: 'direct', last_seq: 0, archived: false, people: who, ...own });
  assert.ok(at <= Date.now() && at > Date.now() - 60_000, 'when it was made');
  const { room: theirs } = await other.frame('membership', { change: 'joined' });
  assert.deepEqual(theirs, { ...mine, hidden: true }, 'nothing has been said yet');

  for (const [by, users] of [
    [anna, ['Ben']],
    [anna, idsOf(ben)],
    [ben, idsOf(anna)],
    [ben, ['ANNA']],
    [anna, [ben.user.id, 'ben', anna.user.id]],
  ])
    assert.equal((await open(by, ...users)).room, room, JSON.stringify(users));
  const { room: group } = await open(anna, ...idsOf(ben, cleo));
  assert.notEqual(group, room);
});

test('a conversation shows itself to the others when something is said in it', async (t) => {
  const [client, other] = [await enter(server, t, cleo), await enter(server, t, dora)];
  const { room } = await client.request('open_direct', { users: idsOf(dora) });
  assert.equal((await other.frame('membership', { change: 'joined' })).room.hidden, true);
  assert.equal((await roomsOf(t, dora)).has(room), false);
  await client.send(room, 'are you there?');
  const shown = await other.frame('membership', { change: 'changed' });
  assert.deepEqual([shown.room.id, shown.room.hidden, shown.room.unread], [room, undefined, 1]);
  const { unread, last_seq: last } = await other.frame('activity', { room });
  assert.deepEqual([unread, last], [1, 1]);
  assert.equal((await roomsOf(t, dora)).get(room).hidden, undefined);
  await other.join(room);
  assert.equal((await other.sees(room, 1)).events[0].body, 'are you there?');
});

test('who has hidden one sees it again when somebody writes, or on opening it', async (t) => {
  const { room } = await open(anna, ...idsOf(emil));
  await say(room, anna);
  const [client, device] = [await enter(server, t, emil), await enter(server, t, emil)];
  const hide = () => client.request('set_membership', { room, hidden: true });
  await hide();
  assert.equal((await device.frame('membership', { change: 'changed' })).room.hidden, true);
  await hide(); // is so already
  let since = device.frames.length;
  await open(emil, ...idsOf(anna));
  assert.equal((await device.frame('membership', { change: 'changed' }, { since })).room.hidden, undefined);
  await hide();
  since = device.frames.length;
  await open(anna, ...idsOf(emil)); // of another's opening it nothing shows
  await device.request('ping');
  assert.ok(!device.frames.slice(since).some((frame) => frame.type === 'membership' && !frame.room.hidden));
  await say(room, anna, 'once more');
  await device.first((frame) => frame.type === 'membership' && !frame.room.hidden, 'it shows again', { since });
  assert.equal((await roomsOf(t, emil)).get(room).hidden, undefined);
  const inRoom = call(server, emil, 'set_membership', { room: 1, hidden: true });
  assert.equal((await refusedCall(inRoom)).code, 'invalid', 'other rooms are left, not hidden');
});

test('ten who ask at the same time get the same one, and so do those who ask later', async (t) => {
  for (const users of [[fritz, gerda], people.slice(0, 10)]) {
    const clients = await Promise.all(users.map((who) => enter(server, t, who)));
    const others = (who) => idsOf(...users.filter((one) => one !== who));
    const asked = await times(10, (i) => {
      const at = i % users.length;
      const fields = { users: others(users[at]) };
      return i % 2 ? call(server, users[at], 'open_direct', fields) : clients[at].request('open_direct', fields);
    });
    assert.equal(new Set(asked.map(({ room }) => room)).size, 1);
    assert.equal((await open(users[0], ...others(users[0]))).room, asked[0].room);
    for (const client of clients) {
      await client.request('ping');
      const joined = client.frames.filter((frame) => frame.type === 'membership' && frame.change === 'joined');
      assert.equal(joined.length, 1, 'everybody is told once that it is there');
    }
  }
});

test('twelve are the most', async () => {
  const all = idsOf(...people);
  assert.equal(people.length, 12);
  const { room } = await open(anna, ...all.slice(1));
  assert.equal((await open(ben, ...all)).room, room, 'oneself may be among them');
  const { members, count } = await call(server, cleo, 'members', { room });
  assert.deepEqual([count, members.map(({ id }) => id)], [12, all]);
  assert.equal((await refusedCall(open(owner, ...all))).code, 'invalid');
  assert.equal((await refusedCall(open(anna, ...all, owner.user.id))).code, 'invalid');
});

test('with nobody else it is for notes to oneself', async (t) => {
  const client = await enter(server, t, anna);
  const { room } = await client.request('open_direct', { users: [] });
  assert.equal((await open(anna, 'anna')).room, room);
  assert.notEqual((await open(ben)).room, room);
  await client.send(room, 'milk, @anna, @room');
  const mine = (await roomsOf(t, anna)).get(room);
  assert.deepEqual([mine.people.length, mine.unread, mine.mentions], [1, 0, 0]);
});

test('who leaves it does not see it until somebody writes whom they have not blocked, or they open it', async (t) => {
  const users = idsOf(ben, cleo);
  const { room } = await open(anna, ...users);
  const client = await enter(server, t, anna);
  const isListed = async () => (await roomsOf(t, anna)).has(room);
  const leave = () => client.request('remove_member', { room });
  await leave();
  assert.equal((await client.frame('membership', { change: 'changed' })).room.hidden, true);
  assert.equal((await leave()).duplicate, true);
  assert.equal(await isListed(), false);
  await say(room, ben);
  assert.equal(await isListed(), true);
  await leave();
  assert.equal((await open(anna, ...users)).room, room);
  assert.equal(await isListed(), true);
  await leave();
  await client.request('block', { user: ben.user.id });
  await say(room, ben);
  assert.equal(await isListed(), false);
  await say(room, cleo);
  assert.equal(await isListed(), true);
  await client.request('unblock', { user: ben.user.id });
});

test('it cannot be changed, and takes nobody in', async (t) => {
  const { room } = await open(anna, ...idsOf(cleo));
  const { seq } = await say(room, anna);
  const client = await enter(server, t, anna);
  for (const [type, fields] of [
    ['remove_member', { user: cleo.user.id }],
    ['add_member', { user: dora.user.id }],
    ['rename_room', { name: 'ours' }],
    ['edit_room', { topic: 'us' }],
    ['archive_room', { archived: true }],
    ['set_room_role', { user: cleo.user.id, role: 'moderator' }],
    ['mute', { user: cleo.user.id, until_ms: Date.now() + 60_000 }],
  ])
    assert.equal((await refusal(client.request(type, { room, ...fields }))).code, 'forbidden', type);
  assert.equal((await client.history(room)).events.at(-1).seq, seq);
  await client.request('leave', { room }).catch((error) => assert.equal(error.code, 'not_joined'));
});

test('a device that is new knows which conversation was active last', async (t) => {
  const rooms = [];
  for (const other of [hugo, ida, jan]) rooms.push((await open(karl, ...idsOf(other))).room);
  const [first, second, third] = rooms;
  const sent = [];
  for (const room of [third, first, second, first]) sent.push([room, (await say(room, karl)).at]);
  const device = await enter(server, t, karl);
  const seen = new Map(device.welcome.rooms.map(({ id, active_ms: at }) => [id, at]));
  for (const [room, at] of new Map(sent)) assert.equal(seen.get(room), at);
  assert.ok(device.welcome.rooms.every(({ kind, active_ms: at }) => (kind === 'direct') === at > 0));
  await call(server, karl, 'set_membership', { room: second, hidden: true });
  const { at } = await say(second, ida);
  const isBack = ({ type, room }) => type === 'membership' && room.id === second && !room.hidden;
  assert.equal((await device.first(isBack, 'the conversation is back')).room.active_ms, at);
});

test('a block is told to the other devices, and to nobody else', async (t) => {
  const [phone, desk, other] = [
    await enter(server, t, cleo),
    await enter(server, t, cleo),
    await enter(server, t, gerda),
  ];
  const user = gerda.user.id;
  for (const [verb, blocked] of [
    ['block', true],
    ['unblock', false],
  ]) {
    await phone.request(verb, { user });
    for (const device of [phone, desk]) await device.frame('block', { user, blocked });
    assert.equal((await enter(server, t, cleo)).welcome.blocked.includes(user), blocked);
  }
  await other.request('ping');
  assert.ok(!other.frames.some(({ type }) => type === 'block'));
});

test('whom one has blocked cannot write to one, nor open a conversation; the others can', async (t) => {
  const { room } = await open(anna, ...idsOf(fritz));
  await say(room, fritz, 'before');
  await block(anna, fritz);
  assert.equal((await refusedCall(say(room, fritz))).code, 'forbidden');
  assert.equal((await open(fritz, ...idsOf(anna))).room, room, 'it is there still');
  await say(room, anna, 'I may');
  assert.equal((await enter(server, t, anna)).welcome.blocked.includes(fritz.user.id), true);
  const { blocks } = await call(server, anna, 'blocks');
  assert.deepEqual(
    blocks.map(({ name }) => name),
    ['Fritz'],
  );

  const { room: group } = await open(gerda, ...idsOf(anna, fritz)); // a third one may bring both together
  await say(group, fritz, 'in a group everybody speaks, @anna');
  assert.equal((await roomsOf(t, anna)).has(group), false, 'but does not bring it before those who do not want it');
  await say(group, gerda, 'so do I');
  assert.equal((await roomsOf(t, anna)).get(group).mentions, 0, 'but does not call out to those who do not want it');
  await unblock(anna, fritz);
  await say(room, fritz, 'after');

  await block(dora, fritz);
  assert.equal((await refusedCall(open(fritz, ...idsOf(dora)))).code, 'forbidden');
  assert.equal((await refusedCall(open(fritz, ...idsOf(dora, emil)))).code, 'forbidden');
  await unblock(dora, fritz);
  await open(fritz, ...idsOf(dora));
});

test('only people with an account who are not banned can be asked', async () => {
  const { user, cookie } = await guest(server, 'Gast');
  assert.equal((await refusedCall(open(anna, user.id))).code, 'not_found');
  assert.equal((await refusedCall(open(anna, 'nobody'))).code, 'not_found');
  assert.equal((await refusedCall(open(anna, 999))).code, 'not_found');
  assert.equal(
    (await refusedCall(call(server, { cookie }, 'open_direct', { users: idsOf(anna) }))).code,
    'unauthorized',
  );
  const hugo = people[7];
  const { room } = await open(anna, ...idsOf(hugo));
  await call(server, owner, 'ban', { user: hugo.user.id });
  assert.equal((await refusedCall(open(ben, ...idsOf(hugo)))).code, 'not_found');
  assert.equal((await open(anna, ...idsOf(hugo))).room, room, 'what was there can be read still');
  await call(server, owner, 'unban', { user: hugo.user.id });
});

test('nobody else ever sees any of it: not an outsider, not an owner, not by any list', async (t) => {
  const word = 'hyacinth';
  const watchers = [await enter(server, t, owner), await enter(server, t, cleo)];
  const { room } = await open(anna, ...idsOf(dora));
  const insider = await enter(server, t, anna);
  await insider.join(room);
  const { seq } = await say(room, dora, `${word} @Cleo @owner @room`);
  await insider.sees(room, seq);
  await insider.request('typing', { room });
  await insider.request('delete', { room, seq: (await say(room, anna, word)).seq });
  const activity = await enter(server, t, dora);
  await say(room, anna, word);
  await activity.frame('activity', { room }); // and with it all that is told once a second

  for (const [i, client] of watchers.entries()) {
    for (const [type, fields] of [
      ['join', {}],
      ['history', {}],
      ['members', {}],
      ['send', { body: 'me too' }],
      ['delete', { seq }],
      ['report', { seq }],
      ['add_member', {}],
      ['requests', {}],
      ['archive_room', { archived: true }],
      ['edit_room', { topic: 'mine' }],
    ])
      assert.equal((await refusal(client.request(type, { room, ...fields }))).code, 'not_found', type);
    assert.equal(
      (await refusal(client.request('join', { room: `#direct ${anna.user.id},${dora.user.id}` }))).code,
      'not_found',
    );
    const { rooms: listed } = await client.request('rooms', { limit: 200 });
    const { rooms: shared } = await client.request('person', { user: 'Anna' });
    assert.ok(![...listed, ...shared].some(({ id }) => id === room));
    if (i === 0) {
      const { audit } = await client.request('audit', { limit: 200 });
      assert.ok(!JSON.stringify(audit).includes(word));
      assert.ok(!audit.some((entry) => entry.room === room), 'nothing of it is written down');
    }
    assert.ok(!client.frames.some((frame) => (frame.room?.id ?? frame.room) === room));
    assert.ok(!JSON.stringify(client.frames).includes(word));
    assert.ok(!client.frames.some((frame) => isDurable(frame)));
  }
  const { rooms: shared } = await call(server, dora, 'person', { user: 'Anna' });
  assert.ok(
    shared.some(({ id }) => id === room),
    'to the two it is among the rooms that they share',
  );
});

test('after a restart it is found again', async (t) => {
  const { room } = await open(anna, ...idsOf(ben));
  const { room: group } = await open(anna, ...idsOf(ben, cleo, dora));
  const { room: notes } = await open(anna);
  const before = await roomsOf(t, anna);
  await server.restart();
  assert.equal((await open(ben, ...idsOf(anna))).room, room);
  assert.equal((await open(dora, ...idsOf(ben, cleo, anna))).room, group);
  assert.equal((await open(anna)).room, notes);
  assert.deepEqual(await roomsOf(t, anna), before);
});
