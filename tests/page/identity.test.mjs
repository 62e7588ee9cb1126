import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Identity } from '../../www/model/identity.js';
import { ApiError } from '../../www/net/api.js';
import { fakeStorage } from './lib/fakes.mjs';

const ANNA = { id: 7, name: 'anna', role: 'member' };
const BEN = { id: 8, name: 'ben', role: 'owner' };
const GUEST = { id: 9, name: 'Gast', role: 'guest' };
const NOBODY = new ApiError(401, { code: 'unauthorized', message: 'Nobody.' });

/** `made.who` is whom the server takes this browser for: a user, or what it refuses with. */
function identityWith({ who = NOBODY, place = {}, shared = fakeStorage(), tab = fakeStorage() } = {}) {
  const made = { who, shared, tab, calls: [], users: [], forgotten: [], restarts: 0 };
  made.place = { name: 'Garden', set_up: true, signup: 'invite', guests: false, version: '1', ...place };
  const becomes = (name, user) => async (fields) => {
    made.calls.push([name, fields]);
    if (made.refusal) throw made.refusal;
    made.who = user;
    return user;
  };
  made.api = {
    place: async () => made.place,
    me: async () => {
      if (made.who instanceof Error) throw made.who;
      return { user: made.who, session: made.who.role === 'guest' ? 0 : 3, scope: made.scope ?? 'admin', totp: false };
    },
    setup: becomes('setup', BEN),
    signIn: becomes('signIn', ANNA),
    signUp: becomes('signUp', ANNA),
    takeGuestName: becomes('takeGuestName', GUEST),
    signOut: becomes('signOut', NOBODY),
    forgetGuest: becomes('forgetGuest', NOBODY),
    confirmTotp: async () => ['aaaaa-bbbbb'],
    stopTotp: async () => null,
  };
  made.identity = new Identity({
    api: made.api,
    shared,
    tab,
    onUser: (user) => void made.users.push(user.id),
    forget: (where) => void made.forgotten.push(where),
    connect: (known) => void made.calls.push(['connect', known]),
    disconnect: () => void made.calls.push(['disconnect']),
    restart: () => void made.restarts++,
  });
  made.connects = () => made.calls.filter(([name]) => name === 'connect');
  return made;
}

async function losesSession(made) {
  made.who = NOBODY;
  await made.identity.ended('session_ended');
}

for (const [what, options, state, mayConnect] of [
  ['no owner yet', { place: { set_up: false } }, 'not set up', false],
  [
    'no owner yet, as /me says it',
    { who: new ApiError(503, { code: 'not_set_up', message: '' }) },
    'not set up',
    false,
  ],
  ['nobody', {}, 'signed out', false],
  ['a guest', { who: GUEST }, 'guest', true],
  ['an account', { who: ANNA }, 'account', true],
]) {
  test(`asks the server: ${what}`, async () => {
    const { identity } = identityWith(options);
    assert.equal(identity.state, 'unknown');
    assert.equal(await identity.identify(), mayConnect);
    assert.deepEqual([identity.state, identity.signedOutReason], [state, null]);
  });
}

test('a browser that keeps no cookies is told so', async () => {
  const made = identityWith();
  await made.identity.identify();
  made.api.signIn = async () => ANNA; /* and the next request comes without a cookie */
  await assert.rejects(made.identity.signIn({ name: 'anna', password: 'secret' }), {
    code: 'no_cookie',
    message: /cookies/,
  });
  assert.equal(made.identity.state, 'signed out');
  assert.deepEqual(made.connects(), []);
});

test('a server that does not say rejects, and nothing is concluded from it', async () => {
  const made = identityWith({ who: ANNA });
  await made.identity.identify();
  made.who = new ApiError(503, { code: 'overloaded', message: 'Full.' });
  await assert.rejects(made.identity.identify(), { status: 503 });
  assert.equal(made.identity.state, 'account');
});

test('a banned person is told so in the words of the server', async () => {
  const { identity } = identityWith({
    who: new ApiError(403, { code: 'banned', message: 'You are banned until May.' }),
  });
  assert.equal(await identity.identify(), false);
  assert.deepEqual(
    [identity.state, identity.signedOutReason],
    ['signed out', { why: 'banned', message: 'You are banned until May.' }],
  );
});

const BANNED = new ApiError(403, { code: 'banned', message: 'You are banned until May.' });
const GONE = new ApiError(0, { code: 'unreachable', message: 'Gone.' });
for (const [who, how, then, why, message] of [
  [ANNA, 'session_ended', NOBODY, 'session_ended', ''],
  [ANNA, 'session_ended', GONE, 'session_ended', ''],
  [ANNA, 'banned', BANNED, 'banned', 'You are banned until May.'],
  [GUEST, 'session_ended', NOBODY, 'forgotten', ''],
  [GUEST, 'banned', NOBODY, 'banned', ''],
]) {
  test(`the live connection ends for good: ${who.name}, ${how}, then ${then.code}`, async () => {
    const made = identityWith({ who });
    await made.identity.identify();
    made.who = then;
    await made.identity.ended(how);
    assert.deepEqual(
      [made.identity.state, made.identity.signedOutReason, made.forgotten],
      ['signed out', { why, message }, []],
    );
  });
}

test('the connection of one tab ends because another person has signed in, in another tab', async () => {
  const made = identityWith({ who: ANNA });
  await made.identity.identify();
  made.who = BEN;
  await made.identity.ended('session_ended');
  assert.deepEqual([made.restarts, made.forgotten, made.identity.signedOutReason], [1, ['shared', 'tab'], null]);
});

test('the old connection may end before the new one begins: that is no end of a session', async () => {
  const made = identityWith({ who: { ...GUEST, id: ANNA.id } });
  await made.identity.identify();
  const signUp = made.api.signUp;
  made.api.signUp = async (fields) => {
    const user = await signUp(fields);
    await made.identity.ended('session_ended');
    return user;
  };
  await made.identity.signUp({ name: 'anna', password: 'x' });
  assert.deepEqual([made.identity.state, made.identity.signedOutReason], ['account', null]);
});

test('a session that ended while the page was offline: the same, found out by asking', async () => {
  const made = identityWith({ who: ANNA });
  await made.identity.identify();
  made.who = NOBODY;
  assert.equal(await made.identity.identify(), false);
  assert.equal(made.identity.signedOutReason.why, 'session_ended');
  assert.deepEqual(made.forgotten, [], 'what was written stays');
});

test('signing in again as the same person goes on where one was', async () => {
  const made = identityWith({ who: ANNA });
  await made.identity.identify();
  await losesSession(made);
  await made.identity.signIn({ name: 'anna', password: 'x' });
  assert.deepEqual(
    [made.identity.state, made.identity.signedOutReason, made.restarts, made.forgotten],
    ['account', null, 0, []],
  );
  assert.deepEqual(made.connects(), [['connect', true]]);
});

test('signing in as another person: what was written is forgotten, and the page begins anew', async () => {
  const made = identityWith({ who: BEN });
  await made.identity.identify();
  await losesSession(made);
  await made.identity.signIn({ name: 'anna', password: 'x' });
  assert.deepEqual([made.forgotten, made.restarts, made.connects()], [['shared', 'tab'], 1, []]);
});

test('another person in another tab, or after a reload: each storage is cleared once', async () => {
  const shared = fakeStorage();
  const old = fakeStorage();
  await identityWith({ who: BEN, shared, tab: old }).identity.identify();
  const second = identityWith({ who: ANNA, shared });
  await second.identity.identify();
  assert.deepEqual(second.forgotten, ['shared']);
  const third = identityWith({ who: ANNA, shared, tab: old });
  await third.identity.identify();
  assert.deepEqual(third.forgotten, ['tab']);
});

test('a guest who is forgotten and comes again keeps what was written; so does one who signs in', async () => {
  const made = identityWith({ who: { ...GUEST, id: 4 } });
  await made.identity.identify();
  await losesSession(made);
  await made.identity.takeGuestName('Gast');
  assert.deepEqual([made.identity.state, made.forgotten, made.restarts], ['guest', [], 0]);
  await made.identity.signIn({ name: 'anna', password: 'x' });
  assert.deepEqual([made.forgotten, made.restarts], [[], 1], 'though the page begins anew, with other rooms');
});

test('a guest who makes an account stays the same person, on a new connection', async () => {
  const made = identityWith({ who: { ...GUEST, id: ANNA.id } });
  await made.identity.identify();
  await made.identity.signUp({ name: 'anna', password: 'x', invite: 'k7' });
  assert.deepEqual([made.identity.state, made.forgotten, made.restarts], ['account', [], 0]);
  assert.deepEqual(
    made.calls.map(([name]) => name),
    ['signUp', 'disconnect', 'connect'],
  );
});

test("a guest's other name needs no new connection", async () => {
  const made = identityWith({ who: GUEST });
  await made.identity.identify();
  await made.identity.takeGuestName('Other');
  assert.deepEqual([made.connects(), made.users], [[], [9, 9]]);
});

test('a refused sign-in changes nothing', async () => {
  const made = identityWith();
  await made.identity.identify();
  made.refusal = new ApiError(401, { code: 'wrong_password', message: 'No.' });
  await assert.rejects(made.identity.signIn({ name: 'anna', password: 'y' }), { code: 'wrong_password' });
  assert.deepEqual([made.identity.state, made.connects()], ['signed out', []]);
});

test('setting up makes one the owner', async () => {
  const made = identityWith({ place: { set_up: false } });
  await made.identity.identify();
  made.place.set_up = true;
  await made.identity.setUp({ name: 'ben', password: 'x', place: 'Garden' });
  assert.deepEqual(
    [made.identity.state, made.identity.user.role, made.connects()],
    ['account', 'owner', [['connect', true]]],
  );
});

for (const [who, call] of [
  [ANNA, 'signOut'],
  [GUEST, 'forgetGuest'],
]) {
  test(`signing out, ${who.name}: the server first, then all that was written here, then a new page`, async () => {
    const made = identityWith({ who });
    await made.identity.identify();
    await made.identity.signOut();
    assert.deepEqual(
      made.calls.map(([name]) => name),
      [call, 'disconnect'],
    );
    assert.deepEqual([made.forgotten, made.restarts, made.shared.read('owner')], [['shared', 'tab'], 1, undefined]);
  });
}

test('signing out without a server: one is still signed in', async () => {
  const made = identityWith({ who: ANNA });
  await made.identity.identify();
  made.refusal = new ApiError(0, { code: 'unreachable', message: 'Gone.' });
  await assert.rejects(made.identity.signOut(), { code: 'unreachable' });
  assert.deepEqual([made.identity.state, made.forgotten, made.restarts], ['account', [], 0]);
});

test('signing out of a session that has ended already works', async () => {
  const made = identityWith({ who: ANNA });
  await made.identity.identify();
  made.refusal = NOBODY;
  await made.identity.signOut();
  assert.equal(made.restarts, 1);
});

test('the server takes us for somebody else: asked again, on a new connection', async () => {
  const made = identityWith({ who: ANNA });
  await made.identity.identify();
  made.identity.recheckIdentity();
  assert.deepEqual(made.calls, [['disconnect'], ['connect', false]]);
});

test('an admin without the second factor that the place wants is told so, and may more once it is there', async () => {
  for (const [who, scope, needs] of [
    [BEN, 'write', true],
    [BEN, 'admin', false],
    [ANNA, 'write', false],
  ]) {
    const made = identityWith({ who });
    made.scope = scope;
    await made.identity.identify();
    assert.equal(made.identity.needsTotp, needs, `${who.role}, ${scope}`);
    await made.identity.confirmTotp({ password: 'x', secret: 's', code: '1' });
    assert.equal(made.identity.needsTotp, false);
    assert.deepEqual(made.connects(), needs ? [['connect', false]] : [], 'on a new connection');
  }
});

test('the second factor is on after its codes are told, and off again', async () => {
  const { identity } = identityWith({ who: ANNA });
  await identity.identify();
  assert.deepEqual(await identity.confirmTotp({ password: 'x', secret: 's', code: '1' }), ['aaaaa-bbbbb']);
  assert.equal(identity.totp, true);
  await identity.stopTotp('x');
  assert.equal(identity.totp, false);
});
