/* Bans: every connection ends, nobody is let in until the ban is lifted or has ended, and what was said can be taken
 * out of sight and brought back. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call, crew, enter, post, refusedCall, signIn } from '../lib/accounts.mjs';
import { connect, guest, NotUpgraded, randomId, wholeHistory } from '../lib/client.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { within } from '../lib/wait.mjs';

const WITHIN_MS = 1000;
const server = await startServer({ t: { after }, settings: { ...UNLIMITED, history_on_join: 20 } });
const [owner, anna, ben, cleo, dora] = await crew(server, 'Anna', 'Ben', 'Cleo', 'Dora');
await call(server, owner, 'set_role', { user: anna.user.id, role: 'moderator' }); // of the place; Cleo will be of rooms
let made = 0;

/** A room of Cleo's with Ben and Dora in it. */
async function makeRoom(fields = {}) {
  const { room } = await call(server, cleo, 'create_room', { name: `room ${++made}`, ...fields });
  for (const who of [ben, dora]) await call(server, cleo, 'add_member', { room, user: who.user.id });
  return room;
}

const say = (room, who, body = 'hello', id = randomId()) => call(server, who, 'send', { id, room, body });

/** The connection ends within a second, as it says. */
async function endsAs(client, code, reason) {
  assert.deepEqual(await within(client.closed, `the end: ${reason}`, WITHIN_MS), { code, reason });
}

/** A ban ends one's sessions; once it is lifted one signs in again. */
async function backAgain(who, by = owner) {
  await call(server, by, 'unban', { user: who.user.id });
  who.cookie = (await signIn(server, who.user.name)).cookie;
}

const noUpgrade = (promise) =>
  promise.then(
    () => assert.fail('it was let in'),
    (error) => {
      assert.ok(error instanceof NotUpgraded, String(error));
      return [error.status, JSON.parse(error.text).error.code];
    },
  );

test('a ban ends every connection within a second, and lets nobody in until it is lifted', async (t) => {
  const room = await makeRoom();
  const { token } = await call(server, dora, 'create_token', { name: 'bot', scope: 'write' });
  const watcher = await enter(server, t, ben);
  const open = await Promise.all([enter(server, t, dora), enter(server, t, dora), connect(server, { t, token })]);
  await open[0].join(room);
  await open[2].join(room);
  await call(server, anna, 'ban', { user: dora.user.id, reason: 'spam' });
  await Promise.all(open.map((client) => endsAs(client, 1008, 'banned')));
  const told = await watcher.frame('member', { change: 'banned' });
  assert.deepEqual([told.user.name, told.user.banned, told.user.hidden], ['Dora', true, undefined]);

  assert.deepEqual(
    await noUpgrade(connect(server, { cookie: dora.cookie })),
    [401, 'unauthorized'],
    'its session is gone',
  );
  assert.deepEqual(await noUpgrade(connect(server, { token })), [403, 'banned']);
  for (const [who, status, code] of [
    [dora, 401, 'unauthorized'],
    [{ token }, 403, 'banned'],
  ]) {
    for (const [type, fields] of [
      ['send', { id: 'x', room, body: 'me' }],
      ['history', { room }],
      ['rooms', {}],
    ]) {
      const answer = await post(server, who, type, fields);
      assert.deepEqual([answer.status, answer.json().error.code], [status, code], type);
    }
  }
  const signingIn = await refusedCall(signIn(server, 'Dora'));
  assert.deepEqual([signingIn.status, signingIn.code], [403, 'banned']);
  const { bans } = await call(server, anna, 'bans');
  assert.deepEqual(
    bans.map(({ user, by, until_ms: until, reason, hide }) => [user.name, by.name, until, reason, hide]),
    [['Dora', 'Anna', 0, 'spam', false]],
  );
  const { room: another } = await call(server, cleo, 'create_room', { name: `room ${++made}` });
  const adding = call(server, cleo, 'add_member', { room: another, user: dora.user.id });
  assert.equal((await refusedCall(adding)).code, 'forbidden');
  const people = (await call(server, ben, 'people', {})).people.map(({ name }) => name);
  assert.ok(!people.includes('Dora'), 'the directory is of those who are here');
  assert.ok((await call(server, anna, 'people', {})).people.some(({ name, banned }) => name === 'Dora' && banned));

  await server.restart();
  assert.deepEqual(await noUpgrade(connect(server, { token })), [403, 'banned'], 'after a restart');
  await backAgain(dora, anna);
  const again = await enter(server, t, dora);
  assert.ok(
    again.welcome.rooms.some(({ id }) => id === room),
    'her rooms are hers still',
  );
  await connect(server, { t, token });
  await again.send(room, 'sorry');
});

test('a ban until some time ends with it', async (t) => {
  const until = Date.now() + 3_600_000;
  const client = await enter(server, t, ben);
  await call(server, anna, 'ban', { user: ben.user.id, until_ms: until });
  await endsAs(client, 1008, 'banned');
  assert.equal((await call(server, anna, 'bans')).bans[0].until_ms, until);
  assert.equal((await refusedCall(signIn(server, 'Ben'))).code, 'banned');
  const past = await refusedCall(call(server, anna, 'ban', { user: ben.user.id, until_ms: Date.now() - 1000 }));
  assert.equal(past.code, 'invalid');
  await server.stop();
  await server.sqlite(`UPDATE bans SET until = ${Date.now() - 1} WHERE user_id = ${ben.user.id}`);
  await server.restart();
  ben.cookie = (await signIn(server, 'Ben')).cookie;
  await (await enter(server, t, ben)).send('lobby', 'back');
  assert.equal((await call(server, anna, 'person', { user: 'Ben' })).person.banned, undefined);
  await call(server, anna, 'unban', { user: ben.user.id }); // out of the list as well
});

test('a ban that hides takes all that was said out of sight, and lifting it brings all of it back', async (t) => {
  const room = await makeRoom();
  const { room: direct } = await call(server, ben, 'open_direct', { users: [dora.user.id] });
  const word = 'camellia';
  const mine = [];
  for (let i = 0; i < 30; i++) {
    await say(room, ben, `line ${i}`);
    if (i % 2) mine.push((await say(room, dora, `${word} ${i}`)).seq);
  }
  await call(server, dora, 'delete', { room, seq: mine[0] });
  await say(direct, dora, word);
  const live = await enter(server, t, ben);
  const { last_seq: last } = await live.join(room, 0);
  const before = await wholeHistory(live, room);
  const [watcher, staff] = [await enter(server, t, ben), await enter(server, t, anna)];

  /** Every way of reading, each by a connection of its own. */
  const look = async () => {
    const read = [
      (client) => wholeHistory(client, room),
      async () => (await call(server, ben, 'history', { room, limit: 200, after: 0 })).events,
      async (client) => (await client.join(room, 0), (await client.sees(room, last)).events),
      async (client) => (await client.join(room), (await client.sees(room, last)).events),
    ];
    const seen = [];
    for (const one of read) {
      const client = await enter(server, t, ben);
      seen.push(await one(client));
      await client.close();
    }
    return seen;
  };
  const hidden = before.map((event) => (event.author?.name === 'Dora' ? { ...event, body: '', hidden: true } : event));

  await call(server, anna, 'ban', { user: dora.user.id, hide: true });
  const told = await watcher.frame('member', { change: 'banned' });
  assert.deepEqual([told.user.banned, told.user.hidden], [true, true]);
  const after_ = await look();
  for (const events of after_) {
    for (const event of events)
      if (event.author?.name === 'Dora') assert.deepEqual([event.body, event.hidden], ['', true]);
    assert.ok(!JSON.stringify(events).includes(word));
  }
  const comparable = (events) => events.map(({ deleted, ...event }) => event); // a deleted one may be either
  assert.deepEqual(comparable(after_[0]), comparable(hidden));
  assert.deepEqual(after_[2], after_[0]);
  assert.deepEqual(after_[3], after_[0].slice(-20), 'the last ones, on joining');
  assert.ok(!JSON.stringify(await wholeHistory(live, direct)).includes(word), 'in a direct conversation as well');
  assert.ok(!JSON.stringify((await staff.history(room, { limit: 200 })).events).includes(word), 'moderators neither');
  await server.restart();
  assert.deepEqual((await look())[3], after_[3], 'after a restart');

  const again = await enter(server, t, ben);
  await call(server, anna, 'ban', { user: dora.user.id, hide: false });
  await again.first(
    (frame) => frame.type === 'member' && frame.user.banned && !frame.user.hidden,
    'not hidden any more',
  );
  assert.deepEqual((await look())[0], before, 'the ban stays, the messages are back');
  await call(server, anna, 'ban', { user: dora.user.id, hide: true });
  await backAgain(dora, anna);
  await again.frame('member', { change: 'unbanned' });
  const back = await look();
  for (const events of back) assert.deepEqual(events, before.slice(-events.length));
});

test('a banned guest is out by every door, and does not become an account', async (t) => {
  const { user, cookie } = await guest(server, 'Gast');
  const client = await enter(server, t, { cookie });
  await client.join('lobby');
  await client.send('lobby', 'hello');
  await call(server, anna, 'ban', { user: user.id });
  await endsAs(client, 1008, 'banned');
  assert.deepEqual(await noUpgrade(connect(server, { cookie })), [403, 'banned']);
  const { code } = await call(server, owner, 'create_invite');
  for (const [name, fields] of [
    ['send', { id: 'x', room: 1, body: 'me' }],
    ['history', { room: 1 }],
    ['guest', { name: 'Another' }],
    ['sign_up', { name: 'Another', password: 'a password for tests', invite: code }],
  ]) {
    const answer = await post(server, { cookie }, name, fields);
    assert.deepEqual([answer.status, answer.json().error.code], [403, 'banned'], name);
  }
  await call(server, anna, 'unban', { user: user.id });
  await (await enter(server, t, { cookie })).send('lobby', 'again');

  const visitor = await connect(server, { t, name: 'Visitor' });
  await visitor.join('lobby');
  const { seq } = await visitor.send('lobby', 'just passing by');
  const { id } = (await visitor.sees(1, seq)).events.at(-1).author;
  await call(server, anna, 'ban', { user: id });
  await endsAs(visitor, 1008, 'banned');
});
