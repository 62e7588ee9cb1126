/* The second factor: setting it up, signing in with it, losing the telephone, and a place that wants it of admins. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { VERBS } from '../../cmake/verbs.mjs';
import { call, crew, isAlive, known, me, PASSWORD, post, refusedCall, signIn, signUp } from '../lib/accounts.mjs';
import { connect, refusal } from '../lib/client.mjs';
import { REQUEST_CALLS, SCOPES } from '../lib/documented.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { STEP_MS, totpCode } from '../lib/totp.mjs';
import { times, until } from '../lib/wait.mjs';

const MARGIN_MS = 3000;

const server = await startServer({ t: { after }, settings: UNLIMITED });
const [owner, anna] = await crew(server, 'anna');

const error = (answer) => [answer.status, answer.json().error.code];
const NO_CODE = [401, 'totp_required'];

/** Three codes are good at any time: of this half minute, the one before and the one after. */
const codeNow = (secret) => totpCode(secret);
const codeBefore = (secret) => totpCode(secret, Date.now() - STEP_MS);
const codeAfter = (secret) => totpCode(secret, Date.now() + STEP_MS);

/** Waits until this half minute is not about to end: the code before it would end with it. */
const earlyInStep = () => until(() => Date.now() % STEP_MS < STEP_MS - MARGIN_MS, 'the next half minute');

/**
 * A second factor for somebody: its secret, and the codes for when it is lost. It takes the code before this one, so
 * that two are left.
 */
async function setUp(who) {
  const { secret } = await call(server, who, 'start_totp');
  await earlyInStep();
  const fields = { password: PASSWORD, secret, code: codeBefore(secret) };
  const { recovery_codes: recovery } = await call(server, who, 'confirm_totp', fields);
  return { secret, recovery };
}

const tryToSignIn = (name, code) => post(server, null, 'sign_in', { name, password: PASSWORD, code });

/** The same, again when only so many may try at once. */
async function trySoon(name, code) {
  let answer;
  await until(async () => (answer = await tryToSignIn(name, code)).status !== 429, 'an answer');
  return answer;
}

/** A code that is none of the three. */
function wrongCode(secret) {
  const good = [codeBefore, codeNow, codeAfter].map((make) => make(secret));
  return ['000000', '111111', '222222', '333333'].find((code) => !good.includes(code));
}

test('it is set up with a password and a code of the secret, and with nothing less', async () => {
  const { secret, uri } = await call(server, anna, 'start_totp');
  assert.match(secret, /^[A-Z2-7]{32}$/);
  const address = new URL(uri);
  assert.equal(address.protocol, 'otpauth:');
  assert.equal(address.host, 'totp');
  assert.equal(decodeURIComponent(address.pathname), '/Hubbub:anna');
  assert.equal(address.searchParams.get('secret'), secret);
  assert.equal(address.searchParams.get('issuer'), 'Hubbub');
  assert.notEqual((await call(server, anna, 'start_totp')).secret, secret);
  assert.equal((await me(server, anna)).json().totp, false, 'nothing is stored yet');

  const good = { password: PASSWORD, secret, code: codeNow(secret) };
  /** [fields, status, code, why] */
  const rows = [
    [{ code: wrongCode(secret) }, 401, 'totp_required', 'a wrong code'],
    [{ code: '12345' }, 401, 'totp_required', 'half a code'],
    [{ code: totpCode(secret, Date.now() - 10 * STEP_MS) }, 401, 'totp_required', 'an old code'],
    [{ code: totpCode(secret, Date.now() + 10 * STEP_MS) }, 401, 'totp_required', 'a code of a clock that is ahead'],
    [{ password: 'not the password' }, 401, 'wrong_password', 'a wrong password'],
    [{ secret: secret.slice(1) }, 400, 'invalid', 'a short secret'],
    [{ secret: '!'.repeat(32) }, 400, 'invalid', 'no secret at all'],
    [{ secret: undefined }, 400, 'invalid', 'no secret'],
    [{ code: undefined }, 400, 'invalid', 'no code'],
    [{ password: undefined }, 400, 'invalid', 'no password'],
  ];
  for (const [fields, status, code, why] of rows)
    assert.deepEqual(error(await post(server, anna, 'confirm_totp', { ...good, ...fields })), [status, code], why);
  assert.equal((await me(server, anna)).json().totp, false);
  assert.equal((await tryToSignIn('anna')).status, 200, 'and none is asked for');

  const { recovery_codes: codes } = await call(server, anna, 'confirm_totp', good);
  assert.equal((await me(server, anna)).json().totp, true);
  assert.equal(codes.length, 10);
  assert.equal(new Set(codes).size, 10);
  for (const code of codes) assert.match(code, /^[2-9a-z]{5}-[2-9a-z]{5}$/);
  assert.equal((await post(server, anna, 'stop_totp', { password: PASSWORD })).status, 204);
});

test('with it, name and password are not enough', async () => {
  const { secret } = await setUp(anna);
  for (const code of [undefined, '', wrongCode(secret), 'nonsense', secret]) {
    const answer = await tryToSignIn('anna', code);
    assert.deepEqual(error(answer), NO_CODE, code);
    assert.equal(answer.headers['set-cookie'], undefined);
  }
  const fields = { name: 'anna', password: 'not the password', code: codeNow(secret) };
  const wrong = await post(server, null, 'sign_in', fields);
  assert.deepEqual(error(wrong), [401, 'wrong_password'], 'a code does not tell whether the password is right');
  const spaced = codeNow(secret).replace(/^.../, '$& ');
  const session = await signIn(server, 'anna', { code: ` ${spaced} ` });
  assert.equal((await me(server, session)).json().totp, true);
});

test('a code lets in once, whoever has read it over the shoulder, and so does none before it', async () => {
  const ben = await signUp(server, 'ben', { owner });
  const { secret } = await setUp(ben);
  assert.deepEqual(error(await tryToSignIn('ben', codeBefore(secret))), NO_CODE, 'the one that set it up');
  const code = codeAfter(secret);
  const answers = await times(4, () => trySoon('ben', code));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401, 401, 401]);
  assert.deepEqual(error(await tryToSignIn('ben', code)), NO_CODE);
  assert.deepEqual(error(await tryToSignIn('ben', codeNow(secret))), NO_CODE, 'an earlier one, not used yet');
});

test('each recovery code lets in once, as it is written on paper', async () => {
  const cleo = await signUp(server, 'cleo', { owner });
  const { recovery } = await setUp(cleo);
  const [first, second, third, fourth] = recovery;
  const atOnce = await times(4, () => trySoon('cleo', first));
  assert.deepEqual(atOnce.map(({ status }) => status).sort(), [200, 401, 401, 401]);
  for (const code of [second.toUpperCase(), third.replace('-', ''), ` ${fourth.replace('-', ' ')} `])
    assert.equal((await tryToSignIn('cleo', code)).status, 200, code);
  for (const code of [first, second]) assert.deepEqual(error(await tryToSignIn('cleo', code)), NO_CODE, code);

  const left = await server.sqlite(
    `SELECT lower(hex(code_hash)) AS hash FROM recovery_codes WHERE user_id = ${cleo.user.id}`,
  );
  const wanted = recovery.slice(4).map((code) => createHash('sha256').update(code.replace('-', '')).digest('hex'));
  assert.deepEqual(left.map(({ hash }) => hash).sort(), wanted.sort(), 'six are left, and only their hashes');
});

test('setting it up anew makes the secret and the recovery codes of before worth nothing', async () => {
  const dora = await signUp(server, 'dora', { owner });
  const old = await setUp(dora);
  const now = await setUp(dora);
  assert.notEqual(now.secret, old.secret);
  if (codeNow(old.secret) !== codeNow(now.secret))
    assert.deepEqual(error(await tryToSignIn('dora', codeNow(old.secret))), NO_CODE);
  assert.deepEqual(error(await tryToSignIn('dora', old.recovery[0])), NO_CODE);
  assert.equal((await tryToSignIn('dora', now.recovery[0])).status, 200);
  assert.equal((await tryToSignIn('dora', codeNow(now.secret))).status, 200);
});

test('it is turned off with the password, and then the password is enough', async () => {
  const emil = await signUp(server, 'emil', { owner });
  const { recovery } = await setUp(emil);
  const wrong = await post(server, emil, 'stop_totp', { password: 'not the password' });
  assert.deepEqual(error(wrong), [401, 'wrong_password']);
  assert.deepEqual(error(await post(server, emil, 'stop_totp', {})), [400, 'invalid']);
  assert.deepEqual(error(await post(server, null, 'stop_totp', { password: PASSWORD })), [401, 'unauthorized']);
  assert.deepEqual(error(await tryToSignIn('emil')), NO_CODE);
  assert.equal((await post(server, emil, 'stop_totp', { password: PASSWORD })).status, 204);
  assert.equal((await me(server, emil)).json().totp, false);
  assert.equal((await tryToSignIn('emil')).status, 200);
  const left = await server.sqlite(`SELECT count(*) AS n FROM recovery_codes WHERE user_id = ${emil.user.id}`);
  assert.equal(left[0].n, 0);
  assert.equal((await tryToSignIn('emil', recovery[0])).status, 200, 'a code that nobody asks for does no harm');
});

test('it survives a restart, and so does what has been used up', async () => {
  const fred = await signUp(server, 'fred', { owner });
  const { secret, recovery } = await setUp(fred);
  const code = codeNow(secret);
  assert.equal((await tryToSignIn('fred', code)).status, 200);
  assert.equal((await tryToSignIn('fred', recovery[0])).status, 200);
  await server.restart();
  for (const used of [undefined, code, recovery[0]]) assert.deepEqual(error(await tryToSignIn('fred', used)), NO_CODE);
  assert.equal((await tryToSignIn('fred', recovery[1])).status, 200);
});

/* ------------------------------------------------------------------ all of it lost */

test('whoever has lost telephone and codes gets in again by the command line, server or not', async (t) => {
  const place = await startServer({ t, settings: UNLIMITED });
  const [boss, ...people] = await crew(place, 'gina', 'hans');
  for (const [who, isRunning] of people.map((person, i) => [person, i === 0])) {
    const { name } = who.user;
    const { secret } = await call(place, who, 'start_totp');
    const fields = { password: PASSWORD, secret, code: codeNow(secret) };
    await call(place, who, 'confirm_totp', fields);
    assert.equal((await post(place, null, 'sign_in', { name, password: PASSWORD })).status, 401);

    if (!isRunning) await place.stop();
    const { code, stdout, stderr } = await place.command('user', 'stop-totp', name.toUpperCase());
    assert.deepEqual([code, stdout, stderr], [0, `Two-factor authentication is off for ${name.toUpperCase()}.\n`, '']);
    const again = await place.command('user', 'stop-totp', name);
    assert.deepEqual([again.code, again.stdout], [1, '']);
    assert.match(again.stderr, /Two-factor authentication is already off/);
    if (!isRunning) await place.start();

    assert.equal((await me(place, await signIn(place, name))).json().totp, false);
    assert.equal((await me(place, who)).json().totp, false, 'what was signed in stays so');
    const left = await place.sqlite(`SELECT count(*) AS n FROM recovery_codes WHERE user_id = ${who.user.id}`);
    assert.equal(left[0].n, 0);
    const { audit } = await call(place, boss, 'audit', { verb: 'stop_totp', user: name });
    assert.deepEqual(
      audit.map(({ by, user, address }) => [by.name, user.name, address ?? '']),
      [['admin', name, '']],
    );
  }
});

test('an admin from whom it was taken has no power until there is another one', async (t) => {
  const place = await startServer({ t, settings: UNLIMITED });
  const boss = await signIn(place);
  const setUpAnew = async () => {
    const { secret } = await call(place, boss, 'start_totp');
    await call(place, boss, 'confirm_totp', { password: PASSWORD, secret, code: codeNow(secret) });
  };
  await setUpAnew();
  await call(place, boss, 'set_place', { require_totp: true });
  const live = await connect(place, { t, ...boss });
  await live.request('create_invite');
  assert.equal((await place.command('user', 'stop-totp', 'owner')).code, 0);
  assert.equal((await refusal(live.request('create_invite'))).code, 'forbidden');
  assert.equal((await refusedCall(call(place, boss, 'create_invite'))).code, 'forbidden');
  await setUpAnew();
  await live.request('create_invite');
});

/* ------------------------------------------------------------------ a place that requires it */

const ADMINS_ONLY = REQUEST_CALLS.filter((name) => ['admin', 'password'].includes(SCOPES.get(name))).concat('set_role');

/** Well-formed, and about nothing that is there. */
const FIELDS = {
  set_role: { user: 999, role: 'member' },
  edit_invite: { invite: 999, label: 'choir' },
  revoke_invite: { invite: 999 },
  create_token: { name: 'a token', scope: 'admin' },
  create_reset: { user: 999 },
  set_place: { name: 'Mine' },
};

test('where admins need a second factor, one without it has no power until it is set up', async (t) => {
  const place = await startServer({ t, settings: UNLIMITED });
  const [boss, adam, maria] = await crew(place, 'adam', 'maria');
  await call(place, boss, 'set_role', { user: 'adam', role: 'admin' });
  const { token } = await call(place, adam, 'create_token', { name: 'from before', scope: 'admin' });
  const ways = { 'a session': adam, 'a token': { token } };
  for (const [way, who] of Object.entries(ways)) await call(place, who, 'create_invite', {}, way);
  const live = await connect(place, { t, ...adam });
  await live.request('create_invite');

  await call(place, boss, 'set_place', { require_totp: true });
  for (const who of [boss, adam]) assert.equal((await me(place, who)).json().scope, 'write');
  for (const name of ADMINS_ONLY) {
    const fields = FIELDS[name] ?? {};
    for (const [way, who] of Object.entries({ ...ways, 'the owner': boss })) {
      const refused = await refusedCall(call(place, who, name, fields));
      assert.equal(refused.code, 'forbidden', `${name} by ${way}`);
    }
    const refused = await refusal(live.request(name, fields));
    assert.equal(refused.code, 'forbidden', `${name} by a connection from before`);
  }
  await call(place, adam, 'send', { id: 'still-there', room: 'lobby', body: 'I am still here' });
  await isAlive(live);
  assert.equal((await me(place, maria)).json().scope, 'admin', 'a member is asked for nothing');
  await call(place, maria, 'create_token', { name: 'mine', scope: 'write' });

  /* Whoever is made an admin now has no power by that, on the connections that are open either. */
  const hers = await connect(place, { t, ...maria });
  const { secret } = await call(place, boss, 'start_totp');
  const fields = { password: PASSWORD, secret, code: codeNow(secret) };
  const { recovery_codes: codes } = await call(place, boss, 'confirm_totp', fields);
  assert.equal((await me(place, boss)).json().scope, 'admin');
  await call(place, boss, 'set_role', { user: 'maria', role: 'admin' });
  assert.equal((await refusal(hers.request('create_invite'))).code, 'forbidden');
  assert.equal((await refusedCall(call(place, maria, 'create_invite'))).code, 'forbidden');

  /* With it, everything is as before, but it stays. */
  const refused = await post(place, boss, 'stop_totp', { password: PASSWORD });
  assert.deepEqual(error(refused), [403, 'forbidden']);
  assert.match(refused.json().error.message, /two-factor/);
  const again = await signIn(place, 'owner', { code: codes[0] });
  await call(place, again, 'create_invite');
  await (await connect(place, { t, ...again })).request('create_invite');
  await call(place, again, 'set_place', { require_totp: false });
  assert.equal((await me(place, adam)).json().scope, 'admin');
  await call(place, adam, 'create_invite');
  assert.equal((await post(place, boss, 'stop_totp', { password: PASSWORD })).status, 204);
});

/** What these depend on is known when they are carried out, and then no more is said than that it is not allowed. */
const LEFT_TO_APPLY = new Set(
  VERBS.filter(({ flags, asMember }) => flags.has('CHECKED_LATER') || asMember).map(({ name }) => name),
);

test('until it is set up, an admin is held to what a member may do, in rooms and with people too', async (t) => {
  const place = await startServer({ t, settings: UNLIMITED });
  const [boss, adam, ben] = await crew(place, 'adam', 'ben');
  await call(place, boss, 'set_role', { user: 'adam', role: 'admin' });
  const { room: hall } = await call(place, boss, 'create_room', { name: 'hall' });
  const { room: news } = await call(place, boss, 'create_room', { name: 'news', kind: 'announcement' });
  const { room: attic } = await call(place, boss, 'create_room', { name: 'attic', kind: 'closed' });
  for (const who of [adam, ben]) await call(place, who, 'add_member', { room: hall });
  await call(place, adam, 'add_member', { room: news });
  const { seq } = await call(place, ben, 'send', { id: 'of-ben', room: hall, body: 'hello' });
  const { report } = await call(place, ben, 'report', { room: hall, seq, reason: 'to try it' });
  const { token } = await call(place, adam, 'create_token', { name: 'from before', scope: 'admin' });
  const live = await connect(place, { t, ...adam });
  await call(place, boss, 'set_place', { require_totp: true });

  const refused = {
    ban: { user: 'ben' },
    unban: { user: 'ben' },
    mute: { room: hall, user: 'ben', until_ms: Date.now() + 60_000 },
    remove_member: { room: hall, user: 'ben' },
    set_room_role: { room: hall, user: 'adam', role: 'moderator' },
    delete: { room: hall, seq },
    handle_report: { report },
    rename_room: { room: hall, name: 'mine' },
    edit_room: { room: hall, topic: 'mine' },
    archive_room: { room: hall, archived: true },
    send: { id: 'an-announcement', room: news, body: 'I am in charge' },
    bans: {},
    requests: { room: hall },
  };
  const answers = { send: 'locked' };
  for (const [name, fields] of Object.entries(refused)) {
    const code = answers[name] ?? 'forbidden';
    for (const who of [adam, { token }]) {
      const told = await refusedCall(call(place, who, name, fields));
      assert.equal(told.code, code, name);
      if (code === 'forbidden' && !LEFT_TO_APPLY.has(name)) assert.match(told.message, /two-factor/, name);
    }
    const onLive = name === 'send' ? { ...fields, id: 'another' } : fields;
    assert.equal((await refusal(live.request(name, onLive))).code, code, `${name} by a live connection`);
  }
  const outside = await refusedCall(call(place, adam, 'edit_room', { room: attic, topic: 'from outside' }));
  assert.equal(outside.code, 'not_found', 'nor is a closed room managed from outside');
  const { rooms } = await call(place, adam, 'rooms', {});
  assert.ok(!rooms.some(({ id }) => id === attic), 'or listed');

  /* What members may do goes on, and with the factor everything is as before. */
  const own = await call(place, adam, 'send', { id: 'of-adam', room: hall, body: 'my own' });
  await call(place, adam, 'delete', { room: hall, seq: own.seq });
  const { secret } = await call(place, adam, 'start_totp');
  await call(place, adam, 'confirm_totp', { password: PASSWORD, secret, code: codeNow(secret) });
  await call(place, adam, 'handle_report', { report });
  await call(place, { token }, 'delete', { room: hall, seq });
  await live.request('ban', { user: 'ben' });
});

test('an owner without a second factor cannot lock the place: setting it up is all it takes', async (t) => {
  const place = await startServer({ t, settings: UNLIMITED });
  const boss = await signIn(place);
  await call(place, boss, 'set_place', { require_totp: true });
  const session = await signIn(place);
  assert.equal(await known(place, session), 200);
  const { secret } = await call(place, session, 'start_totp');
  await call(place, session, 'confirm_totp', { password: PASSWORD, secret, code: codeNow(secret) });
  await call(place, session, 'set_place', { name: 'Mine again' });
});
