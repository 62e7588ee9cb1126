/* A place that has everything that the table of roles speaks of: people of every role, and rooms of every kind in which
 * they stand in every way. For tests/integration/roles.test.mjs. */
import { after } from 'node:test';
import { call, crew, signUp } from './accounts.mjs';
import { connect, guest, randomId } from './client.mjs';
import { ACCOUNT_ROLES } from './role_model.mjs';
import { startServer, UNLIMITED } from './server.mjs';
import { times } from './wait.mjs';

export const KINDS = ['open', 'closed', 'announcement', 'direct'];
const STANDINGS = ['none', 'member', 'moderator'];
const OWN_MESSAGES = 4;
const THEIR_MESSAGES = 16;

export const server = await startServer({ t: { after }, settings: { ...UNLIMITED, history_on_join: 5 } });
/** An owner who makes everything, and puts it right again. */
const [steward] = await crew(server);
export const byHand = (name, fields) => call(server, steward, name, fields);

/** Who acts; who is acted on, members of every room; and who is in none, asking to be let into the closed ones. */
export const actors = {};
export const targets = {};
export const newcomers = {};
/**
 * `messages`: by the id of their author, their seqs. `report`: of one of them.
 * @type {{ id: number, kind: string, standing: string, messages: Map<number, number[]>, report: number }[]}
 */
export const rooms = [];

/* ------------------------------------------------------------------ people */

async function account(name, role) {
  const { user, cookie } = await signUp(server, name, { owner: steward });
  if (role !== 'member') await byHand('set_role', { user: user.id, role });
  return { id: user.id, role, name, cookie };
}

async function makePeople() {
  for (const role of ACCOUNT_ROLES) {
    actors[role] = await account(`acting.${role}`, role);
    targets[role] = await account(`target.${role}`, role);
    newcomers[role] = await account(`new.${role}`, role);
    actors[role].tokens = {};
    for (const scope of ['read', 'write', 'admin']) {
      const { token } = await call(server, actors[role], 'create_token', { name: scope, scope });
      actors[role].tokens[scope] = token;
    }
  }
  for (const [group, name] of [
    [actors, 'Gast'],
    [targets, 'Other'],
  ]) {
    const { user, cookie } = await guest(server, name);
    group.guest = { id: user.id, role: 'guest', name, cookie };
  }
  actors.visitor = { role: 'visitor', name: 'Visitor' };
  for (const who of [...Object.values(actors), ...Object.values(targets)])
    who.client = await connect(server, { t: { after }, ...(who.cookie ? { cookie: who.cookie } : { name: who.name }) });
  steward.client = await connect(server, { t: { after }, cookie: steward.cookie });
  const { seq } = await actors.visitor.client.send('lobby', 'now I have an id');
  actors.visitor.id = (await byHand('history', { room: 'lobby', around: seq, limit: 1 })).events[0].author.id;
}

/* ------------------------------------------------------------------ rooms */

async function say(room, who, count) {
  const acks = await times(count, () => who.client.send(room.id, 'said for the sake of it'));
  room.messages.set(
    who.id,
    acks.map((ack) => ack.seq),
  );
  return acks;
}

/** Everybody comes in and says something while the room is open; then it becomes what it is to be. */
async function makeRoom(kind, standing) {
  const insiders = [...ACCOUNT_ROLES.map((role) => actors[role]), ...ACCOUNT_ROLES.map((role) => targets[role])];
  const room = { kind, standing, messages: new Map() };
  rooms.push(room);
  if (kind === 'direct' && standing === 'none') {
    const [one, two] = [newcomers.member, newcomers.moderator];
    room.id = (await call(server, one, 'open_direct', { users: [two.id] })).room;
    const { seq } = await call(server, one, 'send', { id: randomId(), room: room.id, body: 'just the two of us' });
    for (const who of insiders) room.messages.set(who.id, [seq]);
    room.report = (await call(server, two, 'report', { room: room.id, seq })).report;
    return;
  }
  if (kind === 'direct') {
    room.id = (await byHand('open_direct', { users: insiders.map((who) => who.id) })).room;
  } else {
    room.id = (await byHand('create_room', { name: `${kind} ${standing}` })).room;
    await Promise.all(insiders.map((who) => byHand('add_member', { room: room.id, user: who.id })));
  }
  const speakers = kind === 'open' ? [...insiders, actors.guest, actors.visitor] : insiders;
  await Promise.all(
    speakers.map((who) => say(room, who, Object.values(actors).includes(who) ? OWN_MESSAGES : THEIR_MESSAGES)),
  );
  const acks = await say(room, { ...steward, id: steward.user.id }, THEIR_MESSAGES);
  room.report = (await byHand('report', { room: room.id, seq: acks[0].seq })).report;
  if (kind === 'direct') return;
  for (const role of ACCOUNT_ROLES) {
    const one = { room: room.id, user: actors[role].id };
    if (standing === 'none') await byHand('remove_member', one);
    if (standing === 'moderator') await byHand('set_room_role', { ...one, role: 'moderator' });
  }
  await byHand('edit_room', { room: room.id, kind });
  if (kind === 'closed')
    await Promise.all(Object.values(newcomers).map((who) => call(server, who, 'request_join', { room: room.id })));
}

/** Makes all of it; gives who made it. */
export async function makePlace() {
  await makePeople();
  const standings = (kind) => (kind === 'direct' ? ['none', 'member'] : STANDINGS);
  await Promise.all(KINDS.flatMap((kind) => standings(kind).map((standing) => makeRoom(kind, standing))));
  for (const { id, kind, standing } of rooms)
    if (kind !== 'direct' || standing !== 'none') await steward.client.join(id);
  return steward;
}
