/* Users, invitations and rooms on the command line, beside a running server and without one: the same commands do the
 * same; and a running server tells everybody at once. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call, crew, isAlive, isEnded, known, PASSWORD, post, signIn } from '../lib/accounts.mjs';
import { connect, guest } from '../lib/client.mjs';
import { ask } from '../lib/http.mjs';
import { runProgram, startServer, UNLIMITED } from '../lib/server.mjs';

const DAY_MS = 24 * 3600 * 1000;
const PAGE = 'https://chat.example.org';

/** Two servers with the same people, one of which is stopped while the commands are given. */
const settings = { ...UNLIMITED, public_url: PAGE };
const running = await startServer({ t: { after }, settings });
const stopped = await startServer({ t: { after }, settings });
const people = new Map();
for (const server of [running, stopped]) {
  people.set(server, await crew(server, 'anna', 'ben'));
  await guest(server, 'Passing');
}
const ways = [
  ['with a running server', running],
  ['without one', stopped],
];

/** A command that is carried out: what it says. */
async function run(server, ...args) {
  const { code, stdout, stderr } = await server.command('--set', `public_url=${PAGE}`, ...args);
  assert.deepEqual([code, stderr], [0, ''], args.join(' '));
  return stdout;
}

/** A list: its lines, without the head, as cells. */
async function list(server, ...args) {
  const [head, ...lines] = (await run(server, ...args)).trimEnd().split('\n');
  assert.match(head, /^ +id /);
  return lines.map((line) => line.trim().split(/ {2,}/));
}

/** Runs `body` for both ways; the stopped server is started for what comes behind it. */
async function bothWays(body) {
  for (const [way, server] of ways) {
    const isStopped = server === stopped;
    if (isStopped) await server.stop();
    try {
      await body(server, way);
    } finally {
      if (isStopped) await server.start();
    }
  }
}

/* ------------------------------------------------------------------ users */

test('user list has everybody who keeps a name', async () => {
  for (const server of [running, stopped])
    await call(server, people.get(server)[1], 'set_profile', { display_name: 'Anna Berg' });
  await bothWays(async (server, way) => {
    assert.deepEqual(
      await list(server, 'user', 'list'),
      [
        ['1', 'owner', 'owner'],
        ['2', 'member', 'anna (Anna Berg)'],
        ['3', 'member', 'ben'],
        ['4', 'guest', 'Passing'],
      ],
      way,
    );
  });
});

test('user role gives a role, and takes it away', async () => {
  await bothWays(async (server, way) => {
    for (const role of ['moderator', 'admin', 'owner', 'member']) {
      assert.equal(
        await run(server, 'user', 'role', 'ANNA', role),
        `ANNA is now ${/^[ao]/.test(role) ? 'an' : 'a'} ${role}.\n`,
        way,
      );
      const [, anna] = await list(server, 'user', 'list');
      assert.deepEqual(anna.slice(0, 2), ['2', role], way);
    }
  });
  for (const server of [running, stopped]) {
    const [owner, anna] = people.get(server);
    const { audit } = await call(server, owner, 'audit', { verb: 'set_role' });
    assert.deepEqual(
      audit.map(({ by, user }) => [by.id, user.id]),
      Array(4).fill([0, anna.user.id]),
    );
  }
});

test('user ban and unban: out at once, and not in again until it is lifted', async (t) => {
  const client = await connect(running, { t, ...people.get(running)[2] });
  const watching = await connect(running, { t, ...people.get(running)[1] });
  await bothWays(async (server, way) => {
    assert.equal(await run(server, 'user', 'ban', 'ben', "spam'; --"), 'ben is banned.\n', way);
    const [, , ben] = await list(server, 'user', 'list');
    assert.deepEqual(ben, ['3', 'member', 'banned', 'ben'], way);
  });
  await isEnded(client, 'banned');
  assert.equal((await watching.frame('member', { change: 'banned' })).user.name, 'ben');
  for (const server of [running, stopped]) {
    const [owner, , ben] = people.get(server);
    assert.equal(await known(server, ben), 401);
    const refused = await post(server, null, 'sign_in', { name: 'ben', password: PASSWORD });
    assert.equal(refused.json().error.code, 'banned');
    const { bans } = await call(server, owner, 'bans');
    assert.deepEqual([bans[0].by.id, bans[0].reason, bans[0].until_ms], [0, "spam'; --", 0]);
  }
  await bothWays(async (server, way) => {
    assert.equal(await run(server, 'user', 'unban', 'ben'), 'ben is no longer banned.\n', way);
  });
  await watching.frame('member', { change: 'unbanned' });
  for (const server of [running, stopped]) assert.equal((await signIn(server, 'ben')).user.name, 'ben');
});

test('user reset prints a link to a new password', async () => {
  const links = new Map();
  await bothWays(async (server) => {
    const link = await run(server, 'user', 'reset', 'anna');
    assert.match(link, /^https:\/\/chat\.example\.org\/reset\/[\w-]{43}\n$/);
    links.set(server, link.trim().split('/').at(-1));
  });
  for (const [server, code] of links) {
    assert.equal((await post(server, null, 'use_reset', { code, password: PASSWORD })).status, 204);
    people.get(server)[1] = await signIn(server, 'anna');
  }
});

/* ------------------------------------------------------------------ invitations */

test('invite create prints a link; list says what it is worth; revoke ends it', async () => {
  const codes = new Map();
  await bothWays(async (server, way) => {
    const made = [];
    for (const options of [[], ['--uses', '2'], ['--days', '7', '--uses', '1']]) {
      const link = await run(server, 'invite', 'create', ...options);
      assert.match(link, /^https:\/\/chat\.example\.org\/invite\/[\w-]{43}\n$/, way);
      made.push(link.trim());
    }
    const week = new Date(Date.now() + 7 * DAY_MS).toISOString().slice(0, 10);
    const rows = (await list(server, 'invite', 'list')).sort(([a], [b]) => a - b).slice(-3);
    const [first, second, third] = rows.map(([id]) => id);
    assert.deepEqual(rows[0], [first, 'valid', '0', made[0]], way);
    assert.deepEqual(rows[1], [second, 'valid', '0 of 2', made[1]], way);
    const [until] = rows[2].splice(3, 1);
    assert.deepEqual(rows[2], [third, 'valid', '0 of 1', made[2]], way);
    assert.equal(until.slice(0, 10), week, way);
    assert.equal(await run(server, 'invite', 'revoke', second), `Revoked invitation ${second}.\n`);
    codes.set(
      server,
      made.map((link) => link.split('/').at(-1)),
    );
  });
  for (const [server, [endless, revoked, once]] of codes) {
    const valid = async (code) => (await ask(server, `/api/v1/invite?code=${code}`)).json().invite;
    assert.deepEqual(await valid(endless), { valid: true, by: { id: 0, name: 'admin' }, rooms: [] });
    assert.deepEqual(await valid(revoked), { valid: false, reason: 'revoked' });
    const answer = await post(server, null, 'sign_up', { name: 'cleo', password: PASSWORD, invite: once });
    assert.equal(answer.status, 201);
  }
  await bothWays(async (server) => {
    const states = (await list(server, 'invite', 'list')).map(([id, state, uses]) => [Number(id), state, uses]);
    assert.deepEqual(
      states
        .sort(([a], [b]) => a - b)
        .slice(-3)
        .map(([, ...rest]) => rest),
      [
        ['valid', '0'],
        ['revoked', '0 of 2'],
        ['used up', '1 of 1'],
      ],
    );
  });
});

/* ------------------------------------------------------------------ rooms */

test('room add makes a room of each kind, and tells those who may know of it', async (t) => {
  const [, anna] = people.get(running);
  const [account, visitor] = [await connect(running, { t, ...anna }), await connect(running, { t })];
  await bothWays(async (server, way) => {
    for (const kind of ['open', 'closed', 'announcement'])
      assert.match(
        await run(server, 'room', 'add', '--kind', kind, `${kind} one`),
        /^Created room .+ \(\d+\)\.\n$/,
        way,
      );
    assert.match(await run(server, 'room', 'add', 'without a kind'), /^Created room .+ \(\d+\)\.\n$/, way);
    const rows = await list(server, 'room', 'list');
    assert.deepEqual(
      rows.map(([, , state, name]) => [state, name]),
      [
        ['open', 'lobby'],
        ['open', 'open one'],
        ['closed', 'closed one'],
        ['announcement', 'announcement one'],
        ['open', 'without a kind'],
      ],
      way,
    );
  });
  const told = (client) => client.frames.filter(({ type }) => type === 'room').map(({ room }) => room.name);
  for (const client of [account, visitor])
    await client.first(({ type, room }) => type === 'room' && room.name === 'without a kind', 'the last room');
  assert.deepEqual(told(account), ['open one', 'announcement one', 'without a kind']);
  assert.deepEqual(told(visitor), ['open one', 'without a kind']);
  await Promise.all([account, visitor].map(isAlive));
});

/* ------------------------------------------------------------------ what is refused */

/** [words, what it says, why] */
const refused = [
  [['user', 'role', 'nobody', 'admin'], /^hubbub: no user "nobody"$/m, 'nobody'],
  [['user', 'role', '', 'admin'], /^hubbub: no user ""$/m, 'no name'],
  [['user', 'role', '2', 'admin'], /^hubbub: no user "2"$/m, 'an id is no name'],
  [['user', 'role', 'anna', 'king'], /king: The role must be member, moderator, admin or owner/, 'no such role'],
  [['user', 'role', 'anna', 'guest'], /The role must be/, 'what is no role of an account'],
  [['user', 'role', 'anna', 'system'], /The role must be/, "what is nobody's role"],
  [['user', 'role', 'Passing', 'admin'], /Only accounts have roles/, 'a guest'],
  [['user', 'role', 'owner', 'member'], /Make someone else an owner first/, 'the last owner'],
  [['user', 'ban', 'nobody'], /no user "nobody"/, 'nobody'],
  [['user', 'ban', 'owner'], /Owners can't be banned/, 'an owner'],
  [['user', 'ban', 'admin'], /no user "admin"|not allowed/, 'the command line itself'],
  [['user', 'unban', 'anna'], /anna: This user is not banned/, 'who is not banned'],
  [['user', 'reset', 'Passing'], /Only accounts have passwords/, 'a guest'],
  [['user', 'reset', 'nobody'], /no user "nobody"/, 'nobody'],
  [['user', 'stop-totp', 'nobody'], /^hubbub: no user "nobody"$/m, 'nobody'],
  [['user', 'stop-totp', 'anna'], /anna: Two-factor authentication is already off/, 'who has none'],
  [['user', 'stop-totp', 'Passing'], /Two-factor authentication is already off/, 'a guest'],
  [['user', 'reset', "x' OR '1'='1"], /no user "x' OR '1'='1"/, 'a condition'],
  [['invite', 'create', '--uses', '0'], /Use a number of 1 or more/, 'no uses'],
  [['invite', 'create', '--uses', '-1'], /Use a number of 1 or more/, 'fewer than none'],
  [['invite', 'create', '--days', 'soon'], /soon: Use a number of 1 or more/, 'not a number'],
  [['invite', 'create', '--days', '1.5'], /Use a number of 1 or more/, 'half a day more'],
  [['invite', 'create', '--days', '99999999999999999999'], /Use a number of 1 or more/, 'beyond all days'],
  [['invite', 'revoke', '999'], /There is no such invitation/, 'no such invitation'],
  [['invite', 'revoke', 'all'], /Use the id shown/, 'not an id'],
  [['room', 'rename', 'nope', 'other'], /^hubbub: no room "nope"$/m, 'no such room'],
  [['room', 'archive', 'no such "room"'], /^hubbub: no room "no such \\"room\\""$/m, 'a name to quote'],
  [['room', 'unarchive', '999'], /^hubbub: no room "999"$/m, 'no such id'],
  [
    ['room', 'add', '--kind', 'direct', 'x'],
    /The kind must be open, closed or announcement/,
    'a conversation between people',
  ],
  [['room', 'add', '--kind', 'secret', 'x'], /secret: The kind must be open/, 'no such kind'],
];

/** What the commands could have changed. */
const STATE = `SELECT (SELECT group_concat(id || role) FROM users WHERE kind = 'account') AS roles,
  (SELECT count(*) FROM bans) AS bans, (SELECT count(*) FROM resets) AS resets, (SELECT count(*) FROM rooms) AS rooms,
  (SELECT count(*) || '-' || sum(revoked_at > 0) FROM invites) AS invites`;

test('what is refused says why in one line, ends with an error and changes nothing', async () => {
  await bothWays(async (server, way) => {
    const before = await server.sqlite(STATE);
    for (const [words, says, why] of refused) {
      const { code, stdout, stderr } = await server.command(...words);
      assert.equal(code, 1, `${why}, ${way}: ${words.join(' ')}`);
      assert.equal(stdout, '', `${why}, ${way}`);
      assert.match(stderr, /^hubbub: [^\n]+\n$/, `${why}, ${way}`);
      assert.match(stderr, says, `${why}, ${way}`);
    }
    assert.deepEqual(await server.sqlite(STATE), before, way);
  });
});

/** [words that are no command, what it says] */
const nonsense = [
  [['user'], / user list\n.* user reset NAME\n[^]* user unban NAME\n$/],
  [['user', 'rename', 'anna', 'eve'], /unknown command "user" "rename"/],
  [['user', 'role', 'anna'], / user role NAME ROLE\n$/],
  [['user', 'role', 'anna', 'admin', 'ben'], / user role NAME ROLE\n$/],
  [['user', 'ban'], / user ban NAME \[REASON\]\n$/],
  [['user', 'ban', 'anna', 'spam', 'spam'], / user ban NAME \[REASON\]\n$/],
  [['user', 'list', 'anna'], / user list\n$/],
  [['user', 'reset'], / user reset NAME\n$/],
  [['user', 'reset', '--all'], / user reset NAME\n$/],
  [['user', 'stop-totp'], / user stop-totp NAME\n$/],
  [['user', 'stop-totp', 'anna', 'ben'], / user stop-totp NAME\n$/],
  [['user', 'stop_totp', 'anna'], /unknown command "user" "stop_totp"/],
  [['setup'], / setup --owner NAME \[--place NAME\]\n$/],
  [['invite'], / invite create .*\n.* invite list\n.* invite revoke ID\n$/],
  [['invite', 'create', '5'], / invite create \[--uses N\] .*\n$/],
  [['invite', 'create', '--uses'], / invite create \[--uses N\] .*\n$/],
  [['invite', 'create', '--uses', '1', '--uses', '2'], / invite create \[--uses N\] .*\n$/],
  [['invite', 'create', '--rooms', 'lobby'], / invite create \[--uses N\] .*\n$/],
  [['invite', 'revoke'], / invite revoke ID\n$/],
  [['room', 'add', '--kind', 'open'], / room add \[--kind KIND\] NAME\n$/],
  [['room', 'add', 'x', '--kind'], / room add \[--kind KIND\] NAME\n$/],
  [['room', 'add', '--kinds', 'open', 'x'], / room add \[--kind KIND\] NAME\n$/],
  [['rooms', 'list'], /unknown command "rooms" "list"/],
  [['frobnicate'], /unknown command "frobnicate"; see/],
  [['\x1b[2J'], /unknown command "\\x1b\[2J"; see/],
  [Array(20).fill('user'), /unknown command "user" "user"/],
];

test('what is no command is told how to write it, or that there is none', async () => {
  await bothWays(async (server, way) => {
    for (const [words, says] of nonsense) {
      const { code, stdout, stderr } = await server.command(...words);
      assert.deepEqual([code, stdout], [2, ''], `${words.join(' ')}, ${way}`);
      assert.match(stderr, says, way);
      assert.match(
        stderr,
        /^usage:\n( {2}hubbub \[options\] .*\n)+$|^hubbub: unknown command .*; see hubbub --help\n$/,
        way,
      );
    }
  });
});

test('--help tells of every command and where to put the password', async () => {
  const { code, stdout, stderr } = await runProgram(['--help']);
  assert.deepEqual([code, stderr], [0, '']);
  const usages = ['setup --owner NAME', 'user role NAME ROLE', 'invite create [--uses N] [--days N]', '--kind KIND'];
  for (const text of usages) assert.ok(stdout.includes(text), text);
  assert.match(stdout, /password.* standard input/);
});

test('a closed room of the command line has nobody in it, until an admin adds somebody', async (t) => {
  const [owner, anna] = people.get(running);
  const [id] = (await list(running, 'room', 'list')).find((row) => row.at(-1) === 'closed one');
  const before = await connect(running, { t, ...owner });
  assert.ok(!before.welcome.rooms.some(({ name }) => name === 'closed one'));
  await call(running, owner, 'add_member', { room: Number(id), user: 'anna' });
  const { welcome } = await connect(running, { t, ...anna });
  assert.ok(welcome.rooms.some(({ name }) => name === 'closed one'));
});
