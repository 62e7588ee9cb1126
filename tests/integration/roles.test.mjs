/* The whole table "Who may do what" of src/proto/README.md: every request x every role x every standing in a room of
 * every kind x about oneself, a lower, an equal and a higher role x every way in. What is to be refused is refused, with
 * the right code, and has changed nothing in the database and told nobody anything; what is to be allowed succeeds.
 *
 * The refusals come first, all at once, on one state of the place that they leave as it is. What is allowed is then
 * done room by room, and undone where it would stand in the way of the next. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VERBS } from '../../cmake/verbs.mjs';
import { call, post, signIn } from '../lib/accounts.mjs';
import { connect, randomId, Refused } from '../lib/client.mjs';
import { LIVE_ONLY, NEED_PASSWORD, NEED_SESSION, PERMISSIONS, REQUESTS } from '../lib/documented.mjs';
import { expected, hasAccount, rank, ROLES } from '../lib/role_model.mjs';
import { actors, byHand, KINDS, makePlace, newcomers, rooms, server, targets } from '../lib/role_place.mjs';
import { isDurable } from '../lib/shape.mjs';
import { times } from '../lib/wait.mjs';

const AT_ONCE = 64; // requests of the refusals

const steward = await makePlace();
const { invite } = await byHand('create_invite'); // for what is refused
let made = 0;
const fresh = (what) => `${what} ${++made}`;
const freshName = (who) => `${who.name.split('-')[0]}-${++made}`;

/* ------------------------------------------------------------------ the requests */

const inRoom = (c) => ({ room: c.room.id });
const about = (c) => ({ user: c.target.id });
const aboutInRoom = (c) => ({ room: c.room.id, user: c.target.id });
const messageOf = (c, who) => c.room.messages.get(who.id) ?? [...c.room.messages.values()][0];
const anyMessage = (c) => ({ ...inRoom(c), seq: messageOf(c, targets.member)[0] });
const asActor = (c, name, fields) => call(server, c.actor, name, fields);
/** The last one of those: the first stays for what is refused. */
const takeMessage = (c, who) => ({ ...inRoom(c), seq: messageOf(c, who).pop() });
const backIn = (c) => async () => {
  if (c.kind === 'direct') return void (await asActor(c, 'set_membership', { ...inRoom(c), hidden: false }));
  await byHand('add_member', aboutInRoom(c));
  if (c.relation === 'self' && c.standing === 'moderator')
    await byHand('set_room_role', { ...aboutInRoom(c), role: 'moderator' });
};
const joined = async (c) => void (await c.actor.client.join(c.room.id));
const left = (c) => c.actor.client.leave(c.room.id);

/** An owner may give any role, others one below their own; and it has to be another one. */
const roleToGive = (c) =>
  ['member', 'moderator', 'admin'].find(
    (role) => role !== c.targetRole && (c.role === 'owner' || rank(role) < rank(c.role)),
  ) ?? 'member';

/** A list needs no more than what it is of. @param {import('../../cmake/verbs.mjs').Verb} verb */
function listRow({ needs }) {
  if (needs.includes('ROOM')) return { in: KINDS, fields: inRoom };
  if (needs.includes('USER')) return { among: targets, withGuest: true, fields: about };
  return { fields: () => ({}) };
}
const lists = VERBS.filter(({ how }) => how === 'QUERY').map((verb) => [verb.name, listRow(verb)]);

/**
 * One row for each request. `in`: the kinds of rooms that it is tried in; `among`: whom it is about; `fields`: as it is
 * sent; `prepare`: before it is allowed to succeed, may give other fields; `undo`: after it has.
 */
const requests = {
  ...Object.fromEntries(lists),
  join: { in: KINDS, fields: inRoom, undo: left },
  leave: { in: KINDS, fields: inRoom, prepare: joined },
  send: { in: KINDS, fields: (c) => ({ ...inRoom(c), body: 'hello' }) },
  history: { in: KINDS, fields: inRoom },
  typing: { in: KINDS, fields: inRoom, prepare: joined, undo: left },
  presence: { fields: () => ({ state: 'active' }) },
  ping: { fields: () => ({}) },
  create_room: { fields: () => ({ name: fresh('new room') }) },
  rename_room: { in: KINDS, fields: (c) => ({ ...inRoom(c), name: fresh('renamed') }) },
  archive_room: {
    in: KINDS,
    fields: (c) => ({ ...inRoom(c), archived: true }),
    undo: (c) => byHand('archive_room', { ...inRoom(c), archived: false }),
  },
  edit_room: { in: KINDS, fields: (c) => ({ ...inRoom(c), topic: fresh('topic') }) },
  open_direct: { fields: () => ({ users: [targets.member.id] }) },
  add_member: {
    in: KINDS,
    among: newcomers,
    fields: aboutInRoom,
    undo: (c) => (c.relation === 'self' && c.standing !== 'none' ? null : byHand('remove_member', aboutInRoom(c))),
  },
  remove_member: {
    in: KINDS,
    among: targets,
    fields: aboutInRoom,
    undo: (c) => (c.relation === 'self' && c.standing === 'none' ? null : backIn(c)()),
  },
  set_room_role: {
    in: KINDS,
    among: targets,
    fields: (c) => ({
      ...aboutInRoom(c),
      role: c.relation === 'self' && c.standing === 'moderator' ? 'member' : 'moderator',
    }),
    undo: (c) =>
      byHand('set_room_role', {
        ...aboutInRoom(c),
        role: c.relation === 'self' && c.standing === 'moderator' ? 'moderator' : 'member',
      }),
  },
  request_join: { in: KINDS, fields: inRoom },
  answer_request: {
    in: ['closed'],
    among: newcomers,
    notSelf: true,
    fields: (c) => ({ ...aboutInRoom(c), accept: true }),
    prepare: async (c) => void (await call(server, c.target, 'request_join', inRoom(c))),
    undo: (c) => byHand('remove_member', aboutInRoom(c)),
  },
  mute: {
    in: KINDS,
    among: targets,
    withGuest: true,
    fields: (c) => ({ ...aboutInRoom(c), until_ms: Date.now() + 3_600_000 }),
    undo: (c) => byHand('mute', { ...aboutInRoom(c), until_ms: 0 }),
  },
  set_membership: { in: KINDS, fields: (c) => ({ ...inRoom(c), section: fresh('section') }) },
  read: { in: KINDS, fields: anyMessage },
  mark_unread: { in: KINDS, fields: anyMessage },
  delete: {
    in: KINDS,
    among: targets,
    fields: (c) => ({ ...inRoom(c), seq: messageOf(c, c.target)[0] }),
    prepare: (c) => takeMessage(c, c.target),
  },
  report: { in: KINDS, fields: anyMessage },
  handle_report: {
    in: KINDS,
    fields: (c) => ({ report: c.room.report }),
    prepare: async (c) => {
      if (c.kind === 'direct' && c.standing === 'none') return {}; // there is the one
      return { report: (await byHand('report', takeMessage(c, { id: steward.user.id }))).report };
    },
  },
  set_profile: { fields: () => ({ bio: fresh('bio') }) },
  rename: {
    fields: (c) => ({ name: freshName(c.actor) }),
    undo: (c, fields) => void (c.actor.name = fields.name),
  },
  set_role: {
    among: targets,
    fields: (c) => ({ ...about(c), role: roleToGive(c) }),
    undo: (c) => byHand('set_role', { ...about(c), role: c.targetRole }),
  },
  ban: { among: targets, withGuest: true, fields: about, undo: (c) => byHand('unban', about(c)) },
  unban: {
    among: targets,
    withGuest: true,
    notSelf: true,
    fields: about,
    prepare: async (c) => void (await byHand('ban', about(c))),
  },
  block: { among: targets, withGuest: true, fields: about, undo: (c) => asActor(c, 'unblock', about(c)) },
  unblock: {
    among: targets,
    withGuest: true,
    fields: about,
    prepare: async (c) => void (c.relation !== 'self' && (await asActor(c, 'block', about(c)))),
  },
  create_invite: { fields: () => ({ max_uses: 1 }) },
  edit_invite: {
    fields: () => ({ invite, label: 'choir' }),
    prepare: async () => ({ invite: (await byHand('create_invite')).invite }),
  },
  revoke_invite: {
    fields: () => ({ invite }),
    prepare: async () => ({ invite: (await byHand('create_invite')).invite }),
  },
  create_token: { fields: () => ({ name: fresh('token'), scope: 'read' }) },
  revoke_token: {
    fields: () => ({ token: 1 }),
    prepare: async (c) => ({
      token: (await asActor(c, 'create_token', { name: 'short-lived', scope: 'read' })).token_id,
    }),
  },
  end_session: {
    fields: () => ({ session: 1 }),
    prepare: async (c) => {
      await signIn(server, c.actor.name);
      const { sessions } = await asActor(c, 'sessions');
      return { session: Math.max(...sessions.map((session) => session.id)) };
    },
  },
  create_reset: { among: targets, fields: about },
  set_place: { fields: () => ({ name: fresh('Place') }) },
  end_other_sessions: { fields: () => ({}) }, // the last: it ends the others' ways in
};

/* ------------------------------------------------------------------ the cases */

const above = (role) => ROLES[rank(role) + 1];
const below = (role) => ROLES[rank(role) - 1];

/** Whom it may be about: `[relation, target]`. */
function relations(row, role) {
  if (!row.among) return [[undefined, undefined]];
  const found = row.notSelf ? [] : [['self', actors[role]]];
  for (const [relation, of] of [
    ['lower', below(role)],
    ['equal', role],
    ['higher', above(role)],
  ])
    if (row.among[of] && (of !== 'guest' || row.withGuest)) found.push([relation, row.among[of]]);
  return found;
}

/** In which rooms; those without an account count as members of open rooms, and are in no other. */
function placesOf(row, role) {
  if (!row.in) return [{}];
  const all = rooms.filter((room) => row.in.includes(room.kind));
  if (hasAccount(role)) return all.map((room) => ({ room, kind: room.kind, standing: room.standing }));
  return all
    .filter((room) => room.standing === (room.kind === 'open' ? 'member' : 'none'))
    .map((room) => ({ room, kind: room.kind, standing: room.standing }));
}

function waysOf(request, role) {
  if (LIVE_ONLY.includes(request)) return ['WebSocket'];
  return hasAccount(role) && !NEED_SESSION.includes(request) ? ['WebSocket', 'HTTP', 'token'] : ['WebSocket', 'HTTP'];
}

function everyCase() {
  const cases = [];
  for (const [request, row] of Object.entries(requests))
    for (const role of ROLES)
      for (const place of placesOf(row, role))
        for (const [relation, target] of relations(row, role))
          for (const way of waysOf(request, role)) {
            const c = {
              request,
              row,
              role,
              actor: actors[role],
              ...place,
              relation,
              target,
              targetRole: target?.role,
              way,
            };
            // No owner can be banned, so there is no such ban to lift.
            if (request === 'unban' && target.role === 'owner') continue;
            // Nobody has said anything of their own in a room that they have never been in.
            if (request === 'delete' && relation === 'self' && c.standing === 'none') continue;
            c.want = role === 'visitor' && way === 'HTTP' ? 'unauthorized' : expected(c);
            // The password is shown over HTTP.
            if (NEED_PASSWORD.includes(request) && way === 'WebSocket' && c.want === 'ok') c.want = 'forbidden';
            // Every actor moderates some room, and so may ask for the reports there.
            if (request === 'reports' && hasAccount(role)) c.want = 'ok';
            cases.push(c);
          }
  return cases;
}

const told = ({ request, role, kind, standing, relation, targetRole, way }) =>
  `${way}: ${request} of a ${role}${kind ? ` (${standing} of a room that is ${kind})` : ''}` +
  `${relation ? ` about ${relation}${relation === 'self' ? '' : `, a ${targetRole}`}` : ''}`;

/** Does it: `ok`, or the code of the refusal. */
async function perform(c, fields, token = c.actor.tokens?.[PERMISSIONS.get(c.request).scope]) {
  if (c.way === 'WebSocket') {
    const answer = await c.actor.client.request(c.request, fields).catch((error) => error);
    if (answer instanceof Error && !(answer instanceof Refused)) throw answer;
    return answer instanceof Refused ? answer.code : 'ok';
  }
  const who = c.way === 'token' ? { token } : c.actor.cookie ? c.actor : null;
  const answer = await post(server, who, c.request, { id: randomId(), ...fields });
  return answer.status < 300 ? 'ok' : answer.json().error.code;
}

/** The same for many at once; what was answered otherwise than it should be. */
async function performAll(cases, fieldsOf, token) {
  const wrong = [];
  const rest = [...cases];
  await times(AT_ONCE, async () => {
    for (let c = rest.pop(); c; c = rest.pop()) {
      const got = await perform(c, fieldsOf(c), token?.(c));
      if (got !== c.want) wrong.push(`${told(c)}: ${got}, not ${c.want}`);
    }
  });
  return wrong;
}

/** Everything that the database holds, but for the position in the log, which refusals move on as well. */
async function everything() {
  const tables = await server.sqlite(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('applied', 'sqlite_sequence') ORDER BY name",
  );
  const dump = {};
  for (const { name } of tables) dump[name] = await server.sqlite(`SELECT * FROM ${name} ORDER BY 1, 2`);
  return dump;
}

/** Does what is to be refused, and looks whether anything is different after it. */
async function refuseAll(t, refused, token) {
  const listeners = [steward.client, await connect(server, { t, cookie: newcomers.owner.cookie })];
  const then = await everything();
  const since = listeners.map((client) => client.frames.length);
  const wrong = await performAll(refused, (c) => c.row.fields(c), token);
  assert.deepEqual(wrong, []);
  await Promise.all(listeners.map((client) => client.request('ping')));
  for (const [i, client] of listeners.entries()) {
    const heard = client.frames
      .slice(since[i])
      .filter((frame) => isDurable(frame) || /^(room|member|membership|read)$/.test(frame.type));
    assert.deepEqual(heard, [], 'somebody heard of what was refused');
  }
  const now = await everything();
  for (const table of Object.keys(then)) assert.deepEqual(now[table], then[table], `refusals have changed ${table}`);
}

/* ------------------------------------------------------------------ the tests */

const cases = everyCase();

test('the walk covers every request of the page, and every row of the table', () => {
  assert.deepEqual(Object.keys(requests).sort(), [...REQUESTS.keys()].sort());
  assert.deepEqual([...PERMISSIONS.keys()].sort(), [...REQUESTS.keys()].sort());
});

test('what the table does not allow is refused, and changes nothing', async (t) => {
  const refused = cases.filter((c) => c.want !== 'ok' && c.request !== 'unban');
  t.diagnostic(`${refused.length} refusals`);
  await refuseAll(t, refused);
});

test('to lift a ban is refused in the same way', async (t) => {
  const banned = Object.values(targets).filter((who) => who.role !== 'owner');
  for (const who of banned) await byHand('ban', { user: who.id });
  await refuseAll(
    t,
    cases.filter((c) => c.want !== 'ok' && c.request === 'unban'),
  );
  for (const who of banned) await byHand('unban', { user: who.id });
});

const SCOPES_OF_TOKENS = ['read', 'write', 'admin'];

test('a token of a narrower scope than the table asks for is refused, and changes nothing', async (t) => {
  const narrower = { write: ['read'], admin: ['read', 'write'], session: SCOPES_OF_TOKENS, password: SCOPES_OF_TOKENS };
  for (const scope of SCOPES_OF_TOKENS) {
    const client = await connect(server, { t, token: actors.owner.tokens[scope] });
    const all = cases
      .filter((c) => c.role === 'owner' && narrower[PERMISSIONS.get(c.request).scope]?.includes(scope))
      .filter((c) => c.way !== 'HTTP' || NEED_SESSION.includes(c.request))
      .map((c) => ({
        ...c,
        way: c.way === 'HTTP' ? 'token' : c.way,
        actor: { ...c.actor, client },
        want: 'forbidden',
      }));
    await refuseAll(t, all, () => actors.owner.tokens[scope]);
  }
});

test('the reports are for those who moderate a room, or all', async () => {
  assert.equal((await post(server, newcomers.member, 'reports')).status, 403);
  assert.equal((await post(server, newcomers.moderator, 'reports')).status, 200);
});

test('what the table allows succeeds', async (t) => {
  const allowed = cases.filter((c) => c.want === 'ok');
  t.diagnostic(`${allowed.length} successes`);
  const lanes = new Map(); // what is in different rooms does not touch each other
  for (const c of allowed) {
    const lane = c.room?.id ?? 'place';
    lanes.set(lane, [...(lanes.get(lane) ?? []), c]);
  }
  const wrong = [];
  const go = async (lane) => {
    for (const c of lane) {
      const fields = { ...c.row.fields(c), ...(await c.row.prepare?.(c)) };
      const got = await perform(c, fields);
      if (got === 'ok') await c.row.undo?.(c, fields);
      else wrong.push(`${told(c)}: ${got}, not ok`);
    }
  };
  const place = lanes.get('place');
  lanes.delete('place');
  await Promise.all([...lanes.values()].map(go));
  await go(place);
  assert.deepEqual(wrong, []);
});

test('what the table says is audited has been written down, and nothing else', async () => {
  const rows = await server.sqlite('SELECT DISTINCT verb FROM audit');
  const verbs = new Set(rows.map((row) => row.verb).filter((verb) => PERMISSIONS.has(verb)));
  const audited = [...PERMISSIONS].filter(([, row]) => row.audited).map(([name]) => name);
  assert.deepEqual([...verbs].sort(), audited.sort());
});
