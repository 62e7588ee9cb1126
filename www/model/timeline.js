/* What the page holds of one room's history, in `seq` order.
 *
 *      1 ............ first ======== last ............ lastSeq
 *                     └── the window ─┘                └── the newest that the room has, as far as we were told
 *
 * The window has no holes and makes at most WINDOW_MAX rows; the reader moves it with pages of history. While its end is lastSeq
 * it is *live*: what happens is appended. Otherwise what happens only moves lastSeq. lastSeq is also where to resume from,
 * and what tells the next event from a duplicate and from a gap. */
import { Observable } from '../lib/observable.js';
import { fit } from './row_count.js';

/** @typedef {import('../lib/protocol.js').RoomEvent} RoomEvent */
/** What a page brought: rows, only events that fold into rows that were there, or nothing at all.
 * @typedef {'rows' | 'folded' | 'nothing'} Gain */

/** Rows that a page can hold and still lay out quickly. */
export const WINDOW_MAX = 300;
/** Events in these rows: people who come and go share a row without end. */
export const EVENTS_MAX = 5_000;
/** Events asked for at once. */
export const PAGE = 50;

export class Timeline extends Observable {
  /** @type {RoomEvent[]} */
  events = [];
  lastSeq = 0;
  /** Which page is under way, so that no other is asked for; `again`: what is here anew.
   * @type {'older' | 'newer' | 'page' | 'again' | null} */
  loading = null;
  /** The last page asked for did not come, or brought nothing; it is not asked for again by itself. */
  failed = false;
  /** The window begins with the oldest event that there is. */
  #atStart = false;
  /** The reader is at the bottom: the window may let go of its oldest events rather than of the newest. */
  following = true;
  /** The reader has asked for the newest: until it is here, the end of the window counts as the bottom. */
  chasing = false;
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

  /** Whether the window holds what comes right after an event. @param {number} seq */
  follows(seq) {
    return this.events.length > 0 && (seq + 1 >= this.first || !this.hasOlder) && seq < this.last;
  }

  /**
   * The first event after this one that is for reading: a message that is not deleted or hidden.
   * @param {number} after
   * @returns {number | null} null: it is not here
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
   * @returns {import('./unread.js').Tally | null} null: they are not all here
   */
  tally(after, upTo, counts, isMention) {
    if (upTo > after && (this.first > after + 1 || this.last < upTo)) return null;
    const between = this.events.filter((event) => event.seq > after && event.seq <= upTo && counts(event));
    return {
      messages: between.length,
      mentions: between.filter((event) => event.type === 'message' && isMention(event.body)).length,
    };
  }

  /** The newest event is another one than we knew, and nothing of the history is here yet. @param {number} lastSeq */
  moveTo(lastSeq) {
    if (!this.events.length && lastSeq > this.lastSeq) this.lastSeq = lastSeq;
  }

  /** Whether messages of this person are here without their text. @param {number} author */
  hasHidden(author) {
    return this.events.some((event) => event.type === 'message' && event.hidden && event.author.id === author);
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

  /** Events up to this one do not come one by one. What is here stays. @param {number} lastSeq */
  skipTo(lastSeq) {
    this.lastSeq = lastSeq;
    this.changed();
  }

  /**
   * @param {RoomEvent} event as it happened, or replayed
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
   * @param {boolean} more there is something older still
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
   * Another window. What it holds beyond lastSeq is on its way here by itself, and is left to arrive.
   * @param {RoomEvent[]} page
   * @param {boolean} [more] there is something older still
   */
  replace(page, more = true) {
    this.events = this.#withoutDeleted(page.filter((event) => event.seq <= this.lastSeq));
    this.#atStart = !more;
    this.changed();
  }

  /**
   * Of what is here, as the server has it now.
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
   * @param {'first' | 'last'} end at which the page is: what is too much is let go at the other one
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
