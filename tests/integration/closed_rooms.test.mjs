/* Closed rooms: to outsiders they are not there, a history may begin where one has joined, and when a room closes,
 * those for whom it is not any more hear nothing of it. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call, crew, enter, post, refusedCall } from '../lib/accounts.mjs';
import { connect, guest, randomId, refusal, wholeHistory } from '../lib/client.mjs';
import { REQUESTS } from '../lib/documented.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { isDurable } from '../lib/shape.mjs';

const server = await startServer({ t: { after }, settings: { ...UNLIMITED, history_on_join: 20 } });
const [owner, anna, ben, cleo, dora] = await crew(server, 'Anna', 'Ben', 'Cleo', 'Dora');
const { cookie: guestCookie } = await guest(server, 'Gast');
const CLOSINGS = 8;
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

/** What a client has heard of a room from frame `since` on; everything that was under way has come. */
async function heardOf(client, room, since = 0) {
  await client.request('ping');
  return client.frames.slice(since).filter((frame) => (frame.room?.id ?? frame.room) === room);
}

/* ------------------------------------------------------------------ what outsiders see of a closed room */

/** Something valid for each field. */
const values = {
  body: 'hello',
  name: 'another name',
  state: 'active',
  archived: true,
  user: 'Ben',
  role: 'moderator',
  accept: true,
  until_ms: Date.now() + 3_600_000,
  seq: 1,
};
/** And what is wrong with a request apart from its room. */
const faults = [
  { body: '' },
  { body: 'x'.repeat(16_385) },
  { name: '' },
  { name: '42' },
  { user: 'nobody' },
  { user: 0 },
  { seq: 0 },
  { limit: 0 },
  { reply_to: 7 },
  { before: 3, after: 3 },
];
/** What is asked about a room, but for the audit, which only filters by it. */
const aboutRooms = [...REQUESTS].filter(([type, { needs }]) => needs.includes('room') && type !== 'audit');

/** All that an outsider can say about a room: every request, right and wrong in every way. */
function everyQuestion(room) {
  return aboutRooms.flatMap(([type, { needs }]) => {
    const fields = Object.fromEntries(needs.map((field) => [field, values[field]]));
    return [{}, ...faults].map((fault) => [type, { ...fields, ...fault, room }]);
  });
}

/** The answers to all of it, as they are but for the id, and for the room that was asked for, which they name. */
async function answersTo(client, who, room) {
  const answers = [];
  const name = typeof room === 'number' ? room : JSON.stringify(`"${room}"`).slice(1, -1); // as it is within JSON
  const unnamed = (text) => text.replaceAll(`There is no room ${name}.`, 'There is no such room.');
  for (const [type, fields] of everyQuestion(room)) {
    const got = await client.request(type, fields).catch((error) => error.frame);
    answers.push([type, unnamed(JSON.stringify({ ...got, id: '' }))]);
    if (!who) continue;
    const { status, text } = await post(server, who, type, { id: 'x', ...fields });
    answers.push([type, status, unnamed(text)]);
  }
  return answers;
}

test('to outsiders a closed room is not there: no answer tells it from a room that there never was', async (t) => {
  const { room, name } = await makeRoom({ kind: 'closed', topic: 'secret' });
  await add(room, ben);
  await say(room, anna, 'nobody knows');
  const { room: direct } = await call(server, anna, 'open_direct', { users: [ben.user.id] });
  await say(direct, anna, 'nobody knows this either');
  await call(server, owner, 'set_role', { user: dora.user.id, role: 'moderator' });

  const outsiders = {
    member: [await enter(server, t, cleo), cleo],
    moderator: [await enter(server, t, dora), dora],
    guest: [await enter(server, t, { cookie: guestCookie }), { cookie: guestCookie }],
    visitor: [await connect(server, { t }), null],
  };
  const logged = async () => (await server.sqlite('SELECT number FROM applied'))[0].number;
  for (const [role, [client, who]] of Object.entries(outsiders)) {
    const before = await logged();
    const nowhere = await answersTo(client, who, 9999);
    const between = await logged();
    assert.deepEqual(await answersTo(client, who, room), nowhere, `${role}: by its id`);
    // What goes through the log takes as long as the disk: so that must not depend on it either.
    assert.equal((await logged()) - between, between - before, `${role}: an answer waited for the disk`);
    assert.deepEqual(await answersTo(client, who, direct), nowhere, `${role}: a direct conversation`);
    assert.deepEqual(
      await answersTo(client, who, name),
      await answersTo(client, who, 'nowhere'),
      `${role}: by its name`,
    );
  }
  const owners = await enter(server, t, owner); // who may manage it, but not read it
  for (const type of ['join', 'history', 'members', 'send', 'typing', 'leave', 'read', 'report']) {
    const [, fields] = everyQuestion(room).find(([name]) => name === type);
    assert.equal((await refusal(owners.request(type, fields))).code, 'not_found', type);
  }
});

test('no list has a closed room that one is no member of, and no frame tells of it', async (t) => {
  const outsiders = [
    await enter(server, t, cleo),
    await enter(server, t, dora),
    await enter(server, t, owner),
    await enter(server, t, { cookie: guestCookie }),
    await connect(server, { t }),
  ];
  const word = `velvet${++made}`;
  const { room } = await makeRoom({ kind: 'closed', topic: word, description: word });
  const [insider, elsewhere] = [await enter(server, t, ben), await enter(server, t, ben)];
  await add(room, ben);
  await insider.join(room);
  await say(room, anna, `${word} @Cleo @room`);
  await insider.request('typing', { room });
  await call(server, anna, 'edit_room', { room, topic: `${word}, and more`, locked: true });
  await call(server, anna, 'rename_room', { room, name: word });
  await call(server, anna, 'set_room_role', { room, user: ben.user.id, role: 'moderator' });
  await call(server, anna, 'archive_room', { room, archived: true });
  await insider.frame('room', { change: 'archived' });
  await elsewhere.frame('activity', { room }); // and with it all that is told once a second

  for (const client of outsiders) {
    const answers = [];
    if (client.user.role !== 'guest' && client.user.role !== 'visitor') {
      const lists = [
        ['rooms', {}],
        ['rooms', { query: word }],
        ['people', {}],
        ['person', { user: 'Anna' }],
        ['person', { user: 'Ben' }],
        ['members', { room: 1 }],
      ].filter(([type]) => type !== 'rooms' || client.user.role !== 'owner'); // who manages them: see below
      for (const [type, fields] of lists) answers.push(await client.request(type, fields));
    }
    const again = await connect(server, { t, ...whoIs(client) });
    for (const frame of [...client.frames, ...again.frames, ...answers])
      assert.ok(
        !JSON.stringify(frame).includes(word),
        `${client.user.name} was told ${JSON.stringify(frame).slice(0, 300)}`,
      );
    assert.deepEqual(await heardOf(client, room), [], client.user.name);
  }
});

/** The same person's next connection. */
function whoIs(client) {
  const known = [owner, cleo, dora].find((who) => who.user.id === client.user.id);
  if (known) return { cookie: known.cookie };
  return client.user.role === 'guest' ? { cookie: guestCookie } : {};
}

test('admins find every closed room in the list, and nothing there of what is said in it', async (t) => {
  const secret = `secret${++made}`;
  const { room, name } = await makeRoom({ kind: 'closed', history: 'joined', topic: secret, description: secret });
  await call(server, anna, 'open_direct', { users: [ben.user.id] });
  await add(room, ben);
  await say(room, anna, secret);
  await call(server, anna, 'edit_room', { room, locked: true });
  const found = async (who) => (await call(server, who, 'rooms', { query: name })).rooms.find(({ id }) => id === room);
  const veiled = { id: room, name, kind: 'closed', last_seq: 0, archived: false, locked: true, history: 'joined' };
  assert.deepEqual(await found(owner), { ...veiled, members: 2 });
  assert.equal(await found(anna), undefined, 'its own moderator, who has it in the sidebar');
  assert.equal(await found(dora), undefined);
  await call(server, owner, 'set_role', { user: dora.user.id, role: 'moderator' });
  assert.equal(await found(dora), undefined, 'a moderator of the place');
  await call(server, owner, 'set_role', { user: dora.user.id, role: 'admin' });
  assert.deepEqual(await found(dora), { ...veiled, members: 2 });

  const { rooms } = await call(server, dora, 'rooms', { limit: 200 });
  assert.ok(!rooms.some(({ kind }) => kind === 'direct'), 'what is between others stays between them');
  assert.equal((await refusedCall(call(server, dora, 'history', { room }))).code, 'not_found');
  await call(server, dora, 'archive_room', { room, archived: true });
  assert.deepEqual(await found(owner), { ...veiled, archived: true, members: 2 });
  await call(server, dora, 'archive_room', { room, archived: false });
  await add(room, dora);
  const { topic, description, role, last_seq: last } = await found(dora);
  assert.deepEqual([topic, description, role], [secret, secret, 'member'], 'and all of it when one is a member');
  assert.ok(last > 0);
  await remove(room, dora, owner);
  assert.deepEqual(await found(dora), { ...veiled, members: 2 });
  const heard = await enter(server, t, dora);
  assert.ok(!JSON.stringify(heard.welcome).includes(name));
  await call(server, owner, 'set_role', { user: dora.user.id, role: 'member' });
});

test('the name of a closed room is free for others, who so find out nothing', async () => {
  const { room, name } = await makeRoom({ kind: 'closed' });
  const { room: open, ...ack } = await call(server, cleo, 'create_room', { name });
  const { room: other, ...free } = await call(server, cleo, 'create_room', { name: `room ${++made}` });
  assert.ok(open !== room && other > open);
  assert.deepEqual(Object.keys(ack), Object.keys(free));
});

/* ------------------------------------------------------------------ where a history begins */

test('a history that begins when one has joined does so by every way of reading', async (t) => {
  const { room } = await makeRoom({ kind: 'closed', history: 'joined' });
  const { seq: reported } = await say(room, anna, 'before anybody came');
  for (let i = 0; i < 40; i++) await say(room, anna, `early ${i}`);
  const { seq: floor } = await add(room, ben);
  const client = await enter(server, t, ben);
  for (let i = 0; i < 45; i++) await say(room, anna, `late ${i}`);
  const last = floor + 45;
  const seqs = (events) => events.map((event) => event.seq);
  const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

  assert.deepEqual(seqs(await wholeHistory(client, room)), range(floor + 1, last), 'page by page');
  for (const [fields, from, to, more] of [
    [{}, last - 49, last, false],
    [{ limit: 10 }, last - 9, last, true],
    [{ after: 0 }, floor + 1, last, false],
    [{ after: floor - 10, limit: 5 }, floor + 1, floor + 5, true],
    [{ before: floor + 4 }, floor + 1, floor + 3, false],
    [{ before: floor + 1 }, 1, 0, false],
    [{ before: 5 }, 1, 0, false],
    [{ around: floor + 2, limit: 9 }, floor + 1, floor + 9, false],
    [{ around: 3, limit: 9 }, floor + 1, floor + 9, false],
    [{ around: floor - 1, limit: 1 }, floor + 1, floor + 1, false],
  ]) {
    for (const page of [await client.history(room, fields), await call(server, ben, 'history', { room, ...fields })]) {
      const why = JSON.stringify(fields);
      assert.deepEqual(seqs(page.events), range(Math.max(from, floor + 1), to), why);
      assert.equal(page.more, more, why);
    }
  }

  await client.join(room);
  assert.deepEqual(seqs((await client.sees(room, last)).events), range(last - 19, last), 'the last on joining');
  for (const [afterSeq, why] of [
    [0, 'from the beginning'],
    [floor - 1, 'from just before it'],
  ]) {
    const back = await enter(server, t, ben);
    const { last_seq: newest } = await back.join(room, afterSeq);
    assert.equal((await back.frame('reset')).last_seq, newest, why);
    const { seq } = await say(room, anna, 'live again');
    assert.deepEqual(seqs((await back.sees(room, seq)).events), [seq], why);
    await client.sees(room, seq);
  }
  const resumed = await enter(server, t, ben);
  await resumed.join(room, floor);
  assert.deepEqual(seqs((await resumed.sees(room, last + 2)).events), range(floor + 1, last + 2), 'from it on');

  for (const type of ['report', 'delete'])
    assert.equal((await refusal(client.request(type, { room, seq: reported }))).code, 'not_found', type);
  assert.equal((await refusal(client.send(room, 'what was that?', { reply_to: reported }))).code, 'not_found');
  await client.send(room, 'that I have seen', { reply_to: floor + 1 });
});

test('who is let in again begins anew; a room that shows all shows all', async (t) => {
  const { room } = await makeRoom({ kind: 'closed', history: 'joined' });
  await add(room, ben);
  await say(room, ben, 'mine, from the first time');
  await remove(room, ben);
  await say(room, anna, 'while he was away');
  const { seq: floor } = await add(room, ben);
  const { seq } = await say(room, anna, 'since he is back');
  const client = await enter(server, t, ben);
  assert.deepEqual(
    (await wholeHistory(client, room)).map((event) => event.seq),
    [seq],
  );
  await client.join(room, floor - 3);
  await client.frame('reset');
  await call(server, anna, 'edit_room', { room, history: 'all' });
  assert.equal((await wholeHistory(client, room)).length, seq + 1);
  await call(server, anna, 'edit_room', { room, history: 'joined' });
  assert.deepEqual(
    (await wholeHistory(client, room)).map((event) => event.seq),
    [seq, seq + 1, seq + 2],
  );
});

/* ------------------------------------------------------------------ a room that closes */

test('when a room closes, whoever is no member and has it open hears nothing of it any more', async (t) => {
  const [maker, member, outsider, visitor, foreign, looking] = await Promise.all([
    enter(server, t, anna),
    enter(server, t, ben),
    enter(server, t, cleo),
    connect(server, { t }),
    enter(server, t, { cookie: guestCookie }),
    enter(server, t, dora),
  ]);
  const others = [outsider, visitor, foreign];
  for (let round = 1; round <= CLOSINGS; round++) {
    const { room } = await makeRoom();
    await member.request('add_member', { room });
    await Promise.all([member, ...others].map((client) => client.join(room)));
    const { seq: said } = await visitor.send(room, 'a visitor was here');
    await Promise.all([member, ...others].map((client) => client.sees(room, said))); // a replay that waits ends here, too
    // All in one packet, so that it is stored together: what is said before the closing, and what is said after it.
    const burst = () => Array.from({ length: 10 }, (_, i) => maker.send(room, `line ${i}`));
    const before = burst();
    const closed = maker.request('edit_room', { room, kind: 'closed' });
    await Promise.all([...before, ...burst()]);
    const { seq: closing } = await closed;
    const { seq: last } = await member.send(room, 'among ourselves');
    await member.sees(room, last);
    await member.request('typing', { room });
    for (const client of [...others, looking]) {
      const isLeft = (frame) => frame.type === 'membership' && frame.change === 'left' && frame.room.id === room;
      const left = await client.first(isLeft, 'that it is closed');
      assert.equal(left.room.kind, 'closed');
      const heard = await heardOf(client, room);
      for (const frame of heard) assert.ok(!isDurable(frame) || frame.seq <= closing, `${frame.seq} after ${closing}`);
      assert.equal(heard.at(-1), left, 'and nothing after it');
      if (client !== looking) assert.equal(client.views.get(room).last, closing, 'the last is that it closes');
      for (const refused of [
        client.join(room),
        client.join(room, closing),
        client.history(room),
        client.send(room, 'x'),
      ])
        assert.equal((await refusal(refused)).code, 'not_found');
      client.check();
    }
    assert.ok(!(await heardOf(member, room)).some((frame) => frame.change === 'left'));
  }
});

test('when a room becomes one of announcements, accounts stay and guests go', async (t) => {
  const { room } = await makeRoom();
  const [outsider, foreign] = await Promise.all([enter(server, t, cleo), enter(server, t, { cookie: guestCookie })]);
  await Promise.all([outsider.join(room), foreign.join(room)]);
  const { seq: closing } = await call(server, anna, 'edit_room', { room, kind: 'announcement' });
  const { seq } = await say(room, anna, 'for those who are left');
  await outsider.sees(room, seq);
  await foreign.frame('membership', { change: 'left' });
  assert.equal((await heardOf(foreign, room)).filter(isDurable).at(-1).seq, closing);
  await call(server, anna, 'edit_room', { room, kind: 'open' });
  assert.equal((await foreign.join(room)).last_seq, seq + 1, 'and back');
  await foreign.sees(room, seq + 1);
});

test('the lobby cannot be closed', async () => {
  assert.equal((await refusedCall(call(server, owner, 'edit_room', { room: 1, kind: 'closed' }))).code, 'forbidden');
});
