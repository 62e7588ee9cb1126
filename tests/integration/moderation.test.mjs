/* What moderators can do in a room, and what is left of it: silencing, slowing down, deleting, reports. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, crew, enter, refusedCall } from '../lib/accounts.mjs';
import { connect, randomId, refusal } from '../lib/client.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';

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
  assert.deepEqual(
    members.map((member) => [member.name, member.muted_until]),
    [
      ['Ben', until],
      ['Cleo', undefined],
      ['Dora', undefined],
    ],
  );
  await client.request('remove_member', { room });
  await client.request('add_member', { room });
  assert.equal((await refusal(client.send(room, 'by the other door'))).code, 'muted', 'leaving is no way out');
  await mute(0);
  await client.send(room, 'ah');

  await mute(Date.now() + 1000);
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
  await call(server, cleo, 'edit_room', { room, slow_s: 2 });
  const [client, other, visitor] = [
    await enter(server, t, ben),
    await enter(server, t, dora),
    await connect(server, { t }),
  ];
  const keepPace = async (one) => {
    const { at: first } = await one.send(room, 'first');
    const no = await refusal(one.send(room, 'at once'));
    assert.equal(no.code, 'rate_limited');
    assert.ok(no.retry_after_ms > 0 && no.retry_after_ms <= 2000, String(no.retry_after_ms));
    await sleep(no.retry_after_ms);
    const { at: second } = await one.send(room, 'in time');
    assert.ok(second - first >= 2000);
  };
  await Promise.all([client, visitor].map(keepPace));
  await other.send(room, 'each has a time of their own');
  for (let i = 0; i < 3; i++) await say(room, cleo, 'moderators have all the time');
  await call(server, cleo, 'edit_room', { room, slow_s: 3600 });
  for (let i = 0; i < 250; i++) await say(room, cleo, `line ${i}`);
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
  const rows = await server.sqlite(
    `SELECT text FROM history WHERE number IN (${gone}, ${own}) AND room = 'room ${made}'`,
  );
  assert.deepEqual(
    rows.map(({ text }) => text),
    ['(deleted)', '(deleted)'],
  );
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
  assert.deepEqual(
    hers.filter((of) => of === room),
    [room, room],
  );
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

test('moderators of a room hear how many reports of it wait, also when they come in or become one', async (t) => {
  const room = await makeRoom({ kind: 'closed' }); // Cleo's
  const elsewhere = await makeRoom({ kind: 'closed' });
  const before = (await enter(server, t, cleo)).welcome.reports_waiting ?? 0;
  const [moderator, member, staff] = [
    await enter(server, t, cleo),
    await enter(server, t, ben),
    await enter(server, t, anna),
  ];
  const told = async (client, since = 0) => {
    await client.request('ping');
    return client.frames.slice(since).filter(({ type }) => type === 'reports_waiting');
  };
  const { report } = await call(server, dora, 'report', { room, seq: (await say(room, dora)).seq });
  await moderator.frame('reports_waiting', { waiting: before + 1 });
  assert.equal((await enter(server, t, cleo)).welcome.reports_waiting, before + 1);
  const all = (await enter(server, t, anna)).welcome.reports_waiting;
  const { reports } = await call(server, anna, 'reports', { limit: 200 });
  assert.equal(all, reports.length, 'moderators of the place: all');
  assert.equal((await enter(server, t, ben)).welcome.reports_waiting, undefined);
  assert.deepEqual(await told(member), []);

  const since = staff.frames.length;
  await call(server, cleo, 'set_room_role', { room, user: ben.user.id, role: 'moderator' });
  await member.frame('reports_waiting', { waiting: 1 });
  await call(server, dora, 'report', { room: elsewhere, seq: (await say(elsewhere, dora)).seq });
  await moderator.frame('reports_waiting', { waiting: before + 2 });
  await staff.frame('reports_waiting', { waiting: all + 1 }, { since });
  assert.equal((await told(member)).length, 1, 'not his room');
  await call(server, ben, 'handle_report', { report, outcome: 'nothing' });
  await member.frame('reports_waiting', { waiting: 0 });
  await staff.frame('reports_waiting', { waiting: all }, { since });
});
