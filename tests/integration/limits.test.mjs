/* Limits: how many may connect, how fast one may send, how much may wait. Each has its answer, and harms nobody else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, crew, enter, PASSWORD, post, signIn } from '../lib/accounts.mjs';
import { connect, guest, NotUpgraded, randomId, Refused, refusal, wholeHistory } from '../lib/client.mjs';
import { cookieOf } from '../lib/http.mjs';
import { encodeFrame, jsonFrame, OP, rawUpgrade } from '../lib/raw.mjs';
import { OWNER, startServer, UNLIMITED } from '../lib/server.mjs';
import { times, until } from '../lib/wait.mjs';

/** [setting, status, why] */
const connectionLimits = [
  ['max_connections', 503, 'the server is full'],
  ['max_connections_per_address', 429, 'the address has enough'],
];

for (const [setting, status, why] of connectionLimits) {
  test(`${setting}: one more is answered ${status}, until somebody leaves`, async (t) => {
    const server = await startServer({ t, settings: { [setting]: 3 } });
    const clients = await times(3, () => connect(server, { t }));
    for (let i = 0; i < 3; i++) {
      const refused = await connect(server).catch((error) => error);
      assert.ok(refused instanceof NotUpgraded, why);
      assert.equal(refused.status, status, why);
      assert.match(JSON.parse(refused.text).error.code, /^[a-z_]+$/);
    }
    await Promise.all(clients.map((client) => client.request('ping')));
    clients[0].drop();
    const next = await until(
      () =>
        connect(server, { t }).catch((error) => {
          if (!(error instanceof NotUpgraded)) throw error;
        }),
      'a free place',
    );
    await next.request('ping');
  });
}

test('with too few descriptors, the log says how many connections fit, and more are refused before the upgrade', async (t) => {
  const server = await startServer({ t, wrap: ['prlimit', '--nofile=400:400', '--'] });
  const { connections, max_connections } = await server.waitForLog('too_few_descriptors');
  assert.equal(max_connections, '10000');
  const clients = await times(Number(connections), () => connect(server, { t }));
  for (let i = 0; i < 3; i++) {
    const refused = await connect(server).catch((error) => error);
    assert.ok(refused instanceof NotUpgraded);
    assert.equal(refused.status, 503);
  }
  await Promise.all(clients.map((client) => client.request('ping')));
});

/** The same for guests and members. */
const rate = (perS, burst) => ({
  rate_messages_per_s: perS,
  rate_burst: burst,
  rate_guest_messages_per_s: perS,
  rate_guest_burst: burst,
});

test('names asked for by those who are refused are not taken', async (t) => {
  const server = await startServer({ t, settings: { max_connections: 1 } });
  const anna = await connect(server, { t, name: 'Anna' });
  await assert.rejects(connect(server, { name: 'Ben' }), NotUpgraded);
  await anna.close();
  const ben = await until(
    () => connect(server, { t, name: 'Ben' }).catch((error) => assert.equal(error.status, 503)),
    'a free place',
  );
  assert.equal(ben.user.name, 'Ben');
});

test('too fast: rate_limited says how long to wait, and it is true', async (t) => {
  const server = await startServer({ t, settings: rate(2, 5) });
  const client = await connect(server, { t });
  const answers = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => client.send('lobby', `fast ${i}`)));
  assert.ok(
    answers.slice(0, 5).every((answer) => answer.status === 'fulfilled'),
    'the burst is allowed',
  );
  const refused = answers.filter((answer) => answer.status === 'rejected').map((answer) => answer.reason);
  assert.ok(refused.length >= 4, `${refused.length} refused`); // one may have been earned meanwhile
  for (const { code, retryAfterMs } of refused) {
    assert.equal(code, 'rate_limited');
    assert.ok(retryAfterMs > 0 && retryAfterMs <= 2500, `retry_after_ms ${retryAfterMs}`);
  }
  const id = randomId();
  let error = await refusal(client.send('lobby', 'again', { id }));
  assert.equal(error.code, 'rate_limited');
  await sleep(error.retry_after_ms);
  assert.equal((await client.send('lobby', 'again', { id })).duplicate, undefined);
  error = await refusal(client.send('lobby', 'at once'));
  assert.equal(error.code, 'rate_limited');
  await client.request('ping');
  await client.join('lobby');
});

test('coming into many rooms is no error; coming into ever more of them is held to the rate of the account', async (t) => {
  const server = await startServer({ t, settings: { rate_newcomers_per_min: 0 } });
  const [owner, anna, ben] = await crew(server, 'anna', 'ben');
  const names = Array.from({ length: 30 }, (_, i) => `room ${i}`);
  for (const name of names) {
    await until(
      () => call(server, owner, 'create_room', { name }).catch((error) => assert.equal(error.code, 'rate_limited')),
      name,
    );
  }
  const [one, two, other] = await Promise.all([anna, anna, ben].map((who) => enter(server, t, who)));
  await Promise.all(names.flatMap((name) => [one.join(name), two.join(name)]));
  await one.send('lobby', 'I have looked into all rooms');

  const answers = await Promise.allSettled(Array.from({ length: 150 }, () => two.join('lobby')));
  const refused = answers.filter((answer) => answer.status === 'rejected').map((answer) => answer.reason);
  assert.ok(refused.length > 0 && refused.length < 150, `${refused.length} of 150 were refused`);
  for (const { code, retryAfterMs } of refused) {
    assert.equal(code, 'rate_limited');
    assert.ok(retryAfterMs > 0 && retryAfterMs <= 51, `retry_after_ms ${retryAfterMs}`);
  }
  await other.join('lobby');
  await sleep(refused.at(-1).retryAfterMs);
  await two.join('lobby');
});

test('the rate holds for a guest, over all connections', async (t) => {
  const server = await startServer({ t, settings: rate(1, 6) });
  const { cookie } = await guest(server, 'Many');
  const started = performance.now();
  const clients = await times(4, () => connect(server, { t, cookie }));
  const other = await connect(server, { t });
  const answers = await Promise.allSettled(
    clients.flatMap((client) => Array.from({ length: 5 }, (_, i) => client.send('lobby', `m ${i}`))),
  );
  const sent = answers.filter((answer) => answer.status === 'fulfilled').length;
  const earned = Math.ceil((performance.now() - started) / 1000);
  assert.ok(sent >= 6 && sent <= 6 + earned, `${sent} of 20 were let through`);
  await other.send('lobby', 'not my limit');
});

test('a flood closes the connection with 1008, and only that one', async (t) => {
  const server = await startServer({ t, settings: rate(2, 4) });
  const [raw, other] = await Promise.all([rawUpgrade(server, t), connect(server, { t })]);
  await other.join('lobby');
  for (let i = 0; i < 2000; i++) raw.write(jsonFrame({ type: 'send', id: `f${i}`, room: 1, body: 'flood' }));
  const closing = await raw.closing();
  assert.deepEqual([closing?.code, closing?.reason], [1008, 'flood']);
  const { seq } = await other.send('lobby', 'in peace');
  assert.ok(seq <= 20, `${seq - 1} messages of the flood came through`);
  await other.sees(1, seq);
});

test('a full command queue answers overloaded; sent again, each message is there once', async (t) => {
  const server = await startServer({ t, settings: { ...UNLIMITED, command_queue: 1 } });
  const { cookie } = await guest(server, 'Crowd');
  const client = await connect(server, { t, cookie });
  const bodies = new Map(Array.from({ length: 200 }, (_, i) => [randomId(), `body ${i}`]));
  let open = [...bodies.keys()];
  let overloaded = 0;
  while (open.length > 0) {
    const answers = await Promise.allSettled(open.map((id) => client.send('lobby', bodies.get(id), { id })));
    const again = [];
    for (const [i, { status, reason }] of answers.entries()) {
      if (status === 'fulfilled') continue;
      assert.ok(reason instanceof Refused && reason.code === 'overloaded', `${reason}`);
      assert.ok(reason.retryAfterMs > 0);
      again.push(open[i]);
    }
    overloaded += again.length;
    open = again;
  }
  assert.ok(overloaded > 0, 'the queue was never full');
  const events = await wholeHistory(client, 'lobby');
  assert.equal(events.length, bodies.size);
  assert.deepEqual(
    new Map(events.map((event) => [event.id, event.body])),
    new Map(events.map(({ id }) => [id, bodies.get(id)])),
  );
  assert.equal(new Set(events.map((event) => event.id)).size, bodies.size);
});

test('a thousand messages in one packet wait for their turn, and none is refused', async (t) => {
  const server = await startServer({ t, settings: UNLIMITED });
  const raw = await rawUpgrade(server, t);
  const ids = Array.from({ length: 1000 }, (_, i) => `n${i}`);
  raw.write(Buffer.concat(ids.map((id) => jsonFrame({ type: 'send', id, room: 1, body: id }))));
  const answers = [];
  while (answers.length < ids.length) {
    const answer = await raw.json();
    if (answer.type === 'ack' || answer.type === 'error') answers.push(answer);
  }
  assert.deepEqual(
    answers.map(({ type, id }) => [type, id]),
    ids.map((id) => ['ack', id]),
  );
});

test('a full queue of readings answers overloaded too, and pages come again afterwards', async (t) => {
  const server = await startServer({ t, settings: { ...UNLIMITED, reader_queue: 1, reader_threads: 1 } });
  const client = await connect(server, { t });
  await times(200, (i) => client.send('lobby', `line ${i}`));
  const answers = await Promise.allSettled(
    Array.from({ length: 200 }, () => client.history('lobby', { before: 200, limit: 100 })),
  );
  const refused = answers.filter((answer) => answer.status === 'rejected').map((answer) => answer.reason);
  assert.ok(refused.length > 0 && refused.length < 200, `${refused.length} refused`);
  assert.ok(refused.every((error) => error.code === 'overloaded' && error.retryAfterMs > 0));
  assert.equal((await client.history('lobby', { limit: 10 })).events.length, 10);
  await client.join('lobby', 0); // reads from the disk as well, and must not be lost however full it is
  await client.sees(1, 200);
});

test('who says nothing is pinged, and goes with 1001; who answers stays', async (t) => {
  const server = await startServer({ t, settings: { ping_interval_ms: 1000, idle_timeout_ms: 2500 } });
  const started = performance.now();
  const [silent, answering, talking] = [
    await rawUpgrade(server, t),
    await connect(server, { t }),
    await rawUpgrade(server, t),
  ];
  const talk = setInterval(() => talking.write(jsonFrame({ type: 'ping' })), 100);
  t.after(() => clearInterval(talk));
  const ping = await silent.frame();
  assert.equal(ping.opcode, OP.ping);
  assert.equal((await silent.closing())?.code, 1001);
  const took = performance.now() - started;
  assert.ok(took >= 2400, `gone after ${took} ms`);
  await answering.request('ping');
  talking.write(encodeFrame(OP.text, '{"type":"ping","id":"p"}'));
  await talking.message({ id: 'p' });
});

test('a connection that stays within a frame is not kept for ever', async (t) => {
  const server = await startServer({ t, settings: { ping_interval_ms: 1000, idle_timeout_ms: 2000 } });
  const raw = await rawUpgrade(server, t);
  raw.write(encodeFrame(OP.text, '{"type":', { length: 100 }));
  assert.ok([1001, 1002].includes((await raw.closing())?.code));
});

/* ------------------------------------------------------------------ new people from one address */

const from = (address) => ({ 'X-Forwarded-For': address });

const becomeGuest = (server, name, address) => post(server, null, 'guest', { name }, from(address));

test('a class behind one address comes in at once; whoever takes name after name does not get far', async (t) => {
  const server = await startServer({ t, settings: { rate_messages_per_s: 0, signup: 'open' } });
  const statuses = (answers) => answers.map(({ status }) => status);
  const school = '192.0.2.1';
  const pupils = await times(40, (i) => becomeGuest(server, `pupil ${i}`, school));
  assert.deepEqual(statuses(pupils), Array(40).fill(201));

  /* Names that are taken cost nothing, nor does it when a guest takes another one, comes in, or makes an account. */
  const [first] = pupils;
  for (let i = 0; i < 30; i++) assert.equal((await becomeGuest(server, 'pupil 1', school)).status, 409);
  const cookie = cookieOf(first);
  assert.equal((await post(server, { cookie }, 'guest', { name: 'Renamed' }, from(school))).status, 200);
  await connect(server, { t, cookie: cookieOf(pupils[1]), headers: from(school) });
  const account = { name: 'pupil', password: PASSWORD };
  assert.equal((await post(server, { cookie }, 'sign_up', account, from(school))).status, 201);

  const flood = await times(40, (i) => becomeGuest(server, `flood ${i}`, school));
  const made = flood.filter(({ status }) => status === 201).length;
  assert.ok(made >= 20 && made <= 23, `${made} of the flood`); // some are earned while it goes on
  for (const answer of flood.filter(({ status }) => status !== 201)) {
    const { code, message, retry_after_ms: ms } = answer.json().error;
    assert.deepEqual([answer.status, code], [429, 'rate_limited']);
    assert.match(message, /from your network/);
    assert.ok(ms > 0 && ms <= 10_001, `${ms}`);
    assert.equal(Number(answer.headers['retry-after']), Math.ceil(ms / 1000));
  }
  await connect(server, { t, name: 'visiting', headers: from(school) }); // who keeps no name takes none away
  const another = await post(server, null, 'sign_up', { name: 'another', password: PASSWORD }, from(school));
  assert.equal(another.status, 429);
  assert.equal((await server.metrics()).get('hubbub_newcomers_rate_limited_total'), 40 - made + 1);

  assert.equal((await becomeGuest(server, 'elsewhere', '192.0.2.2')).status, 201, 'other addresses have their own');
  const { user } = await signIn(server, 'pupil', { headers: from(school) });
  assert.equal(user.name, 'pupil', 'whoever is known comes in');
});

test('names that are taken can be asked for so often only, by signing up too', async (t) => {
  const few = { rate_newcomers_per_min: 1, rate_newcomers_burst: 1, signup: 'open' };
  const server = await startServer({ t, settings: few });
  const ask = (address, name = OWNER.name) =>
    post(server, null, 'sign_up', { name, password: PASSWORD }, from(address));
  const answers = [];
  for (let i = 0; i < 12; i++) answers.push(await ask('192.0.2.1'));
  const codes = answers.map((answer) => answer.json().error.code);
  assert.deepEqual(codes.slice(0, 10), Array(10).fill('name_taken'));
  assert.equal(codes.at(-1), 'rate_limited', 'ten times as many as may come');
  assert.match(answers.at(-1).json().error.message, /names were tried/);
  assert.equal((await ask('192.0.2.1', 'newcomer')).status, 429, 'free or taken');
  assert.equal((await ask('192.0.2.2', 'newcomer')).status, 201, 'other addresses have their own');
});

test('it is true when a new one may come, and 0 is no limit', async (t) => {
  const few = { rate_newcomers_per_min: 60, rate_newcomers_burst: 2 };
  const server = await startServer({ t, settings: few });
  for (const name of ['one', 'two']) assert.equal((await becomeGuest(server, name, '192.0.2.1')).status, 201);
  const { status, json } = await becomeGuest(server, 'three', '192.0.2.1');
  assert.equal(status, 429);
  await sleep(json().error.retry_after_ms + 2); // a timer may be a millisecond early
  assert.equal((await becomeGuest(server, 'three', '192.0.2.1')).status, 201);

  const open = await startServer({ t, settings: { ...UNLIMITED } });
  const answers = await times(100, (i) => becomeGuest(open, `guest ${i}`, '192.0.2.1'));
  assert.ok(answers.every(({ status: each }) => each === 201));
});
