import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Seen } from '../../www/model/seen.js';
import { fakeChat, fakeStorage, message, settled } from './lib/fakes.mjs';

const unknown = () => null;

test('one has read as far as there is no hole', () => {
  const seen = new Seen();
  seen.add(11, 20);
  assert.equal(seen.reach(10, unknown), 20);
  seen.add(41, 60);
  assert.equal(seen.reach(20, unknown), 20, 'something lies between');
  seen.add(21, 30);
  assert.equal(seen.reach(20, unknown), 30);
  seen.add(28, 45);
  assert.equal(seen.reach(30, unknown), 60, 'and then what was seen before counts too');
});

test('what is not for reading is no hole', () => {
  const seen = new Seen();
  seen.add(15, 20);
  assert.equal(
    seen.reach(10, () => 14),
    10,
    'a message before it',
  );
  assert.equal(
    seen.reach(10, () => 15),
    20,
    'only notices before it',
  );
});

test('once one has marked it unread, what was seen is seen no more', () => {
  const seen = new Seen();
  seen.add(11, 20);
  seen.clear();
  assert.equal(seen.reach(10, unknown), 10);
});

const UNREAD = 400;
const lobby = (more) => ({
  id: 1,
  name: 'lobby',
  archived: false,
  role: 'member',
  level: 'all',
  last_seq: 430,
  read_seq: 30,
  unread: UNREAD,
  mentions: 0,
  ...more,
});
const ANNA = { id: 7, name: 'anna', role: 'member' };

/** An account with a room of many unread messages. */
async function many({ read_seq = 30, unread = UNREAD, history = { 1: 430 } } = {}) {
  const made = fakeChat({ me: ANNA, history });
  made.chat.open('lobby');
  await made.connect([
    lobby({ read_seq, unread }),
    { ...lobby(), id: 2, name: 'garden', last_seq: 0, read_seq: 0, unread: 0 },
  ]);
  await settled();
  return Object.assign(made, {
    room: made.chat.rooms.get(1),
    reads: () => made.sent.filter(({ type }) => type === 'read').map(({ seq }) => seq),
  });
}

test('following a link into the unread reads nothing before it', async () => {
  const { chat, room, reads } = await many();
  chat.open('lobby', 300);
  await settled();
  chat.see(room, 290, 310);
  assert.deepEqual([room.readSeq, room.unread, reads()], [30, UNREAD, []]);
  chat.guide.toFirstUnread(room);
  await settled();
  assert.equal(room.timeline.nextToRead(30), 31, 'the window is where the unread begin');
  chat.see(room, 25, 50);
  assert.deepEqual([room.readSeq, room.unread], [50, 380]);
});

test('coming back to a room: the window holds the first unread message, and the line stands before it', async () => {
  const { chat, room } = await many();
  chat.see(room, 25, 50);
  chat.open('garden');
  chat.open('lobby');
  await settled();
  assert.equal(room.dividerSeq, 50);
  assert.ok(room.timeline.follows(50));
  assert.equal(room.unread, 380);
});

test('jump to latest and "mark as read" read all that there is; so does the menu of a room that is not open', async () => {
  const jumping = await many();
  jumping.chat.guide.toLatest(jumping.room);
  await settled();
  assert.deepEqual(
    [jumping.room.readSeq, jumping.room.unread, jumping.room.dividerSeq, jumping.reads()],
    [430, 0, null, [430]],
  );
  assert.ok(jumping.room.timeline.live);

  const marking = await many();
  const { first, last } = marking.room.timeline;
  marking.chat.guide.markRead(marking.room);
  assert.deepEqual([marking.room.unread, marking.room.dividerSeq, marking.reads()], [0, null, [430]]);
  assert.deepEqual([marking.room.timeline.first, marking.room.timeline.last], [first, last], 'one stays where one is');

  const garden = marking.chat.rooms.get(2);
  marking.chat.receive({ type: 'activity', room: 2, last_seq: 9, unread: 4, mentions: 1 });
  marking.chat.guide.markRead(garden);
  marking.clock.pass(1_000);
  assert.deepEqual([garden.unread, garden.mentions, marking.reads()], [0, 0, [430, 9]]);
});

test('marked unread, and then marked as read after all', async () => {
  const { chat, room } = await many({ read_seq: 430, unread: 0 });
  chat.reading.markUnread(room, 420).catch(() => {});
  chat.see(room, 400, 430);
  assert.equal(room.unread, 11);
  chat.guide.markRead(room);
  assert.deepEqual([room.unread, room.held], [0, false]);
});

test('what came while the connection was away and was not seen gets a line, and stays unread', async () => {
  const made = await many({ read_seq: 430, unread: 0 });
  const { chat, room } = made;
  made.drop();
  await made.connect([lobby({ last_seq: 490, read_seq: 430, unread: 60 })]);
  for (let seq = 431; seq <= 490; seq++) chat.receive(message(seq));
  chat.see(room, 470, 490);
  room.divideMissed();
  assert.deepEqual([room.readSeq, room.unread, room.dividerSeq], [430, 60, 430]);
});

test('what came in view is read as it comes, without a line', async () => {
  const { chat, room } = await many({ read_seq: 430, unread: 0 });
  for (let seq = 431; seq <= 440; seq++) {
    chat.receive(message(seq));
    chat.see(room, seq - 20, seq);
    room.divideMissed();
  }
  assert.deepEqual([room.unread, room.dividerSeq], [0, null]);
});

test('what one writes oneself is read when nothing is unread before it; else all stays unread, behind the line', async () => {
  const { chat, room } = await many();
  const own = (seq) => ({ ...message(seq), author: { id: ANNA.id, name: ANNA.name } });
  chat.send(room, 'hello');
  await settled();
  chat.receive(own(431));
  chat.see(room, 420, 431);
  assert.deepEqual([room.readSeq, room.unread, room.dividerSeq], [30, UNREAD, 30]);
  chat.receive(message(432));
  assert.equal(room.unread, UNREAD + 1);
  chat.receive({ type: 'deleted', room: 1, seq: 433, actor: { id: ANNA.id, name: ANNA.name }, at: 1, target: 431 });
  assert.equal(room.unread, UNREAD + 1, 'it never counted');
  chat.reading.markUnread(room, 431).catch(() => {});
  assert.equal(room.unread, 1, 'one own and one of another');
  chat.guide.markRead(room);
  chat.receive(own(434));
  assert.deepEqual([room.readSeq, room.unread, room.dividerSeq], [434, 0, null]);
});

test('another device has read on: the line is where that device is, or gone', async () => {
  const { chat, room } = await many();
  chat.receive({ type: 'read', room: 1, seq: 200, unread: 230, mentions: 0 });
  assert.equal(room.dividerSeq, 200);
  chat.receive({ type: 'read', room: 1, seq: 430, unread: 0, mentions: 0 });
  assert.equal(room.dividerSeq, null);
});

test('a guest, whose reading the browser keeps, likewise', async () => {
  const shared = fakeStorage();
  shared.write('reads', { user: 7, epoch: 'one', seqs: { 1: 300 } });
  const made = fakeChat({ shared, history: { 1: 1000 } });
  await made.connect();
  const room = made.room();
  made.chat.see(room, 600, 620);
  assert.equal(room.unread, 700);
  made.chat.see(room, 295, 310);
  assert.equal(room.readSeq, 310);
  made.chat.guide.markRead(room);
  assert.deepEqual([room.unread, shared.read('reads').seqs[1]], [0, 1000]);
});
