/* The first run: nothing but the question for an owner is answered, and exactly one becomes it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { call, identity, me, PASSWORD, post, signIn } from '../lib/accounts.mjs';
import { connect, NotUpgraded } from '../lib/client.mjs';
import { HTTP_CALLS, REQUEST_CALLS } from '../lib/documented.mjs';
import { ask, cookieOf } from '../lib/http.mjs';
import { CONFIG, runProgram, sqlite, startServer, temporaryDirectory } from '../lib/server.mjs';
import { times } from '../lib/wait.mjs';

const ANNA = { name: 'anna', password: PASSWORD };

const fresh = (t, options = {}) => startServer({ t, owned: false, ...options });

const place = async (server) => (await ask(server, '/api/v1/place')).json().place;

const error = (answer) => [answer.status, answer.json().error.code];

/** `hubbub setup` on a data directory, with what it reads from standard input. */
function setUp(dataDir, words, input) {
  return runProgram(['--config', CONFIG, '--set', `data_dir=${dataDir}`, 'setup', ...words], { input });
}

/** True when some file below the directory has that text. */
function isWritten(directory, text) {
  try {
    execFileSync('grep', ['-rqaF', '--exclude=*.sock', '--', text, directory]);
    return true;
  } catch (failed) {
    assert.equal(failed.status, 1, 'grep');
    return false;
  }
}

test('without an owner nothing is answered but the page, its place, the setup and health', async (t) => {
  const server = await fresh(t);
  const pages = ['/', '/room/lobby', '/sign-in', '/admin/people', '/invite/x', '/reset/x', '/favicon.svg'];
  for (const path of [...pages, '/healthz']) assert.equal((await ask(server, path)).status, 200, path);
  const { set_up: isSetUp, guests, ...rest } = await place(server);
  assert.deepEqual([isSetUp, guests], [false, true]);
  assert.deepEqual(Object.keys(rest).sort(), ['name', 'signup', 'version']);

  const closed = HTTP_CALLS.filter(({ path }) => !/\/(place|setup)$/.test(path));
  assert.equal(closed.length, HTTP_CALLS.length - 2);
  const requests = REQUEST_CALLS.map((name) => ({ method: 'POST', path: `/api/v1/${name}` }));
  const paths = ['/api/v1', '/api/v1/nothing', '/api/v2/me', '/api/v1/avatar/1', '/metrics'];
  const others = paths.map((path) => ({ method: 'GET', path }));
  for (const { method, path } of [...closed, ...requests, ...others]) {
    const body = method === 'POST' ? { body: '{}', headers: { 'Content-Type': 'application/json' } } : {};
    assert.deepEqual(error(await ask(server, path, { method, ...body })), [503, 'not_set_up'], `${method} ${path}`);
  }

  const people = [{}, { name: 'Anna' }, { cookie: 'hubbub_session=x' }, { headers: identity({ token: 'hubbub_x' }) }];
  for (const who of people) {
    const refused = await connect(server, who).catch((reason) => reason);
    assert.ok(refused instanceof NotUpgraded, JSON.stringify(who));
    assert.deepEqual([refused.status, JSON.parse(refused.text).error.code], [503, 'not_set_up']);
  }
});

/** [fields, status, code, why] */
const refusedForms = [
  [{}, 400, 'invalid', 'nothing'],
  [{ name: 'anna' }, 400, 'invalid', 'no password'],
  [{ password: PASSWORD }, 400, 'invalid', 'no name'],
  [{ ...ANNA, name: 'two words' }, 400, 'invalid', 'not a user name'],
  [{ ...ANNA, name: 'everyone' }, 400, 'invalid', 'who is everyone'],
  [{ ...ANNA, name: 'admin' }, 409, 'name_taken', 'what the command line is called'],
  [{ ...ANNA, password: 'short' }, 400, 'invalid', 'a short password'],
  [{ ...ANNA, password: '1234567890' }, 400, 'invalid', 'a common password'],
  [{ ...ANNA, place: '\u202e' }, 400, 'invalid', 'a place without a name'],
  [{ ...ANNA, place: 'x'.repeat(65) }, 400, 'invalid', 'a place with too long a name'],
  [{ ...ANNA, display_name: 'a\u200bb' }, 400, 'invalid', 'an invisible character'],
];

test('a form that is not good makes no owner, and the page can ask again', async (t) => {
  const server = await fresh(t);
  for (const [fields, status, code, why] of refusedForms) {
    const answer = await post(server, null, 'setup', fields);
    assert.deepEqual(error(answer), [status, code], why);
    assert.equal(answer.headers['set-cookie'], undefined, why);
  }
  const foreign = await post(server, null, 'setup', ANNA, { Origin: 'https://evil.example' });
  assert.deepEqual(error(foreign), [403, 'forbidden']);
  assert.equal((await place(server)).set_up, false);
  assert.equal((await post(server, null, 'setup', ANNA)).status, 201);
});

test('the first owner by the page: signed in, in the lobby, and the only one', async (t) => {
  const server = await fresh(t);
  const fields = { ...ANNA, display_name: 'Anna Berg', place: 'Garden Club' };
  const answer = await post(server, null, 'setup', fields);
  assert.equal(answer.status, 201);
  const { user } = answer.json();
  assert.deepEqual(user, { id: user.id, name: 'anna', display_name: 'Anna Berg', role: 'owner' });
  const owner = { cookie: cookieOf(answer) };

  assert.deepEqual((await place(server)).name, 'Garden Club');
  assert.deepEqual((await place(server)).set_up, true);
  const known = (await me(server, owner)).json();
  assert.deepEqual(known.user, user);
  const { welcome } = await connect(server, { t, ...owner });
  assert.equal(welcome.server.name, 'Garden Club');
  assert.deepEqual(
    welcome.rooms.map(({ name, role }) => [name, role]),
    [['lobby', 'moderator']],
  );

  for (const again of [fields, { ...fields, name: 'eve' }])
    assert.deepEqual(error(await post(server, null, 'setup', again)), [403, 'forbidden']);
  assert.equal((await signIn(server, 'anna')).user.id, user.id);
  const rows = await server.sqlite("SELECT name FROM users WHERE kind = 'account'");
  assert.deepEqual(rows, [{ name: 'anna' }]);
});

test('when the place gets another name, whoever is connected is told', async (t) => {
  const server = await fresh(t, { settings: { allow_guests: 'yes' } });
  const owner = { cookie: cookieOf(await post(server, null, 'setup', { ...ANNA, place: 'Garden Club' })) };
  const clients = [];
  for (const who of [owner, owner, {}]) clients.push(await connect(server, { t, ...who }));
  await call(server, owner, 'set_place', { require_totp: false });
  await call(server, owner, 'set_place', { name: 'Garden Club' });
  await call(server, owner, 'set_place', { name: 'Orchard Club' });
  for (const client of clients) {
    await client.frame('place', { name: 'Orchard Club' });
    await client.request('ping');
    const told = client.frames.filter(({ type }) => type === 'place');
    assert.deepEqual(told, [{ type: 'place', name: 'Orchard Club' }], 'once, and not of what is as it was');
  }
  assert.equal((await connect(server, { t })).welcome.server.name, 'Orchard Club');
});

/** [with a running server?, further words, what the place is called then] */
const commands = [
  [true, ['--place', 'Garden Club'], 'Garden Club'],
  [false, ['--place', 'Garden Club'], 'Garden Club'],
  [false, [], 'Hubbub'],
];

test('the first owner by the command line, the password from standard input', async (t) => {
  for (const [running, words, name] of commands) {
    const dataDir = join(temporaryDirectory(), 'data');
    const secret = `${PASSWORD}, ${running}`;
    const server = running ? await fresh(t, { dataDir, settings: { log_level: 'debug' } }) : null;
    const made = await setUp(dataDir, ['--owner', 'anna', ...words], `${secret}\nwhat comes behind it\n`);
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stdout, /^anna is the owner .*http:\/\/\S+\n$/);
    const again = await setUp(dataDir, ['--owner', 'eve'], `${secret}\n`);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /^hubbub: eve: .*already has an owner.*\n$/);
    const unasked = await setUp(dataDir, ['--owner', 'eve'], '');
    assert.deepEqual([unasked.code, unasked.stderr], [1, again.stderr], 'which is said before a password is asked for');

    const after = server ?? (await startServer({ t, dataDir, settings: { log_level: 'debug' } }));
    assert.equal((await place(after)).name, name);
    const owner = await signIn(after, 'anna', { password: secret });
    assert.equal(owner.user.role, 'owner');
    const { sessions } = await call(after, owner, 'sessions');
    assert.equal(sessions.length, 1, 'the command line leaves no session behind');
    for (const text of [made.stdout, made.stderr, again.stderr, ...after.log.map((entry) => entry.line)])
      assert.ok(!text.includes(secret), text);
    assert.equal(isWritten(dataDir, 'anna'), true, 'what is looked for can be found');
    assert.equal(isWritten(dataDir, secret), false, 'the password is written somewhere');
  }
});

/** [words, standard input, what it says, why]: none of them makes an owner */
const refusedCommands = [
  [['--owner', 'anna'], '', /a password is needed/, 'no password'],
  [['--owner', 'anna'], '\n', /at least 10/, 'an empty one'],
  [['--owner', 'anna'], 'short\n', /at least 10/, 'a short one'],
  [['--owner', 'anna'], 'ANNA\n', /at least 10/, 'the name'],
  [['--owner', 'a-long-name'], 'A-Long-Name\n', /username/, 'the name, in other letters'],
  [['--owner', 'anna'], 'password123\n', /too common/, 'a common one'],
  [['--owner', 'anna'], `${'x'.repeat(1025)}\n`, /too long/, 'one that is too long'],
  [['--owner', 'anna'], `${PASSWORD}\0 and more\n`, /NUL/, 'one of which only a part would count'],
  [['--owner', 'anna'], '\0\n', /NUL/, 'and nothing but that'],
  [['--owner', 'two words'], `${PASSWORD}\n`, /letters, digits/, 'not a user name'],
  [['--owner', 'two words'], '', /letters, digits/, 'which is said before a password is asked for'],
  [['--owner', ''], `${PASSWORD}\n`, /1 to 32/, 'no name'],
  [['--owner', 'admin'], `${PASSWORD}\n`, /taken/, 'what the command line is called'],
  [['--owner', 'anna', '--place', 'x'.repeat(65)], '', /1 to 64/, 'too long a name for a place'],
  [[], `${PASSWORD}\n`, /^usage:\n.* setup --owner NAME/, 'nobody'],
  [['--owner'], `${PASSWORD}\n`, /^usage:\n.* setup --owner NAME/, 'an option without its value'],
  [
    ['--owner', 'anna', '--password', PASSWORD],
    '',
    /^usage:\n.* setup --owner NAME/,
    'a password that everybody here could read',
  ],
  [['--owner', 'anna', PASSWORD], '', /^usage:\n.* setup --owner NAME/, 'the same without an option'],
  [['--owner', 'anna', '--owner', 'eve'], `${PASSWORD}\n`, /^usage:\n.* setup --owner NAME/, 'two owners'],
];

test('a setup that is refused says why, whether a server runs or not, and changes nothing', async (t) => {
  const server = await fresh(t);
  const stopped = join(temporaryDirectory(), 'data');
  for (const [words, input, says, why] of refusedCommands) {
    for (const dataDir of [server.dataDir, stopped]) {
      const { code, stdout, stderr } = await setUp(dataDir, words, input);
      assert.ok(code > 0, why);
      assert.equal(stdout, '', why);
      assert.match(stderr, says, why);
    }
  }
  assert.equal((await place(server)).set_up, false);
  const [{ n }] = await sqlite(join(stopped, 'hubbub.db'), "SELECT count(*) AS n FROM users WHERE kind = 'account'");
  assert.equal(n, 0);
});

test('of several who come first at the same time, one is the owner', async (t) => {
  const server = await fresh(t);
  const fields = (i) => ({ name: `by-page-${i}`, password: PASSWORD, place: `Place ${i}` });
  const asked = times(4, (i) => post(server, null, 'setup', fields(i)));
  const told = times(2, (i) => setUp(server.dataDir, ['--owner', `by-command-${i}`], `${PASSWORD}\n`));
  const [answers, runs] = await Promise.all([asked, told]);
  const owners = answers.filter(({ status }) => status === 201).length + runs.filter(({ code }) => code === 0).length;
  assert.equal(owners, 1);
  for (const answer of answers.filter(({ status }) => status !== 201)) {
    assert.deepEqual(error(answer), [403, 'forbidden']);
    assert.equal(answer.headers['set-cookie'], undefined);
  }
  const rows = await server.sqlite("SELECT role FROM users WHERE kind = 'account'");
  assert.deepEqual(rows, [{ role: 'owner' }]);
});
