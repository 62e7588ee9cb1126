/* Making an account: who may, by which invitation, under which name and with which password. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call, isEnded, known, me, PASSWORD, post, refusedCall, signIn, signUp } from '../lib/accounts.mjs';
import { connect, guest, wholeHistory } from '../lib/client.mjs';
import { ask, cookieOf } from '../lib/http.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { times, until } from '../lib/wait.mjs';

const server = await startServer({ t: { after }, settings: UNLIMITED });
const owner = await signIn(server);

const invite = (fields = {}, of = server, by = owner) => call(of, by, 'create_invite', fields);

const lookUp = async (code, of = server) => (await ask(of, `/api/v1/invite?code=${code}`)).json().invite;

const form = (name, more = {}) => ({ name, password: PASSWORD, ...more });

const error = (answer) => [answer.status, answer.json().error.code];

async function accounts(of = server) {
  const rows = await of.sqlite("SELECT count(*) AS n FROM users WHERE kind = 'account'");
  return rows[0].n;
}

/* ------------------------------------------------------------------ who may */

test('signup invite: only with an invitation, which one is told', async () => {
  for (const more of [{}, { invite: '' }, { invite: null }, { invite: 'made-up' }, { invite: 'x'.repeat(43) }]) {
    const answer = await post(server, null, 'sign_up', form('uninvited', more));
    assert.deepEqual(error(answer), [404, 'not_found'], JSON.stringify(more));
    assert.match(answer.json().error.message, /invitation/);
    assert.equal(answer.headers['set-cookie'], undefined);
  }
  assert.equal((await ask(server, '/api/v1/place')).json().place.signup, 'invite');
  assert.equal(await accounts(), 1);
});

test('signup open: with or without an invitation, but not with a bad one', async (t) => {
  const open = await startServer({ t, settings: { signup: 'open' } });
  assert.equal((await ask(open, '/api/v1/place')).json().place.signup, 'open');
  const answer = await post(open, null, 'sign_up', form('anna', { display_name: 'Anna Berg' }));
  assert.equal(answer.status, 201);
  const { user } = answer.json();
  assert.deepEqual(user, { id: user.id, name: 'anna', display_name: 'Anna Berg', role: 'member' });
  assert.deepEqual((await me(open, { cookie: cookieOf(answer) })).json().user, user);
  assert.deepEqual(error(await post(open, null, 'sign_up', form('ben', { invite: 'made-up' }))), [404, 'not_found']);
  assert.equal(await accounts(open), 2);
});

test('signup closed: nobody, whatever they have', async (t) => {
  const closed = await startServer({ t, settings: { signup: 'closed' } });
  assert.equal((await ask(closed, '/api/v1/place')).json().place.signup, 'closed');
  const { code } = await invite({}, closed, await signIn(closed));
  assert.deepEqual(await lookUp(code, closed), { valid: false, reason: 'closed' });
  for (const more of [{}, { invite: code }])
    assert.deepEqual(error(await post(closed, null, 'sign_up', form('anna', more))), [403, 'forbidden']);
  assert.equal(await accounts(closed), 1);
});

/* ------------------------------------------------------------------ invitations */

test('an invitation says from whom it is and leads into its rooms', async (t) => {
  await call(server, owner, 'create_room', { name: 'garden', kind: 'closed' });
  await call(server, owner, 'create_room', { name: 'yard' });
  await call(server, owner, 'create_room', { name: 'attic' });
  const { code } = await invite({ rooms: ['garden', 'yard'] });
  assert.match(code, /^[A-Za-z0-9_-]{43}$/);
  const { id, name } = owner.user;
  assert.deepEqual(await lookUp(code), { valid: true, by: { id, name }, rooms: ['garden', 'yard'] });

  const inside = await connect(server, { t, ...owner });
  await inside.join('garden');
  const answer = await post(server, null, 'sign_up', form('anna', { invite: code }));
  assert.equal(answer.status, 201);
  const { user } = answer.json();
  assert.deepEqual(user, { id: user.id, name: 'anna', role: 'member' });
  const { welcome } = await connect(server, { t, cookie: cookieOf(answer) });
  assert.deepEqual(welcome.rooms.map((room) => [room.name, room.role]).sort(), [
    ['garden', 'member'],
    ['lobby', 'member'],
    ['yard', 'member'],
  ]);
  await inside.first(({ type, actor }) => type === 'joined' && actor.id === user.id, 'the newcomer in the room');
  const { invites } = await call(server, owner, 'invites');
  assert.deepEqual([invites[0].code, invites[0].uses], [code, 1]);
});

test('an invitation that is used up, revoked, expired or unknown looks the same: not valid', async () => {
  const [once, revoked, brief] = await Promise.all([
    invite({ max_uses: 1 }),
    invite(),
    invite({ expires_ms: Date.now() + 2000 }),
  ]);
  for (const { code } of [once, revoked, brief]) assert.equal((await lookUp(code)).valid, true);

  /* A name that is taken and a password that is too short use nothing up. */
  const taken = await post(server, null, 'sign_up', form('owner', { invite: once.code }));
  assert.deepEqual(error(taken), [409, 'name_taken']);
  const short = { ...form('first', { invite: once.code }), password: 'short' };
  assert.deepEqual(error(await post(server, null, 'sign_up', short)), [400, 'invalid']);
  assert.equal((await post(server, null, 'sign_up', form('first', { invite: once.code }))).status, 201);
  await call(server, owner, 'revoke_invite', { invite: revoked.invite });
  await until(async () => !(await lookUp(brief.code)).valid, 'the end of the invitation');

  const before = await accounts();
  const unknown = (once.code[0] === 'A' ? 'B' : 'A') + once.code.slice(1);
  const whys = [
    [once.code, 'used_up', 'This invitation has already been used. Ask for a new one.'],
    [revoked.code, 'revoked', 'This invitation has been revoked. Ask for a new one.'],
    [brief.code, 'expired', 'This invitation has expired. Ask for a new one.'],
    [unknown, 'unknown', "This invitation doesn't exist. Check the link."],
    [once.code.toLowerCase(), 'unknown', "This invitation doesn't exist. Check the link."],
  ];
  for (const [code, reason, message] of whys) {
    assert.deepEqual(await lookUp(code), { valid: false, reason }, code);
    const answer = await post(server, null, 'sign_up', form('second', { invite: code }));
    assert.deepEqual([...error(answer), answer.json().error.message], [404, 'not_found', message], code);
  }
  assert.equal(await accounts(), before);

  const { invites } = await call(server, owner, 'invites');
  const listed = (invite) => invites.find(({ id }) => id === invite.invite);
  assert.deepEqual([listed(once).uses, listed(once).max_uses, listed(once).revoked], [1, 1, false]);
  assert.deepEqual([listed(revoked).uses, listed(revoked).revoked], [0, true]);
});

test('all that is wrong with a form is said at once', async () => {
  const { code } = await invite();
  const faults = async (fields) =>
    ((await post(server, null, 'sign_up', fields)).json().error.faults ?? []).map(
      (fault) => `${fault.field} ${fault.code}`,
    );
  const bad = { name: 'owner', password: 'password123', display_name: 'x'.repeat(33), invite: code };
  assert.deepEqual(await faults(bad), ['name name_taken', 'display_name invalid', 'password invalid']);
  assert.deepEqual(await faults({ ...bad, name: 'a b' }), ['name invalid', 'display_name invalid', 'password invalid']);
  assert.deepEqual(
    await faults({ ...bad, invite: 'none' }),
    ['invite not_found', 'display_name invalid', 'password invalid'],
    'whose name is taken is not for those who cannot sign up',
  );
  const refused = await post(server, null, 'sign_up', bad);
  assert.deepEqual(error(refused), [400, 'invalid'], 'the first that was found');
  const messages = refused.json().error.faults.map(({ message }) => message);
  assert.match(messages[2], /password/);
  assert.ok(!messages.some((message) => /breaks a rule/.test(message)), messages.join(' '));

  const member = await signUp(server, 'forms', { owner });
  const change = (fields) => post(server, member, 'set_password', fields);
  const said = async (fields) =>
    (await change(fields)).json().error.faults.map((fault) => `${fault.field} ${fault.code}`);
  assert.deepEqual(await said({ current: 'not the password', password: 'password123' }), [
    'current wrong_password',
    'password invalid',
  ]);
  assert.deepEqual(await said({ current: PASSWORD, password: 'password123' }), ['password invalid']);
  assert.deepEqual(await said({ current: 'not the password', password: 'another good one' }), [
    'current wrong_password',
  ]);
});

test('an invitation has a label, which its maker sees and can change', async () => {
  const { invite: id } = await invite({ label: 'class 5b' });
  const labelOf = async () => (await call(server, owner, 'invites')).invites.find((one) => one.id === id).label;
  assert.equal(await labelOf(), 'class 5b');
  await call(server, owner, 'edit_invite', { invite: id, label: 'class 5c' });
  assert.equal(await labelOf(), 'class 5c');
  const { audit } = await call(server, owner, 'audit', { limit: 2 });
  assert.deepEqual(audit[0].detail, { invite: id, label: 'class 5c' });
  assert.equal(audit[1].detail.label, 'class 5b');
  await call(server, owner, 'edit_invite', { invite: id, label: '' });
  assert.equal(await labelOf(), '');
  for (const label of ['x'.repeat(101), 'two\nlines', 'turned\u202e', 5])
    assert.equal(
      (await refusedCall(call(server, owner, 'edit_invite', { invite: id, label }))).code,
      'invalid',
      JSON.stringify(label),
    );
  assert.equal((await refusedCall(call(server, owner, 'edit_invite', { invite: 9999, label: 'x' }))).code, 'not_found');
  const member = await signUp(server, 'labels', { owner });
  assert.equal((await refusedCall(call(server, member, 'edit_invite', { invite: id, label: 'x' }))).code, 'forbidden');
});

/** [fields, code, why] */
const refusedInvites = [
  [{ expires_ms: 1 }, 'invalid', 'it is over before it begins'],
  [{ expires_ms: -1 }, 'invalid', 'before all time'],
  [{ max_uses: -1 }, 'invalid', 'fewer than none'],
  [{ max_uses: 1.5 }, 'invalid', 'half a use'],
  [{ rooms: ['nowhere'] }, 'not_found', 'no such room'],
  [{ rooms: 'garden' }, 'invalid', 'not a list'],
  [{ rooms: Array(21).fill(1) }, 'invalid', 'too many rooms'],
];

test('an invitation has to make sense, and is made by admins only', async () => {
  for (const [fields, code, why] of refusedInvites) assert.equal((await refusedCall(invite(fields))).code, code, why);
  const member = await signUp(server, 'curious', { owner });
  for (const name of ['create_invite', 'invites'])
    assert.equal((await refusedCall(call(server, member, name, {}))).code, 'forbidden', name);
  const { invite: id } = await invite();
  assert.equal((await refusedCall(call(server, member, 'revoke_invite', { invite: id }))).code, 'forbidden');
  await call(server, owner, 'revoke_invite', { invite: id });
  assert.equal((await refusedCall(call(server, owner, 'revoke_invite', { invite: id }))).code, 'not_found');
});

test('of 50 who use an invitation for 7 at the same time, exactly 7 come in', async (t) => {
  const busy = await startServer({ t, settings: { ...UNLIMITED, password_threads: 7 } });
  const { code, invite: id } = await invite({ max_uses: 7 }, busy, await signIn(busy));
  /** Whoever is told that there is too much to do comes again. */
  const tryUntilSure = (i) =>
    until(async () => {
      const answer = await post(busy, null, 'sign_up', form(`person-${i}`, { invite: code }));
      if (answer.status !== 503) return answer;
      assert.equal(answer.json().error.code, 'overloaded');
      return null;
    }, 'an answer');
  const answers = await times(50, tryUntilSure);
  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [...Array(7).fill(201), ...Array(43).fill(404)]);
  assert.equal(await accounts(busy), 1 + 7);
  const [row] = await busy.sqlite(`SELECT uses FROM invites WHERE id = ${id}`);
  assert.equal(row.uses, 7);
});

test('of many who want one name at the same time, one gets it, and one use is used up', async () => {
  const { code, invite: id } = await invite();
  const answers = await times(6, () => post(server, null, 'sign_up', form('wanted', { invite: code })));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(5).fill(409)]);
  const [row] = await server.sqlite(`SELECT uses FROM invites WHERE id = ${id}`);
  assert.equal(row.uses, 1);
});

/* ------------------------------------------------------------------ a guest becomes an account */

test('a guest who makes an account keeps the id and the messages', async (t) => {
  const { user, cookie } = await guest(server, 'Guesty');
  const before = await connect(server, { t, cookie });
  await before.join('lobby');
  const { seq } = await before.send('lobby', 'as a guest');

  const { code } = await invite();
  const fields = form('guesty', { invite: code, display_name: 'Guesty Gray' });
  const answer = await post(server, { cookie }, 'sign_up', fields);
  assert.equal(answer.status, 201);
  const account = { id: user.id, name: 'guesty', display_name: 'Guesty Gray', role: 'member' };
  assert.deepEqual(answer.json().user, account);
  const cookies = answer.headers['set-cookie'];
  assert.equal(cookies.length, 2);
  assert.match(cookies[0], /^hubbub_session=hubbubs_/);
  assert.match(cookies[1], /^hubbub_guest=;.*Max-Age=0/);
  assert.equal(await known(server, { cookie }), 401, "the guest's cookie is worth nothing any more");

  const now = await connect(server, { t, cookie: cookieOf(answer) });
  assert.deepEqual(now.user, account);
  const said = (await wholeHistory(now, 1)).find((event) => event.seq === seq);
  assert.deepEqual(said.author, { id: user.id, name: 'guesty', display_name: 'Guesty Gray' });
  await now.send('lobby', 'as an account');

  await isEnded(before);
  const twice = await post(server, { cookie }, 'sign_up', form('twice', { invite: code }));
  assert.notEqual(twice.json().user.id, user.id, 'the old cookie took the account over');
});

test('a guest can make an account where guests are no longer taken', async (t) => {
  const other = await startServer({ t, settings: UNLIMITED });
  const { user, cookie } = await guest(other, 'Early');
  await other.restart({ allow_guests: 'no' });
  assert.equal(await known(other, { cookie }), 401);
  const { code } = await invite({}, other, await signIn(other));
  const answer = await post(other, { cookie }, 'sign_up', form('early', { invite: code }));
  assert.equal(answer.status, 201);
  assert.equal(answer.json().user.id, user.id);
});

/* ------------------------------------------------------------------ names */

/** [name, status, code or the name that it becomes, why] */
const names = [
  ['Zoë', 200, 'Zoë', 'a letter with dots'],
  ['Zoe\u0308', 200, 'Zoë', 'the same in two characters'],
  ['王小明', 200, '王小明', 'Chinese'],
  ['محمد', 200, 'محمد', 'Arabic, which is written from the right'],
  ['חנה-7', 200, 'חנה-7', 'Hebrew with a digit'],
  ['a.b_c-d', 200, 'a.b_c-d', 'the marks that a user name may have'],
  ['x'.repeat(32), 200, 'x'.repeat(32), '32 characters'],
  ['  trimmed\u3000', 200, 'trimmed', 'white space at the ends is taken off'],
  ['', 400, 'invalid', 'empty'],
  ['   ', 400, 'invalid', 'only white space'],
  ['y'.repeat(33), 400, 'invalid', '33 characters'],
  ['two words', 400, 'invalid', 'a space'],
  ['a/b', 400, 'invalid', 'a slash'],
  ['a@b', 400, 'invalid', 'an at sign'],
  ['<b>', 400, 'invalid', 'HTML'],
  ["o'neil", 400, 'invalid', 'a quote'],
  ['...', 400, 'invalid', 'no letter or digit'],
  ['a\u200bb', 400, 'invalid', 'a space of no width'],
  ['a\u200db', 400, 'invalid', 'a joiner of no width'],
  ['a\u2060b', 400, 'invalid', 'another one'],
  ['\ufeffab', 400, 'invalid', 'the mark of a byte order'],
  ['a\u202eb', 400, 'invalid', 'turns the direction of writing'],
  ['a\u2067b', 400, 'invalid', 'isolates a direction'],
  ['a\u200fb', 200, 'ab', 'a mark of direction is taken off'],
  ['dot.', 400, 'invalid', 'a dot at the end, which a mention leaves out'],
  ['a\u00adb', 400, 'invalid', 'a hyphen that does not show'],
  ['a\u115fb', 400, 'invalid', 'a Hangul filler'],
  ['a\u3164b', 400, 'invalid', 'another one'],
  ['a\ufe0fb', 400, 'invalid', 'a variation selector'],
  ['a\nb', 400, 'invalid', 'a line break'],
  ['a\u0007b', 400, 'invalid', 'a control character'],
  ['\u0301a', 400, 'invalid', 'an accent on nothing'],
  [`z${'\u0300'.repeat(5)}`, 400, 'invalid', 'a tower of accents'],
  ['\ue000a', 400, 'invalid', 'a character of private use'],
  ['\u{e0041}a', 400, 'invalid', 'a tag'],
  ['everyone', 400, 'invalid', 'a mention of many'],
  ['Here', 400, 'invalid', 'another one'],
  ['аll', 400, 'invalid', 'another one, with a Cyrillic letter'],
  ['guest-abcdefghij', 400, 'invalid', 'looks like a made-up one'],
  ['GUEST-x', 400, 'invalid', 'so does this'],
  ['olivia', 409, 'name_taken', "somebody's"],
  ['OLIVIA', 409, 'name_taken', 'in capitals'],
  ['Оlivia', 409, 'name_taken', 'with a Cyrillic O'],
  ['OIivia', 409, 'name_taken', 'with a capital I for the l'],
  ['0livia', 409, 'name_taken', 'with a zero'],
  ['Ｏｌｉｖｉａ', 409, 'name_taken', 'in full width'],
  ['οlivia', 409, 'name_taken', 'with a Greek omicron'],
  ['𝐨𝐥𝐢𝐯𝐢𝐚', 409, 'name_taken', 'in mathematical bold'],
  ['olívia', 200, 'olívia', 'with an accent that one sees'],
  ['admin', 409, 'name_taken', 'the command line'],
  ['аdmin', 409, 'name_taken', 'the command line, with a Cyrillic letter'],
  ['adrnin', 409, 'name_taken', 'the command line, with r and n for the m'],
  ['visiting', 409, 'name_taken', "a connected visitor's"],
  ['Remembered', 409, 'name_taken', "a guest's"],
];

test('user names have rules, and none is given that looks like another', async (t) => {
  await signUp(server, 'olivia', { owner });
  await connect(server, { t, name: 'Visiting' });
  await guest(server, 'remembered');
  const somebody = await signUp(server, 'somebody', { owner });
  const { code } = await invite();
  for (const [name, status, want, why] of names) {
    const renamed = await post(server, somebody, 'rename', { name });
    assert.equal(renamed.status, status, `${why}: ${renamed.text}`);
    if (status === 200) {
      assert.equal((await me(server, somebody)).json().user.name, want, why);
      continue;
    }
    assert.equal(renamed.json().error.code, want, why);
    const answer = await post(server, null, 'sign_up', form(name, { invite: code }));
    assert.deepEqual(error(answer), [status, want], `${why}, signing up`);
    assert.ok(answer.json().error.message.length > 10, why);
  }
  const { code: last } = await invite();
  const answer = await post(server, null, 'sign_up', form('  Zoe\u0308 ', { invite: last }));
  assert.equal(answer.json().user.name, 'Zoë');
  assert.equal((await signIn(server, 'zoë')).user.name, 'Zoë', 'one signs in with any spelling of the name');
});

test('a display name may have spaces and need not be the only one, but shows what it is', async () => {
  const anna = await signUp(server, 'anna.b', { owner, display_name: 'Anna Berg' });
  assert.equal(anna.user.display_name, 'Anna Berg');
  const { code } = await invite();
  for (const bad of ['a\u200bb', 'a\u202eb', 'x'.repeat(33), 'a  b', '\u0000']) {
    const answer = await post(server, null, 'sign_up', form('anna.c', { invite: code, display_name: bad }));
    assert.equal(answer.status, 400, JSON.stringify(bad));
  }
  const answer = await post(server, null, 'sign_up', form('anna.c', { invite: code, display_name: 'Anna Berg' }));
  assert.equal(answer.json().user.display_name, 'Anna Berg');
});

/* ------------------------------------------------------------------ passwords */

/** [password, what the refusal says, why] */
const badPasswords = [
  ['', /password/, 'empty'],
  ['123456789', /10 characters/, 'nine characters'],
  ['🌱'.repeat(9), /10 characters/, 'nine characters of 36 bytes'],
  ['1234567890', /too common/, 'a common one'],
  ['Password123', /too common/, 'a common one in other letters'],
  ['qwertyuiop', /too common/, 'the first row of a keyboard'],
  ['a-quite-long-name', /username/, 'the user name'],
  ['A-Quite-Long-NAME', /username/, 'the user name in other letters'],
  ['x'.repeat(1025), /1,024/, 'over a thousand bytes'],
  [1234567890123, /password/, 'a number'],
  [['a list that is long'], /password/, 'a list'],
  ['a long one\u0000and more', /JSON/, 'a NUL'],
];

test('a password that is easily guessed is refused, wherever one is set', async () => {
  const { code } = await invite();
  const member = await signUp(server, 'a-quite-long-name', { owner });
  const reset = await call(server, owner, 'create_reset', { user: member.user.id });
  for (const [password, says, why] of badPasswords) {
    const rows = [
      ['sign_up', null, { name: member.user.name, password, invite: code }],
      ['set_password', member, { current: PASSWORD, password }],
      ['use_reset', null, { code: reset.code, password }],
    ];
    for (const [where, who, fields] of rows) {
      const answer = await post(server, who, where, fields);
      assert.equal(answer.status, 400, `${where}: ${why}`);
      assert.match(answer.json().error.message, says, `${where}: ${why}`);
    }
  }
  assert.equal((await signIn(server, member.user.name)).user.id, member.user.id, 'nothing has changed');
});

test('any other password is taken as it is, to the byte', async () => {
  const { code } = await invite();
  const odd = '  Ünïcode "und" \\ 🌱  ';
  assert.equal((await post(server, null, 'sign_up', form('odd', { password: odd, invite: code }))).status, 201);
  assert.equal((await signIn(server, 'odd', { password: odd })).user.name, 'odd');
  for (const password of [odd.trim(), odd.toUpperCase(), `${odd} `])
    assert.deepEqual(error(await post(server, null, 'sign_in', { name: 'odd', password })), [401, 'wrong_password']);
});
