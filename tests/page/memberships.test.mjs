/* An account's rooms: which are followed, what is unread in them, and what becomes of the open one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeChat, message, messages, range, seqsOf, settled } from './lib/fakes.mjs';

const ME = { id: 7, name: 'anna', role: 'member' };
const BEN = { id: 8, name: 'ben' };

const info = (id, name, more = {}) => ({
  id,
  name,
  kind: 'open',
  last_seq: 10,
  archived: false,
  role: 'member',
  level: 'all',
  read_seq: 10,
  unread: 0,
  mentions: 0,
  ...more,
});
const bare = ({ role, level, read_seq, unread, mentions, ...room }) => room;
const rooms = (count) => Array.from({ length: count }, (_, index) => info(index + 1, `room ${index + 1}`));

async function account({ list = [info(1, 'lobby'), info(2, 'garden')], ...options } = {}) {
  const made = fakeChat({
    me: ME,
    history: Object.fromEntries(list.map(({ id, last_seq }) => [id, last_seq])),
    ...options,
  });
  made.list = list;
  made.chat.open(list[0].name);
  await made.connect(list);
  made.unread = (id) => [made.room(id).unread, made.room(id).mentions];
  made.reads = () => made.sent.filter(({ type }) => type === 'read').map(({ room, seq }) => [room, seq]);
  made.leaves = () => made.sent.filter(({ type }) => type === 'leave').map(({ room }) => room);
  made.answer = async (type, what) => {
    const at = made.requests.findIndex(({ frame }) => frame.type === type);
    const [{ resolve, reject }] = made.requests.splice(at, 1);
    if (what.code) reject(what);
    else resolve(what);
    await settled();
  };
  return made;
}

test('only the open room is joined; the others live by what the server says', async () => {
  const made = await account({
    list: [info(1, 'lobby'), info(2, 'garden', { last_seq: 30, read_seq: 20, unread: 6, mentions: 1 })],
  });
  assert.deepEqual(
    made.joins().map(({ room }) => room),
    [1],
  );
  assert.deepEqual(made.unread(2), [6, 1]);
  made.chat.receive({ type: 'activity', room: 2, last_seq: 32, unread: 8, mentions: 1 });
  assert.deepEqual(made.unread(2), [8, 1]);
  made.chat.receive({ type: 'read', room: 2, seq: 32, unread: 0, mentions: 0 });
  assert.deepEqual(made.unread(2), [0, 0]);
  made.chat.receive({ type: 'activity', room: 99, last_seq: 3, unread: 1, mentions: 0 });
});

test('rooms that come in pages are ready with the last one; then what is not among them is gone', async () => {
  const made = await account({ list: rooms(5) });
  made.drop();
  const welcome = { user: ME, more: true };
  await made.connect([info(1, 'room 1')], welcome);
  assert.deepEqual([...made.chat.rooms.keys()], [1, 2, 3, 4, 5], 'nothing is gone before the last page');
  const joins = made.joins().length;
  made.chat.receive({ type: 'membership', change: 'joined', room: info(9, 'attic') });
  made.chat.receive({ type: 'membership', change: 'left', room: bare(info(2, 'room 2')) });
  made.chat.receive({ type: 'welcome_rooms', rooms: [info(3, 'shed', { unread: 2 })], more: true });
  assert.equal(made.joins().length, joins);
  made.chat.receive({ type: 'welcome_rooms', rooms: [info(7, 'yard')], more: false });
  assert.deepEqual([...made.chat.rooms.keys()].sort(), [1, 3, 7, 9]);
  assert.equal(made.room(3).name, 'shed');
  assert.equal(made.joins().length, joins + 1, 'the open room');
});

test('a hidden conversation is in no list: asked for, it is shown again', async () => {
  const made = await account();
  made.chat.open(5);
  assert.equal(made.chat.current, null);
  assert.deepEqual(made.requests.at(-1).frame, { type: 'set_membership', room: 5, hidden: false });
  made.chat.receive({
    type: 'membership',
    change: 'changed',
    room: info(5, '', { kind: 'direct', people: [ME, BEN] }),
  });
  await made.answer('set_membership', { type: 'ack', room: 5 });
  assert.equal(made.chat.current.id, 5);
  made.chat.receive({
    type: 'membership',
    change: 'changed',
    room: info(5, '', { kind: 'direct', people: [ME, BEN], hidden: true }),
  });
  made.drop();
  await made.connect(made.list);
  assert.equal(made.chat.current.id, 5, 'it stays open as long as one looks at it');
  made.chat.open(null);
  assert.equal(made.chat.current.name, 'lobby', 'but is not where one goes by itself');
  made.chat.open(6);
  await made.answer('set_membership', { type: 'error', code: 'not_found', message: 'No.' });
  made.chat.receive({ type: 'membership', change: 'changed', room: info(2, 'garden') });
  assert.equal(made.requests.filter(({ frame }) => frame.type === 'set_membership').length, 0, 'asked for once');
  assert.deepEqual([made.chat.current, made.chat.visit.lookUp.state], [null, 'missing']);
});

test('opening a room joins it from where it stands now; the few visited last stay followed, the rest are left', async () => {
  const made = await account({ list: rooms(8) });
  made.chat.receive({ type: 'activity', room: 2, last_seq: 14, unread: 4, mentions: 0 });
  for (let id = 2; id <= 7; id++) {
    made.chat.open(`room ${id}`);
    await made.answerJoins(made.list);
  }
  assert.deepEqual(
    made
      .joins()
      .map(({ room, after }) => [room, after])
      .slice(0, 3),
    [
      [1, 10],
      [2, 14],
      [3, 10],
    ],
  );
  assert.deepEqual(made.leaves(), [1, 2]);
  made.chat.receive(message(11, { room: 1 }));
  assert.equal(made.room(1).timeline.lastSeq, 10, 'a straggler of a room that was left');
  made.chat.open('room 1');
  assert.deepEqual([made.joins().at(-1).room, made.joins().at(-1).after], [1, 10], 'goes on from what it has');
});

test('the next connection joins what was followed, the open room first', async () => {
  const made = await account({ list: rooms(4) });
  for (const id of [2, 3]) {
    made.chat.open(`room ${id}`);
    await made.answerJoins(made.list);
  }
  made.drop();
  await made.connect(made.list);
  assert.deepEqual(
    made.joins().map(({ room }) => room),
    [3, 2, 1],
  );
});

test("in a room that is followed we count: mentions by name and of everybody, nothing of one's own", async () => {
  const made = await account();
  made.chat.attend(false);
  made.chat.receive(message(11, { author: BEN, body: 'hi' }));
  made.chat.receive(message(12, { author: BEN, body: 'where is @Anna?' }));
  made.chat.receive(message(13, { author: BEN, body: '@room look' }));
  made.chat.receive({ type: 'joined', room: 1, seq: 14, actor: { id: 9, name: 'cleo' }, at: 1 });
  assert.deepEqual(made.unread(1), [3, 2]);
  made.chat.receive(message(15, { author: ME, body: 'here' }));
  assert.deepEqual(made.unread(1), [3, 2]);
  assert.equal(made.chat.rooms.unread, 3);
});

test('whom one has blocked counts for nothing', async () => {
  const made = fakeChat({ me: ME, history: { 1: 10 } });
  await made.connect([info(1, 'lobby')], { blocked: [8] });
  made.chat.attend(false);
  made.chat.receive(message(11, { author: BEN, body: '@anna' }));
  assert.deepEqual([made.room(1).unread, made.room(1).mentions], [0, 0]);
  const blocking = made.chat.block(8, false);
  made.chat.receive({ type: 'block', user: 8, blocked: false });
  made.requests.splice(0)[0].resolve({ type: 'ack' });
  await blocking;
  made.chat.receive(message(12, { author: BEN, body: '@anna' }));
  assert.equal(made.room(1).mentions, 1);
});

test('a deleted message counts no longer, nor does a hidden one', async () => {
  const made = await account();
  made.chat.attend(false);
  made.chat.receive(message(11, { author: BEN, body: '@anna' }));
  made.chat.receive(message(12, { author: BEN, body: 'and more' }));
  made.chat.receive({ ...message(13, { author: BEN, body: '' }), hidden: true });
  assert.deepEqual(made.unread(1), [2, 1]);
  made.chat.receive({ type: 'deleted', room: 1, seq: 14, target: 11, actor: BEN, at: 1 });
  assert.deepEqual(made.unread(1), [1, 0]);
});

test('a block by another device counts here at once', async () => {
  const made = await account();
  let changes = 0;
  made.chat.observe(() => changes++);
  made.chat.receive({ type: 'block', user: 8, blocked: true });
  assert.deepEqual([[...made.chat.blocked], changes], [[8], 1]);
  made.chat.attend(false);
  made.chat.receive(message(11, { author: BEN, body: '@anna' }));
  assert.equal(made.room(1).mentions, 0);
  made.chat.receive({ type: 'block', user: 8, blocked: false });
  assert.equal(made.chat.blocked.size, 0);
});

test('requests to join are counted where the server tells of them', async () => {
  const closed = (more) => info(2, 'garden', { kind: 'closed', role: 'moderator', ...more });
  const made = await account({ list: [info(1, 'lobby'), closed({ requests: 2 })] });
  const steps = [
    [{ type: 'requests_waiting', room: 2, requests: 3 }, 3, 'another number'],
    [{ type: 'requests_waiting', room: 99, requests: 1 }, 3, 'of a room that is not here'],
    [{ type: 'room', change: 'changed', room: bare(closed()) }, 3, 'what the room is says nothing of it'],
    [{ type: 'membership', change: 'changed', room: closed({ role: 'member' }) }, 0, 'no moderator any more'],
    [{ type: 'membership', change: 'changed', room: closed({ requests: 1 }) }, 1, 'and again'],
    [{ type: 'requests_waiting', room: 2, requests: 0 }, 0, 'all answered'],
  ];
  assert.deepEqual([made.room(1).requests, made.room(2).requests], [0, 2]);
  for (const [frame, want, why] of steps) {
    made.chat.receive(frame);
    assert.equal(made.room(2).requests, want, why);
  }
});

test('when something was last said: as the server tells, then as it happens, by its clock', async () => {
  const direct = (id, more) => info(id, '', { kind: 'direct', people: [ME, BEN], ...more });
  const made = await account({
    list: [info(1, 'lobby'), direct(5, { active_ms: 500 }), direct(6, { active_ms: 700 })],
  });
  const order = () => made.chat.sidebar.order.filter(({ kind }) => kind === 'direct').map(({ id }) => id);
  assert.deepEqual(order(), [6, 5]);
  made.chat.receive({ type: 'activity', room: 5, last_seq: 11, unread: 1, mentions: 0 });
  assert.deepEqual(order(), [5, 6]);
  assert.equal(made.room(5).activeAt, made.clock.now() + made.chat.server.ahead_ms);
  const at = made.room(5).activeAt + 1;
  made.chat.receive({
    type: 'membership',
    change: 'joined',
    room: direct(7, { last_seq: 0, read_seq: 0, active_ms: at }),
  });
  assert.deepEqual(order(), [7, 5, 6], 'a new one');
  made.chat.receive({ type: 'membership', change: 'changed', room: direct(6, { last_seq: 11, active_ms: at + 1 }) });
  assert.deepEqual(order(), [6, 7, 5]);
});

test('what is seen is told at once, then the newest twice a second, and on leaving', async () => {
  const made = await account();
  made.chat.receive(message(11, { author: BEN }));
  made.chat.see(made.room(1), 11);
  for (const seq of [12, 13, 14]) {
    made.chat.receive(message(seq, { author: BEN }));
    made.chat.see(made.room(1), seq);
  }
  assert.deepEqual(made.reads(), [[1, 11]]);
  made.clock.pass(500);
  assert.deepEqual(made.reads(), [
    [1, 11],
    [1, 14],
  ]);
  made.chat.receive(message(15, { author: BEN }));
  made.chat.see(made.room(1), 15);
  made.chat.open('garden');
  assert.deepEqual(made.reads().at(-1), [1, 15]);
  made.clock.pass(5_000);
  assert.equal(made.reads().length, 3, 'nothing twice');
});

test('two devices: what the other has read is read here at once; an old word of our own moves nothing back', async () => {
  const made = await account();
  made.chat.attend(false);
  for (const seq of [11, 12, 13]) made.chat.receive(message(seq, { author: BEN }));
  made.chat.receive({ type: 'read', room: 1, seq: 12, unread: 1, mentions: 0 });
  assert.deepEqual([made.room(1).readSeq, ...made.unread(1)], [12, 1, 0]);
  made.chat.attend(true);
  made.chat.see(made.room(1), 13);
  made.chat.receive(message(14, { author: BEN }));
  made.chat.see(made.room(1), 14);
  made.chat.receive({ type: 'read', room: 1, seq: 13, unread: 1, mentions: 0 });
  assert.deepEqual([made.room(1).readSeq, ...made.unread(1)], [14, 0, 0], 'ours of a moment ago');
  await made.answer('read', { type: 'ack' });
  made.clock.pass(500);
  await made.answer('read', { type: 'ack' });
  made.chat.receive({ type: 'read', room: 1, seq: 14, unread: 0, mentions: 0 });
  assert.equal(made.chat.rooms.unread, 0);
});

test('two devices: marked unread on the other, it stays so although it is in view here', async () => {
  const made = await account();
  made.chat.receive({ type: 'read', room: 1, seq: 7, unread: 3, mentions: 0 });
  made.chat.see(made.room(1), 10);
  assert.deepEqual([made.room(1).readSeq, ...made.unread(1)], [7, 3, 0]);
  assert.equal(made.room(1).dividerSeq, 7);
  made.chat.open('garden');
  made.chat.open('lobby');
  made.chat.see(made.room(1), 8, 10);
  assert.deepEqual(made.unread(1), [0, 0], 'until it is opened again');
});

test('marked unread: holds until one leaves the room', async () => {
  const made = await account();
  const marked = made.chat.reading.markUnread(made.room(1), 8);
  assert.deepEqual(made.sent.at(-1), { type: 'mark_unread', room: 1, seq: 8 });
  assert.deepEqual([made.room(1).readSeq, ...made.unread(1), made.room(1).dividerSeq], [7, 3, 0, 7]);
  await made.answer('mark_unread', { type: 'ack' });
  await marked;
  made.chat.receive({ type: 'read', room: 1, seq: 7, unread: 3, mentions: 0 });
  made.chat.see(made.room(1), 10);
  made.chat.receive(message(11, { author: BEN }));
  assert.deepEqual(made.unread(1), [4, 0]);
  made.chat.open('garden');
  assert.deepEqual(made.unread(1), [4, 0]);
  assert.deepEqual(made.reads(), []);
});

test('read while the connection was away: told on the next one, and not undone by what that begins with', async () => {
  const made = await account();
  made.chat.receive(message(11, { author: BEN }));
  made.chat.receive(message(12, { author: BEN }));
  made.drop();
  made.chat.see(made.room(1), 11, 12);
  assert.deepEqual(made.reads(), []);
  await made.connect([info(1, 'lobby', { last_seq: 13, read_seq: 10, unread: 3 }), info(2, 'garden')]);
  assert.deepEqual(made.reads(), [[1, 12]]);
  assert.deepEqual([made.room(1).readSeq, ...made.unread(1)], [12, 1, 0]);
  made.chat.receive(message(13, { author: BEN }));
  assert.deepEqual(made.unread(1), [1, 0], 'it was counted already');
});

test('one joins and is added while one looks on; settings from another device', async () => {
  const made = await account();
  made.chat.receive({ type: 'room', change: 'created', room: bare(info(3, 'attic')) });
  assert.equal(made.room(3), undefined, 'a room that one does not belong to');
  made.chat.receive({
    type: 'membership',
    change: 'joined',
    room: info(3, 'attic', { role: 'moderator', last_seq: 4, read_seq: 4 }),
  });
  assert.equal(made.room(3).membership.role, 'moderator');
  made.chat.receive({
    type: 'membership',
    change: 'changed',
    room: info(3, 'attic', { favourite: true, muted_until: made.clock.now() + 1000 }),
  });
  assert.ok(made.room(3).membership.favourite && made.room(3).isMuted(made.clock.now()));
  made.chat.receive({ type: 'activity', room: 3, last_seq: 13, unread: 3, mentions: 1 });
  assert.equal(made.chat.rooms.unread, 1, 'of what is muted only the mentions');
  made.clock.pass(1000);
  assert.equal(made.chat.rooms.unread, 3);
});

test('removed from the open room: says by whom; nothing of it is left', async () => {
  const made = await account({ list: [info(1, 'lobby'), info(2, 'secret', { kind: 'closed' })] });
  made.chat.open(2);
  await made.answerJoins(made.list);
  made.chat.receive({ type: 'removed', room: 2, seq: 11, actor: BEN, user: ME, at: 1 });
  made.chat.receive({
    type: 'membership',
    change: 'left',
    room: bare(info(2, 'secret', { kind: 'closed', last_seq: 11 })),
  });
  assert.equal(made.chat.current, null);
  assert.deepEqual(made.chat.visit.lost, { name: 'secret', why: 'removed', by: BEN });
  assert.equal(made.room(2), undefined);
  made.chat.receive({ type: 'room', change: 'created', room: bare(info(9, 'other')) });
  assert.equal(made.chat.current, null, 'nothing takes its place by itself');
  made.chat.open('lobby');
  assert.equal(made.chat.visit.lost, null);
  assert.equal(made.chat.current.name, 'lobby');
});

test('leaving an open room that is open: one goes on looking, and forgets it on going away', async () => {
  const made = await account();
  made.chat.receive({ type: 'left', room: 1, seq: 11, actor: ME, at: 1 });
  made.chat.receive({ type: 'membership', change: 'left', room: bare(info(1, 'lobby', { last_seq: 11 })) });
  assert.equal(made.chat.current.name, 'lobby');
  assert.equal(made.chat.current.membership, null);
  made.chat.receive(message(12, { author: BEN }));
  assert.deepEqual(made.unread(1), [0, 0]);
  made.chat.open('garden');
  assert.equal(made.room(1), undefined);
  assert.deepEqual(made.leaves(), [1]);
});

test('a room that one does not belong to is looked up by its name, read, and joined', async () => {
  const made = await account();
  made.chat.open('Attic');
  assert.equal(made.chat.visit.lookUp.state, 'looking');
  await made.answer('rooms', {
    type: 'rooms',
    rooms: [bare(info(4, 'atticus')), bare(info(3, 'attic', { last_seq: 20, topic: 'Dust' }))],
  });
  assert.deepEqual(
    [made.chat.current.name, made.chat.current.topic, made.chat.current.membership],
    ['attic', 'Dust', null],
  );
  await made.answerJoins([{ id: 3, last_seq: 20 }]);
  assert.equal(made.joins().at(-1).room, 3);
  made.chat.receive({ type: 'membership', change: 'joined', room: info(3, 'attic', { last_seq: 21, read_seq: 21 }) });
  assert.equal(made.chat.current.membership.role, 'member');
  made.chat.open('lobby');
  assert.ok(made.room(3), "it is one's own now");
});

test('a name that is nowhere; then there is such a room', async () => {
  const made = await account();
  made.chat.open('attic');
  await made.answer('rooms', { type: 'rooms', rooms: [] });
  assert.deepEqual([made.chat.current, made.chat.visit.lookUp.state], [null, 'missing']);
  made.chat.open('secret');
  await made.answer('rooms', { type: 'rooms', rooms: [bare(info(9, 'secret', { kind: 'closed', members: 3 }))] });
  assert.deepEqual([made.chat.current, made.chat.visit.lookUp.state], [null, 'missing'], 'listed to admins, not shown');
  made.chat.open('attic');
  await made.answer('rooms', { type: 'rooms', rooms: [] });
  made.chat.receive({ type: 'membership', change: 'joined', room: info(3, 'attic') });
  assert.equal(made.chat.current.name, 'attic');
  made.chat.open('cellar');
  await made.answer('rooms', { code: 'rate_limited', message: 'Wait.' });
  assert.deepEqual([made.chat.visit.lookUp.state, made.chat.visit.lookUp.problem], ['failed', 'Wait.']);
});

const none = { type: 'rooms', rooms: [] };
const closed = (id, name, more) => info(id, name, { kind: 'closed', ...more });

test('a closed room by its name: when it is the only one that one sees, and no listed one has the name', async () => {
  const made = await account({ list: [info(1, 'lobby'), closed(2, 'secret'), closed(3, 'attic'), closed(4, 'attic')] });
  made.chat.open('secret');
  assert.equal(made.chat.visit.lookUp.state, 'looking');
  await made.answer('rooms', none);
  assert.deepEqual([made.chat.current.id, made.chat.visit.wanted], [2, 2], 'from now on by its id');
  made.chat.open('secret');
  await made.answer('rooms', { type: 'rooms', rooms: [bare(info(9, 'secret'))] });
  assert.deepEqual([made.chat.current, made.chat.visit.lookUp.state], [null, 'several']);
  assert.deepEqual(
    made.chat.visit.lookUp.rooms.map(({ id }) => id),
    [9, 2],
  );
  made.chat.open('attic');
  await made.answer('rooms', none);
  assert.deepEqual(
    made.chat.visit.lookUp.rooms.map(({ id }) => id),
    [3, 4],
  );
  made.chat.open(4);
  assert.equal(made.chat.current.id, 4);
});

test('a listed room whose name a closed one has: which it is says the id, which comes with what one chooses', async () => {
  const made = await account({ list: [info(1, 'lobby'), closed(2, 'lobby')] });
  made.chat.open('lobby');
  await made.answer('rooms', { type: 'rooms', rooms: [bare(info(1, 'lobby'))] });
  assert.deepEqual(
    made.chat.visit.lookUp.rooms.map(({ id }) => id),
    [1, 2],
  );
  made.chat.open('lobby', null, 1);
  assert.deepEqual([made.chat.current.id, made.chat.visit.wanted, made.chat.visit.wantedId], [1, 'lobby', 1]);
  made.chat.receive({ type: 'membership', change: 'joined', room: closed(3, 'lobby') });
  assert.equal(made.chat.current.id, 1, 'it stays');
  made.chat.open('garden', null, 9);
  await made.answer('rooms', { type: 'rooms', rooms: [bare(info(5, 'garden'))] });
  assert.equal(made.chat.current.id, 5, 'an id of another name means nothing');
});

test('a room by an id that is not in the list: hidden, listed, or not there', async () => {
  const made = await account();
  made.chat.open(9);
  await made.answer('set_membership', { type: 'ack' });
  made.chat.receive({ type: 'membership', change: 'changed', room: closed(9, 'secret') });
  assert.equal(made.chat.current.id, 9);
  made.chat.open(5);
  await made.answer('set_membership', { code: 'not_a_member', message: 'Join.' });
  await made.answer('rooms', { type: 'rooms', rooms: [bare(info(5, 'garden'))] });
  assert.deepEqual([made.chat.current.id, made.chat.visit.wanted], [5, 'garden']);
  for (const rooms of [[], [bare(info(8, 'shed'))], [bare(closed(7, 'vault'))]]) {
    made.chat.open(7);
    await made.answer('set_membership', { code: 'not_a_member', message: 'Join.' });
    await made.answer('rooms', { type: 'rooms', rooms });
    assert.deepEqual([made.chat.current, made.chat.visit.lookUp.state], [null, 'missing']);
  }
  made.chat.open(6);
  await made.answer('set_membership', { code: 'not_found', message: 'No.' });
  assert.equal(made.chat.visit.lookUp.state, 'missing');
});

test('direct conversations: by id, called after the others, as they are called now', async () => {
  const direct = (id, people, more) => info(id, '', { kind: 'direct', people, ...more });
  const made = await account({
    list: [info(1, 'lobby'), direct(5, [ME, BEN]), direct(6, [ME, BEN, { id: 9, name: 'cleo' }]), direct(7, [ME])],
  });
  made.chat.receive({
    type: 'member',
    change: 'changed',
    user: { id: 8, name: 'ben', display_name: 'Ben Ruiz', role: 'member' },
  });
  assert.deepEqual(
    [5, 6, 7].map((id) => made.chat.titleOf(made.room(id))),
    ['Ben Ruiz', 'Ben Ruiz and cleo', 'Notes to yourself'],
  );
  made.chat.open(6);
  assert.equal(made.chat.current.id, 6);
  assert.deepEqual(
    [made.chat.rooms.directWith(8, 7), made.chat.rooms.directWith(9, 7), made.chat.rooms.directWith(7, 7)],
    [5, null, 7],
  );
  made.chat.open(77);
  assert.equal(made.chat.current, null, 'not there, or not yet');
  made.chat.receive({ type: 'membership', change: 'joined', room: direct(77, [ME, { id: 9, name: 'cleo' }]) });
  assert.equal(made.chat.current.id, 77);
});

test('deleted messages lose their text, whichever comes first, the deletion or the page', async () => {
  const made = await account();
  made.chat.receive(message(11, { author: BEN }));
  made.chat.receive({ type: 'deleted', room: 1, seq: 12, actor: BEN, at: 1, target: 11 });
  const { timeline } = made.room(1);
  assert.deepEqual([timeline.find(11).deleted, timeline.find(11).body], [true, '']);
  timeline.replace(messages(8, 12));
  assert.deepEqual(
    timeline.events.map(({ deleted }) => deleted === true),
    [false, false, false, true, false],
  );
});

test('when a ban is lifted, what was hidden is fetched again', async () => {
  const made = await account();
  const { timeline } = made.room(1);
  timeline.replace(messages(1, 10, { author: BEN }).map((event) => ({ ...event, body: '', hidden: true })));
  made.chat.receive({ type: 'member', change: 'unbanned', user: { id: 9, name: 'cleo', role: 'member' } });
  assert.equal(timeline.find(10).hidden, true, 'another one');
  made.chat.receive({ type: 'member', change: 'unbanned', user: { ...BEN, role: 'member' } });
  await settled();
  assert.deepEqual(seqsOf(timeline), range(1, 10));
  assert.equal(timeline.find(10).body, 'message 10');
});

test('slow mode and silence: when one may write again, and other rooms go on', async () => {
  const made = await account({ list: [info(1, 'lobby', { slow_s: 30 }), info(2, 'garden')] });
  const lobby = made.room(1);
  made.chat.receive(message(11, { author: ME, at: made.clock.now() }));
  assert.equal(made.chat.mayWriteAt(lobby), made.clock.now() + 30_000);
  made.clock.pass(30_000);
  assert.equal(made.chat.mayWriteAt(lobby), 0);
  made.chat.send(lobby, 'too early');
  made.chat.send(made.room(2), 'elsewhere');
  const [{ id }] = made.chat.outbox.items;
  made.chat.receive({ type: 'error', id, code: 'rate_limited', message: 'Slow.', retry_after_ms: 12_000 });
  assert.deepEqual(made.sends(), ['too early', 'elsewhere']);
  made.chat.receive({ type: 'ack', id: made.chat.outbox.items[1].id, room: 2, seq: 11 });
  made.clock.pass(12_000);
  assert.deepEqual(made.sends(), ['too early', 'elsewhere', 'too early'], 'by itself');

  made.chat.receive({ type: 'error', id, code: 'muted', message: 'Silenced.', retry_after_ms: 60_000 });
  assert.equal(made.chat.mayWriteAt(lobby), made.clock.now() + 60_000);
  made.chat.receive({ type: 'membership', change: 'changed', room: info(1, 'lobby') });
  assert.equal(lobby.silencedUntil, 0, 'may be over');
  const moderator = await account({ list: [info(1, 'lobby', { slow_s: 30, role: 'moderator' })] });
  moderator.chat.receive(message(11, { author: ME, at: moderator.clock.now() }));
  assert.equal(moderator.chat.mayWriteAt(moderator.room(1)), 0);
});
