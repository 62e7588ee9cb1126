/* What moderators can do, and what is left of it: silencing, slowing down, deleting, banning, reports, and the audit that
 * tells who did what to whom, when and from where. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, crew, enter, post, refusedCall, signIn } from '../lib/accounts.mjs';
import { connect, guest, NotUpgraded, randomId, refusal, View, wholeHistory } from '../lib/client.mjs';
import { PERMISSIONS } from '../lib/documented.mjs';
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
const bodyOf = (events, seq) => events.find((event) => event.seq === seq);

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

/* ------------------------------------------------------------------ silence and pace */

test('a muted member reads but does not write, in that room, until it ends by itself or by a moderator', async (t) => {
  const [room, other] = [await makeRoom(), await makeRoom()];
  const client = await enter(server, t, ben);
  await client.join(room);
  const mute = (until) => call(server, cleo, 'mute', { room, user: ben.user.id, until_ms: until });
  const until = Date.now() + 3_600_000;
  await mute(until);
  await client.frame('membership', { change: 'changed' });
  const no = await refusal(client.send(room, 'mmh'));
  assert.equal(no.code, 'muted');
  assert.ok(no.retry_after_ms > 3_500_000 && no.retry_after_ms <= 3_600_000, String(no.retry_after_ms));
  await client.send(other, 'elsewhere I may');
  const { seq } = await say(room, dora);
  await client.sees(room, seq);
  const { members } = await call(server, dora, 'members', { room });
  assert.deepEqual(members.map((member) => [member.name, member.muted_until]), [
    ['Ben', until],
    ['Cleo', undefined],
    ['Dora', undefined],
  ]);
  await client.request('remove_member', { room });
  await client.request('add_member', { room });
  assert.equal((await refusal(client.send(room, 'by the other door'))).code, 'muted', 'leaving is no way out');
  await mute(0);
  await client.send(room, 'ah');

  await mute(Date.now() + 400);
  const { code, retry_after_ms: wait } = await refusal(client.send(room, 'mmh'));
  assert.equal(code, 'muted');
  await sleep(wait);
  await client.send(room, 'the time that was told is the time');
  await call(server, cleo, 'set_room_role', { room, user: ben.user.id, role: 'moderator' });
  await mute(until);
  assert.equal((await refusal(client.send(room, 'mmh'))).code, 'muted', 'a moderator as well');
});

test('in slow mode each member waits as long as they are told, and no longer', async (t) => {
  const room = await makeRoom();
  await call(server, cleo, 'edit_room', { room, slow_s: 1 });
  const [client, other, visitor] = [await enter(server, t, ben), await enter(server, t, dora), await connect(server, { t })];
  const keepPace = async (one) => {
    const times_ = [(await one.send(room, 'first')).at];
    for (let i = 0; i < 2; i++) {
      const no = await refusal(one.send(room, 'at once'));
      assert.equal(no.code, 'rate_limited');
      assert.ok(no.retry_after_ms > 0 && no.retry_after_ms <= 1000, String(no.retry_after_ms));
      await sleep(no.retry_after_ms);
      times_.push((await one.send(room, 'in time')).at);
    }
    for (let i = 1; i < times_.length; i++) assert.ok(times_[i] - times_[i - 1] >= 1000);
  };
  await Promise.all([client, visitor].map(keepPace));
  await other.send(room, 'each has a time of their own');
  for (let i = 0; i < 3; i++) await say(room, cleo, 'moderators have all the time');
  await call(server, cleo, 'edit_room', { room, slow_s: 3600 });
  for (let i = 0; i < 50; i++) await say(room, cleo, `line ${i}`);
  const id = randomId();
  assert.equal((await refusal(other.send(room, 'still', { id }))).code, 'rate_limited');
  await call(server, cleo, 'edit_room', { room, slow_s: 0 });
  await other.send(room, 'still', { id });
  await call(server, cleo, 'edit_room', { room, slow_s: 3600 });
  assert.equal((await other.send(room, 'still', { id })).duplicate, true, 'what was stored is not too early');
});

/* ------------------------------------------------------------------ deleting */

test('the text of a deleted message comes to nobody any more, by no way of reading', async (t) => {
  const room = await makeRoom();
  const word = 'wisteria';
  const [live, author] = [await enter(server, t, dora), await enter(server, t, ben)];
  await Promise.all([live.join(room), author.join(room)]);
  const id = randomId();
  const { seq: gone } = await author.send(room, `${word} 1`, { id });
  const { seq: own } = await author.send(room, `${word} 2`);
  await live.sees(room, own);
  await call(server, dora, 'report', { room, seq: gone, reason: 'rude' });
  await live.join(room, gone - 1); // the ring holds it
  const { seq: deleted } = await call(server, cleo, 'delete', { room, seq: gone });
  await author.request('delete', { room, seq: own });
  const { actor, target } = (await live.sees(room, deleted + 1)).events.find((event) => event.seq === deleted);
  assert.deepEqual([actor.name, target], ['Cleo', gone]);
  assert.deepEqual((await author.send(room, `${word} 1`, { id })).seq, gone, 'sent again it stays what it is');
  assert.equal((await call(server, cleo, 'delete', { room, seq: gone })).duplicate, true);

  const looks = async (why) => {
    const ways = [
      ['history', async (client) => (await client.history(room, { limit: 200 })).events],
      ['around', async (client) => (await client.history(room, { around: gone })).events],
      ['HTTP', async () => (await call(server, dora, 'history', { room, limit: 200 })).events],
      ['join', async (client) => (await client.join(room), (await client.sees(room, deleted + 1)).events)],
      ['resume', async (client) => (await client.join(room, gone - 1), (await client.sees(room, deleted + 1)).events)],
    ];
    for (const [way, read] of ways) {
      const client = await enter(server, t, dora);
      const events = await read(client);
      for (const seq of [gone, own]) {
        const event = bodyOf(events, seq);
        if (way === 'join' && !event) continue; // further back than what is sent on joining
        const { body, deleted: flag, author: by } = event;
        assert.deepEqual([body, flag, by.name], ['', true, 'Ben'], `${way}, ${why}`);
      }
      assert.ok(!JSON.stringify(client.frames).includes(word), `${way}, ${why}`);
      await client.close();
    }
  };
  await looks('from the ring');
  for (let i = 0; i < 25; i++) await say(room, dora, `line ${i}`);
  await looks('from the disk');
  const { reports } = await call(server, cleo, 'reports');
  assert.equal(reports.find((report) => report.seq === gone).body, '');
  const rows = await server.sqlite(`SELECT text FROM history WHERE number IN (${gone}, ${own}) AND room = 'room ${made}'`);
  assert.deepEqual(rows.map(({ text }) => text), ['(deleted)', '(deleted)']);
  await server.restart();
  await looks('after a restart');
  const kept = await server.sqlite(`SELECT count(*) AS n FROM messages WHERE body LIKE '%${word}%'`);
  assert.equal(kept[0].n, 0);
});

test('who may delete what', async () => {
  const room = await makeRoom();
  const of = async (who) => (await say(room, who)).seq;
  const refused = async (who, seq) => (await refusedCall(call(server, who, 'delete', { room, seq }))).code;
  assert.equal(await refused(ben, await of(dora)), 'forbidden');
  assert.equal(await refused(ben, (await call(server, cleo, 'edit_room', { room, topic: 'x' })).seq), 'not_found');
  assert.equal(await refused(ben, 999), 'not_found');
  await call(server, cleo, 'delete', { room, seq: await of(dora) });
  await call(server, anna, 'delete', { room, seq: await of(cleo) });
  const seq = await of(ben);
  await call(server, cleo, 'archive_room', { room, archived: true });
  assert.equal(await refused(ben, seq), 'archived');
  await call(server, cleo, 'delete', { room, seq });
});

/* ------------------------------------------------------------------ bans */

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

  assert.deepEqual(await noUpgrade(connect(server, { cookie: dora.cookie })), [401, 'unauthorized'], 'its session is gone');
  assert.deepEqual(await noUpgrade(connect(server, { token })), [403, 'banned']);
  for (const [who, status, code] of [
    [dora, 401, 'unauthorized'],
    [{ token }, 403, 'banned'],
  ]) {
    for (const [type, fields] of [['send', { id: 'x', room, body: 'me' }], ['history', { room }], ['rooms', {}]]) {
      const answer = await post(server, who, type, fields);
      assert.deepEqual([answer.status, answer.json().error.code], [status, code], type);
    }
  }
  const signingIn = await refusedCall(signIn(server, 'Dora'));
  assert.deepEqual([signingIn.status, signingIn.code], [403, 'banned']);
  const { bans } = await call(server, anna, 'bans');
  assert.deepEqual(bans.map(({ user, by, until_ms: until, reason, hide }) => [user.name, by.name, until, reason, hide]), [
    ['Dora', 'Anna', 0, 'spam', false],
  ]);
  const add = call(server, cleo, 'add_member', { room: await makeRoomWithout(dora), user: dora.user.id });
  assert.equal((await refusedCall(add)).code, 'forbidden');
  const people = (await call(server, ben, 'people', {})).people.map(({ name }) => name);
  assert.ok(!people.includes('Dora'), 'the directory is of those who are here');
  assert.ok((await call(server, anna, 'people', {})).people.some(({ name, banned }) => name === 'Dora' && banned));

  await server.restart();
  assert.deepEqual(await noUpgrade(connect(server, { token })), [403, 'banned'], 'after a restart');
  await backAgain(dora, anna);
  const again = await enter(server, t, dora);
  assert.ok(again.welcome.rooms.some(({ id }) => id === room), 'her rooms are hers still');
  await connect(server, { t, token });
  await again.send(room, 'sorry');
});

async function makeRoomWithout() {
  return (await call(server, cleo, 'create_room', { name: `room ${++made}` })).room;
}

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
    for (const event of events) if (event.author?.name === 'Dora') assert.deepEqual([event.body, event.hidden], ['', true]);
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
  await again.first((frame) => frame.type === 'member' && frame.user.banned && !frame.user.hidden, 'not hidden any more');
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

/* ------------------------------------------------------------------ reports */

test('a report comes to the moderators, who handle it once', async (t) => {
  const room = await makeRoom({ kind: 'closed' });
  const [staff, member] = [await enter(server, t, anna), await enter(server, t, ben)];
  const waiting = (await call(server, anna, 'reports')).reports.length;
  const { seq } = await say(room, dora, 'something rude');
  const { report } = await call(server, ben, 'report', { room, seq, reason: 'rude' });
  assert.equal((await staff.frame('reports_waiting', {})).waiting, waiting + 1);
  assert.equal((await call(server, ben, 'report', { room, seq, reason: 'again' })).duplicate, true);
  await call(server, cleo, 'report', { room, seq });
  await staff.frame('reports_waiting', { waiting: waiting + 2 });
  await member.request('ping');
  assert.ok(!member.frames.some((frame) => frame.type === 'reports_waiting'));

  const { reports } = await call(server, anna, 'reports'); // who is no member of the room
  const { room: where, room_name: name, author, body, by, reason, at } = reports.find(({ id }) => id === report);
  const wanted = [room, `room ${made}`, 'Dora', 'something rude', 'Ben', 'rude'];
  assert.deepEqual([where, name, author.name, body, by.name, reason], wanted);
  assert.ok(Math.abs(at - Date.now()) < 60_000);
  const { room: foreign } = await call(server, owner, 'create_room', { name: `room ${++made}` });
  await call(server, ben, 'report', { room: foreign, seq: (await say(foreign, owner)).seq });
  const hers = (await call(server, cleo, 'reports')).reports.map(({ room: of }) => of);
  assert.deepEqual(hers.filter((of) => of === room), [room, room]);
  assert.ok(!hers.includes(foreign), 'those of her rooms only');
  assert.equal((await refusedCall(call(server, dora, 'reports'))).code, 'forbidden', 'who moderates none');

  const since = staff.frames.length;
  await call(server, cleo, 'handle_report', { report, outcome: 'spoke with Dora' });
  await staff.frame('reports_waiting', { waiting: waiting + 2 }, { since });
  assert.equal((await call(server, anna, 'handle_report', { report, outcome: 'me too' })).duplicate, true);
  const { reports: handled } = await call(server, anna, 'reports', { handled: true });
  const { handled_by: hand, outcome, handled_at: then } = handled.find(({ id }) => id === report);
  assert.deepEqual([hand.name, outcome], ['Cleo', 'spoke with Dora']);
  assert.ok(then >= at);
  assert.equal((await refusedCall(call(server, anna, 'handle_report', { report: 9999 }))).code, 'not_found');
  assert.equal((await refusedCall(call(server, ben, 'report', { room, seq: seq + 100 }))).code, 'not_found');
});

/* ------------------------------------------------------------------ the audit */

test('the audit has each audited verb: who, whom, where, from where', async (t) => {
  const { room } = await call(server, owner, 'create_room', { name: 'audited', kind: 'closed' });
  const [boss, target] = [await enter(server, t, owner), ben.user.id];
  const by = (type, fields) => boss.request(type, fields);
  const wanted = []; // [verb, whom, where, seq]
  const audited = async (type, fields, { user, room: where = fields?.room, seq } = {}) => {
    const ack = await by(type, fields);
    wanted.push([type, user, where, seq === true ? ack.seq : seq]);
    return ack;
  };
  const inRoom = { room, user: target };
  await audited('add_member', inRoom, { user: target, seq: true });
  await audited('set_room_role', { ...inRoom, role: 'moderator' }, { user: target });
  await audited('set_room_role', { ...inRoom, role: 'member' }, { user: target });
  await audited('mute', { ...inRoom, until_ms: Date.now() + 60_000 }, { user: target });
  await audited('mute', { ...inRoom, until_ms: 0 }, { user: target });
  const { seq } = await say(room, ben, 'to be deleted');
  await call(server, owner, 'report', { room, seq });
  const { report } = await call(server, ben, 'report', { room, seq });
  await audited('handle_report', { report }, { room });
  await audited('delete', { room, seq }, { user: target, seq });
  await audited('rename_room', { room, name: 'audited too' }, { seq: true });
  await audited('edit_room', { room, topic: 'written down' }, { seq: true });
  await audited('archive_room', { room, archived: true }, { seq: true });
  await audited('archive_room', { room, archived: false }, { seq: true });
  await audited('remove_member', inRoom, { user: target, seq: true });
  await call(server, dora, 'request_join', { room });
  await audited('answer_request', { room, user: dora.user.id, accept: true }, { user: dora.user.id, seq: true });
  await audited('set_role', { user: target, role: 'moderator' }, { user: target });
  await audited('set_role', { user: target, role: 'member' }, { user: target });
  await audited('ban', { user: target, reason: 'for the record' }, { user: target });
  await audited('unban', { user: target }, { user: target });
  ben.cookie = (await signIn(server, 'Ben')).cookie;
  const { invite } = await audited('create_invite', {});
  await audited('revoke_invite', { invite });
  const self = owner.user.id;
  const { token_id: token } = await audited('create_token', { name: 'bot', scope: 'read' }, { user: self });
  await audited('revoke_token', { token }, { user: self });
  await signIn(server);
  const { sessions } = await by('sessions');
  await audited('end_session', { session: sessions.find(({ current }) => !current).id }, { user: self });
  await audited('end_other_sessions', {}, { user: self });
  await audited('create_reset', { user: target }, { user: target });
  await audited('set_place', { name: 'Hubbub' });
  const { room: another } = await by('create_room', { name: 'audited last' });
  wanted.push(['create_room', undefined, another, undefined]);

  const { audit } = await call(server, owner, 'audit', { actor: owner.user.id, limit: 200 });
  const entries = audit.reverse().slice(-wanted.length);
  assert.deepEqual(
    entries.map(({ verb, user, room: where, seq: what }) => [verb, user?.id, where, what]),
    wanted,
  );
  const names = { [target]: 'Ben', [dora.user.id]: 'Dora', [self]: 'owner' };
  for (const { by: who, at, address, detail, user } of entries) {
    assert.deepEqual([who.id, who.name, address], [owner.user.id, 'owner', '127.0.0.1']);
    assert.ok(Math.abs(at - Date.now()) < 60_000);
    assert.equal(typeof detail, 'object');
    if (user) assert.equal(user.name, names[user.id]);
  }
  const detailOf = (verb) => entries.find((entry) => entry.verb === verb).detail;
  assert.equal(detailOf('ban').reason, 'for the record');
  assert.deepEqual(detailOf('set_role'), { from: 'member', to: 'moderator' });
  assert.equal(detailOf('rename_room').name, 'audited too');
  assert.equal(detailOf('edit_room').topic, 'written down');
  const missing = [...PERMISSIONS].filter(([verb, row]) => row.audited && !wanted.some(([done]) => done === verb));
  assert.deepEqual(missing.map(([verb]) => verb), [], 'this test has left none out');

  const rows = (await server.sqlite('SELECT * FROM audit_log')).slice(-wanted.length);
  assert.deepEqual(
    rows.map((row) => [row.who, row.did, row.to_whom, row.message, row.address]),
    wanted.map(([verb, user, , what]) => ['owner', verb, names[user] ?? '', what ?? null, '127.0.0.1']),
  );
  const ban = rows.find((row) => row.did === 'ban');
  assert.match(ban.time, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  assert.match(ban.detail, /for the record/);
  assert.equal(rows[0].room, 'audited too');
});

test('the audit is asked by actor, user, room, verb, and page by page', async () => {
  const ask = async (fields) => (await call(server, owner, 'audit', { limit: 200, ...fields })).audit;
  const all = await ask({});
  assert.ok(all.length > 40);
  assert.deepEqual(all.map(({ id }) => id), all.map(({ id }) => id).sort((a, b) => b - a), 'newest first');
  const { id: room } = { id: all.find((entry) => entry.verb === 'rename_room').room };
  for (const [fields, has] of [
    [{ verb: 'ban' }, (entry) => entry.verb === 'ban'],
    [{ actor: anna.user.id }, (entry) => entry.by.id === anna.user.id],
    [{ user: 'Dora' }, (entry) => entry.user?.id === dora.user.id],
    [{ room }, (entry) => entry.room === room],
    [{ verb: 'ban', actor: anna.user.id, user: ben.user.id }, (e) => e.verb === 'ban' && e.by.id === anna.user.id && e.user.id === ben.user.id],
    [{ verb: 'ban', room }, () => false],
    [{ user: 'nobody' }, () => false],
  ])
    assert.deepEqual(await ask(fields), all.filter(has), JSON.stringify(fields));
  const pages = [];
  for (let more = true, before; more;) {
    const page = await call(server, owner, 'audit', { limit: 7, ...(before && { before }) });
    pages.push(...page.audit);
    ({ more } = page);
    before = page.audit.at(-1).id;
  }
  assert.deepEqual(pages.slice(0, all.length), all);
  assert.equal((await refusedCall(call(server, anna, 'audit'))).code, 'forbidden', 'it is for admins');
});

test('what takes no power is not written down: to join, to leave, to delete what is one\'s own', async (t) => {
  const newest = async () => (await call(server, owner, 'audit', { limit: 1 })).audit[0].id;
  const { room } = await call(server, cleo, 'create_room', { name: `room ${++made}` });
  const before = await newest();
  const views = new Map([[room, new View(room)]]);
  const client = await enter(server, t, dora, { views });
  await client.request('add_member', { room });
  await client.request('delete', { room, seq: (await client.send(room, 'oops')).seq });
  await client.request('remove_member', { room });
  assert.equal(await newest(), before);
});
