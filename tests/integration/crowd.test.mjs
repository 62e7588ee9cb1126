/* Two hundred people who come, go and break off while others talk: what each sees of the room has no gap and nothing
 * twice. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect, wholeHistory } from '../lib/client.mjs';
import { seeded } from '../lib/random.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { times } from '../lib/wait.mjs';

const PEOPLE = 200;
const SENDERS = 4;
const EACH = 250;
const MOVES = 12;

/** One person's visit: some moves at random moments, and in the end everything there is. */
async function visit(server, t, random, last) {
  let client = await connect(server, { t });
  let inside = false;
  for (let move = 0; move < MOVES; move++) {
    for (let turns = random.between(0, 30); turns > 0; turns--) await nextTurn();
    const seen = client.views.get(1)?.last;
    switch (random.between(0, 5)) {
      case 0: // breaks off, and comes back where it was
        client.drop();
        await client.closed;
        client.check();
        client = await connect(server, { t, views: client.views });
        if (inside) await client.join(1, seen);
        break;
      case 1: // opens the room anew, whether it was open or not
        await client.join('lobby');
        inside = true;
        break;
      case 2:
        await client.join(1, random.between(0, seen ?? 0));
        inside = true;
        break;
      default:
        await (inside ? client.leave(1) : client.join(1, seen));
        inside = !inside;
    }
  }
  await client.join(1, client.views.get(1)?.last ?? 0);
  await client.sees(1, last);
  return client;
}

test('two hundred clients joining and leaving while others send', async (t) => {
  const random = seeded(t);
  const server = await startServer({ t, settings: { ...UNLIMITED, history_on_join: 40 } });
  const senders = await times(SENDERS, () => connect(server, { t }));
  const visits = times(PEOPLE, () => visit(server, t, random, SENDERS * EACH));
  await Promise.all(
    senders.map(async (sender, who) => {
      for (let i = 0; i < EACH; i++) {
        await sender.send('lobby', `number ${i} of ${who}`);
        if (i % 50 === 0) sender.post({ type: 'typing', room: 1 });
      }
    }),
  );
  const clients = await visits;
  const history = await wholeHistory(senders[0], 1);
  assert.equal(history.length, SENDERS * EACH);
  for (const client of clients) {
    const { events } = client.views.get(1);
    assert.ok(events.length > 0 || client.views.get(1).resets > 0);
    assert.deepEqual(events, history.slice(history.length - events.length));
  }
  for (let who = 0; who < SENDERS; who++) {
    const bodies = history.map((event) => event.body).filter((body) => body.endsWith(` of ${who}`));
    assert.deepEqual(
      bodies,
      bodies.map((_, i) => `number ${i} of ${who}`),
      "one sender's messages keep their order",
    );
  }
});
