/* The frames of src/proto/README.md as types. No code. */

/** @typedef {{ id: number, name: string }} User */

/** @typedef {{ id: number, name: string, last_seq: number, archived: boolean }} RoomInfo */

/** @typedef {{ message_max_bytes: number, history_on_join: number, history_page: number }} Limits */

/**
 * @typedef {object} MessageEvent
 * @property {'message'} type
 * @property {number} room
 * @property {number} seq
 * @property {User} author
 * @property {string} body Markdown, as written
 * @property {number} at
 * @property {string} [id] the id of the `send` that made it
 * @property {number} [reply_to]
 */

/** @typedef {{ type: 'renamed', room: number, seq: number, actor: User, at: number, name: string }} RenamedEvent */
/** @typedef {{ type: 'archived' | 'unarchived', room: number, seq: number, actor: User, at: number }} ArchivedEvent */

/** What a room's history is made of: whatever has a `seq`.
 * @typedef {MessageEvent | RenamedEvent | ArchivedEvent} RoomEvent */

/** @typedef {{ id: number, name: string, state: 'active' | 'away' }} Person */

/**
 * @typedef {object} Welcome
 * @property {'welcome'} type
 * @property {number} protocol
 * @property {User} user
 * @property {{ name: string, version: string, now: number }} server
 * @property {RoomInfo[]} rooms
 * @property {Limits} limits
 */

/** @typedef {{ type: 'ack', id: string, room?: number, seq?: number, last_seq?: number, at?: number, duplicate?: boolean }} Ack */
/** @typedef {{ type: 'error', id?: string, code: string, message: string, retry_after_ms?: number }} Refusal */
/** @typedef {{ type: 'history', id: string, room: number, events: RoomEvent[], more: boolean }} History */
/** @typedef {{ type: 'bye', reason: string, reconnect_in_ms: number }} Bye */

/**
 * @typedef {RoomEvent | Welcome | Ack | Refusal | History | Bye
 *   | { type: 'reset', room: number, last_seq: number }
 *   | { type: 'typing', room: number, user: User }
 *   | { type: 'presence', room: number, count: number, people?: Person[] }
 *   | { type: 'room', change: string, room: RoomInfo }
 *   | { type: 'member', change: string, user: User }} ServerFrame
 */

/** @typedef {{ type: string, id?: string, [field: string]: unknown }} ClientFrame */

export {};
