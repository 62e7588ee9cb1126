/* The loaded part of one room's history, in `seq` order.
 *
 *      1 ............ first ======== last ............ lastSeq
 *                     └── the window ─┘                └── the newest event that we know of
 *
 * The window has no gaps and makes at most WINDOW_MAX rows; the reader moves it with pages of history. While its end is
 * lastSeq it is *live*: new events are appended. Otherwise new events only move lastSeq. A join resumes after lastSeq,
 * and lastSeq tells the next event from a duplicate and from a gap. */
import { Observable } from '../lib/observable.js';
import { fit } from './row_count.js';

/** @typedef {import('../lib/protocol.js').RoomEvent} RoomEvent */
/** The result of a page: new rows, only events of existing rows, or nothing.
 * @typedef {'rows' | 'folded' | 'nothing'} Gain */

/** How many rows a browser can still lay out quickly. */
export const WINDOW_MAX = 300;
/** Limit of events in these rows: any number of joins and leaves can share a row. */
export const EVENTS_MAX = 5_000;
/** Events per request. */
export const PAGE = 50;

export class Timeline extends Observable {
  /** @type {RoomEvent[]} */
  events = [];
  lastSeq = 0;
  /** Which page is being loaded; no other is requested meanwhile. `again`: the loaded events anew.
   * @type {'older' | 'newer' | 'page' | 'again' | null} */
  loading = null;
  /** The last page failed or brought nothing; it is not requested again automatically. */
  failed = false;
  /** The window begins with the oldest event of the room. */
  #atStart = false;
  /** The reader is at the bottom: when the window is full, it drops its oldest events, not the newest. */
  following = true;
  /** The reader jumps to the latest: until it is loaded, the end of the window counts as the bottom. */
  chasing = false;
  /** Events that arrived live, not in a page. @type {WeakSet<RoomEvent>} */
  #arrived = new WeakSet();
  /** Messages that we know to be deleted: a page can have been read before the deletion. @type {Set<number>} */
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

  /** Whether the window has the event that follows this one. @param {number} seq */
  follows(seq) {
    return this.events.length > 0 && (seq + 1 >= this.first || !this.hasOlder) && seq < this.last;
  }

  /**
   * The first readable event after this one: a message that is not deleted or hidden.
   * @param {number} after
   * @returns {number | null} null: not loaded
   */
  nextToRead(after) {
    if (!this.follows(after)) return null;
    const next = this.events.find(
      (event) => event.seq > after && event.type === 'message' && !event.deleted && !event.hidden,
    );
    return next?.seq ?? null;
  }

  /**
   * How many messages lie between two events.
   * @param {number} after
   * @param {number} upTo
   * @param {(event: RoomEvent) => boolean} counts whether it is a message that one can read
   * @param {(body: string) => boolean} isMention
   * @returns {import('./unread.js').Tally | null} null: not all of them are loaded
   */
  tally(after, upTo, counts, isMention) {
    if (upTo > after && (this.first > after + 1 || this.last < upTo)) return null;
    const between = this.events.filter((event) => event.seq > after && event.seq <= upTo && counts(event));
    return {
      messages: between.length,
      mentions: between.filter((event) => event.type === 'message' && isMention(event.body)).length,
    };
  }

  /** Sets the newest event while nothing is loaded. @param {number} lastSeq */
  moveTo(lastSeq) {
    if (!this.events.length && lastSeq > this.lastSeq) this.lastSeq = lastSeq;
  }

  /** Whether the window has messages of this user without their text. @param {number} author */
  hasHidden(author) {
    return this.events.some((event) => event.type === 'message' && event.hidden && event.author.id === author);
  }

  /**
   * Empties the window; the next event is lastSeq + 1.
   * @param {number} lastSeq
   */
  begin(lastSeq) {
    this.events = [];
    this.lastSeq = lastSeq;
    this.loading = null;
    this.failed = false;
    this.#atStart = false;
    this.#deleted.clear(); /* the numbering can be another one */
    this.changed();
  }

  /** The server skips the events up to this one. The window stays. @param {number} lastSeq */
  skipTo(lastSeq) {
    this.lastSeq = lastSeq;
    this.changed();
  }

  /**
   * @param {RoomEvent} event live or replayed
   * @returns {'next' | 'duplicate' | 'gap'} only the next one changes anything
   */
  receive(event) {
    if (event.seq <= this.lastSeq) return 'duplicate';
    if (event.seq > this.lastSeq + 1) return 'gap';
    const append = this.live && (this.following || this.#hasSpace);
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
   * @param {boolean} more there are older events
   * @returns {Gain}
   */
  prepend(page, more) {
    const older = page.filter((event) => event.seq < this.first);
    const meets = older.length > 0 && older[older.length - 1].seq === this.first - 1;
    const gain = meets ? this.#grow([...this.#withoutDeleted(older), ...this.events], 'first') : 'nothing';
    const isEnd = !more && (!older.length || gain !== 'nothing');
    if (isEnd) this.#atStart = true;
    this.changed();
    return isEnd ? 'rows' : gain;
  }

  /**
   * A page that begins just after the window, likewise.
   * @param {RoomEvent[]} page
   * @returns {Gain}
   */
  append(page) {
    const newer = page.filter((event) => event.seq > this.last && event.seq <= this.lastSeq);
    if (!newer.length || newer[0].seq !== this.last + 1) return 'nothing';
    const gain = this.#grow([...this.events, ...this.#withoutDeleted(newer)], 'last');
    this.changed();
    return gain;
  }

  /**
   * Replaces the window. Events beyond lastSeq are left out: they will arrive live.
   * @param {RoomEvent[]} page
   * @param {boolean} [more] there is something older still
   */
  replace(page, more = true) {
    this.events = this.#withoutDeleted(page.filter((event) => event.seq <= this.lastSeq));
    this.#atStart = !more;
    this.changed();
  }

  /**
   * Updates the loaded events to the server's state.
   * @param {RoomEvent[]} events
   */
  renew(events) {
    const fresh = new Map(events.map((event) => [event.seq, event]));
    this.events = this.#withoutDeleted(this.events.map((event) => fresh.get(event.seq) ?? event));
    this.changed();
  }

  /**
   * @param {Timeline['loading']} loading
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
      event.type === 'message' && !event.deleted && this.#deleted.has(event.seq)
        ? { ...event, body: '', deleted: true }
        : event,
    );
  }

  get #hasSpace() {
    if (this.events.length < WINDOW_MAX) return true;
    return this.events.length < EVENTS_MAX && fit(this.events).rows < WINDOW_MAX;
  }

  /**
   * @param {RoomEvent[]} events the window and a page
   * @param {'first' | 'last'} end of the window where the page is: surplus rows are dropped at the other end
   * @returns {Gain}
   */
  #grow(events, end) {
    const before = fit(this.events).rows;
    const after = fit(events).rows;
    if (after <= WINDOW_MAX && events.length > EVENTS_MAX) return 'nothing';
    const { events: fitting } = fit(events, end, WINDOW_MAX);
    if (fitting < events.length && end === 'last') this.#atStart = false;
    this.events = end === 'first' ? events.slice(0, fitting) : events.slice(events.length - fitting);
    return after > before ? 'rows' : 'folded';
  }

  #keepNewest() {
    if (this.events.length <= WINDOW_MAX) return;
    const surplus = this.events.length - Math.min(fit(this.events, 'last', WINDOW_MAX).events, EVENTS_MAX);
    if (surplus <= 0) return;
    this.events.splice(0, surplus);
    this.#atStart = false;
  }
}
