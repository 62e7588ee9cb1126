/* Who is in a room, who is away, and who is typing: never stored, and never more often than once a second. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { connect, connectAs, guest, wholeHistory } from '../lib/client.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { times } from '../lib/wait.mjs';

const server = await startServer({ t: { after }, settings: UNLIMITED });

const isPresence = (frame) => frame.type === 'presence';
const names = (frame) =>
  frame.people
    ?.map((person) => `${person.name} ${person.state}`)
    .sort()
    .join(', ');

/** Waits for a presence that lists exactly these people, "Name state" each. */
function listed(client, people, since = 0) {
  const wanted = [...people].sort().join(', ');
  return client.first(
    (frame) => isPresence(frame) && names(frame) === wanted && frame.count === people.length,
    `presence of ${wanted}`,
    { since },
  );
}

test('those who have joined are told who is there, as it changes', async (t) => {
  const anna = await connectAs(server, 'Anna', { t });
  await anna.join('lobby');
  await listed(anna, ['Anna active']);
  const ben = await connectAs(server, 'Ben', { t });
  await ben.join('lobby');
  await Promise.all([listed(anna, ['Anna active', 'Ben active']), listed(ben, ['Anna active', 'Ben active'])]);
  await ben.request('presence', { state: 'away' });
  await Promise.all([listed(anna, ['Anna active', 'Ben away']), listed(ben, ['Anna active', 'Ben away'])]);
  let since = anna.frames.length;
  await ben.request('presence', { state: 'active' });
  await listed(anna, ['Anna active', 'Ben active'], since);
  since = anna.frames.length;
  await ben.leave('lobby');
  await listed(anna, ['Anna active'], since);
  await ben.join('lobby');
  await listed(anna, ['Anna active', 'Ben active'], since);
  since = anna.frames.length;
  ben.drop();
  await listed(anna, ['Anna active'], since);
});

test('a guest with two connections is one person, active while one of them is', async (t) => {
  const { cookie } = await guest(server, 'Twofold');
  const [one, two, anna] = await Promise.all([
    connect(server, { t, cookie }),
    connect(server, { t, cookie }),
    connectAs(server, 'Watcher', { t }),
  ]);
  await Promise.all([anna.join('lobby'), one.join('lobby'), two.join('lobby')]);
  await listed(anna, ['Twofold active', 'Watcher active']);
  await one.request('presence', { state: 'away' });
  await two.request('presence', { state: 'away' });
  await listed(anna, ['Twofold away', 'Watcher active']);
  const since = anna.frames.length;
  await two.request('presence', { state: 'active' });
  await listed(anna, ['Twofold active', 'Watcher active'], since);
  two.drop();
  await listed(anna, ['Twofold away', 'Watcher active'], since);
});

test('however fast people come and go, presence comes at most once a second', async (t) => {
  const anna = await connectAs(server, 'Anna', { t });
  await anna.join('lobby');
  await listed(anna, ['Anna active']);
  const restless = await connectAs(server, 'Restless', { t });
  const times = [];
  const started = performance.now();
  let seen = anna.frames.filter(isPresence).length;
  while (performance.now() - started < 2500) {
    await restless.join('lobby');
    await restless.leave('lobby');
    const now = anna.frames.filter(isPresence).length;
    for (; seen < now; seen++) times.push(performance.now() - started);
  }
  assert.ok(times.length <= 4, `${times.length} within 2.5 s: ${times}`);
  const since = anna.frames.length;
  await restless.join('lobby');
  await listed(anna, ['Anna active', 'Restless active'], since);
});

test('above 200 people there is only the count', async (t) => {
  const people = await times(200, () => connect(server, { t }));
  await Promise.all(people.map((client) => client.join('lobby')));
  const full = await people[0].first((frame) => isPresence(frame) && frame.count === 200, 'a presence of 200');
  assert.equal(full.people.length, 200);
  const one = await connect(server, { t });
  await one.join('lobby');
  const crowded = await one.first((frame) => isPresence(frame) && frame.count === 201, 'a presence of 201');
  assert.equal(crowded.people, undefined);
  const since = people[0].frames.length;
  one.drop();
  const again = await people[0].first((frame) => isPresence(frame) && frame.count === 200, 'a presence of 200 again', {
    since,
  });
  assert.equal(again.people.length, 200);
});

test('typing goes to the others in the room, and nowhere else', async (t) => {
  const [anna, ben, outside] = await Promise.all(
    ['Anna', 'Ben', 'Outside'].map((name) => connectAs(server, name, { t })),
  );
  const { last_seq: last } = await anna.join('lobby');
  await ben.join('lobby');
  anna.post({ type: 'typing', room: 'lobby' });
  const typing = await ben.frame('typing');
  assert.deepEqual(typing, { type: 'typing', room: 1, user: { id: 0, name: 'Anna' } });
  assert.deepEqual(await anna.request('typing', { room: 1, id: 't' }), { type: 'ack', id: 't' });
  await outside.request('ping');
  assert.ok(!outside.frames.some((frame) => frame.type === 'typing'));
  assert.equal((await anna.send('lobby', 'it took no number')).seq, last + 1);
  assert.ok((await wholeHistory(anna, 'lobby')).every((event) => event.type === 'message'));
});
