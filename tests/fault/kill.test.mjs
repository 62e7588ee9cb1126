/* kill -9 at random moments under load, fifty times: what was acknowledged is there, once, in order; nothing that
 * anybody saw is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, guest, isPassing, randomId, reconnect, View } from '../lib/client.mjs';
import { seeded } from '../lib/random.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { times } from '../lib/wait.mjs';

const ROUNDS = 50;
const SENDERS = 4;
const WINDOW = 8; // sends that each has under way
const LIFE_MS = 150; // at most, of a server under load

/** Keeps WINDOW sends under way until the connection is lost; what was not answered is sent again next time. */
async function talk(client, sender) {
  const one = async () => {
    for (;;) {
      const id = sender.unanswered.keys().next().value ?? randomId();
      const body = sender.unanswered.get(id) ?? `${sender.name} says ${id}`;
      sender.unanswered.delete(id);
      sender.underWay.set(id, body);
      const { seq } = await client.send('lobby', body, { id });
      sender.underWay.delete(id);
      sender.acked.set(id, seq);
    }
  };
  const ends = await times(WINDOW, () => one().catch((error) => error));
  for (const error of ends) if (!isPassing(error)) throw error;
  for (const [id, body] of sender.underWay) sender.unanswered.set(id, body);
  sender.underWay.clear();
}

/** Reads the events of the lobby after `after`. */
async function readOn(client, after) {
  const events = [];
  for (let more = true; more;) {
    const page = await client.history(1, { after: events.at(-1)?.seq ?? after, limit: 200 });
    events.push(...page.events);
    more = page.more;
  }
  return events;
}

test('kill -9, fifty times', async (t) => {
  const random = seeded(t);
  const server = await startServer({ t, settings: { ...UNLIMITED, history_on_join: 50, wal_limit_bytes: '1M' } });
  const senders = await times(SENDERS, async (i) => {
    const name = `Sender ${i}`;
    return {
      name,
      cookie: (await guest(server, name)).cookie,
      acked: new Map(),
      unanswered: new Map(),
      underWay: new Map(),
    };
  });
  const watched = new Map([[1, new View(1)]]); // what one watcher sees, over all lives of the server
  const verified = []; // the room as read back so far

  /** Whatever was seen or acknowledged is in the database, in its place, once. */
  function verify() {
    const byId = new Map();
    for (const [i, event] of verified.entries()) {
      assert.equal(event.seq, i + 1, 'a gap in the room');
      assert.ok(!byId.has(event.id), `${event.id} is there twice`);
      byId.set(event.id, event);
    }
    const { events, resets } = watched.get(1);
    assert.equal(resets, 0);
    assert.deepEqual(events, verified.slice(0, events.length), 'what was seen is not what is there');
    for (const { name, acked } of senders) {
      for (const [id, seq] of acked) {
        assert.equal(byId.get(id)?.seq, seq, `acknowledged as ${seq} and not there`);
        assert.equal(byId.get(id).body, `${name} says ${id}`);
      }
    }
  }

  for (let round = 0; round < ROUNDS; round++) {
    const watcher = await reconnect(server, { t, views: watched });
    await watcher.resume();
    const talking = Promise.all(
      senders.map(async (sender) => talk(await connect(server, { t, cookie: sender.cookie }), sender)),
    );
    talking.catch(() => {}); // seen below
    await Promise.race([sleep(random.fraction() * LIFE_MS), talking]);
    await server.kill();
    await talking.catch((error) => {
      if (!isPassing(error)) throw error;
    });
    await watcher.closed;
    watcher.check();

    await server.restart();
    const reader = await connect(server, { t });
    verified.push(...(await readOn(reader, verified.length)));
    verify();
    reader.drop();
  }

  for (const sender of senders) {
    const client = await connect(server, { t, cookie: sender.cookie });
    for (const [id, body] of sender.unanswered) sender.acked.set(id, (await client.send('lobby', body, { id })).seq);
  }
  const reader = await connect(server, { t });
  verified.splice(0, verified.length, ...(await readOn(reader, 0)));
  verify();
  const count = senders.reduce((sum, { acked }) => sum + acked.size, 0);
  assert.equal(verified.length, count, 'something is there that nobody sent');
  assert.ok(count > ROUNDS, 'there was no load');
  t.diagnostic(`${count} messages over ${ROUNDS} lives`);
  await server.stop();
  assert.deepEqual(await server.sqlite('pragma integrity_check'), [{ integrity_check: 'ok' }]);
});
