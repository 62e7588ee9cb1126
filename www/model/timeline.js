/* What the page holds of one room's history, in `seq` order.
 *
 *      1 ............ first ======== last ............ lastSeq
 *                     └── the window ─┘                └── the newest that the room has, as far as we were told
 *
 * The window has no holes and at most WINDOW_MAX events; who reads moves it with pages of history. While its end is lastSeq
 * it is *live*: what happens is appended. Otherwise what happens only moves lastSeq. lastSeq is also where to resume from,
 * and what tells the next event from a duplicate and from a gap. */
import { Observable } from '../lib/observable.js';

/** @typedef {import('../lib/protocol.js').RoomEvent} RoomEvent */

/** What a page can hold and still lay out quickly. */
export const WINDOW_MAX = 300;
/** Events asked for at once. */
export const PAGE = 50;

export class Timeline extends Observable {
  /** @type {RoomEvent[]} */
  events = [];
  lastSeq = 0;
  /** Which page is under way, so that no other is asked for. @type {'older' | 'newer' | 'page' | null} */
  loading = null;
  /** The last page asked for did not come; it is not asked for again by itself. */
  failed = false;
  /** The window begins with the oldest event that there is. */
  #atStart = false;
  /** The reader is at the bottom: the window may let go of its oldest events rather than of the newest. */
  following = true;
  /** Events that came by themselves rather than by looking back. @type {WeakSet<RoomEvent>} */
  #arrived = new WeakSet();
  /** Messages whose deletion we have seen: a page may have been read before it. @type {Set<number>} */
  #deleted = new Set();

  get first() {
    return this.events.length ? this.events[0].seq : this.lastSeq + 1;
  }

  get last() {
    return this.events.length ? this.events[this.events.length - 1].seq : this.lastSeq;
  }

  get live() {
    return this.last === this.lastSeq;
  }

  get hasOlder() {
    return this.first > 1 && !this.#atStart;
  }

  /** @param {RoomEvent} event */
  hasArrived(event) {
    return this.#arrived.has(event);
  }

  /** @param {number} seq */
  find(seq) {
    return this.events[seq - this.first];
  }

  /**
   * How many messages lie between two events.
   * @param {number} after
   * @param {number} upTo
   * @param {(body: string) => boolean} isMention
   * @returns {import('./unread.js').Tally | null} null: they are not all here
   */
  tally(after, upTo, isMention) {
    if (upTo > after && (this.first > after + 1 || this.last < upTo)) return null;
    const between = this.events.filter((event) => event.type === 'message' && event.seq > after && event.seq <= upTo);
    return { messages: between.length, mentions: between.filter((event) => event.type === 'message' && isMention(event.body)).length };
  }

  /** The newest event is another one than we knew, and nothing of the history is here yet. @param {number} lastSeq */
  moveTo(lastSeq) {
    if (!this.events.length && lastSeq > this.lastSeq) this.lastSeq = lastSeq;
  }

  /**
   * Messages of somebody came without their text, which may be had now.
   * @param {number} author
   * @returns {boolean} whether there were such: then all is forgotten, to be fetched again
   */
  forgetHidden(author) {
    const isHere = this.events.some((event) => event.type === 'message' && event.hidden && event.author.id === author);
    if (isHere) this.begin(this.lastSeq);
    return isHere;
  }

  /**
   * Forgets all; the next event is lastSeq + 1.
   * @param {number} lastSeq
   */
  begin(lastSeq) {
    this.events = [];
    this.lastSeq = lastSeq;
    this.loading = null;
    this.failed = false;
    this.#atStart = false;
    this.#deleted.clear(); /* the numbers may belong to another history */
    this.changed();
  }

  /**
   * @param {RoomEvent} event as it happened, or replayed
   * @returns {'next' | 'duplicate' | 'gap'} only the next one changes anything
   */
  receive(event) {
    if (event.seq <= this.lastSeq) return 'duplicate';
    if (event.seq > this.lastSeq + 1) return 'gap';
    const append = this.live && (this.events.length < WINDOW_MAX || this.following);
    this.lastSeq = event.seq;
    if (event.type === 'deleted') {
      this.#deleted.add(event.target);
      this.events = this.#withoutDeleted(this.events);
    }
    if (append) {
      this.events.push(event);
      this.#arrived.add(event);
      this.#keepNewest();
    }
    this.changed();
    return 'next';
  }

  /**
   * A page that ends just before the window; one that does not (the window moved meanwhile) is ignored.
   * @param {RoomEvent[]} page
   * @param {boolean} more there is something older still
   */
  prepend(page, more) {
    const older = page.filter((event) => event.seq < this.first);
    if (!more && (!older.length || older[older.length - 1].seq === this.first - 1)) this.#atStart = true;
    if (!older.length || older[older.length - 1].seq !== this.first - 1) return this.changed();
    this.events = [...this.#withoutDeleted(older), ...this.events].slice(0, WINDOW_MAX);
    this.changed();
  }

  /**
   * A page that begins just after the window, likewise.
   * @param {RoomEvent[]} page
   */
  append(page) {
    const newer = page.filter((event) => event.seq > this.last && event.seq <= this.lastSeq);
    if (!newer.length || newer[0].seq !== this.last + 1) return;
    this.events.push(...this.#withoutDeleted(newer));
    this.#keepNewest();
    this.changed();
  }

  /**
   * Another window. What it holds beyond lastSeq is on its way here by itself, and is left to arrive.
   * @param {RoomEvent[]} page
   */
  replace(page) {
    this.events = this.#withoutDeleted(page.filter((event) => event.seq <= this.lastSeq));
    this.#atStart = false;
    this.changed();
  }

  /**
   * @param {'older' | 'newer' | 'page' | null} loading
   * @param {boolean} [failed]
   */
  setLoading(loading, failed = false) {
    this.loading = loading;
    this.failed = failed;
    this.changed();
  }

  /** @param {RoomEvent[]} events */
  #withoutDeleted(events) {
    if (!this.#deleted.size) return events;
    return events.map((event) =>
      event.type === 'message' && !event.deleted && this.#deleted.has(event.seq) ? { ...event, body: '', deleted: true } : event,
    );
  }

  #keepNewest() {
    const surplus = this.events.length - WINDOW_MAX;
    if (surplus <= 0) return;
    this.events.splice(0, surplus);
    this.#atStart = false;
  }
}
