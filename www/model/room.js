/* One room as this person sees it: what it is, its history, who is there, whether they belong to it, and how far they have read. */
import { Observable } from '../lib/observable.js';
import { People } from './people.js';
import { Seen } from './seen.js';
import { Timeline } from './timeline.js';
import { Typing } from './typing.js';
import { Unread } from './unread.js';

/** @typedef {import('../lib/protocol.js').RoomInfo} RoomInfo */
/** @typedef {import('../lib/protocol.js').RoomEvent} RoomEvent */

/**
 * What is one's own about a room.
 * @typedef {object} Membership
 * @property {import('../lib/protocol.js').RoomRole} role
 * @property {import('../lib/protocol.js').Level} level of notifications
 * @property {number} mutedUntil 0: not muted
 * @property {boolean} hidden a direct conversation that is not in the list
 * @property {boolean} favourite
 * @property {string} section "": none of one's own
 * @property {number} position 0: none
 */

export class Room extends Observable {
  name = '';
  /** @type {import('../lib/protocol.js').RoomKind} */
  kind = 'open';
  topic = '';
  /** Of a closed room: what a new member sees. @type {'all' | 'joined'} */
  history = 'all';
  archived = false;
  locked = false;
  /** Between two messages of one member. */
  slowSeconds = 0;
  /** Of a direct conversation: all of them. @type {import('../lib/protocol.js').User[]} */
  between = [];
  /** null: one looks on, as a guest or without belonging to it. @type {Membership | null} */
  membership = null;

  timeline = new Timeline();
  /** Who is online of its members, and the guests who look at it. */
  people = new People();
  /** How many belong to it; null: not known. @type {number | null} */
  memberCount = null;
  /** The server sends us this room's events on the present connection. */
  joined = false;
  /** They have been sent on some connection: what is here is what there was. */
  wasJoined = false;
  /** A join is under way. */
  joining = false;
  /** Where the last join leads to; until then we are catching up. */
  targetSeq = 0;
  marks = new Unread();
  #seen = new Seen();
  /** Who counts what is unread: the server and we; we alone, for a guest; nobody, where one only looks on.
   * @type {'server' | 'here' | 'nobody'} */
  counting = 'here';
  /** The reader has marked it unread, and wants to find it so: what is in view does not count as read before they have left. */
  held = false;
  /** The event that the reader is being led to: the one that a link names. @type {{ seq: number } | null} */
  target = null;
  /** The "new" line comes after this event, and stays there while the room is open. @type {number | null} */
  dividerSeq = null;
  /** What is unread now came after this event. */
  #unreadFrom = 0;
  /** When something was last said, by the server's clock, as far as we were told; 0: not. */
  activeAt = 0;
  /** To join it, that wait for us to answer them. */
  requests = 0;
  /** Until then a moderator has silenced us here, as far as we were told; 0: not. */
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

  /** The reader does not want to hear of it. @param {number} now */
  isMuted(now) {
    return this.membership !== null && this.membership.mutedUntil > now;
  }

  /** What it is; what the entry does not say is not so. @param {RoomInfo} info */
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

  /** Something was said. @param {number} at by the server's clock */
  spoken(at) {
    this.activeAt = Math.max(this.activeAt, at);
  }

  /**
   * Something about it is different now.
   * @param {Partial<Pick<Room, 'name' | 'kind' | 'topic' | 'history' | 'archived' | 'locked' | 'slowSeconds' | 'silencedUntil' | 'memberCount' | 'target' | 'requests' | 'wasJoined'>>} what
   */
  become(what) {
    Object.assign(this, what);
    this.changed();
  }

  /** What is one's own about it: an entry with a role; without one, nothing is. @param {Partial<RoomInfo>} info */
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

  /** Where it stands in one's list: at once, as the server will say of it. @param {number} position */
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
      /* As for the server: what one writes oneself is read when nothing is unread before it, and else is not counted. */
      if (!isOwn) this.#count(() => this.#counts(event) && this.marks.arrived(event.seq, isMention));
      else if (this.counting === 'server' && !this.unread) this.marks.read(event.seq, this.#tally);
    }
    this.changed();
    return outcome;
  }

  /**
   * Starts the history anew, as if all up to lastSeq were known.
   * @param {number} lastSeq
   */
  begin(lastSeq) {
    this.timeline.begin(lastSeq);
    this.#seen.clear();
    this.#skip(lastSeq);
  }

  /** What comes up to lastSeq is not sent one by one; what is here stays. @param {number} lastSeq */
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
   * The numbers of the server's events mean something else now: forgets all that goes by them.
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

  /** A guest had read so far before we looked: nobody counted what came since. @param {number} seq */
  readBefore(seq) {
    const { lastSeq } = this.timeline;
    this.marks = new Unread();
    this.marks.sync({ readSeq: seq, messages: Math.max(lastSeq - seq, 0), mentions: 0, toSeq: lastSeq });
  }

  /**
   * What the server says is unread.
   * @param {{ read_seq?: number, unread: number, mentions: number }} count read_seq undefined: it was not about that
   * @param {number} toSeq the newest event that it has counted
   */
  sync({ read_seq, unread, mentions }, toSeq) {
    if (read_seq !== undefined && read_seq < this.readSeq) this.#seen.clear();
    this.#count(() => this.marks.sync({ readSeq: read_seq, messages: unread, mentions, toSeq }));
    this.changed();
  }

  /**
   * These events were on screen. One has read as far as nothing that is for reading was left out.
   * @param {number} first
   * @param {number} last
   * @returns {boolean} whether that is news
   */
  saw(first, last) {
    this.#seen.add(first, last);
    return this.read(this.#seen.reach(this.readSeq, (after) => this.timeline.nextToRead(after)));
  }

  /** All that there is, as far as we were told. @returns {boolean} whether that is news */
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

  /** Some of what has come was not read as it came: it gets a line, unless it comes behind one that is still there to be read. */
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

  /** Whom a message of this room means; set by the chat, which knows who we are. @type {(body: string) => boolean} */
  isMention = () => false;

  /** Whether the reader has blocked them; set likewise. @type {(author: number) => boolean} */
  isBlocked = () => false;

  /** Whether it is the reader; set likewise. @type {(author: number) => boolean} */
  isMe = () => false;

  /** As for the server: a message of somebody else that the reader can read. @param {RoomEvent} event */
  #counts = (event) =>
    event.type === 'message' &&
    !event.deleted &&
    !event.hidden &&
    !this.isMe(event.author.id) &&
    !this.isBlocked(event.author.id);

  /** @type {(after: number, upTo: number) => import('./unread.js').Tally | null} */
  #tally = (after, upTo) => this.timeline.tally(after, upTo, this.#counts, this.isMention);
}
