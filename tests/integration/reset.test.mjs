/* A lost password: one-time links, by an admin or by the command line. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { call, crew, isEnded, known, PASSWORD, post, refusedCall, signIn } from '../lib/accounts.mjs';
import { connect, guest } from '../lib/client.mjs';
import { ask } from '../lib/http.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { totpCode } from '../lib/totp.mjs';
import { times } from '../lib/wait.mjs';

const HOUR_MS = 3600 * 1000;
const PAGE = 'https://chat.example.org';

const server = await startServer({ t: { after }, settings: { ...UNLIMITED, public_url: PAGE } });
const [owner, anna, adam] = await crew(server, 'anna', 'adam', 'maria');
await call(server, owner, 'set_role', { user: 'adam', role: 'admin' });
await call(server, owner, 'set_role', { user: 'maria', role: 'moderator' });

const error = (answer) => [answer.status, answer.json().error.code];
const use = (code, password, headers) => post(server, null, 'use_reset', { code, password }, headers);
const codeFor = async (user, by = owner) => (await call(server, by, 'create_reset', { user })).code;

/** Each test leaves another password behind. */
let count = 0;
const newPassword = () => `password number ${++count} of the test`;

/** `hubbub user reset NAME`: the link that it prints. */
async function commandFor(name) {
  const { code, stdout, stderr } = await server.command('--set', `public_url=${PAGE}`, 'user', 'reset', name);
  assert.equal(code, 0, stderr);
  const link = stdout.match(/^https:\/\/chat\.example\.org\/reset\/([A-Za-z0-9_-]{43})\n$/);
  return link?.[1] ?? assert.fail(stdout);
}

test('a link of the command line or of an admin gives a new password, once, and ends what was signed in', async (t) => {
  let session = anna;
  for (const [make, why] of [
    [() => commandFor('anna'), 'the command line'],
    [() => codeFor('anna'), 'the owner'],
    [() => codeFor(anna.user.id, adam), 'an admin'],
  ]) {
    const code = await make();
    assert.match(code, /^[A-Za-z0-9_-]{43}$/, '256 random bits');
    const client = await connect(server, { t, ...session });
    const { token } = await call(server, session, 'create_token', { name: `until ${why}`, scope: 'admin' });
    const program = await connect(server, { t, token });
    const password = newPassword();
    const answer = await use(code, password);
    assert.equal(answer.status, 204, why);
    assert.equal(answer.headers['set-cookie'], undefined, 'one signs in with it then');
    await isEnded(client);
    await isEnded(program);
    assert.equal(await known(server, session), 401, why);
    assert.equal(await known(server, { token }), 401, 'whoever was in the account may have made it');
    const old = await post(server, null, 'sign_in', { name: 'anna', password: PASSWORD });
    assert.deepEqual(error(old), [401, 'wrong_password'], why);
    session = await signIn(server, 'anna', { password });
    assert.equal(session.user.id, anna.user.id);
    assert.deepEqual((await call(server, session, 'tokens')).tokens, [], why);

    assert.deepEqual(error(await use(code, newPassword())), [404, 'not_found'], `${why}, used again`);
    assert.equal((await signIn(server, 'anna', { password })).user.name, 'anna', why);
  }
  Object.assign(anna, session);
});

const lookUp = async (code) => (await ask(server, `/api/v1/reset?code=${encodeURIComponent(code)}`)).json().reset;

test('a link says whose password it changes, and that it is over, before a password is asked for', async () => {
  const code = await codeFor('anna');
  assert.deepEqual(await lookUp(code), { valid: true, name: 'anna' });
  assert.deepEqual(await lookUp(code), { valid: true, name: 'anna' }, 'to look uses nothing up');
  for (const [bad, why] of notCodes(code)) assert.deepEqual(await lookUp(bad), { valid: false }, why);
  assert.equal((await use(code, newPassword())).status, 204);
  assert.deepEqual(await lookUp(code), { valid: false }, 'used');
  const replaced = await codeFor('anna');
  await codeFor('anna');
  assert.deepEqual(await lookUp(replaced), { valid: false }, 'a newer one took its place');
});

test('the page of a link tells nobody where it was, and looking at it uses nothing up', async () => {
  const code = await codeFor('anna');
  for (let i = 0; i < 3; i++) {
    const { status, headers } = await ask(server, `/reset/${code}`);
    assert.equal(status, 200);
    assert.equal(headers['referrer-policy'], 'no-referrer');
  }
  assert.equal((await use(code, newPassword())).status, 204);
});

test('only the hash of a code is stored, and it is valid for a day', async () => {
  const code = await codeFor('anna');
  const hash = createHash('sha256').update(code).digest('hex');
  const rows = await server.sqlite(
    `SELECT user_id, created_by, expires_at - created_at AS ms FROM resets WHERE code_hash = x'${hash}'`,
  );
  assert.equal(rows.length, 1);
  assert.deepEqual([rows[0].user_id, rows[0].created_by], [anna.user.id, owner.user.id]);
  assert.ok(Math.abs(rows[0].ms - 24 * HOUR_MS) < 60_000);
});

/** [code, why] */
const notCodes = (code) => [
  ['made-up', 'made up'],
  [code.slice(0, -1), 'cut off'],
  [`${code}A`, 'with one letter more'],
  [(code[0] === 'A' ? 'B' : 'A') + code.slice(1), 'with another first letter'],
  [code.toLowerCase() === code ? code.toUpperCase() : code.toLowerCase(), 'in other letters'],
  [' ', 'white space'],
];

test('what is no code gives nothing, and a password that is refused uses nothing up', async () => {
  const code = await codeFor('anna');
  for (const [bad, why] of notCodes(code))
    assert.deepEqual(error(await use(bad, newPassword())), [404, 'not_found'], why);
  for (const password of ['short', '1234567890', ''])
    assert.deepEqual(error(await use(code, password)), [400, 'invalid'], password);
  assert.deepEqual(error(await post(server, null, 'use_reset', { password: newPassword() })), [400, 'invalid']);
  assert.equal((await use(code, newPassword())).status, 204);
});

test('a new link takes the place of the one before, and of nobody else', async () => {
  const [first, other, second] = [await codeFor('anna'), await codeFor('maria'), await codeFor('anna')];
  assert.deepEqual(error(await use(first, newPassword())), [404, 'not_found']);
  assert.equal((await use(second, newPassword())).status, 204);
  assert.equal((await use(other, PASSWORD)).status, 204);
});

test('a new password by the old one makes links worth nothing as well', async () => {
  const password = newPassword();
  assert.equal((await use(await codeFor('anna'), password)).status, 204);
  const session = await signIn(server, 'anna', { password });
  const code = await codeFor('anna');
  const change = await post(server, session, 'set_password', { current: password, password: newPassword() });
  assert.equal(change.status, 204);
  assert.deepEqual(error(await use(code, newPassword())), [404, 'not_found']);
});

test('of several who use one link at the same time, one sets the password', async () => {
  const code = await codeFor('anna');
  const passwords = Array.from({ length: 4 }, newPassword);
  const answers = await times(4, (i) => use(code, passwords[i]));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 404, 404, 404]);
  const winner = answers.findIndex(({ status }) => status === 204);
  assert.equal((await signIn(server, 'anna', { password: passwords[winner] })).user.name, 'anna');
});

test('a link is valid for its time only', async () => {
  const [code, fresh] = [await codeFor('anna'), await codeFor('maria')];
  await server.stop();
  await server.sqlite(`UPDATE resets SET expires_at = ${Date.now() - 1} WHERE user_id = ${anna.user.id}`);
  await server.restart();
  assert.deepEqual(error(await use(code, newPassword())), [404, 'not_found']);
  assert.equal((await use(fresh, PASSWORD)).status, 204, 'and it survives a restart');
  Object.assign(adam, await signIn(server, 'adam'));
});

test('nobody makes a link into an account of the same or a higher role', async () => {
  const member = await signIn(server, 'maria');
  /** [who, for whom, code] */
  const rows = [
    [adam, 'owner', 'forbidden'],
    [adam, 'nobody', 'not_found'],
    [member, 'anna', 'forbidden'],
    [member, 'maria', 'forbidden'],
    [null, 'anna', 'unauthorized'],
  ];
  for (const [who, user, code] of rows)
    assert.equal((await refusedCall(call(server, who, 'create_reset', { user }))).code, code, `for ${user}`);
  await call(server, owner, 'set_role', { user: 'maria', role: 'admin' });
  assert.equal((await refusedCall(call(server, adam, 'create_reset', { user: 'maria' }))).code, 'forbidden');
  await codeFor('maria');
  const left = await server.sqlite(`SELECT DISTINCT user_id FROM resets WHERE created_by = ${adam.user.id}`);
  assert.deepEqual(left, []);
});

test('the command line makes one for everybody who has a password, and for nobody else', async () => {
  const code = await commandFor('OWNER');
  assert.equal((await use(code, PASSWORD)).status, 204);
  Object.assign(owner, await signIn(server));
  await guest(server, 'Passing');
  for (const name of ['nobody', 'Passing', 'admin', '', '1']) {
    const { code: status, stdout, stderr } = await server.command('user', 'reset', name);
    assert.equal(status, 1, name);
    assert.equal(stdout, '', name);
    assert.match(stderr, /^hubbub: .+\n$/, name);
  }
});

test('a link does not take the second factor away', async () => {
  const password = newPassword();
  assert.equal((await use(await codeFor('anna'), password)).status, 204);
  const session = await signIn(server, 'anna', { password });
  const { secret } = await call(server, session, 'start_totp');
  const confirmed = { password, secret, code: totpCode(secret) };
  const { recovery_codes: codes } = await call(server, session, 'confirm_totp', confirmed);
  const next = newPassword();
  assert.equal((await use(await codeFor('anna'), next)).status, 204);
  const without = await post(server, null, 'sign_in', { name: 'anna', password: next });
  assert.deepEqual(error(without), [401, 'totp_required']);
  assert.equal((await signIn(server, 'anna', { password: next, code: codes[0] })).user.name, 'anna');
});

test('whoever is banned gets no new password', async () => {
  const code = await codeFor('anna');
  await call(server, owner, 'ban', { user: 'anna' });
  assert.deepEqual(error(await use(code, newPassword())), [403, 'banned']);
  await call(server, owner, 'unban', { user: 'anna' });
  assert.equal((await use(code, newPassword())).status, 204);
});
