/* What one has read, on all of one's devices: unread and mention counts are what one would count oneself, whatever
 * happens in whatever order; a position moves by itself in one direction only; and settings of one's own are told to
 * the other devices. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call, crew, enter, refusedCall } from '../lib/accounts.mjs';
import { randomId, wholeHistory } from '../lib/client.mjs';
import { seeded } from '../lib/random.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { times } from '../lib/wait.mjs';

const WITHIN_MS = 1000;
const server = await startServer({ t: { after }, settings: UNLIMITED });
const [owner, anna, ben, cleo] = await crew(server, 'Anna', 'Ben', 'Cleo');
let made = 0;

/** A room that all three are in. */
async function makeRoom(fields = {}) {
  const { room } = await call(server, anna, 'create_room', { name: `room ${++made}`, ...fields });
  for (const who of [ben, cleo]) await call(server, anna, 'add_member', { room, user: who.user.id });
  return room;
}

const say = (room, who, body = 'hello') => call(server, who, 'send', { id: randomId(), room, body });
const listed = async (t, who, room) => (await enter(server, t, who)).welcome.rooms.find(({ id }) => id === room);
const counts = ({ unread, mentions }) => ({ unread, mentions });

/* ------------------------------------------------------------------ the counts */

/** Somebody's own count of a room, from what is said in it. */
class Count {
  constructor(user) {
    this.user = user;
    this.readSeq = 0;
    this.messages = []; // of others: { seq, mentions }
    this.last = 0;
  }

  event(seq) {
    this.last = Math.max(this.last, seq);
  }

  message(seq, author, mentions) {
    this.event(seq);
    if (author !== this.user) this.messages.push({ seq, mentions });
    else if (this.now.unread === 0) this.readSeq = seq;
  }

  deleted(message) {
    this.messages = this.messages.filter((one) => one !== message);
  }

  read(seq) {
    this.readSeq = Math.max(this.readSeq, Math.min(seq, this.last));
  }

  markUnread(seq) {
    this.readSeq = Math.min(seq - 1, this.last);
  }

  get now() {
    const unread = this.messages.filter(({ seq }) => seq > this.readSeq);
    return { unread: unread.length, mentions: unread.filter(({ mentions }) => mentions).length };
  }
}

/** [what is said, whether it calls Ben] */
const bodies = [
  ['nothing for anybody', false],
  ['@Ben, look', true],
  ['for all of @room', true],
  ['for @Cleo only', false],
];

test('two devices of one person agree with a count of their own, whatever happens', async (t) => {
  const random = seeded(t);
  const room = await makeRoom({ kind: 'closed' });
  const [open, idle] = [await enter(server, t, ben), await enter(server, t, ben)];
  const { last_seq: begin } = await open.join(room);
  const count = new Count(ben.user.id);
  for (let seq = 1; seq <= begin; seq++) count.event(seq);
  count.read(2); // the event that let him in
  const others = [await enter(server, t, anna), await enter(server, t, cleo)];

  /** A step that moves the position: both devices are told what is left, at once. */
  const moves = async (type, seq, expectChange) => {
    const since = [open, idle].map((client) => client.frames.length);
    const began = performance.now();
    const { duplicate } = await open.request(type, { room, seq });
    assert.equal(Boolean(duplicate), !expectChange, `${type} ${seq}`);
    for (const [i, client] of [open, idle].entries()) {
      if (!expectChange) continue;
      const frame = await client.frame('read', { room }, { since: since[i] });
      assert.ok(performance.now() - began < WITHIN_MS, 'it took too long');
      assert.deepEqual(frame, { type: 'read', room, seq: count.readSeq, ...count.now });
    }
  };

  for (let step = 0; step < 300; step++) {
    const dice = random.between(1, 100);
    if (dice <= 55) {
      const [body, mentions] = random.pick(bodies);
      count.message((await random.pick(others).send(room, body)).seq, 0, mentions);
    } else if (dice <= 62) {
      const [body, mentions] = random.pick(bodies);
      count.message((await open.send(room, body)).seq, ben.user.id, mentions && body.includes('room'));
    } else if (dice <= 67) {
      count.event((await call(server, anna, 'edit_room', { room, topic: `topic ${step}` })).seq);
    } else if (dice <= 72 && count.messages.length) {
      const gone = random.pick(count.messages);
      const { seq } = await call(server, anna, 'delete', { room, seq: gone.seq });
      count.event(seq);
      count.deleted(gone);
    } else if (dice <= 88) {
      const seq = random.between(1, count.last + 3);
      const before = count.readSeq;
      count.read(seq);
      await moves('read', seq, count.readSeq !== before);
    } else {
      const seq = random.between(1, count.last + 1);
      const before = count.readSeq;
      count.markUnread(seq);
      await moves('mark_unread', seq, count.readSeq !== before);
    }
    if (step % 50 === 0) assert.deepEqual(counts(await listed(t, ben, room)), count.now, `step ${step}`);
  }

  await others[0].send(room, 'the last word').then(({ seq }) => count.message(seq, 0, false));
  const wanted = { last_seq: count.last, ...count.now };
  const activity = await idle.first(
    (frame) => frame.type === 'activity' && frame.room === room && frame.last_seq === count.last,
    'the newest activity',
  );
  assert.deepEqual(activity, { type: 'activity', room, ...wanted });
  assert.ok(!open.frames.some((frame) => frame.type === 'activity'), 'not where the room is open');
  const { read_seq: readSeq, last_seq: last, ...rest } = await listed(t, ben, room);
  assert.deepEqual([readSeq, last, counts(rest)], [count.readSeq, count.last, count.now]);
  const events = await wholeHistory(open, room);
  const left = events.filter(
    ({ type, seq, deleted, author }) => type === 'message' && !deleted && author.id !== ben.user.id && seq > readSeq,
  );
  assert.equal(left.length, rest.unread);

  await server.restart();
  const again = await listed(t, ben, room);
  assert.deepEqual([again.read_seq, counts(again)], [count.readSeq, count.now], 'after a restart');
});

test('a position does not go back by itself', async (t) => {
  const room = await makeRoom();
  const acks = [];
  for (let i = 0; i < 5; i++) acks.push((await say(room, anna)).seq);
  const [one, two] = [await enter(server, t, ben), await enter(server, t, ben)];
  await one.request('read', { room, seq: acks[3] });
  await two.frame('read', { seq: acks[3] });
  const since = two.frames.length;
  for (const seq of [acks[3], acks[0], 1]) assert.equal((await two.request('read', { room, seq })).duplicate, true);
  await one.join(room);
  await one.leave(room);
  await two.join(room, 0);
  await two.request('set_membership', { room, level: 'mentions' });
  await one.frame('membership', { change: 'changed' });
  assert.ok(!two.frames.slice(since).some((frame) => frame.type === 'read'));
  const mine = await listed(t, ben, room);
  assert.deepEqual([mine.read_seq, mine.unread], [acks[3], 1]);
  await one.request('read', { room, seq: acks[4] + 1000 });
  assert.deepEqual([(await listed(t, ben, room)).read_seq, (await listed(t, ben, room)).unread], [acks[4], 0]);
});

test('what was said before one may see the room is never unread', async (t) => {
  const fields = { name: `room ${++made}`, kind: 'closed', history: 'joined' };
  const { room } = await call(server, anna, 'create_room', fields);
  for (let i = 0; i < 5; i++) await say(room, anna, 'before, for @Cleo');
  await call(server, anna, 'add_member', { room, user: cleo.user.id });
  const { seq } = await say(room, anna, 'after, for @Cleo');
  await say(room, anna);
  const client = await enter(server, t, cleo);
  await client.request('read', { room, seq: seq + 1 });
  await client.frame('read', { room, unread: 0 });
  for (const from of [1, 3, seq - 1, seq]) {
    await call(server, cleo, 'mark_unread', { room, seq: from });
    assert.deepEqual(counts(await listed(t, cleo, room)), { unread: 2, mentions: 1 }, `from ${from}`);
  }
  await call(server, cleo, 'mark_unread', { room, seq: seq + 1 });
  assert.deepEqual(counts(await listed(t, cleo, room)), { unread: 1, mentions: 0 });
  await call(server, anna, 'edit_room', { room, history: 'all' });
  await call(server, cleo, 'mark_unread', { room, seq: 1 });
  assert.equal((await listed(t, cleo, room)).unread, 7);
});

test('what one writes is never unread, and reads nothing that others have said before it', async (t) => {
  const room = await makeRoom();
  const { read_seq } = await listed(t, ben, room);
  for (let i = 0; i < 3; i++) await say(room, anna, '@Ben?');
  const idle = await enter(server, t, ben);
  const { seq } = await say(room, ben, 'yes, @room?');
  const told = await idle.first((frame) => frame.type === 'activity' && frame.last_seq === seq, 'activity');
  assert.deepEqual(counts(told), { unread: 3, mentions: 3 });
  const mine = await listed(t, ben, room);
  assert.deepEqual([mine.read_seq, counts(mine)], [read_seq, { unread: 3, mentions: 3 }]);
  await call(server, ben, 'read', { room, seq });
  const next = await say(room, ben, 'and more');
  const then = await listed(t, ben, room);
  assert.deepEqual([then.read_seq, counts(then)], [next.seq, { unread: 0, mentions: 0 }]);
});

test('400 unread stay unread: after own messages by every way, and a restart', async (t) => {
  const room = await makeRoom();
  const talker = await enter(server, t, anna);
  await times(400, (i) => talker.send(room, `number ${i}`));
  const before = await listed(t, ben, room);
  assert.deepEqual(counts(before), { unread: 400, mentions: 0 });
  const { token } = await call(server, ben, 'create_token', { name: 'bot', scope: 'write' });
  const socket = await enter(server, t, ben);
  await socket.send(room, 'over the socket');
  const own = await say(room, ben, 'as a reply');
  await call(server, ben, 'send', { id: randomId(), room, body: 'to that', reply_to: own.seq });
  await say(room, { token }, 'by a program');
  await call(server, ben, 'delete', { room, seq: own.seq });
  const still = async (unread, read_seq) => {
    const mine = await listed(t, ben, room);
    assert.deepEqual([mine.read_seq, counts(mine)], [read_seq, { unread, mentions: 0 }]);
  };
  await still(400, before.read_seq);
  await server.restart();
  await still(400, before.read_seq);
  await call(server, ben, 'read', { room, seq: before.last_seq - 10 });
  await still(10, before.last_seq - 10);
  await call(server, ben, 'mark_unread', { room, seq: before.read_seq + 1 });
  await still(400, before.read_seq);
  await server.restart();
  await still(400, before.read_seq);
  const { read_seq } = await listed(t, cleo, room);
  assert.equal((await listed(t, cleo, room)).unread, 403, 'for others they count');
  assert.ok(read_seq < own.seq);
});

/* ------------------------------------------------------------------ mentions */

/** [what is said, how many it calls: of Ben, of Cleo, why] */
const mentions = [
  ['@Ben', 1, 0, 'by name'],
  ['@ben @BEN', 1, 0, 'in any case, and once'],
  ['@Ben @Cleo!', 1, 1, 'two people'],
  ['(@cleo), "@ben"', 1, 1, 'within punctuation'],
  ['@Вen', 1, 0, 'with a Cyrillic letter that looks the same'],
  ['@Ｂｅｎ', 1, 0, 'with wide letters'],
  ['@Ben. And @Cleo-', 1, 1, 'at the end of a sentence'],
  ['@room', 1, 1, 'everybody'],
  ['@ROOM @Ben', 1, 1, 'everybody, and one of them besides'],
  ['@here', 1, 1, 'those who are here'],
  ['@everyone', 1, 1, 'everyone'],
  ['Ben', 0, 0, 'a name alone'],
  ['mail me@ben.example', 0, 0, 'an address'],
  ['@Benny', 0, 0, 'a longer name'],
  ['`@Ben` and ``@Cleo``', 0, 0, 'in code'],
  ['```\n@Ben @room\n```', 0, 0, 'in a block of code'],
  ['\\@Ben', 0, 0, 'escaped'],
  ['@nobody @owner', 0, 0, 'nobody, and somebody who is no member'],
  ['@Anna', 0, 0, 'oneself'],
];

test('a mention counts for whom it names', async (t) => {
  const room = await makeRoom();
  for (const [body, forBen, forCleo, why] of mentions) {
    const before = await Promise.all([ben, cleo].map((who) => listed(t, who, room)));
    await say(room, anna, body);
    const now = await Promise.all([ben, cleo].map((who) => listed(t, who, room)));
    assert.deepEqual(
      now.map((mine, i) => mine.unread - before[i].unread),
      [1, 1],
      why,
    );
    assert.deepEqual(
      now.map((mine, i) => mine.mentions - before[i].mentions),
      [forBen, forCleo],
      why,
    );
  }
  assert.deepEqual(counts(await listed(t, anna, room)), { unread: 0, mentions: 0 });
  const before = await Promise.all([ben, cleo].map((who) => listed(t, who, room)));
  await server.restart();
  assert.deepEqual(await Promise.all([ben, cleo].map((who) => listed(t, who, room))), before);
});

/* ------------------------------------------------------------------ one's own settings */

test('what one sets for a room is kept, told to the other devices, and nobody else sees it', async (t) => {
  const room = await makeRoom();
  const [one, two, other] = [await enter(server, t, ben), await enter(server, t, ben), await enter(server, t, cleo)];
  const own = { ...(await listed(t, ben, room)) };
  const inAnHour = Date.now() + 3_600_000;
  const steps = [
    [{ level: 'mentions' }, { level: 'mentions' }],
    [{ muted_until: inAnHour }, { muted_until: inAnHour }],
    [{ favourite: true }, { favourite: true }],
    [
      { section: ' Home ', position: 3 },
      { section: 'Home', position: 3 },
    ],
    [
      { level: 'nothing', favourite: false },
      { level: 'nothing', favourite: undefined },
    ],
    [
      { muted_until: 0, section: '', position: 0 },
      { muted_until: undefined, section: undefined, position: undefined },
    ],
    [{ level: 'all' }, { level: 'all' }],
  ];
  for (const [fields, change] of steps) {
    const since = [one, two].map((client) => client.frames.length);
    const began = performance.now();
    await one.request('set_membership', { room, ...fields });
    Object.assign(own, change);
    const wanted = JSON.parse(JSON.stringify(own)); // without what is undefined
    for (const [i, client] of [one, two].entries()) {
      const { room: told } = await client.frame('membership', { change: 'changed' }, { since: since[i] });
      assert.ok(performance.now() - began < WITHIN_MS);
      assert.deepEqual(told, wanted, JSON.stringify(fields));
    }
    assert.deepEqual(await listed(t, ben, room), wanted, JSON.stringify(fields));
    assert.equal((await two.request('set_membership', { room, ...fields })).duplicate, true, 'it is so already');
  }
  await other.request('ping');
  assert.ok(!other.frames.some((frame) => frame.type === 'membership'));
  for (const fields of [{ level: 'loud' }, { position: -1 }, { section: 'x'.repeat(101) }, { muted_until: 'later' }])
    assert.equal((await refusedCall(call(server, ben, 'set_membership', { room, ...fields }))).code, 'invalid');
  await one.request('set_membership', { room, section: 'Kept', position: 7, favourite: true, level: 'nothing' });
  const before = await listed(t, ben, room);
  await server.restart();
  assert.deepEqual(await listed(t, ben, room), before);
});

/* ------------------------------------------------------------------ activity */

test('activity is told of rooms that are not open, at most once a second for each, and is true', async (t) => {
  const rooms = [await makeRoom(), await makeRoom({ kind: 'closed' })];
  const [idle, stranger] = [await enter(server, t, ben), await enter(server, t, owner)];
  const at = new Map(rooms.map((room) => [room, []])); // when which frame came
  idle.socket.on('message', (data) => {
    const frame = JSON.parse(data.toString());
    if (frame.type === 'activity') at.get(frame.room)?.push(performance.now());
  });
  const sender = await enter(server, t, anna);
  let sent = 0;
  let called = 0;
  while ([...at.values()].some((times_) => times_.length < 4)) {
    const calls = sent % 100 === 0;
    await Promise.all(rooms.map((room) => sender.send(room, calls ? '@Ben' : 'hello'))); // many more than one a second
    sent++;
    called += calls;
  }
  for (const times_ of at.values()) {
    const between = times_.at(-1) - times_[0];
    assert.ok(between > (times_.length - 1) * 1000 - 500, `${times_.length} in ${between} ms`);
  }
  assert.ok(sent > 20);
  for (const room of rooms) {
    const { seq } = await sender.send(room, 'the last');
    const frame = await idle.first((f) => f.type === 'activity' && f.last_seq === seq && f.room === room, 'the last');
    assert.deepEqual(counts(frame), { unread: sent + 1, mentions: called });
  }
  assert.ok(!stranger.frames.some((frame) => rooms.includes(frame.room)), 'not to others, also of an open room');

  await idle.join(rooms[0]);
  const since = idle.frames.length;
  await Promise.all(rooms.map((room) => sender.send(room, 'one is open now')));
  await idle.frame('activity', { room: rooms[1] }, { since });
  assert.ok(!idle.frames.slice(since).some((frame) => frame.type === 'activity' && frame.room === rooms[0]));
  await idle.leave(rooms[0]);
  const { seq } = await sender.send(rooms[0], 'and now it is not');
  await idle.frame('activity', { room: rooms[0], last_seq: seq }, { since });
});

test('the whole sidebar of a member of 500 rooms comes page by page, and is right', async (t) => {
  const total = 500;
  const rooms = await times(total, async (i) => {
    const kind = ['open', 'closed', 'announcement'][i % 3];
    const topic = `What is spoken of in room ${i}. `.repeat(10);
    const { room } = await call(server, anna, 'create_room', { name: `of many ${i}`, kind, topic });
    await call(server, anna, 'add_member', { room, user: cleo.user.id });
    return room;
  });
  const sender = await enter(server, t, anna);
  const said = new Map(rooms.map((room, i) => [room, i % 4]));
  for (let i = 0; i < total; i += 50) {
    const calls = rooms.slice(i, i + 50).flatMap((room) => Array(said.get(room)).fill(room));
    await Promise.all(calls.map((room) => sender.send(room, '@Cleo')));
  }
  const { frames, welcome } = await enter(server, t, cleo);
  assert.equal(frames[0].type, 'welcome');
  assert.ok(
    frames.some(({ type }) => type === 'welcome_rooms'),
    'further pages',
  );
  const mine = new Map(welcome.rooms.map((room) => [room.id, room]));
  assert.deepEqual(
    [...mine.keys()],
    [...mine.keys()].sort((a, b) => a - b),
  );
  for (const room of rooms) {
    const { role, level, last_seq: last, read_seq: readSeq, unread, mentions: calls } = mine.get(room);
    const n = said.get(room);
    assert.deepEqual([role, level, last, readSeq, unread, calls], ['member', 'all', 2 + n, 2, n, n]);
  }
});
