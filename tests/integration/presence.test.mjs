/* Who is in a room, who is away, and who is typing: never stored, and never more often than once a second. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call, enter, signIn, signUp } from '../lib/accounts.mjs';
import { connect, connectAs, guest, wholeHistory } from '../lib/client.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { times, until } from '../lib/wait.mjs';

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

const states = (frame) =>
  frame.people
    .map(({ id, state }) => `${id} ${state}`)
    .sort()
    .join(', ');

/** Waits until this is what was last said of a person. */
function lastOf(client, id, state) {
  const told = () =>
    client.frames
      .filter(({ type }) => type === 'online')
      .flatMap(({ people }) => people)
      .filter((one) => one.id === id);
  return until(() => told().at(-1)?.state === state, `${id} ${state}`);
}

test('members are there wherever they look; accounts that only look on are not', async (t) => {
  const owner = await signIn(server);
  const [mia, noa, oda] = await Promise.all(['mia', 'noa', 'oda'].map((name) => signUp(server, name, { owner })));
  await call(server, mia, 'create_room', { name: 'garden' });
  await call(server, noa, 'add_member', { room: 'garden' });
  const first = await enter(server, t, mia);
  await first.join('garden');
  await listed(first, ['mia active']);
  const second = await enter(server, t, noa);
  await listed(first, ['mia active', 'noa active']);
  await second.request('presence', { state: 'away' });
  await listed(first, ['mia active', 'noa away']);
  const onlooker = await enter(server, t, oda);
  await onlooker.join('garden');
  await listed(onlooker, ['mia active', 'noa away']);
  const guest = await connectAs(server, 'Gus', { t });
  await guest.join('garden');
  await listed(guest, ['mia active', 'noa away', 'Gus active']);
  await call(server, oda, 'add_member', { room: 'garden' });
  await listed(guest, ['mia active', 'noa away', 'oda active', 'Gus active']);
  const since = guest.frames.length;
  second.drop();
  await listed(guest, ['mia active', 'oda active', 'Gus active'], since);
  const told = async (who) => (await call(server, mia, 'person', { user: who })).person.state;
  assert.deepEqual([await told('oda'), await told('noa')], ['active', 'offline']);
});

test('who has blocked one is not seen, in a room, in a profile, by whoever joins; others see both', async (t) => {
  const owner = await signIn(server);
  const [ula, vic, wim] = await Promise.all(['ula', 'vic', 'wim'].map((name) => signUp(server, name, { owner })));
  await call(server, ula, 'create_room', { name: 'terrace' });
  for (const who of [vic, wim]) await call(server, who, 'add_member', { room: 'terrace' });
  const [first, second, third] = await Promise.all([ula, vic, wim].map((who) => enter(server, t, who)));
  for (const client of [first, second, third]) await client.join('terrace');
  const all = ['ula active', 'vic active', 'wim active'];
  for (const client of [first, second, third]) await listed(client, all);
  const stateOf = async (viewer, user) => (await call(server, viewer, 'person', { user })).person.state;

  let since = [first, second, third].map(({ frames }) => frames.length);
  await call(server, ula, 'block', { user: 'vic' });
  await listed(first, ['ula active', 'wim active'], since[0]);
  await listed(second, ['vic active', 'wim active'], since[1]);
  await listed(third, all, since[2]);
  assert.deepEqual(
    [await stateOf(vic, 'ula'), await stateOf(ula, 'vic'), await stateOf(wim, 'ula')],
    ['offline', 'offline', 'active'],
  );

  const again = await enter(server, t, vic);
  await again.join('terrace');
  await listed(again, ['vic active', 'wim active']);
  await third.request('presence', { state: 'away' });
  await listed(again, ['vic active', 'wim away']);
  await first.request('presence', { state: 'away' });
  await listed(third, ['ula away', 'vic active', 'wim away']);
  for (const client of [second, again]) {
    const seen = client.frames
      .slice(client === second ? since[1] : 0)
      .filter(isPresence)
      .flatMap(({ people }) => people);
    assert.ok(!seen.some(({ name }) => name === 'ula'), 'not even for a moment');
  }

  since = [first, second, third].map(({ frames }) => frames.length);
  await call(server, ula, 'unblock', { user: 'vic' });
  await listed(first, ['ula away', 'vic active', 'wim away'], since[0]);
  await listed(second, ['ula away', 'vic active', 'wim away'], since[1]);
  assert.equal(await stateOf(vic, 'ula'), 'away');
});

test('people with a direct conversation learn of each other without opening it; who is blocked does not', async (t) => {
  const owner = await signIn(server);
  const [pia, quin, rob] = await Promise.all(['pia', 'quin', 'rob'].map((name) => signUp(server, name, { owner })));
  await call(server, pia, 'open_direct', { users: ['quin'] });
  await call(server, pia, 'open_direct', { users: ['quin', 'rob'] });
  const first = await enter(server, t, pia);
  const second = await enter(server, t, quin);
  await lastOf(first, quin.user.id, 'active');
  assert.equal(states(await second.frame('online')), `${pia.user.id} active`);
  await second.request('presence', { state: 'away' });
  await lastOf(first, quin.user.id, 'away');
  const { room } = await call(server, rob, 'open_direct', { users: ['pia'] });
  const third = await enter(server, t, rob);
  assert.ok(room);
  await lastOf(first, rob.user.id, 'active');
  await call(server, pia, 'block', { user: 'quin' });
  await lastOf(first, quin.user.id, 'offline');
  await lastOf(second, pia.user.id, 'offline');
  await second.request('presence', { state: 'active' });
  await lastOf(third, quin.user.id, 'active');
  await lastOf(first, quin.user.id, 'offline');
  await call(server, pia, 'unblock', { user: 'quin' });
  await lastOf(first, quin.user.id, 'active');
  third.drop();
  await lastOf(first, rob.user.id, 'offline');
  assert.ok(!first.frames.some((frame) => isPresence(frame)), 'nothing of rooms that are not open');
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
  assert.ok((await wholeHistory(anna, 'lobby')).every((event) => event.type !== 'typing'));
});
