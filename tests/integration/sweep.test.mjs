/* Visitors who have left nothing behind are deleted after a day; whatever needs them keeps them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, crew, enter } from '../lib/accounts.mjs';
import { connect, guest, wholeHistory } from '../lib/client.mjs';
import { DAY_S, serverWithClock } from '../lib/clock.mjs';
import { times, until } from '../lib/wait.mjs';

const LOBBY = 1;
const PLACEHOLDER = { id: -1, name: 'deleted guest' };

/** A visitor who says something, and deletes it unless it is worth keeping. */
async function visit(server, t, name, { keeps = false } = {}) {
  const client = await connect(server, { t, name });
  const { seq } = await client.send(LOBBY, `from ${name}`);
  if (!keeps) await client.request('delete', { room: LOBBY, seq });
  return { client, seq, name };
}

const leave = (visitor) => visitor.client.close();

const visitors = async (server) =>
  (await server.sqlite("SELECT name FROM users WHERE kind = 'visitor' AND id > 0 ORDER BY name")).map(
    ({ name }) => name,
  );

test('who has left nothing behind goes after a day; the others stay', async (t) => {
  const { server, set } = await serverWithClock(t);
  const [owner] = await crew(server);
  const made = {};
  for (const name of ['banned', 'blocked', 'connected', 'gone', 'muted']) made[name] = await visit(server, t, name);
  made.kept = await visit(server, t, 'kept', { keeps: true });
  const idOf = async (name) => (await server.sqlite(`SELECT id FROM users WHERE name = '${name}'`))[0].id;
  const gone = await idOf('gone');
  const reported = await connect(server, { t, name: 'reported' });
  const { seq } = await reported.send(LOBBY, 'rude');
  await call(server, owner, 'report', { room: LOBBY, seq, reason: 'rude' });
  await call(server, owner, 'delete', { room: LOBBY, seq });
  await call(server, owner, 'ban', { user: await idOf('banned') });
  await call(server, owner, 'block', { user: await idOf('blocked') });
  await call(server, owner, 'mute', {
    room: LOBBY,
    user: await idOf('muted'),
    until_ms: Date.now() + 10 * DAY_S * 1000,
  });
  const { cookie } = await guest(server, 'Gus');
  const gus = await connect(server, { t, cookie });
  const said = await gus.send(LOBBY, 'from a guest');
  await gus.request('delete', { room: LOBBY, seq: said.seq });
  await gus.close();
  for (const name of ['blocked', 'gone', 'kept', 'muted']) await leave(made[name]);
  await reported.close();
  const everybody = ['banned', 'blocked', 'connected', 'gone', 'kept', 'muted', 'reported'];
  assert.deepEqual(await visitors(server), everybody);

  set(2 * DAY_S);
  const rest = ['banned', 'blocked', 'connected', 'kept', 'muted', 'reported'];
  await until(async () => (await visitors(server)).length === rest.length, 'the sweep');
  assert.deepEqual(await visitors(server), rest);
  assert.equal((await server.sqlite("SELECT count(*) AS n FROM users WHERE name = 'Gus'"))[0].n, 1);

  const reader = await enter(server, t, owner);
  const events = await wholeHistory(reader, LOBBY);
  const message = events.find((event) => event.seq === made.gone.seq);
  assert.deepEqual([message.author, message.body, message.deleted, message.id], [PLACEHOLDER, '', true, undefined]);
  assert.deepEqual(
    events.find((event) => event.type === 'deleted' && event.target === made.gone.seq).actor,
    PLACEHOLDER,
  );
  assert.equal(events.find((event) => event.seq === made.connected.seq).author.name, 'connected');
  assert.deepEqual(
    events.map((event) => event.seq),
    Array.from(events, (_, i) => i + 1),
  );

  const late = await connect(server, { t });
  await late.join(LOBBY);
  const replayed = () => late.views.get(LOBBY).events.find((event) => event.seq === made.gone.seq);
  await until(replayed, 'the replay');
  assert.deepEqual(replayed().author, PLACEHOLDER);
  await visit(server, t, 'gone');
  assert.ok((await idOf('gone')) > gone, 'the name is free, the id is used up');
});

test('the one who stands for them is in no list', async (t) => {
  const { server, set } = await serverWithClock(t);
  const [owner] = await crew(server);
  const visitor = await connect(server, { t, name: 'Vera' });
  const { seq } = await visitor.send(LOBBY, 'spam');
  await call(server, owner, 'delete', { room: LOBBY, seq });
  await visitor.close();
  set(2 * DAY_S);
  await until(async () => (await visitors(server)).length === 0, 'the sweep');

  const { people } = await call(server, owner, 'people', {});
  assert.deepEqual(
    people.filter(({ id, name }) => id < 1 || name === PLACEHOLDER.name),
    [],
  );
  const { audit } = await call(server, owner, 'audit', {});
  const entry = audit.find(({ verb }) => verb === 'delete');
  assert.equal(entry.user.name, 'deleted guest');
  assert.ok(entry.user.id > 0, 'the number stays');
  const listed = await server.sqlite('SELECT name FROM people');
  assert.ok(!listed.some(({ name }) => name === PLACEHOLDER.name));
  assert.deepEqual(await server.sqlite("SELECT to_whom FROM audit_log WHERE did = 'delete'"), [
    { to_whom: PLACEHOLDER.name },
  ]);
});

test('a crowd that came and went is gone as well', async (t) => {
  const { server, set } = await serverWithClock(t);
  await crew(server);
  const made = await times(30, (i) => visit(server, t, `v${i}`));
  await Promise.all(made.map(leave));
  set(2 * DAY_S);
  await until(async () => (await visitors(server)).length <= 10, 'the first sweep');
  set(3 * DAY_S);
  await until(async () => (await visitors(server)).length === 0, 'the second sweep');
  assert.deepEqual(await server.sqlite('PRAGMA foreign_key_check'), []);
});
