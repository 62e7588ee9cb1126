/* What the people without an account who share an address can do together: a class chats, and a program that comes in again and again
 * gets no more than its address. Accounts, and other addresses, do not notice. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call, crew, enter, post } from '../lib/accounts.mjs';
import { connect, refusal } from '../lib/client.mjs';
import { cookieOf } from '../lib/http.mjs';
import { jsonFrame, rawUpgrade } from '../lib/raw.mjs';
import { startServer } from '../lib/server.mjs';
import { times } from '../lib/wait.mjs';

/** The test's proxy says so. */
const from = (address) => ({ 'X-Forwarded-For': address });

const PEOPLE = 2;
const BURST = 3;
const REPLAY_BURST_BYTES = 32 * 1024;
const server = await startServer({
  t: { after },
  settings: {
    rate_guest_messages_per_s: 1,
    rate_guest_burst: BURST,
    rate_address_people: PEOPLE,
    rate_newcomers_per_min: 1,
    rate_newcomers_burst: 4,
    replay_bytes_per_s: 1024,
  },
});
const [, anna] = await crew(server, 'anna');

/** One after the other, each a new person, as many messages as one of them can send. How many were stored. */
async function comeAgainAndAgain(t, connections, address) {
  let sent = 0;
  for (let i = 0; i < connections; i++) {
    const client = await connect(server, { t, headers: from(address) });
    const answers = await Promise.allSettled(Array.from({ length: BURST }, (_, n) => client.send('lobby', `buy ${n}`)));
    sent += answers.filter(({ status }) => status === 'fulfilled').length;
    for (const { reason } of answers.filter(({ status }) => status === 'rejected')) {
      assert.equal(reason.code, 'rate_limited');
      assert.match(reason.message, /your network/);
      assert.ok(reason.retryAfterMs > 0);
    }
    await client.close();
  }
  return sent;
}

test('who comes in again and again gets no more than the address', async (t) => {
  const started = performance.now();
  const sent = await comeAgainAndAgain(t, 10, '192.0.2.1');
  const earned = Math.ceil(((performance.now() - started) / 1000) * PEOPLE);
  assert.ok(sent >= PEOPLE * BURST && sent <= PEOPLE * BURST + earned, `${sent} of ${10 * BURST} were stored`);
  assert.ok((await comeAgainAndAgain(t, 1, '2001:db8::1')) === BURST, 'another address has its own');
  const client = await enter(server, t, anna, { headers: from('192.0.2.1') });
  await times(PEOPLE * BURST + 1, (i) => client.send('lobby', `an account has its own ${i}`));
  assert.ok((await server.metrics()).get('hubbub_addresses_rate_limited_total') > 0);
});

test('a /64 of IPv6 is one address', async (t) => {
  let sent = 0;
  for (let i = 0; i < 5; i++) sent += await comeAgainAndAgain(t, 1, `2001:db8:0:7::${i}`);
  assert.ok(sent < 5 * BURST, `${sent}`);
});

test('a visitor is a newcomer with the first message', async (t) => {
  const address = from('192.0.2.3');
  for (let i = 0; i < 20; i++) await (await connect(server, { t, headers: address })).close(); // who only looks on is none
  const visitor = await connect(server, { t, headers: address });
  await visitor.send('lobby', 'hello');
  await visitor.send('lobby', 'still me');
  for (let i = 0; i < 3; i++)
    assert.equal((await post(server, null, 'guest', { name: `new ${i}` }, address)).status, 201);
  const fifth = await connect(server, { t, headers: address });
  const error = await refusal(fifth.send('lobby', 'one too many'));
  assert.equal(error.code, 'rate_limited');
  assert.match(error.message, /sign-ups/);
  await fifth.join('lobby', 1_000_000); // and looks on
  assert.equal((await post(server, null, 'guest', { name: 'the sixth' }, address)).status, 429);
});

test('what one address draws of the past is limited', async (t) => {
  const { room } = await call(server, anna, 'create_room', { name: 'long' });
  const author = await enter(server, t, anna);
  for (let i = 0; i < 6; i++) await author.send(room, 'x'.repeat(15_000));
  const address = from('192.0.2.4');
  const [one, two, elsewhere] = await Promise.all([
    connect(server, { t, headers: address }),
    connect(server, { t, headers: address }),
    connect(server, { t, headers: from('192.0.2.5') }),
  ]);
  assert.ok(6 * 15_000 > REPLAY_BURST_BYTES);
  const { last_seq: last } = await one.join(room);
  await one.sees(room, last); // all of it, although it is more than there was left
  for (const type of ['join', 'history']) {
    const error = await refusal(two.request(type, { room }));
    assert.equal(error.code, 'rate_limited');
    assert.ok(error.retry_after_ms > 0 && error.retry_after_ms < 120_000, `${error.retry_after_ms}`);
  }
  await two.request('ping');
  await elsewhere.join(room);
  await elsewhere.sees(room, last);
  const again = await enter(server, t, anna, { headers: address });
  for (let i = 0; i < 3; i++) assert.ok((await again.history(room)).events.length >= 6);
  assert.ok((await server.metrics()).get('hubbub_drawn_bytes_total') > 4 * 6 * 15_000);
});

test('only accounts mention everybody', async (t) => {
  const client = await enter(server, t, anna);
  const counted = async () => (await enter(server, t, anna)).welcome.rooms.find(({ id }) => id === 1).mentions;
  const visitor = await connect(server, { t, headers: from('192.0.2.6') });
  const { user, cookie } = await post(server, null, 'guest', { name: 'Gus' }, from('192.0.2.6')).then((answer) => ({
    user: answer.json().user,
    cookie: cookieOf(answer),
  }));
  const guest = await connect(server, { t, cookie, headers: from('192.0.2.6') });
  assert.equal(guest.user.id, user.id);
  const before = await counted();
  await visitor.send('lobby', '@room buy now');
  await guest.send('lobby', '@everyone buy now');
  assert.equal(await counted(), before);
  await visitor.send('lobby', '@anna hello');
  assert.equal(await counted(), before + 1, 'one person is mentioned all the same');
  await client.close();
});

test('a burst of pages is answered in order, four at a time', async (t) => {
  const raw = await rawUpgrade(server, t, { headers: { Cookie: anna.cookie } });
  const ids = Array.from({ length: 60 }, (_, i) => `h${i}`);
  raw.write(Buffer.concat(ids.map((id) => jsonFrame({ type: 'history', id, room: 1, limit: 200 }))));
  const answered = new Set();
  while (answered.size < ids.length) {
    const { type, id } = await raw.json();
    if (!ids.includes(id)) continue;
    assert.equal(type, 'history');
    answered.add(id);
    assert.ok(Number(id.slice(1)) < answered.size + 4, `${id} was answered as number ${answered.size}`);
  }
});

test('a class of forty guests behind one address chats as if there were no limits', async (t) => {
  const open = await startServer({ t, settings: { signup: 'open' } });
  const school = from('198.51.100.1');
  const pupils = await times(40, async (i) => {
    const answer = await post(open, null, 'guest', { name: `pupil ${i}` }, school);
    assert.equal(answer.status, 201);
    return connect(open, { t, cookie: cookieOf(answer), headers: school });
  });
  await Promise.all(pupils.map((pupil) => pupil.join('lobby')));
  await Promise.all(pupils.map((pupil) => pupil.history('lobby')));
  await Promise.all(pupils.map((pupil) => pupil.request('typing', { room: 1 })));
  const said = await Promise.all(
    pupils.flatMap((pupil, i) => ['hello', 'all of you'].map((body) => pupil.send('lobby', `${body} from ${i}`))),
  );
  const last = Math.max(...said.map(({ seq }) => seq));
  for (const pupil of pupils) await pupil.sees(1, last);
  assert.equal((await open.metrics()).get('hubbub_addresses_rate_limited_total') ?? 0, 0);
});
