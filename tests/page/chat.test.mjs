import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeChat, fakeStorage, message, range, seqsOf, settled } from './lib/fakes.mjs';

const info = (id, name, last_seq = 0, archived = false) => ({ id, name, last_seq, archived });
const LOBBY = 1;

test('the first connection: joins from where the room stands, fetches the newest page', async () => {
  const made = fakeChat({ history: { 1: 120 } });
  await made.connect();
  assert.deepEqual(
    made.joins().map(({ room, after }) => [room, after]),
    [[LOBBY, 120]],
  );
  assert.deepEqual(seqsOf(made.room().timeline), range(71, 120));
  assert.equal(made.chat.current.name, 'lobby');
  assert.equal(made.room().unread, 0, 'nothing is unread for a newcomer');
  assert.ok(made.settledTimes > 0);
});

test('events are taken once each and in order', async () => {
  const made = fakeChat({ history: { 1: 3 } });
  await made.connect();
  for (const seq of [4, 5, 5, 3, 6]) made.chat.receive(message(seq));
  assert.deepEqual(seqsOf(made.room().timeline), range(1, 6));
  assert.equal(made.joins().length, 1);
});

test('a gap: joins again from the last one, ignores what is out of order meanwhile', async () => {
  const made = fakeChat({ history: { 1: 3 } });
  await made.connect();
  made.chat.receive(message(4));
  made.chat.receive(message(7));
  made.chat.receive(message(8));
  assert.deepEqual(
    made.joins().map(({ after }) => after),
    [3, 4],
    'once',
  );
  await made.answerJoins([info(LOBBY, 'lobby', 8)]);
  for (const seq of [5, 6, 7, 8]) made.chat.receive(message(seq));
  assert.deepEqual(seqsOf(made.room().timeline), range(1, 8));
  made.clock.pass(10_000);
  assert.equal(made.reconnects, 0);
});

test('a gap that a new join does not close: takes another connection', async () => {
  const made = fakeChat({ history: { 1: 3 } });
  await made.connect();
  made.chat.receive(message(7));
  await made.answerJoins([info(LOBBY, 'lobby', 7)]);
  made.clock.pass(5_000);
  assert.equal(made.reconnects, 1);
});

test('after a lost connection: joins with the last number seen, and shows neither gap nor double', async () => {
  const made = fakeChat({ history: { 1: 3 } });
  await made.connect();
  made.chat.receive(message(4));
  made.drop();
  await made.connect([info(LOBBY, 'lobby', 7)]);
  assert.deepEqual(
    made.joins().map(({ after }) => after),
    [4],
  );
  assert.equal(made.chat.current.caughtUp, false);
  const before = made.settledTimes;
  for (const seq of [5, 6, 7]) made.chat.receive(message(seq));
  assert.ok(made.settledTimes > before, 'the trouble is over with the last of them');
  assert.deepEqual(seqsOf(made.room().timeline), range(1, 7));
});

test('reset: forgets, loads the newest page, goes on live', async () => {
  const made = fakeChat({ history: { 1: 9000 } });
  await made.connect([info(LOBBY, 'lobby', 20)]);
  made.chat.receive({ type: 'reset', room: LOBBY, last_seq: 9000 });
  await settled();
  assert.deepEqual(seqsOf(made.room().timeline), range(8951, 9000));
  made.chat.receive(message(9001));
  assert.equal(made.room().timeline.last, 9001);
  assert.equal(made.room().unread, 9001 - 20);
});

test('a server whose disk was set back: starts anew from what it has', async () => {
  const made = fakeChat({ history: { 1: 50 } });
  await made.connect();
  for (const seq of [51, 52]) made.chat.receive(message(seq));
  made.drop();
  await made.connect([info(LOBBY, 'lobby', 50)]);
  assert.equal(made.room().timeline.lastSeq, 50);
  made.chat.receive(message(51, { body: 'another' }));
  assert.equal(made.room().timeline.find(51).body, 'another');
});

test('a server that was restored from a backup: nothing that goes by its old numbers is left', async () => {
  const shared = fakeStorage();
  const made = fakeChat({ shared, history: { 1: 50 } });
  await made.connect();
  assert.deepEqual(
    made.joins().map(({ after, epoch }) => [after, epoch]),
    [[50, 'one']],
  );
  for (const seq of [51, 52]) made.chat.receive(message(seq, { body: 'of before' }));
  made.chat.send(made.room(), 'stored, and lost with the rest');
  made.chat.receive({ type: 'ack', id: made.chat.outbox.items[0].id, room: LOBBY, seq: 53 });
  made.room().readBackTo(51);
  assert.ok(made.chat.persons.find(8), 'who wrote is known');
  made.drop();
  await made.connect([info(LOBBY, 'lobby', 60)], { epoch: 'two' }); // more was written since, so no number tells
  assert.deepEqual(
    made.joins().map(({ after, epoch }) => [after, epoch]),
    [[60, 'two']],
  );
  assert.ok(!made.room().timeline.events.some(({ body }) => body === 'of before'), 'what was there before is gone');
  assert.deepEqual([made.room().unread, made.room().dividerSeq, made.chat.outbox.items.length], [0, null, 0]);
  assert.equal(made.chat.persons.find(8), undefined, 'an id is not the same person for sure');
  made.chat.receive(message(61, { body: 'goes on' }));
  assert.equal(made.room().timeline.lastSeq, 61);
  made.chat.see(made.room(), 61);
  const again = fakeChat({ shared, history: { 1: 61 } });
  await again.connect([info(LOBBY, 'lobby', 61)], { epoch: 'three' });
  assert.equal(again.room().unread, 0, 'what was read of another history counts for nothing after a reload, too');
});

test('a room that was refused because too much is read is joined when the server says', async () => {
  const made = fakeChat();
  const refusal = { code: 'rate_limited', message: 'Too much has been read.', retry_after_ms: 4_000 };
  const rooms = [{ id: LOBBY, name: 'lobby', last_seq: 3, archived: false }];
  await made.connect(rooms, { refusal });
  assert.equal(made.joins().length, 1);
  made.clock.pass(3_999);
  assert.equal(made.joins().length, 1);
  made.clock.pass(1);
  assert.equal(made.joins().length, 2);
  await made.answerJoins(rooms);
  made.clock.pass(60_000);
  assert.equal(made.joins().length, 2);

  made.drop();
  await made.connect(rooms, { refusal });
  made.drop(); /* the next connection joins by itself */
  await made.connect(rooms);
  made.clock.pass(60_000);
  assert.equal(made.joins().length, 1);
});

test('sends what was pending again, in order, after the joins', async () => {
  const made = fakeChat();
  await made.connect();
  for (const body of ['a', 'b']) made.chat.send(made.room(), body);
  const [{ id }] = made.chat.outbox.items;
  made.drop();
  made.chat.send(made.room(), 'c');
  await made.connect();
  assert.deepEqual(
    made.sent.map(({ type }) => type),
    ['join', 'send'],
  );
  assert.equal(made.sent[1].id, id);
  made.chat.receive({ type: 'ack', id, room: LOBBY, seq: 1, duplicate: true });
  made.chat.receive(message(1, { author: made.chat.me, body: 'a', id }));
  assert.deepEqual(made.sends(), ['a', 'b']);
});

test('an own message is gone from the outbox whichever of ack and event comes first', async () => {
  for (const order of [
    ['ack', 'event'],
    ['event', 'ack'],
  ]) {
    const made = fakeChat();
    await made.connect();
    made.chat.send(made.room(), 'hello');
    const [{ id }] = made.chat.outbox.items;
    const frames = {
      ack: { type: 'ack', id, room: LOBBY, seq: 1 },
      event: message(1, { author: made.chat.me, id }),
    };
    for (const which of order) made.chat.receive(frames[which]);
    assert.deepEqual(made.chat.outbox.items, [], order.join());
    assert.equal(made.room().unread, 0, 'own messages are read');
  }
});

test('a message of another with the same id leaves ours alone', async () => {
  const made = fakeChat();
  await made.connect();
  made.chat.send(made.room(), 'mine');
  made.chat.receive(message(1, { id: made.chat.outbox.items[0].id }));
  assert.equal(made.chat.outbox.items.length, 1);
});

test('what a reset skips does not stay pending for ever', async () => {
  const made = fakeChat();
  await made.connect();
  made.chat.send(made.room(), 'hello');
  made.chat.receive({ type: 'ack', id: made.chat.outbox.items[0].id, room: LOBBY, seq: 7 });
  assert.equal(made.chat.outbox.items[0].state, 'sent');
  made.chat.receive({ type: 'reset', room: LOBBY, last_seq: 7 });
  assert.deepEqual(made.chat.outbox.items, []);
});

test('a text has room up to the limit, and up to what fits into a frame', async () => {
  const made = fakeChat();
  await made.connect();
  assert.equal(made.chat.server.roomLeft('a'.repeat(16_384)), 0);
  assert.equal(made.chat.server.roomLeft(`${'ä'.repeat(8_192)}\n`), 0);
  assert.equal(made.chat.server.roomLeft('a'.repeat(16_385)), -1);
  assert.equal(made.chat.server.roomLeft(' '), 16_384);
  /* Each quote takes two bytes on the wire. */
  assert.ok(made.chat.server.roomLeft('"'.repeat(10_000)) >= 0);
  assert.ok(made.chat.server.roomLeft('"'.repeat(10_200)) < 0);
  made.chat.send(made.room(), ' \0 ');
  assert.deepEqual(made.sends(), [], 'nothing left to send');
});

test('a message that ends the connection is not sent again by itself', async () => {
  const made = fakeChat();
  await made.connect();
  for (const body of ['a', 'b']) made.chat.send(made.room(), body);
  made.drop('too_big');
  await made.connect();
  assert.deepEqual(made.sends(), ['b']);
  assert.deepEqual(
    made.chat.outbox.items.map(({ state }) => state),
    ['failed', 'sending'],
  );
});

test('an error that cannot say what it is about is about the message under way', async () => {
  const made = fakeChat();
  await made.connect();
  for (const body of ['a', 'b']) made.chat.send(made.room(), body);
  made.chat.receive({ type: 'error', code: 'invalid_json', message: 'That was not a JSON object.' });
  assert.deepEqual(
    made.chat.outbox.items.map(({ state }) => state),
    ['failed', 'sending'],
  );
  made.chat.receive({ type: 'error', code: 'not_joined', message: 'Join the room first.' });
  assert.deepEqual(
    made.chat.outbox.items.map(({ state }) => state),
    ['failed', 'sending'],
    'others can',
  );
});

test('a refused message is failed with the reason', async () => {
  const made = fakeChat();
  await made.connect();
  made.chat.send(made.room(), 'hello');
  made.chat.receive({ type: 'error', id: made.chat.outbox.items[0].id, code: 'archived', message: 'It is archived.' });
  assert.deepEqual(
    made.chat.outbox.items.map(({ state, reason }) => [state, reason]),
    [['failed', 'It is archived.']],
  );
});

test('sending from back in the history returns to the latest first', async () => {
  const made = fakeChat({ history: { 1: 1000 } });
  await made.connect();
  const { timeline } = made.room();
  timeline.following = false;
  for (let n = 0; n < 8; n++) {
    made.chat.pager.older(made.room());
    await settled();
  }
  assert.equal(timeline.live, false);
  made.chat.send(made.room(), 'hello');
  assert.ok(timeline.live && timeline.following);
  await settled();
  assert.deepEqual(seqsOf(timeline), range(951, 1000));
});

test('unread counts what others have written since, not own messages and notices', async () => {
  const made = fakeChat({ history: { 1: 10 } });
  await made.connect([info(LOBBY, 'lobby', 10), info(2, 'garden', 4)]);
  const garden = made.room(2);
  made.chat.receive(message(5, { room: 2 }));
  made.chat.receive(message(6, { room: 2, author: made.chat.me }));
  made.chat.receive({ type: 'renamed', room: 2, seq: 7, actor: { id: 0, name: 'admin' }, at: 1, name: 'yard' });
  made.chat.receive(message(8, { room: 2 }));
  assert.equal(garden.unread, 2);
  assert.equal(garden.name, 'yard');
  assert.equal(made.chat.rooms.unread, 2);
  made.chat.open('yard');
  made.chat.see(garden, 5);
  assert.equal(garden.unread, 1);
  made.chat.see(garden, 5, 8);
  assert.equal(garden.unread, 0);
});

test('the "new" line stays where it was when the room was opened', async () => {
  const made = fakeChat({ history: { 1: 10, 2: 6 } });
  await made.connect([info(LOBBY, 'lobby', 10), info(2, 'garden', 4)]);
  for (const seq of [5, 6]) made.chat.receive(message(seq, { room: 2 }));
  made.chat.open('garden');
  made.chat.see(made.room(2), 5, 6);
  made.chat.receive(message(7, { room: 2 }));
  assert.equal(made.room(2).dividerSeq, 4);
  made.chat.open('lobby');
  made.chat.open('garden');
  assert.equal(made.room(2).dividerSeq, 6);
});

test('a window that nobody looks at reads nothing, and gets a line at the first that is missed', async () => {
  const made = fakeChat({ history: { 1: 10 } });
  await made.connect();
  made.chat.attend(false);
  made.chat.receive(message(11));
  made.chat.receive(message(12));
  made.chat.see(made.room(), 11, 12);
  assert.equal(made.room().unread, 2);
  assert.equal(made.room().dividerSeq, 10);
  made.chat.attend(true);
  made.chat.see(made.room(), 11, 12);
  assert.equal(made.room().unread, 0);
});

test('many unread: opens where they begin', async () => {
  const shared = fakeStorage();
  shared.write('reads', { user: 7, epoch: 'one', seqs: { 1: 300 } });
  const made = fakeChat({ shared, history: { 1: 1000 } });
  await made.connect();
  const { timeline } = made.room();
  assert.ok(timeline.first <= 300 && timeline.last > 301);
  assert.equal(timeline.live, false);
  assert.equal(made.room().unread, 700);
  made.chat.receive(message(1001));
  assert.equal(made.room().unread, 701);
  assert.equal(timeline.last < 1000, true, 'and does not jump');
});

test('how far one has read survives a reload and is shared between tabs', async () => {
  const content = new Map();
  const one = fakeChat({ shared: fakeStorage(content), history: { 1: 10 } });
  await one.connect();
  one.chat.receive(message(11));
  const two = fakeChat({ shared: fakeStorage(content), history: { 1: 11 } });
  await two.connect();
  assert.equal(two.room().unread, 1);
  one.chat.see(one.room(), 11);
  two.chat.absorbReads();
  assert.equal(two.room().unread, 0);
});

test('another person in the same browser begins without unread', async () => {
  const content = new Map();
  const one = fakeChat({ shared: fakeStorage(content), history: { 1: 10 } });
  await one.connect();
  const two = fakeChat({ shared: fakeStorage(content), history: { 1: 30 }, me: { id: 9, name: 'Cleo' } });
  await two.connect();
  assert.equal(two.room().unread, 0);
});

test('a room made while one was away is unread from its first message', async () => {
  const shared = fakeStorage();
  shared.write('reads', { user: 7, epoch: 'one', seqs: { 1: 10 } });
  const made = fakeChat({ shared, history: { 1: 10 } });
  await made.connect([info(LOBBY, 'lobby', 10), info(2, 'garden', 3)]);
  assert.equal(made.room(2).unread, 3);
});

test('rooms come, are renamed and archived while one looks on', async () => {
  const made = fakeChat();
  await made.connect();
  made.chat.receive({ type: 'room', change: 'created', room: info(2, 'garden') });
  await made.answerJoins([]);
  assert.deepEqual(
    [...made.chat.rooms.values()].map(({ name }) => name),
    ['lobby', 'garden'],
  );
  assert.equal(made.joins().at(-1).room, 2);
  made.chat.receive({ type: 'room', change: 'renamed', room: info(2, 'yard', 1) });
  made.chat.receive({ type: 'room', change: 'archived', room: info(1, 'lobby', 1, true) });
  assert.equal(made.room(2).name, 'yard');
  assert.ok(made.chat.current.archived);
});

test('the open room stays open when it is renamed, under its new name', async () => {
  const made = fakeChat();
  await made.connect();
  made.chat.receive({ type: 'renamed', room: 1, seq: 1, actor: { id: 0, name: 'admin' }, at: 1, name: 'foyer' });
  assert.equal(made.chat.current.name, 'foyer');
  assert.equal(made.chat.visit.wanted, 'foyer');
});

test('an address that names no room opens none, until there is one', async () => {
  const made = fakeChat();
  made.chat.open('attic');
  await made.connect();
  assert.equal(made.chat.current, null);
  made.chat.receive({ type: 'room', change: 'created', room: info(2, 'attic') });
  assert.equal(made.chat.current.id, 2);
});

test('no address: opens the room that was open last', async () => {
  const shared = fakeStorage();
  const rooms = [info(LOBBY, 'lobby'), info(2, 'garden')];
  const first = fakeChat({ shared });
  first.chat.open(null);
  await first.connect(rooms);
  assert.equal(first.chat.current.name, 'lobby');
  first.chat.open('garden');
  const second = fakeChat({ shared });
  second.chat.open(null);
  await second.connect(rooms);
  assert.equal(second.chat.current.name, 'garden');
});

test('a welcome for somebody else puts in doubt who we are; what was written is kept', async () => {
  const made = fakeChat();
  await made.connect();
  made.chat.drafts.keep(LOBBY, 'half a sen');
  made.chat.send(made.room(), 'hello');
  made.drop();
  await made.connect(undefined, { user: { id: 0, name: 'visitor-3' } });
  assert.equal(made.rechecks, 1);
  made.drop();
  made.chat.enter({ id: 12, name: 'Anna' });
  await made.connect(undefined, { user: { id: 12, name: 'Anna' } });
  assert.deepEqual(made.sends(), ['hello']);
  assert.equal(made.chat.drafts.of(LOBBY), 'half a sen');
});

test('names that change change everywhere', async () => {
  const made = fakeChat();
  await made.connect();
  made.chat.receive({ type: 'presence', room: LOBBY, count: 1, people: [{ id: 8, name: 'Ben', state: 'active' }] });
  made.chat.receive({ type: 'member', change: 'renamed', user: { id: 8, name: 'Benjamin' } });
  made.chat.receive({ type: 'member', change: 'renamed', user: { id: 7, name: 'Anna B' } });
  assert.equal(made.chat.persons.nameOf({ id: 8, name: 'Ben' }), 'Benjamin');
  assert.equal(made.room().people.list[0].name, 'Benjamin');
  assert.equal(made.chat.me.name, 'Anna B');
});

test('away is said again on the next connection', async () => {
  const made = fakeChat();
  await made.connect();
  made.chat.setPresence('away');
  made.drop();
  await made.connect();
  assert.deepEqual(
    made.sent.filter(({ type }) => type === 'presence').map(({ state }) => state),
    ['away'],
  );
});

test('a newer server: says so; one that speaks otherwise: says that', async () => {
  const made = fakeChat();
  await made.connect();
  assert.equal(made.chat.server.outdated, null);
  made.drop();
  await made.connect(undefined, { server: { name: 'Hubbub', version: '2', now: 0 } });
  assert.equal(made.chat.server.outdated, 'updated');
  made.drop();
  await made.connect(undefined, { protocol: 2 });
  assert.equal(made.chat.server.outdated, 'incompatible');
});

test('the place gets another name', async () => {
  const made = fakeChat();
  await made.connect();
  let drawn = 0;
  made.chat.observe(() => drawn++);
  made.chat.receive({ type: 'place', name: 'Garden Club' });
  assert.deepEqual([made.chat.server.name, drawn], ['Garden Club', 1]);
});

test('follows fifty rooms at once, and any other when it is opened', async () => {
  const made = fakeChat();
  const rooms = Array.from({ length: 80 }, (_, index) => info(index + 1, `room ${index + 1}`));
  made.chat.open('room 77');
  await made.connect(rooms);
  assert.equal(made.joins().length, 50);
  assert.equal(made.joins()[0].room, 77);
  made.chat.open('room 70');
  assert.equal(made.joins().at(-1).room, 70);
});

test('a page that does not come is not asked for again by itself, but after the next welcome', async () => {
  const made = fakeChat({ history: { 1: 400 } });
  await made.connect();
  made.drop();
  made.chat.pager.older(made.room());
  await settled();
  const { timeline } = made.room();
  assert.deepEqual([timeline.failed, timeline.loading, timeline.first], [true, null, 351]);
  await made.connect();
  assert.equal(timeline.failed, false);
});

test('types of frames that this page does not know are ignored', async () => {
  const made = fakeChat();
  await made.connect();
  for (const frame of [
    { type: 'activity', room: 1, unread: 3 },
    { type: 'read' },
    { type: 'history', id: 'old', events: [] },
  ]) {
    made.chat.receive(frame);
  }
  assert.equal(made.room().timeline.lastSeq, 0);
});
