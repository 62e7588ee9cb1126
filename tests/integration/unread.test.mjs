/* What is unread is what a person can read: without what was deleted, hidden with a ban, or said by people they have blocked. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call, crew, enter, signUp } from '../lib/accounts.mjs';
import { randomId } from '../lib/client.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { times } from '../lib/wait.mjs';

const server = await startServer({ t: { after }, settings: UNLIMITED });
const [owner, anna, cleo] = await crew(server, 'Anna', 'Cleo');
let made = 0;

/** A room that all are in, with a new Ben, who may be banned; what Anna is told about it while she does not have it open. */
async function scene(t) {
  const ben = await signUp(server, `ben.${made}`, { owner });
  const { room } = await call(server, owner, 'create_room', { name: `room ${++made}` });
  for (const who of [anna, ben, cleo]) await call(server, owner, 'add_member', { room, user: who.user.id });
  const client = await enter(server, t, anna);
  return { room, client, ben };
}

const say = (room, who, body = 'hello') => call(server, who, 'send', { id: randomId(), room, body });
const remove = (room, who, { seq }) => call(server, who, 'delete', { room, seq });

/** Waits until Anna's counts are these, as they are told to her and to whoever connects. */
async function counts(t, { room, client }, unread, mentions, type = 'activity') {
  await client.frame(type, { room, unread, mentions });
  const { rooms } = (await enter(server, t, anna)).welcome;
  const { unread: u, mentions: m } = rooms.find(({ id }) => id === room);
  assert.deepEqual([u, m], [unread, mentions]);
}

test('what is deleted is not unread and mentions nobody', async (t) => {
  const at = await scene(t);
  const mention = await say(at.room, at.ben, 'hello @anna');
  const all = await say(at.room, at.ben, 'hello @room and @anna');
  const plain = await say(at.room, cleo);
  await counts(t, at, 3, 2);
  await remove(at.room, at.ben, mention);
  await counts(t, at, 2, 1);
  await remove(at.room, cleo, plain);
  await remove(at.room, at.ben, all);
  await counts(t, at, 0, 0);
});

test('what was read before it was deleted changes nothing', async (t) => {
  const at = await scene(t);
  const first = await say(at.room, at.ben, '@anna');
  const second = await say(at.room, at.ben, '@anna');
  await counts(t, at, 2, 2);
  await call(server, anna, 'read', { room: at.room, seq: first.seq });
  await counts(t, at, 1, 1, 'read');
  await remove(at.room, at.ben, first);
  await say(at.room, cleo);
  await counts(t, at, 2, 1);
  await call(server, anna, 'mark_unread', { room: at.room, seq: first.seq });
  await at.client.frame('read', { room: at.room, seq: first.seq - 1, unread: 2, mentions: 1 });
  assert.ok(second.seq > first.seq);
});

test('what a ban hides counts again when the ban is lifted', async (t) => {
  const at = await scene(t);
  await say(at.room, at.ben, 'buy! @room');
  const deleted = await say(at.room, at.ben, 'buy! @anna');
  await say(at.room, cleo, '@anna look');
  await remove(at.room, at.ben, deleted);
  await counts(t, at, 2, 2);
  await call(server, owner, 'ban', { user: at.ben.user.id, hide: true });
  await counts(t, at, 1, 1);
  const since = at.client.frames.length;
  await call(server, owner, 'unban', { user: at.ben.user.id });
  await at.client.frame('activity', { room: at.room, unread: 2, mentions: 2 }, { since });
  await counts(t, at, 2, 2);
});

test('what people say whom one has blocked does not count', async (t) => {
  const at = await scene(t);
  await say(at.room, cleo, 'hey @anna');
  await say(at.room, owner, 'hey @room');
  await counts(t, at, 2, 2);
  await call(server, anna, 'block', { user: cleo.user.id });
  await counts(t, at, 1, 1, 'read');
  await say(at.room, cleo, 'hey @room');
  const gone = await say(at.room, cleo, 'hey');
  await remove(at.room, cleo, gone);
  await say(at.room, owner, 'again');
  await counts(t, at, 2, 1);
  await call(server, anna, 'unblock', { user: cleo.user.id });
  await counts(t, at, 4, 3, 'read');
});

test('a program that sends by token reads nothing for its owner', async (t) => {
  const at = await scene(t);
  const { token } = await call(server, anna, 'create_token', { name: 'bot', scope: 'write' });
  await say(at.room, at.ben);
  await counts(t, at, 1, 0);
  const { seq } = await say(at.room, { token }, 'beep for @room');
  await counts(t, at, 1, 0);
  await call(server, anna, 'read', { room: at.room, seq: seq - 1 });
  await say(at.room, { token }, 'beep');
  const position = async () => {
    const { read_seq, unread, mentions } = (await enter(server, t, anna)).welcome.rooms.find(
      ({ id }) => id === at.room,
    );
    return [read_seq, unread, mentions];
  };
  assert.deepEqual(await position(), [seq - 1, 0, 0]);
  const { seq: own } = await say(at.room, anna, 'myself');
  assert.deepEqual(await position(), [own, 0, 0]);
});

test('all of it is the same after a restart', async (t) => {
  const { room, ben: hidden } = await scene(t);
  const blocked = cleo;
  const gone = await say(room, owner, '@anna');
  for (const who of [hidden, blocked, owner]) await times(20, () => say(room, who, '@anna'));
  await remove(room, owner, gone);
  await call(server, anna, 'block', { user: blocked.user.id });
  await call(server, owner, 'ban', { user: hidden.user.id, hide: true });
  const seen = async () => {
    const { rooms } = (await enter(server, t, anna)).welcome;
    return rooms.map(({ id, unread, mentions }) => [id, unread, mentions]);
  };
  const before = await seen();
  assert.deepEqual(
    before.find(([id]) => id === room),
    [room, 20, 20],
  );
  await server.restart();
  assert.deepEqual(await seen(), before);
  await call(server, owner, 'unban', { user: hidden.user.id });
  await call(server, anna, 'unblock', { user: blocked.user.id });
  assert.deepEqual(
    (await seen()).find(([id]) => id === room),
    [room, 60, 60],
  );
});
