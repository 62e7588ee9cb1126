/* One room as this person sees it: its description, history, people, and this person's membership and read position. */
import { Observable } from '../lib/observable.js';
import { People } from './people.js';
import { Seen } from './seen.js';
import { Timeline } from './timeline.js';
import { Typing } from './typing.js';
import { Unread } from './unread.js';

/** @typedef {import('../lib/protocol.js').RoomInfo} RoomInfo */
/** @typedef {import('../lib/protocol.js').RoomEvent} RoomEvent */

/**
 * The reader's membership of a room, with their settings.
 * @typedef {object} Membership
 * @property {import('../lib/protocol.js').RoomRole} role
 * @property {import('../lib/protocol.js').Level} level of notifications
 * @property {number} mutedUntil 0: not muted
 * @property {boolean} hidden a direct conversation that is not in the list
 * @property {boolean} favourite
 * @property {string} section "": none
 * @property {number} position 0: none
 */

export class Room extends Observable {
  name = '';
  /** @type {import('../lib/protocol.js').RoomKind} */
  kind = 'open';
  topic = '';
  /** What a new member of a private room sees. @type {'all' | 'joined'} */
  history = 'all';
  archived = false;
  locked = false;
  /** Slow mode: seconds between two messages of one member; 0: off. */
  slowSeconds = 0;
  /** All people of a direct conversation. @type {import('../lib/protocol.js').User[]} */
  between = [];
  /** null: a guest, or not a member. @type {Membership | null} */
  membership = null;

  timeline = new Timeline();
  /** Members who are online, and guests who look at the room. */
  people = new People();
  /** The number of members; null: not known. @type {number | null} */
  memberCount = null;
  /** The server sends us this room's events on this connection. */
  joined = false;
  /** The room has been joined on some connection: its timeline is valid. */
  wasJoined = false;
  /** A join is under way. */
  joining = false;
  /** The newest event that the last join has announced; until it arrives, we are catching up. */
  targetSeq = 0;
  marks = new Unread();
  #seen = new Seen();
  /** Who counts unread messages: the server together with the page; the page alone, for a guest; nobody, for a
   * non-member.
   * @type {'server' | 'here' | 'nobody'} */
  counting = 'here';
  /** Marked unread by the reader: what is in view does not count as read until they have left. */
  held = false;
  /** The event that a link leads to. @type {{ seq: number } | null} */
  target = null;
  /** The "new" line comes after this event, and stays there while the room is open. @type {number | null} */
  dividerSeq = null;
  /** All events after this one are unread. */
  #unreadFrom = 0;
  /** When the last message was sent, by the server's clock; 0: not known. */
  activeAt = 0;
  /** Requests to join that this reader can answer. */
  requests = 0;
  /** Until when a moderator has muted us here; 0: not muted, as far as we know. */
  silencedUntil = 0;

  /**
   * @param {RoomInfo} info
   * @param {import('../lib/clock.js').Clock} clock
   */
  constructor(info, clock) {
    super();
    this.id = info.id;
    this.typing = new Typing(clock);
    this.timeline.lastSeq = info.last_seq;
    this.describe(info);
  }

  get unread() {
    return this.counting === 'nobody' ? 0 : this.marks.messages;
  }

  get mentions() {
    return this.counting === 'nobody' ? 0 : this.marks.mentions;
  }

  get readSeq() {
    return this.marks.readSeq;
  }

  get caughtUp() {
    return this.joined && this.timeline.lastSeq >= this.targetSeq;
  }

  /** The reader has paused its notifications. @param {number} now */
  isMuted(now) {
    return this.membership !== null && this.membership.mutedUntil > now;
  }

  /** Takes over its description: a field that is missing is empty. @param {RoomInfo} info */
  describe({
    name,
    kind = 'open',
    topic = '',
    history = 'all',
    archived,
    locked = false,
    slow_s = 0,
    people = [],
    active_ms = 0,
  }) {
    Object.assign(this, { name, kind, topic, history, archived, locked, slowSeconds: slow_s, between: people });
    this.spoken(active_ms);
    this.changed();
  }

  /** A message was sent. @param {number} at by the server's clock */
  spoken(at) {
    this.activeAt = Math.max(this.activeAt, at);
  }

  /**
   * Changes some properties.
   * @param {Partial<Pick<Room, 'name' | 'kind' | 'topic' | 'history' | 'archived' | 'locked' | 'slowSeconds' | 'silencedUntil' | 'memberCount' | 'target' | 'requests' | 'wasJoined'>>} what
   */
  become(what) {
    Object.assign(this, what);
    this.changed();
  }

  /** Takes over the membership; an entry without a role means none. @param {Partial<RoomInfo>} info */
  belong({
    role,
    level = 'all',
    muted_until = 0,
    hidden = false,
    favourite = false,
    section = '',
    position = 0,
    requests = 0,
  }) {
    this.membership = role ? { role, level, mutedUntil: muted_until, hidden, favourite, section, position } : null;
    this.counting = role ? 'server' : 'nobody';
    this.requests = requests;
    this.changed();
  }

  /** Its position in the list: changed at once, before the server confirms it. @param {number} position */
  moveTo(position) {
    if (!this.membership) return;
    this.membership = { ...this.membership, position };
    this.changed();
  }

  /**
   * @param {RoomEvent} event
   * @param {{ isOwn: boolean, isMention: boolean }} about
   * @returns {'next' | 'duplicate' | 'gap'}
   */
  receive(event, { isOwn, isMention }) {
    const target = event.type === 'deleted' ? this.timeline.find(event.target) : undefined;
    const outcome = this.timeline.receive(event);
    if (outcome !== 'next') return outcome;
    if (event.type === 'deleted' && (!target || this.#counts(target))) {
      this.#count(() => this.marks.gone(event.target, target?.type === 'message' && this.isMention(target.body)));
    }
    if (event.type === 'message') {
      /* As on the server: the reader's own message is read if nothing before it is unread; otherwise it is not counted. */
      if (!isOwn) this.#count(() => this.#counts(event) && this.marks.arrived(event.seq, isMention));
      else if (this.counting === 'server' && !this.unread) this.marks.read(event.seq, this.#tally);
    }
    this.changed();
    return outcome;
  }

  /**
   * Empties the timeline, which then continues after lastSeq.
   * @param {number} lastSeq
   */
  begin(lastSeq) {
    this.timeline.begin(lastSeq);
    this.#seen.clear();
    this.#skip(lastSeq);
  }

  /** The server skips the events up to lastSeq; the loaded ones stay. @param {number} lastSeq */
  skipTo(lastSeq) {
    this.timeline.skipTo(lastSeq);
    this.#skip(lastSeq);
  }

  /** @param {number} lastSeq */
  #skip(lastSeq) {
    this.#count(() => {
      if (this.counting === 'here') this.readBefore(Math.min(this.readSeq, lastSeq));
      else this.marks.skipped(lastSeq);
    });
    this.changed();
  }

  /**
   * The server's numbering has changed: forgets everything that depends on it.
   * @param {number} lastSeq
   */
  restart(lastSeq) {
    this.timeline.begin(lastSeq);
    this.marks = new Unread();
    this.#seen.clear();
    this.#unreadFrom = 0;
    this.held = false;
    this.target = null;
    this.dividerSeq = null;
    this.silencedUntil = 0;
    this.changed();
  }

  /** Sets a guest's stored read position; later events have not been counted. @param {number} seq */
  readBefore(seq) {
    const { lastSeq } = this.timeline;
    this.marks = new Unread();
    this.marks.sync({ readSeq: seq, messages: Math.max(lastSeq - seq, 0), mentions: 0, toSeq: lastSeq });
  }

  /**
   * The server's count of unread messages.
   * @param {{ read_seq?: number, unread: number, mentions: number }} count read_seq undefined: unchanged
   * @param {number} toSeq the newest event that it has counted
   */
  sync({ read_seq, unread, mentions }, toSeq) {
    if (read_seq !== undefined && read_seq < this.readSeq) this.#seen.clear();
    this.#count(() => this.marks.sync({ readSeq: read_seq, messages: unread, mentions, toSeq }));
    this.changed();
  }

  /**
   * These events were on screen. The read position moves as far as no readable event was left out.
   * @param {number} first
   * @param {number} last
   * @returns {boolean} whether the position has moved
   */
  saw(first, last) {
    this.#seen.add(first, last);
    return this.read(this.#seen.reach(this.readSeq, (after) => this.timeline.nextToRead(after)));
  }

  /** Marks all known events as read. @returns {boolean} whether the position has moved */
  readAll() {
    return this.read(Math.max(this.timeline.lastSeq, this.marks.syncedSeq));
  }

  /**
   * @param {number} seq
   * @returns {boolean} whether that is news
   */
  read(seq) {
    if (!this.marks.read(seq, this.#tally)) return false;
    this.changed();
    return true;
  }

  /** Makes this event the first unread one, until the reader has left. @param {number} seq */
  readBackTo(seq) {
    this.held = true;
    this.#seen.clear();
    this.marks.readBack(seq - 1, this.timeline.lastSeq, this.#tally);
    this.divide();
  }

  /** Puts the "new" line before what is unread, or takes it away. */
  divide() {
    this.#unreadFrom = this.readSeq;
    this.dividerSeq = this.unread ? this.readSeq : null;
    this.changed();
  }

  /** Puts a "new" line before messages that were missed, unless there is one before older unread messages. */
  divideMissed() {
    if (!this.unread || (this.dividerSeq ?? -1) >= this.#unreadFrom) return;
    this.dividerSeq = this.#unreadFrom;
    this.changed();
  }

  /** @param {() => void} change of what is unread */
  #count(change) {
    const hadUnread = this.unread > 0;
    change();
    if (!hadUnread && this.unread) this.#unreadFrom = this.readSeq;
  }

  /**
   * Whether a message mentions the reader. Set by the chat, which knows who that is.
   * @type {(body: string) => boolean}
   */
  isMention = () => false;

  /** Whether the reader has blocked this user. Set by the chat. @type {(author: number) => boolean} */
  isBlocked = () => false;

  /** Whether it is the reader. Set by the chat. @type {(author: number) => boolean} */
  isMe = () => false;

  /** As on the server: a message of another user that the reader can read. @param {RoomEvent} event */
  #counts = (event) =>
    event.type === 'message' &&
    !event.deleted &&
    !event.hidden &&
    !this.isMe(event.author.id) &&
    !this.isBlocked(event.author.id);

  /** @type {(after: number, upTo: number) => import('./unread.js').Tally | null} */
  #tally = (after, upTo) => this.timeline.tally(after, upTo, this.#counts, this.isMention);
}
