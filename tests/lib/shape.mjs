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
const person = object({ id: integer, name: string });
const room = object({ id: positive, name: string, last_seq: integer, archived: boolean });
const change = { type, room: positive, seq: positive, actor: person, at: positive };

/** The durable events of a room, by type. */
const durable = {
  message: object({
    type,
    room: positive,
    seq: positive,
    author: object({ id: positive, name: string }),
    body: string,
    at: positive,
    id: optional(string),
    reply_to: optional(positive),
  }),
  renamed: object({ ...change, name: string }),
  archived: object(change),
  unarchived: object(change),
};

export const DURABLE_TYPES = Object.keys(durable);

const shapes = {
  ...durable,
  welcome: object({
    type,
    protocol: oneOf(1),
    user: person,
    rooms: listOf(room),
    server: object({ name: string, version: string, now: positive }),
    limits: object({ message_max_bytes: positive, history_on_join: integer, history_page: positive }),
  }),
  ack: object({
    type,
    id: string,
    room: optional(positive),
    last_seq: optional(integer),
    seq: optional(positive),
    at: optional(positive),
    duplicate: optional(oneOf(true)),
  }),
  error: object({
    type,
    id: optional(string),
    code: string,
    message: (value) => string(value) && value.length > 0,
    retry_after_ms: optional(positive),
  }),
  history: object({ type, id: optional(string), room: positive, events: listOf(isDurable), more: boolean }),
  reset: object({ type, room: positive, last_seq: positive }),
  typing: object({ type, room: positive, user: person }),
  presence: object({
    type,
    room: positive,
    count: integer,
    people: optional(listOf(object({ id: integer, name: string, state: oneOf('active', 'away') }))),
  }),
  room: object({ type, change: oneOf('created', 'renamed', 'archived', 'unarchived'), room }),
  member: object({ type, change: oneOf('renamed'), user: person }),
  bye: object({ type, reason: string, reconnect_in_ms: integer }),
};

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
