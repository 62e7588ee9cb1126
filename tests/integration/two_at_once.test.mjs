/* What two do at the same moment, each with a right to it when they began: one of them comes too late, and nobody is
 * left with more than they should have. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call, crew, known, PASSWORD, post, refusedCall, signIn, signUp } from '../lib/accounts.mjs';
import { cookieOf } from '../lib/http.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { times, until } from '../lib/wait.mjs';

const server = await startServer({ t: { after }, settings: UNLIMITED });
const [owner] = await crew(server);

const error = (answer) => [answer.status, answer.json().error.code];
const makes = (name) => signUp(server, name, { owner });

test('of several who change a password by the same old one, one does', async () => {
  const anna = await makes('anna');
  const wanted = ['the first new one', 'the second new one', 'the third new one'];
  const answers = await Promise.all(
    wanted.map((password) => post(server, anna, 'set_password', { current: PASSWORD, password })),
  );
  const done = answers.findIndex(({ status }) => status === 204);
  for (const [i, answer] of answers.entries()) {
    /* One that begins after another has turned out wrong has to wait. */
    const refusal = answer.status === 429 ? [429, 'rate_limited'] : [401, 'wrong_password'];
    if (i !== done) assert.deepEqual(error(answer), refusal);
    let signedIn;
    await until(async () => {
      signedIn = await post(server, null, 'sign_in', { name: 'anna', password: wanted[i] });
      return signedIn.status !== 429;
    }, 'the end of that wait');
    assert.equal(signedIn.status, i === done ? 200 : 401, 'the password is that of whoever was told so');
  }
});

test('of a password by the old one and another by a link, none undoes the other unawares', async () => {
  const ben = await makes('ben');
  const { code } = await call(server, owner, 'create_reset', { user: 'ben' });
  const [byOld, byLink] = ['by the old one', 'by the link it is'];
  const [changed, used] = await Promise.all([
    post(server, ben, 'set_password', { current: PASSWORD, password: byOld }),
    post(server, null, 'use_reset', { code, password: byLink }),
  ]);
  const done = [changed, used].filter(({ status }) => status === 204);
  assert.equal(done.length, 1, 'an old password and a link are worth nothing once there is a new one');
  const last = used.status === 204 ? byLink : byOld;
  assert.equal((await post(server, null, 'sign_in', { name: 'ben', password: last })).status, 200);
});

test('whoever is banned while they sign in has no session, not even when the ban is lifted', async () => {
  const cleo = await makes('cleo');
  for (const turn of [0, 1, 2, 3]) {
    const asked = times(3, () => post(server, null, 'sign_in', { name: 'cleo', password: PASSWORD }));
    if (turn % 2) await asked; // before; else in their midst
    await call(server, owner, 'ban', { user: 'cleo' });
    const answers = await asked;
    const [{ n }] = await server.sqlite(`SELECT count(*) AS n FROM sessions WHERE user_id = ${cleo.user.id}`);
    assert.equal(n, 0);
    await call(server, owner, 'unban', { user: 'cleo' });
    for (const answer of answers.filter(({ status }) => status === 200))
      assert.equal(await known(server, { cookie: cookieOf(answer) }), 401);
  }
});

test('what is done by somebody while their role is taken away is done wholly or not at all', async () => {
  const dora = await makes('dora');
  const eve = await makes('eve');
  await call(server, owner, 'set_role', { user: 'dora', role: 'admin' });
  const made = times(20, (i) => post(server, dora, 'create_invite', { max_uses: i + 1 }));
  const taken = call(server, owner, 'set_role', { user: 'dora', role: 'member' });
  const given = times(10, () => post(server, dora, 'set_role', { user: 'eve', role: 'moderator' }));
  await taken;
  const [invites, roles] = [await made, await given];
  for (const answer of [...invites, ...roles])
    if (answer.status !== 200) assert.deepEqual(error(answer), [403, 'forbidden']);
  const rows = await server.sqlite(`SELECT count(*) AS n FROM invites WHERE created_by = ${dora.user.id}`);
  assert.equal(rows[0].n, invites.filter(({ status }) => status === 200).length);
  const { person } = await call(server, owner, 'person', { user: eve.user.id });
  assert.equal(
    person.role === 'moderator',
    roles.some(({ status }) => status === 200),
  );
  assert.equal((await refusedCall(call(server, dora, 'create_invite'))).code, 'forbidden');
});

test('a session that ends while it asks for tokens leaves none that works', async () => {
  const fay = await makes('fay');
  const { code } = await call(server, owner, 'create_reset', { user: 'fay' });
  const asked = times(3, (i) => post(server, fay, 'create_token', { name: `key ${i}`, scope: 'admin' }));
  const used = post(server, null, 'use_reset', { code, password: 'a password that is new' });
  const late = times(3, (i) => post(server, fay, 'create_token', { name: `late key ${i}`, scope: 'admin' }));
  assert.equal((await used).status, 204);
  for (const answer of [...(await asked), ...(await late)])
    if (answer.status === 200) assert.equal(await known(server, { token: answer.json().token }), 401);
  const now = await signIn(server, 'fay', { password: 'a password that is new' });
  assert.deepEqual((await call(server, now, 'tokens')).tokens, []);
});

test('two owners who make each other less leave one', async () => {
  const gus = await makes('gus');
  await call(server, owner, 'set_role', { user: 'gus', role: 'owner' });
  const answers = await Promise.all([
    post(server, owner, 'set_role', { user: 'gus', role: 'member' }),
    post(server, gus, 'set_role', { user: 'owner', role: 'member' }),
    post(server, owner, 'set_role', { user: 'owner', role: 'member' }),
    post(server, gus, 'set_role', { user: 'gus', role: 'member' }),
  ]);
  const [{ n }] = await server.sqlite("SELECT count(*) AS n FROM users WHERE role = 'owner'");
  assert.equal(n, 1, `${answers.map(({ status }) => status)}`);
});
