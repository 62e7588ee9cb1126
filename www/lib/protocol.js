/* The frames of src/proto/README.md as types. No code. */

/** A user who is only mentioned.
 * @typedef {{ id: number, name: string, display_name?: string }} User */

/** @typedef {'visitor' | 'guest' | 'member' | 'moderator' | 'admin' | 'owner' | 'system'} Role of a user, in the whole workspace */
/** @typedef {'member' | 'moderator'} RoomRole what a member may do in a room */
/** @typedef {'open' | 'closed' | 'announcement' | 'direct'} RoomKind */
/** @typedef {'all' | 'mentions' | 'nothing'} Level what a member is notified of */
/** @typedef {'read' | 'write' | 'admin'} Scope what a token may be used for */

/**
 * The full entry of a user. Fields that are empty, 0 or false are left out.
 * @typedef {object} PersonInfo
 * @property {number} id
 * @property {string} name the user name
 * @property {string} [display_name]
 * @property {Role} [role]
 * @property {number} [avatar] the version of the picture
 * @property {string} [status_emoji]
 * @property {string} [status_text]
 * @property {number} [status_until]
 * @property {boolean} [banned]
 * @property {boolean} [hidden] all of their messages are hidden
 */

/**
 * A room in the reader's list; the fields from `role` on are only there for members. For a closed room that an admin is
 * not a member of, the list of rooms gives neither topic nor description, and `last_seq` is 0.
 * @typedef {object} RoomInfo
 * @property {number} id
 * @property {string} name empty for a direct conversation: its people are its name
 * @property {number} last_seq
 * @property {boolean} archived
 * @property {RoomKind} [kind]
 * @property {'all' | 'joined'} [history]
 * @property {boolean} [locked]
 * @property {number} [slow_s]
 * @property {string} [topic]
 * @property {User[]} [people] of a direct conversation: all of them
 * @property {number} [active_ms] of a direct conversation: when something was last said, or it was made
 * @property {RoomRole} [role]
 * @property {Level} [level]
 * @property {number} [read_seq]
 * @property {number} [unread]
 * @property {number} [mentions]
 * @property {number} [muted_until]
 * @property {boolean} [hidden]
 * @property {boolean} [favourite]
 * @property {string} [section]
 * @property {number} [position]
 * @property {number} [requests] to join it, which this reader can answer
 * @property {number} [members] in the list of rooms
 * @property {string} [description] likewise
 */

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
 * @property {boolean} [deleted]
 * @property {boolean} [hidden]
 */

/** @typedef {{ type: 'renamed', room: number, seq: number, actor: User, at: number, name: string }} RenamedEvent */
/** @typedef {{ type: 'archived' | 'unarchived', room: number, seq: number, actor: User, at: number }} ArchivedEvent */
/** @typedef {{ type: 'joined' | 'left', room: number, seq: number, actor: User, at: number }} CameEvent */
/** @typedef {{ type: 'added' | 'removed', room: number, seq: number, actor: User, at: number, user: User }} BroughtEvent */
/** @typedef {{ type: 'deleted', room: number, seq: number, actor: User, at: number, target: number }} DeletedEvent */
/** @typedef {{ type: 'changed', room: number, seq: number, actor: User, at: number, topic?: string, description?: string,
 *   kind?: RoomKind, history?: 'all' | 'joined', slow_s?: number, locked?: boolean }} ChangedEvent */

/** An event of a room's history: everything that has a `seq`.
 * @typedef {MessageEvent | RenamedEvent | ArchivedEvent | CameEvent | BroughtEvent | DeletedEvent | ChangedEvent} RoomEvent */

/** @typedef {User & { state: 'active' | 'away' }} Person somebody who is in a room now */

/**
 * @typedef {object} Welcome
 * @property {'welcome'} type
 * @property {number} protocol
 * @property {PersonInfo} user
 * @property {{ name: string, version: string, now: number }} server
 * @property {string} epoch which numbering the rooms' events are of; another one when the server was restored from a backup
 * @property {number[]} [blocked]
 * @property {number} [reports_waiting] for us to handle
 * @property {RoomInfo[]} rooms
 * @property {boolean} more further rooms follow, in `welcome_rooms`
 * @property {Limits} limits
 */

/** @typedef {{ type: 'ack', id: string, room?: number, seq?: number, last_seq?: number, at?: number, duplicate?: boolean }} Ack */
/** @typedef {{ type: 'error', id?: string, code: string, message: string, retry_after_ms?: number }} Refusal */
/** @typedef {{ type: 'history', id: string, room: number, events: RoomEvent[], more: boolean }} History */
/** @typedef {{ type: 'bye', reason: string, reconnect_in_ms: number }} Bye */

/**
 * @typedef {RoomEvent | Welcome | Ack | Refusal | History | Bye
 *   | { type: 'welcome_rooms', rooms: RoomInfo[], more: boolean }
 *   | { type: 'reset', room: number, last_seq: number }
 *   | { type: 'typing', room: number, user: User }
 *   | { type: 'presence', room: number, count: number, people?: Person[] }
 *   | { type: 'online', people: { id: number, state: 'active' | 'away' | 'offline' }[] }
 *   | { type: 'activity', room: number, last_seq: number, unread: number, mentions: number }
 *   | { type: 'read', room: number, seq: number, unread: number, mentions: number }
 *   | { type: 'room', change: string, room: RoomInfo }
 *   | { type: 'membership', change: 'joined' | 'left' | 'changed', room: RoomInfo }
 *   | { type: 'member', change: string, user: PersonInfo }
 *   | { type: 'place', name: string }
 *   | { type: 'reports_waiting', waiting: number }
 *   | { type: 'requests_waiting', room: number, requests: number }
 *   | { type: 'block', user: number, blocked: boolean }} ServerFrame
 */

/** @typedef {{ type: string, id?: string, [field: string]: unknown }} ClientFrame */

/* What is told over HTTP. */

/** @typedef {{ name: string, set_up: boolean, signup: 'invite' | 'open' | 'closed', guests: boolean, version: string }} Place */
/** @typedef {{ user: PersonInfo, session: number, scope: Scope, totp: boolean }} Me */
/** @typedef {{ valid: boolean, reason?: 'expired' | 'revoked' | 'used_up' | 'unknown' | 'closed', by?: User, rooms?: string[] }} Invitation */

/* What lists hold. */

/** @typedef {PersonInfo & { room_role?: RoomRole, muted_until?: number }} MemberInfo */
/** @typedef {{ id: number, device: string, address: string, since: number, seen: number, current: boolean }} SessionInfo */
/** @typedef {{ id: number, name: string, scope: Scope, since: number, expires_ms: number }} TokenInfo */

/* What lists hold that are for those who look after the place. */

/**
 * @typedef {object} InviteInfo
 * @property {number} id
 * @property {string} code of the link
 * @property {string} label what it is for; empty: nothing was said
 * @property {User} by
 * @property {number} at
 * @property {number} expires_ms 0: never
 * @property {number} max_uses 0: no limit
 * @property {number} uses
 * @property {boolean} revoked
 * @property {{ id: number, name: string }[]} rooms besides the lobby
 */

/** @typedef {{ id: number, user: User, by: User, at: number, until_ms: number, reason: string, hide: boolean }} BanInfo until_ms 0: for ever */
/** @typedef {{ id: number, user: User, text: string, at: number }} JoinRequest */

/**
 * @typedef {object} ReportInfo
 * @property {number} id
 * @property {number} room
 * @property {string} room_name empty: a direct conversation
 * @property {number} seq of the message
 * @property {User} author
 * @property {string} body empty: it has been deleted
 * @property {User} by
 * @property {string} reason
 * @property {number} at
 * @property {number} [handled_at] this field and the following: once it has been handled
 * @property {User} [handled_by]
 * @property {string} [outcome]
 */

/**
 * @typedef {object} AuditEntry
 * @property {number} id
 * @property {number} at
 * @property {User} by id 0: the command line
 * @property {string} verb
 * @property {User} [user] whom it was about
 * @property {number} [room]
 * @property {string} [room_name] empty: a direct conversation
 * @property {number} [seq]
 * @property {string} address
 * @property {Record<string, unknown>} detail
 */

/** @typedef {{ name: string, value: string, from: string }} SettingInfo from: where the value comes from */
/** @typedef {{ settings: SettingInfo[], place: { name: string, require_totp: boolean } }} Settings */

export {};
