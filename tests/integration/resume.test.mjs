/* Coming back: wherever a connection breaks, its client ends up with the same events in the same order, once each.
 * The client of tests/lib checks each event's number as it comes; these tests compare what was seen with somebody who
 * never left. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect, guest, isPassing, randomId, reconnect, View, wholeHistory } from '../lib/client.mjs';
import { seeded } from '../lib/random.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { times, within } from '../lib/wait.mjs';

const EVENTS = 1000;
const newViews = () => new Map([[1, new View(1)]]);

/** Sends messages in bursts of random size, and lets others have their turn in between. */
async function chatter(client, random, total) {
  for (let sent = 0; sent < total;) {
    const burst = Math.min(random.between(1, 12), total - sent);
    const bodies = Array.from({ length: burst }, (_, i) => `message ${sent + i} ${'x'.repeat(random.between(0, 300))}`);
    await Promise.all(bodies.map((body) => client.send('lobby', body)));
    sent += burst;
    await nextTurn();
  }
}

/**
 * One connection that resumes and breaks when it has `count` more events: in the middle of whatever else their
 * packet holds.
 */
async function takeSome(server, t, views, count) {
  const wanted = views.get(1).last + count;
  const client = await connect(server, { t, views, onEvent: (event, self) => event.seq === wanted && self.drop() });
  client.join(1, views.get(1).last);
  await within(client.closed, `event ${wanted}`);
  client.check();
}

/** One connection that resumes and breaks a few turns of the loop later: before, during or after the replay. */
async function breakSoon(server, t, views, turns) {
  const client = await connect(server, { t, views });
  client.join(1, views.get(1).last);
  for (; turns > 0; turns--) await nextTurn();
  client.drop();
  await client.closed;
}

/** [history_on_join, most events per connection, why] */
const manners = [
  [200, 1, 'after each event'],
  [200, 40, 'at random'],
  [10, 40, 'at random, with a short ring, so that most replays come from the disk'],
];

for (const [ring, most, why] of manners) {
  test(`a thousand events, the connection broken ${why}: the same as the witness saw`, async (t) => {
    const random = seeded(t);
    const server = await startServer({ t, settings: { ...UNLIMITED, history_on_join: ring } });
    const [witness, sender] = await Promise.all([connect(server, { t }), connect(server, { t })]);
    await witness.join('lobby', 0);
    const views = newViews();
    const view = views.get(1);
    const sending = chatter(sender, random, EVENTS);
    while (view.last < EVENTS) {
      if (random.between(1, 10) === 1) await breakSoon(server, t, views, random.between(0, 20));
      else await takeSome(server, t, views, Math.min(random.between(1, most), EVENTS - view.last));
    }
    await sending;
    assert.deepEqual(view.events, (await witness.sees(1, EVENTS)).events);
    assert.equal(view.resets, 0);
  });
}

test('with restarts of the server in between: senders resend, readers resume, nothing is lost or doubled', async (t) => {
  const each = 200;
  const server = await startServer({ t, settings: { ...UNLIMITED, history_on_join: 30 } });
  const senders = await Promise.all(['Anna', 'Ben', 'Cleo'].map((name) => guest(server, name)));
  const total = senders.length * each;
  const acked = new Map();

  async function speak(cookie) {
    const left = Array.from({ length: each }, randomId);
    while (left.length > 0) {
      const client = await reconnect(server, { t, cookie });
      try {
        for (; left.length > 0; left.shift())
          acked.set(left[0], (await client.send('lobby', `of ${left[0]}`, { id: left[0] })).seq);
      } catch (error) {
        if (!isPassing(error)) throw error;
        client.drop();
      }
    }
  }

  async function follow(views) {
    while (views.get(1).last < total) {
      const client = await reconnect(server, { t, views });
      try {
        await client.resume();
        await client.sees(1, total);
      } catch (error) {
        if (!isPassing(error)) throw error;
      }
    }
  }

  const readers = Array.from({ length: 5 }, newViews);
  const work = Promise.all([...senders.map(({ cookie }) => speak(cookie)), ...readers.map(follow)]);
  work.catch(() => {}); // seen below
  for (let restart = 1; restart <= 4; restart++) {
    while (acked.size < (restart * total) / 5) await Promise.race([nextTurn(), work]);
    assert.equal(await server.stop(), 0);
    await server.restart();
  }
  await work;

  const events = await wholeHistory(await connect(server, { t }), 1);
  assert.equal(events.length, total);
  for (const event of events) assert.equal(acked.get(event.id), event.seq);
  for (const views of readers) assert.deepEqual(views.get(1).events, events);
});

test('many rooms on one connection are resumed together', async (t) => {
  const random = seeded(t);
  const [rooms, each] = [8, 150];
  const server = await startServer({ t, settings: { ...UNLIMITED, history_on_join: 20 } });
  for (let room = 2; room <= rooms; room++) assert.equal((await server.command('room', 'add', `room ${room}`)).code, 0);
  const [witness, sender] = await times(2, () => connect(server, { t }));
  await times(rooms, (i) => witness.join(i + 1));
  const sending = (async () => {
    for (let i = 0; i < rooms * each; i += 10) {
      await times(10, (k) =>
        sender.send(1 + ((i + k) % rooms), `message ${i + k} ${'x'.repeat(random.between(0, 2000))}`),
      );
    }
  })();

  const views = new Map(Array.from({ length: rooms }, (_, i) => [i + 1, new View(i + 1)]));
  const seen = () => [...views.values()].reduce((sum, view) => sum + view.last, 0);
  while (seen() < rooms * each) {
    let left = Math.min(random.between(1, 60), rooms * each - seen());
    const client = await connect(server, { t, views, onEvent: (_, self) => --left === 0 && self.drop() });
    client.resume().catch(() => {}); // it ends with the connection
    await within(client.closed, 'further events');
    client.check();
  }
  await sending;
  for (const view of views.values()) {
    assert.deepEqual(view.events, (await witness.sees(view.room, each)).events);
    assert.equal(view.resets, 0);
  }
});

test('from further back than the ring the events come from the disk, with live ones behind them', async (t) => {
  const random = seeded(t);
  const server = await startServer({ t, settings: { ...UNLIMITED, history_on_join: 50 } });
  const sender = await connect(server, { t });
  await chatter(sender, random, 900);
  const sending = chatter(sender, random, 300); // goes on meanwhile
  const readers = await times(20, () => connect(server, { t }));
  await Promise.all(readers.map((reader, i) => reader.join('lobby', 40 * i)));
  await sending;
  for (const [i, reader] of readers.entries()) {
    const view = await reader.sees(1, 1200);
    assert.equal(view.resets, 0, `from ${40 * i}`);
    assert.equal(view.events.length, 1200 - 40 * i);
  }
});

test('from more than a thousand events back: reset, the newest page, and live from there', async (t) => {
  const random = seeded(t);
  const server = await startServer({ t, settings: { ...UNLIMITED, history_on_join: 50 } });
  const sender = await connect(server, { t });
  await chatter(sender, random, 1300);
  const sending = chatter(sender, random, 100);
  const reader = await connect(server, { t });
  const { last_seq: atJoin } = await reader.join('lobby', 3);
  const reset = await reader.frame('reset');
  assert.ok(reset.last_seq >= atJoin, 'a reset to before the join');
  const page = await reader.history('lobby', { before: reset.last_seq + 1 });
  assert.equal(page.events.at(-1).seq, reset.last_seq);
  await sending;
  const view = await reader.sees(1, 1400);
  assert.equal(view.resets, 1);
  assert.equal(view.events[0]?.seq ?? 1401, reset.last_seq + 1);

  const near = await connect(server, { t });
  await near.join('lobby', 450); // 950 behind
  assert.equal((await near.sees(1, 1400)).resets, 0);
});

test('what is asked for with `after` in the future is what comes next', async (t) => {
  const server = await startServer({ t, settings: UNLIMITED });
  const [reader, sender] = await Promise.all([connect(server, { t }), connect(server, { t })]);
  await sender.send('lobby', 'one');
  assert.equal((await reader.join('lobby', 500)).last_seq, 1);
  const { seq } = await sender.send('lobby', 'two');
  assert.deepEqual(
    (await reader.sees(1, seq)).events.map((event) => event.body),
    ['two'],
  );
});
