/* Every request that src/proto/README.md gives an example of, over WebSocket and over HTTP, from somebody who may: it
 * gets the kind of answer that the page documents, and the answer has what the page says it has. Each frame's shape is
 * checked on the way. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { VERBS } from '../../cmake/verbs.mjs';
import { call, crew, PASSWORD, post, signIn } from '../lib/accounts.mjs';
import { connect } from '../lib/client.mjs';
import { LIVE_ONLY, NEED_PASSWORD, REQUESTS } from '../lib/documented.mjs';
import { ROOT, startServer, UNLIMITED } from '../lib/server.mjs';
import { parseFrame, QUESTIONS } from '../lib/shape.mjs';
import { totpCode } from '../lib/totp.mjs';

const HOUR_MS = 3_600_000;

/** The examples: [type, fields], and the same one with other fields where the page has several. */
const page = readFileSync(join(ROOT, 'src/proto/README.md'), 'utf8');
const examples = [...page.matchAll(/^```json client\n(.*?)\n```$/gms)].map(([, text]) => {
  const { type, id, current, ...fields } = JSON.parse(text);
  return { type, fields, text, hasId: id !== undefined };
});

const server = await startServer({ t: { after }, settings: UNLIMITED });
const [owner, ben, cleo] = await crew(server, 'Ben', 'Cleo');
let made = 0;
let ownersName = owner.user.name;

/** A room of this person's with a few messages of Ben's in it, and Ben as a member. */
async function makeRoom(maker, kind = 'open') {
  const { room } = await call(server, maker, 'create_room', { name: `garden ${++made}`, kind });
  if (maker !== ben) await call(server, maker, 'add_member', { room, user: ben.user.id });
  let seq;
  for (let i = 1; i <= 3; i++)
    ({ seq } = await call(server, ben, 'send', { id: `g${made}.${i}`, room, body: `line ${i}` }));
  return { room, seq };
}

const inRoom = async () => ({ room: (await makeRoom(owner)).room });
const atMessage = () => makeRoom(owner);
const tomorrow = () => Date.now() + 24 * HOUR_MS;
const ofBen = () => ({ user: ben.user.id });

/** What a request names that is not there yet, by the fields that it needs. */
function named({ needs }) {
  if (needs.includes('SEQ')) return atMessage;
  if (!needs.includes('ROOM')) return needs.includes('USER') ? ofBen : () => ({});
  return needs.includes('USER') ? async () => ({ ...(await inRoom()), ...ofBen() }) : inRoom;
}

/**
 * What has to be there so that the request succeeds, and the fields of the example that name it. A name in an example
 * stays a name.
 * @type {Record<string, (fields: object) => object | Promise<object>>}
 */
const ready = {
  ...Object.fromEntries(VERBS.map((verb) => [verb.name, named(verb)])),
  join: async ({ after: afterSeq }) => ({ ...(await inRoom()), ...(afterSeq && { after: 1 }) }),
  leave: async (_, client) => {
    const { room } = await makeRoom(owner);
    await client.join(room);
    return { room };
  },
  send: async (fields) => {
    const { room, seq } = await makeRoom(owner);
    return { room, ...(fields.reply_to && { reply_to: seq }) };
  },
  typing: async (_, client) => {
    const { room } = await makeRoom(owner);
    await client.join(room);
    return { room };
  },
  create_room: () => ({ name: `made here ${++made}` }),
  rename_room: async () => ({ ...(await inRoom()), name: `renamed ${++made}` }),
  open_direct: () => ({ users: [ben.user.id, 'cleo'] }),
  add_member: async () => ({ room: (await makeRoom(ben)).room }),
  mute: async () => ({ ...(await inRoom()), ...ofBen(), until_ms: tomorrow() }),
  request_join: async () => ({ room: (await makeRoom(ben, 'closed')).room }),
  answer_request: async () => {
    const { room } = await makeRoom(owner, 'closed');
    await call(server, cleo, 'request_join', { room });
    return { room, user: cleo.user.id };
  },
  handle_report: async () => {
    const { report } = await call(server, cleo, 'report', await makeRoom(owner));
    return { report };
  },
  set_profile: () => ({ status_until: tomorrow() }),
  rename: () => ({ name: (ownersName = `anna.berg.${++made}`) }),
  ban: () => ({ user: cleo.user.id }),
  unban: async () => {
    await call(server, owner, 'ban', { user: cleo.user.id });
    return { user: cleo.user.id };
  },
  create_invite: async () => ({ expires_ms: tomorrow(), rooms: [(await inRoom()).room] }),
  edit_invite: async () => ({ invite: (await call(server, owner, 'create_invite')).invite }),
  revoke_invite: async () => ({ invite: (await call(server, owner, 'create_invite')).invite }),
  revoke_token: async () => {
    const { token_id: token } = await call(server, owner, 'create_token', { name: 'weather', scope: 'read' });
    return { token };
  },
  end_session: async () => {
    await signIn(server, ownersName);
    const { sessions } = await call(server, owner, 'sessions');
    return { session: sessions.find((session) => !session.current).id };
  },
  requests: async () => ({ room: (await makeRoom(owner, 'closed')).room }),
  audit: async () => ({ ...(await inRoom()), ...ofBen(), actor: owner.user.id }),
};

/** What an ack has besides `type` and `id`, as the page says of these. */
const EVENT = ['room', 'seq', 'at'];
const acks = {
  join: ['room', 'last_seq'],
  leave: ['room'],
  send: EVENT,
  rename_room: EVENT,
  archive_room: EVENT,
  edit_room: EVENT,
  add_member: EVENT,
  remove_member: EVENT,
  delete: EVENT,
  create_room: ['room'],
  open_direct: ['room'],
  report: ['report'],
  create_invite: ['invite', 'code'],
  create_token: ['token', 'token_id'],
  create_reset: ['code'],
};
/** Beyond that: what a list has at least one row of, given what has happened before. */
const filled = {
  people: 'people',
  rooms: 'rooms',
  members: 'members',
  invites: 'invites',
  sessions: 'sessions',
  settings: 'settings',
};

function checkAnswer(type, id, answer, how) {
  const what = `${type} over ${how}: ${JSON.stringify(answer).slice(0, 200)}`;
  assert.equal(answer.type, type === 'history' || QUESTIONS.includes(type) ? type : 'ack', what);
  assert.equal(answer.id, id, what);
  for (const field of acks[type] ?? []) assert.ok(answer[field] !== undefined, `${what}: no ${field}`);
  if (type === 'request_join')
    assert.deepEqual(answer, { type: 'ack', id }, 'whether there is such a room is not told');
  if (filled[type]) assert.ok(answer[filled[type]].length > 0, what);
}

/** The actor may change the place with a second factor only, once it is required. */
async function takeSecondFactor() {
  const { secret } = await call(server, owner, 'start_totp');
  await call(server, owner, 'confirm_totp', { password: PASSWORD, secret, code: totpCode(secret) });
}

test('the page has an example of every request', () => {
  assert.deepEqual([...new Set(examples.map(({ type }) => type))].sort(), [...REQUESTS.keys()].sort());
});

test('every example is answered as documented, over WebSocket and over HTTP', async (t) => {
  const client = await connect(server, { t, cookie: owner.cookie });
  for (const { type, fields, text, hasId } of examples) {
    if (type === 'set_place') await takeSecondFactor();
    for (const how of NEED_PASSWORD.includes(type) ? ['HTTP'] : ['WebSocket', 'HTTP']) {
      const all = { ...fields, ...(await ready[type]?.(fields, client)) };
      const id = `${how}.${++made}`;
      if (how === 'WebSocket') {
        const answer = await client.request(type, { id, ...all });
        checkAnswer(type, id, answer, how);
      } else if (LIVE_ONLY.includes(type)) {
        const answer = await post(server, owner, type, { id, ...all });
        assert.equal(answer.status, 404, text);
        assert.equal(answer.json().error.code, 'not_found', text);
      } else {
        const answer = await post(server, owner, type, { id, ...all });
        assert.equal(answer.status, 200, `${text}: ${answer.text}`);
        assert.match(answer.headers['content-type'], /^application\/json/);
        checkAnswer(type, id, parseFrame(answer.text), how);
      }
    }
    // What would stand in the way of a later one.
    if (type === 'ban') await call(server, owner, 'unban', { user: cleo.user.id });
    if (type === 'unban') cleo.cookie = (await signIn(server, 'Cleo')).cookie;
    assert.ok(hasId || type === 'typing', text);
  }
  await client.request('ping');
});

test('a request without an id is answered over HTTP, where the answer is the answer', async () => {
  const answer = await post(server, owner, 'create_room', { name: 'without an id' });
  const { type, id, room } = answer.json();
  assert.deepEqual([answer.status, type, id], [200, 'ack', undefined]);
  assert.ok(room > 0);
  assert.equal((await post(server, owner, 'send', { room: 1, body: 'send needs one' })).status, 400);
});
