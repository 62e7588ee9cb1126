/* What frames of the server look like, from src/proto/README.md: every frame that a test's client receives is held
 * against this. */

const integer = (value) => Number.isSafeInteger(value) && value >= 0;
const positive = (value) => integer(value) && value > 0;
const string = (value) => typeof value === 'string';
const boolean = (value) => typeof value === 'boolean';
const optional = (check) => Object.assign((value) => value === undefined || check(value), { optional: true });
const listOf = (check) => (value) => Array.isArray(value) && value.every(check);
const oneOf =
  (...values) =>
  (value) =>
    values.includes(value);

/** A check for an object with exactly these fields (optional ones may be missing). */
function object(fields) {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).every((key) => Object.hasOwn(fields, key)) &&
    Object.entries(fields).every(([key, check]) => check(value[key]));
}

const type = string;
const yes = optional(oneOf(true)); // what is false is left out
const full = (check) => optional((value) => check(value) && value !== '' && value !== 0); // and so is what is empty
const role = oneOf('visitor', 'guest', 'member', 'moderator', 'admin', 'owner', 'system');
const user = { id: integer, name: string, display_name: full(string) };
const person = object(user);
/** Stands for visitors who have been deleted. */
const DELETED_GUEST_ID = -1;
const author = (check) => object({ ...user, id: (value) => value === DELETED_GUEST_ID || check(value) });
const profileFields = {
  ...user,
  role: optional(role),
  avatar: full(integer),
  status_emoji: full(string),
  status_text: full(string),
  status_until: full(integer),
  banned: yes,
  hidden: yes,
};
const profile = object(profileFields);
const roomFields = {
  id: positive,
  name: string,
  kind: oneOf('open', 'closed', 'announcement', 'direct'),
  last_seq: integer,
  archived: boolean,
  locked: yes,
  history: optional(oneOf('joined')),
  slow_s: full(integer),
  topic: full(string),
  people: optional(listOf(person)),
  active_ms: full(integer),
};
const membershipFields = {
  role: oneOf('member', 'moderator'),
  level: oneOf('all', 'mentions', 'nothing'),
  read_seq: integer,
  unread: integer,
  mentions: integer,
  muted_until: full(integer),
  position: full(integer),
  hidden: yes,
  favourite: yes,
  section: full(string),
  requests: full(integer),
};
const plainRoom = object(roomFields);
const memberRoom = object({ ...roomFields, ...membershipFields });
const room = (value) => plainRoom(value) || memberRoom(value);
const change = { type, room: positive, seq: positive, actor: author(integer), at: positive };

/** The durable events of a room, by type. */
const durable = {
  message: object({
    type,
    room: positive,
    seq: positive,
    author: author(positive),
    body: string,
    at: positive,
    id: optional(string),
    reply_to: optional(positive),
    deleted: yes,
    hidden: yes,
  }),
  renamed: object({ ...change, name: string }),
  archived: object(change),
  unarchived: object(change),
  joined: object(change),
  left: object(change),
  added: object({ ...change, user: person }),
  removed: object({ ...change, user: person }),
  deleted: object({ ...change, target: positive }),
  changed: object({
    ...change,
    topic: optional(string),
    description: optional(string),
    kind: optional(string),
    history: optional(string),
    slow_s: optional(integer),
    locked: optional(boolean),
  }),
};

export const DURABLE_TYPES = Object.keys(durable);

const shapes = {
  ...durable,
  welcome: object({
    type,
    protocol: oneOf(1),
    user: profile,
    epoch: string,
    blocked: optional(listOf(positive)),
    reports_waiting: full(integer),
    rooms: listOf(room),
    more: boolean,
    server: object({ name: string, version: string, now: positive }),
    limits: object({ message_max_bytes: positive, history_on_join: integer, history_page: positive }),
  }),
  welcome_rooms: object({ type, rooms: listOf(room), more: boolean }),
  ack: object({
    type,
    id: string,
    room: optional(positive),
    last_seq: optional(integer),
    seq: optional(positive),
    at: optional(positive),
    duplicate: optional(oneOf(true)),
    token: optional(string),
    token_id: optional(positive),
    invite: optional(positive),
    code: optional(string),
    report: optional(positive),
  }),
  error: object({
    type,
    id: optional(string),
    code: string,
    message: (value) => string(value) && value.length > 0,
    retry_after_ms: optional(positive),
  }),
  history: object({ type, id: optional(string), room: positive, events: listOf(isDurable), more: boolean }),
  reset: object({ type, room: positive, last_seq: integer }),
  typing: object({ type, room: positive, user: person }),
  presence: object({
    type,
    room: positive,
    count: integer,
    people: optional(listOf(object({ ...user, state: oneOf('active', 'away') }))),
  }),
  online: object({ type, people: listOf(object({ id: positive, state: oneOf('active', 'away', 'offline') })) }),
  room: object({ type, change: oneOf('created', 'renamed', 'archived', 'unarchived', 'changed'), room: plainRoom }),
  member: object({ type, change: oneOf('renamed', 'changed', 'banned', 'unbanned'), user: profile }),
  membership: object({ type, change: oneOf('joined', 'left', 'changed'), room }),
  activity: object({ type, room: positive, last_seq: positive, unread: integer, mentions: integer }),
  read: object({ type, room: positive, seq: integer, unread: integer, mentions: integer }),
  reports_waiting: object({ type, waiting: integer }),
  requests_waiting: object({ type, room: positive, requests: integer }),
  block: object({ type, user: positive, blocked: boolean }),
  place: object({ type, name: (value) => string(value) && value.length > 0 }),
  bye: object({ type, reason: string, reconnect_in_ms: integer }),
};

/** A room in the list of those that can be joined. */
const listedFields = { members: integer, description: full(string), requests: full(integer) };
const listedRoom = (value) =>
  object({ ...roomFields, ...listedFields })(value) ||
  object({ ...roomFields, ...membershipFields, ...listedFields })(value);
const about = { at: positive, user: optional(person), room: optional(positive), room_name: optional(string) };

/** The questions, each answered by a frame of its own type with these fields. */
const lists = {
  people: { people: listOf(object(profileFields)), more: boolean },
  person: {
    person: object({ ...profileFields, bio: full(string), since: positive, state: oneOf('active', 'away', 'offline') }),
    rooms: listOf(memberRoom),
    more: boolean,
  },
  rooms: { rooms: listOf(listedRoom), more: boolean },
  members: {
    members: listOf(
      object({ ...profileFields, room_role: oneOf('member', 'moderator'), muted_until: optional(positive) }),
    ),
    count: integer,
    description: full(string),
    more: boolean,
  },
  requests: { requests: listOf(object({ id: positive, user: person, text: string, at: positive })), more: boolean },
  invites: {
    invites: listOf(
      object({
        id: positive,
        code: string,
        label: string,
        by: person,
        at: positive,
        expires_ms: integer,
        max_uses: integer,
        uses: integer,
        revoked: boolean,
        rooms: listOf(object({ id: positive, name: string })),
      }),
    ),
    more: boolean,
  },
  sessions: {
    sessions: listOf(
      object({ id: positive, device: string, address: string, since: positive, seen: positive, current: boolean }),
    ),
    more: boolean,
  },
  tokens: {
    tokens: listOf(
      object({
        id: positive,
        name: string,
        scope: oneOf('read', 'write', 'admin'),
        since: positive,
        expires_ms: integer,
      }),
    ),
    more: boolean,
  },
  bans: {
    bans: listOf(
      object({
        id: positive,
        user: person,
        by: person,
        at: positive,
        until_ms: integer,
        reason: string,
        hide: boolean,
      }),
    ),
    more: boolean,
  },
  blocks: { blocks: listOf(person), more: boolean },
  reports: {
    reports: listOf(
      object({
        ...about,
        id: positive,
        seq: positive,
        author: person,
        body: string,
        by: person,
        reason: string,
        handled_at: optional(positive),
        handled_by: optional(person),
        outcome: optional(string),
      }),
    ),
    more: boolean,
  },
  audit: {
    audit: listOf(
      object({
        ...about,
        id: positive,
        by: person,
        verb: string,
        seq: optional(positive),
        address: string,
        detail: (value) => typeof value === 'object' && value !== null,
      }),
    ),
    more: boolean,
  },
  settings: {
    settings: listOf(object({ name: string, value: string, from: string })),
    place: object({ name: string, require_totp: boolean }),
  },
};
export const QUESTIONS = Object.keys(lists);
for (const question of QUESTIONS) shapes[question] = object({ type, id: optional(string), ...lists[question] });

export const FRAME_TYPES = Object.keys(shapes);

/** True for an event that has a place in its room's order. */
export function isDurable(frame) {
  return Object.hasOwn(durable, frame?.type) && durable[frame.type](frame);
}

/**
 * The frame in a text, or an error that says what is wrong with it.
 * @param {string} text
 */
export function parseFrame(text) {
  const frame = JSON.parse(text);
  if (!text.startsWith('{"type":"')) throw new Error(`"type" is not first: ${text}`);
  if (!Object.hasOwn(shapes, frame.type)) throw new Error(`a type that the protocol does not have: ${text}`);
  if (!shapes[frame.type](frame)) throw new Error(`a ${frame.type} of another shape than documented: ${text}`);
  return frame;
}
