/* Lists that are longer than a page: whoever follows `more` gets each row once and misses none, over HTTP and over
 * WebSocket, also while rows go; and no answer grows with the list. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call } from '../lib/accounts.mjs';
import { connect } from '../lib/client.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';

const HEADER = 'X-Forwarded-User';
const MANY = 130;
const PAGE = 50;
const REASON = '"'.repeat(900); // twice as long in JSON
const server = await startServer({ t: { after }, settings: { ...UNLIMITED, auth_proxy_header: HEADER } });

const each = (count, make) => Array.from({ length: count }, (_, index) => make(index));

/** Whoever a proxy names has an account, and shows no password. */
const as = (name, request, fields) => call(server, null, request, fields, { [HEADER]: name });
const asOwner = (request, fields) => as('owner', request, fields);

const { room } = await asOwner('create_room', { name: 'cellar', kind: 'closed' });
const names = each(MANY, (index) => `person-${index}`);
for (const name of names) await as(name, 'request_join', { room, text: name });
for (let index = 0; index < MANY; index++) {
  await asOwner('create_room', { name: `shared ${index}` });
  await as(names[0], 'add_member', { room: `shared ${index}` });
  const { seq } = await asOwner('send', { id: `said-${index}`, room, body: 'rude' });
  await asOwner('report', { room, seq });
  await asOwner('ban', { user: names[MANY - 1 - index], reason: REASON });
  await asOwner('block', { user: names[index] });
}
for (let index = 0; index < 90; index++) await asOwner('create_token', { name: `bot ${index}`, scope: 'read' });

/**
 * All pages of a list.
 * @param {(type: string, fields: object) => Promise<any>} ask
 * @param {object} list
 * @param {(row: any) => Promise<unknown>} [list.meanwhile] what becomes of the last row of a page before the next is asked for
 */
async function walk(ask, { type, name = type, fields = {}, cursor = 'after', meanwhile }) {
  const rows = [];
  for (let where = {}, more = true; more;) {
    const answer = await ask(type, { ...fields, ...where });
    assert.ok(answer[name].length <= PAGE, type);
    assert.ok(answer[name].length === PAGE || !answer.more, `${type}: a page that ends too early`);
    rows.push(...answer[name]);
    more = answer.more;
    where = { [cursor]: rows.at(-1).id };
    if (more && meanwhile) await meanwhile(rows.at(-1));
  }
  const ids = rows.map(({ id }) => id);
  assert.deepEqual(
    ids,
    [...new Set(ids)].sort((a, b) => (cursor === 'after' ? a - b : b - a)),
    `${type}: in order, each once`,
  );
  return rows;
}

const lists = [
  [{ type: 'requests', fields: { room } }, ({ user }) => user.name, names],
  [{ type: 'bans', cursor: 'before' }, ({ user }) => user.name, names],
  [{ type: 'blocks' }, ({ name }) => name, names],
  [{ type: 'tokens' }, ({ name }) => name, each(90, (index) => `bot ${index}`)],
  [{ type: 'reports' }, ({ body }) => body, each(MANY, () => 'rude')],
  [
    { type: 'person', name: 'rooms', fields: { user: names[0] } },
    ({ name }) => name,
    ['lobby', ...each(MANY, (index) => `shared ${index}`)],
  ],
];

for (const [list, what, wanted] of lists)
  test(`${list.type}: over HTTP`, async () => assert.deepEqual((await walk(asOwner, list)).map(what), wanted));

test('over WebSocket, and no frame grows with the list', async (t) => {
  const client = await connect(server, { t, headers: { [HEADER]: 'owner' } });
  const ask = async (type, fields) => {
    const answer = await client.request(type, fields);
    assert.ok(JSON.stringify(answer).length < 256 * 1024, type);
    return answer;
  };
  for (const [list, what, wanted] of lists) assert.deepEqual((await walk(ask, list)).map(what), wanted, list.type);
});

test('the ban of one person is asked for by their name', async () => {
  const { bans, more } = await asOwner('bans', { user: names[7] });
  assert.deepEqual([bans.map(({ user }) => user.name), more], [[names[7]], false]);
  assert.deepEqual((await asOwner('bans', { user: 'owner' })).bans, []);
});

test('what goes meanwhile hides nothing of the rest', async () => {
  const bans = { type: 'bans', cursor: 'before', meanwhile: ({ user }) => asOwner('unban', { user: user.id }) };
  assert.equal((await walk(asOwner, bans)).length, MANY);
  assert.equal((await walk(asOwner, { type: 'bans', cursor: 'before' })).length, MANY - 2);
  const answer = ({ user }) => asOwner('answer_request', { room, user: user.id, accept: false });
  assert.equal((await walk(asOwner, { type: 'requests', fields: { room }, meanwhile: answer })).length, MANY);
  assert.equal((await walk(asOwner, { type: 'requests', fields: { room } })).length, MANY - 2);
  const handle = ({ id }) => asOwner('handle_report', { report: id });
  assert.equal((await walk(asOwner, { type: 'reports', meanwhile: handle })).length, MANY);
  assert.equal((await walk(asOwner, { type: 'reports' })).length, MANY - 2);
  assert.equal((await walk(asOwner, { type: 'reports', fields: { handled: true }, cursor: 'before' })).length, 2);
});
