/* Somebody is removed from a closed room while messages to it are under way. Their last event is the removal, or an
 * earlier one where they were behind; never anything later, by no way of reading. The others see all of it, in
 * order and without a gap; and whoever is let in again goes on. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { call, crew, enter, refusedCall } from '../lib/accounts.mjs';
import { randomId, refusal, Refused, View, wholeHistory } from '../lib/client.mjs';
import { seeded } from '../lib/random.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { isDurable } from '../lib/shape.mjs';

const ROUNDS = 30;
const MOST_SENT = 25; // by each, in a round

const server = await startServer({ t: { after }, settings: { ...UNLIMITED, history_on_join: 10 } });
const [, anna, ben, cleo, dora] = await crew(server, 'Anna', 'Ben', 'Cleo', 'Dora');

/** Sends so many, a few at a time; gives those that were stored as `[id, seq]`, until one is refused. */
async function chatter(client, room, random, count) {
  const stored = [];
  for (let sent = 0; sent < count;) {
    const burst = Array.from({ length: random.between(1, 5) }, randomId);
    sent += burst.length;
    const answers = await Promise.all(burst.map((id) => client.send(room, `of ${id}`, { id }).catch((error) => error)));
    for (const [i, answer] of answers.entries()) {
      if (answer instanceof Refused) assert.equal(answer.code, 'not_found');
      else if (answer instanceof Error) throw answer;
      else stored.push([burst[i], answer.seq]);
    }
    if (answers.some((answer) => answer instanceof Refused)) break;
  }
  return stored;
}

/** Waits a few turns of the loop, so that what follows falls anywhere among what is under way. */
async function someTurns(random) {
  for (let turns = random.between(0, 60); turns > 0; turns--) await nextTurn();
}

/** What a client has been told of a room's events. */
const heard = (client, room) => client.frames.filter((frame) => isDurable(frame) && frame.room === room);

/** Nothing of the room can be read any more, neither from the start nor from what was seen last. */
async function isShutOut(t, who, room, last) {
  const client = await enter(server, t, who);
  assert.ok(!client.welcome.rooms.some(({ id }) => id === room));
  for (const refused of [
    client.join(room),
    client.join(room, last),
    client.history(room),
    client.history(room, { after: last }),
    client.history(room, { around: last }),
    client.request('typing', { room }),
    client.request('members', { room }),
  ])
    assert.equal((await refusal(refused)).code, 'not_found');
  assert.equal((await refusedCall(call(server, who, 'history', { room, after: last }))).code, 'not_found');
  assert.deepEqual(heard(client, room), []);
  await client.close();
}

for (const history of ['all', 'joined']) {
  test(`removed while messages are in flight, ${ROUNDS / 2} times; the history shows ${history}`, async (t) => {
    const random = seeded(t);
    const { room } = await call(server, anna, 'create_room', { name: `room ${history}`, kind: 'closed', history });
    for (const who of [ben, cleo]) await call(server, anna, 'add_member', { room, user: who.user.id });
    const senders = await Promise.all([anna, ben, cleo].map((who) => enter(server, t, who)));
    await Promise.all(senders.map((client) => client.join(room, 0)));
    const [witness] = senders;
    const views = new Map([[room, new View(room)]]);
    let last; // the newest event

    for (let round = 1; round <= ROUNDS / 2; round++) {
      const { seq: let_in } = await call(server, anna, 'add_member', { room, user: dora.user.id });
      // One device has the room open all the time, one opens it as things happen, one never does.
      const [live, late, idle] = await Promise.all([{ views }, {}, {}].map((more) => enter(server, t, dora, more)));
      const seenBefore = views.get(room).last;
      await live.join(room, seenBefore);
      if (history === 'joined') await live.frame('reset');
      await live.sees(room, let_in);

      const sending = Promise.all(
        [...senders, live].map((client) => chatter(client, room, random, random.between(5, MOST_SENT))),
      );
      await someTurns(random);
      const joining = late.join(room, random.pick([undefined, 0, let_in - 1])).catch((error) => error);
      await someTurns(random);
      // In the midst of others' messages; every other time in one packet with some, so that all is stored together.
      const burst = () => Array.from({ length: round % 2 ? 5 : 0 }, (_, i) => witness.send(room, `with it ${i}`));
      const before = burst();
      const removing = witness.request('remove_member', { room, user: dora.user.id });
      await Promise.all([...before, ...burst()]);
      const { seq: removal } = await removing;
      const stored = await sending;
      const opened = await joining;
      if (opened instanceof Error) assert.equal(opened.code, 'not_found');
      const { seq: end } = await witness.send(room, 'behind all of it');
      last = end;
      assert.ok(
        stored[3].every(([, seq]) => seq < removal),
        'something of hers was stored after she had been removed',
      );

      for (const client of [live, late, idle]) {
        await client.frame('membership', { change: 'left' });
        await client.request('ping'); // behind whatever could have come
        client.check();
        const seqs = heard(client, room).map((event) => event.seq);
        assert.ok(Math.max(0, ...seqs) <= removal, `round ${round}: she saw ${Math.max(...seqs)} after ${removal}`);
        if (history === 'joined')
          assert.ok(Math.min(Infinity, ...seqs) > let_in, `round ${round}: from before she came`);
      }
      assert.deepEqual(heard(idle, room), []);
      const { type, user } = views.get(room).events.at(-1);
      assert.deepEqual([views.get(room).last, type, user.name], [removal, 'removed', 'Dora'], `round ${round}`);
      await isShutOut(t, dora, room, removal);
      if (stored[3].length > 0) {
        // an answer that was lost can still be had
        const [id, seq] = stored[3].at(-1);
        const again = await live.send(room, `of ${id}`, { id });
        assert.deepEqual([again.seq, again.duplicate], [seq, true]);
      }
      await Promise.all([live, late, idle].map((client) => client.close()));
    }

    const events = await wholeHistory(witness, room);
    for (const client of senders) {
      // of whom each came in with an event of the first three
      const view = await client.sees(room, last);
      assert.ok(view.events.length >= last - 3);
      assert.deepEqual(view.events, events.slice(-view.events.length));
    }
    const { seq } = await call(server, anna, 'add_member', { room, user: dora.user.id });
    const back = await enter(server, t, dora, { views });
    await back.resume();
    if (history === 'all') {
      assert.deepEqual(
        (await back.sees(room, seq)).events,
        await wholeHistory(witness, room),
        'she has missed nothing',
      );
      assert.equal(back.views.get(room).resets, 0);
    } else {
      await back.frame('reset');
      assert.deepEqual(await wholeHistory(back, room), []);
    }
    const { seq: next } = await witness.send(room, 'here you are');
    assert.equal((await back.sees(room, next)).events.at(-1).body, 'here you are');
  });
}

test('whoever leaves by themselves is gone in the same way, and others are not touched', async (t) => {
  const { room } = await call(server, anna, 'create_room', { name: 'left', kind: 'closed' });
  await call(server, anna, 'add_member', { room, user: ben.user.id });
  const [one, two, stays] = [await enter(server, t, ben), await enter(server, t, ben), await enter(server, t, anna)];
  await Promise.all([one, two, stays].map((client) => client.join(room, 0)));
  const leaving = one.request('remove_member', { room });
  const sending = Promise.all(Array.from({ length: 50 }, (_, i) => stays.send(room, `line ${i}`)));
  const { seq: removal } = await leaving;
  const end = (await sending).at(-1).seq;
  await stays.sees(room, end);
  for (const client of [one, two]) {
    await client.frame('membership', { change: 'left' });
    await client.request('ping');
    assert.equal(client.views.get(room).last, removal);
  }
  await isShutOut(t, ben, room, removal);
});

test('whoever leaves an open room reads on, and has it open still', async (t) => {
  const { room } = await call(server, anna, 'create_room', { name: 'open' });
  const client = await enter(server, t, ben);
  await client.request('add_member', { room });
  await client.join(room);
  await call(server, anna, 'remove_member', { room, user: ben.user.id });
  await client.frame('membership', { change: 'left' });
  const { seq } = await call(server, anna, 'send', { id: randomId(), room, body: 'still here?' });
  await client.sees(room, seq);
  assert.equal((await refusal(client.send(room, 'yes'))).code, 'not_a_member');
});
