/* Moves the window of a timeline through its room's history, one page at a time. */
import { PAGE } from './timeline.js';

/** @typedef {import('./room.js').Room} Room */
/** @typedef {import('./timeline.js').Timeline} Timeline */
/** @typedef {import('../lib/protocol.js').RoomEvent} RoomEvent */

/** The most events that the server gives at once: for pages that become few rows. */
const BIG_PAGE = 200;
/** After this many pages without a row, the reader has to ask for the next one. */
const FOLDED_MAX = 10;

export class Pager {
  #port;
  /** The request whose answer is still wanted. @type {WeakMap<Timeline, object>} */
  #turns = new WeakMap();
  /**
   * Requests for another window that got no answer: repeated on the next connection.
   * @type {WeakMap<Timeline, () => void>}
   */
  #unanswered = new WeakMap();
  /** Pages in a row that made no row. @type {WeakMap<Timeline, number>} */
  #folded = new WeakMap();

  /** @param {Pick<import('./chat.js').Port, 'request'>} port */
  constructor(port) {
    this.#port = port;
  }

  /**
   * Loads the first page of an opened room: its newest events, or those around the first unread one.
   * @param {Room} room
   */
  open(room) {
    const { timeline, dividerSeq } = room;
    if (timeline.loading) return;
    this.#unanswered.delete(timeline);
    if (timeline.failed) timeline.setLoading(null);
    if (dividerSeq === null) this.latest(room);
    else if (!timeline.follows(dividerSeq)) this.first(room, dividerSeq);
    if (!timeline.loading && timeline.events.length < PAGE) this.older(room);
  }

  /**
   * On a new connection: repeats a request that was under way; otherwise the window stays as it is.
   * @param {Room} room
   */
  resume(room) {
    const { timeline } = room;
    if (timeline.loading) return; /* it has just been opened */
    if (timeline.failed) timeline.setLoading(null);
    const again = this.#unanswered.get(timeline);
    if (again) again();
    else if (!timeline.events.length) this.open(room);
  }

  /** The server's numbering has changed: requests with the old numbers are dropped. */
  forget() {
    this.#unanswered = new WeakMap();
  }

  /**
   * Takes the reader to an event; loads the page around it if needed.
   * @param {Room} room
   * @param {number} seq
   */
  lead(room, seq) {
    const { timeline } = room;
    const wanted = Math.min(seq, timeline.lastSeq);
    timeline.following = timeline.chasing = false;
    room.become({ target: { seq: wanted } });
    if (timeline.find(wanted)) this.#stay(timeline);
    else this.#page(room, () => ({ around: wanted }));
  }

  /** The reader asks again for a page that failed. @param {Room} room */
  retry(room) {
    const { timeline } = room;
    this.#folded.delete(timeline);
    timeline.setLoading(null);
    const again = this.#unanswered.get(timeline);
    if (again) again();
    else if (timeline.events.length) this.older(room);
    else this.open(room);
  }

  /** @param {Room} room */
  older(room) {
    const { timeline } = room;
    if (timeline.loading || !timeline.hasOlder) return;
    this.#load(room, 'older', [{ before: timeline.first, limit: this.#limit(timeline) }], ([page]) =>
      this.#gained(timeline, timeline.prepend(page.events, page.more)),
    );
  }

  /** @param {Room} room */
  newer(room) {
    const { timeline } = room;
    if (timeline.loading || timeline.live) return;
    this.#load(room, 'newer', [{ after: timeline.last, limit: this.#limit(timeline) }], ([page]) =>
      this.#gained(timeline, timeline.append(page.events)),
    );
  }

  /** @param {Room} room */
  latest(room) {
    const { timeline } = room;
    const isThere = timeline.live && timeline.events.length > 0;
    timeline.chasing = !isThere;
    if (isThere) this.#stay(timeline);
    else if (timeline.lastSeq > 0) this.#page(room, () => ({ before: timeline.lastSeq + 1 }));
  }

  /**
   * Loads the page around the first unread event.
   * @param {Room} room
   * @param {number} readSeq
   */
  first(room, readSeq) {
    const { timeline } = room;
    if (timeline.follows(readSeq)) return this.#stay(timeline);
    if (timeline.lastSeq - readSeq <= PAGE) return this.latest(room);
    timeline.chasing = false;
    this.#page(room, () => ({ around: readSeq }));
  }

  /** The server skipped events: a reader at the bottom is taken to the newest ones. @param {Room} room */
  skipped(room) {
    const { timeline } = room;
    if (timeline.loading === 'page') this.#unanswered.get(timeline)?.();
    else if (timeline.following) this.latest(room);
    else this.refresh(room);
  }

  /**
   * The loaded events can be out of date: loads them again, all at once, so that the reader's position stays.
   * @param {Room} room
   */
  refresh(room) {
    const { timeline } = room;
    if (!timeline.events.length) return this.open(room);
    const { first, last } = timeline;
    /** @type {Record<string, number>[]} */
    const where = [];
    for (let after = first - 1; after < last; after += BIG_PAGE)
      where.push({ after, limit: Math.min(last - after, BIG_PAGE) });
    const again = () =>
      this.#load(room, 'again', where, (pages) => {
        this.#unanswered.delete(timeline);
        timeline.renew(pages.flatMap(({ events }) => events));
        return true;
      });
    this.#unanswered.set(timeline, again);
    again();
  }

  /**
   * Replaces the window.
   * @param {Room} room
   * @param {() => { before: number } | { around: number }} where
   */
  #page(room, where) {
    const { timeline } = room;
    const again = () =>
      this.#load(room, 'page', [{ ...where(), limit: PAGE }], ([{ events, more }]) => {
        this.#unanswered.delete(timeline);
        timeline.replace(events, more);
        if (timeline.live) timeline.chasing = false;
        return events.length > 0 || !more;
      });
    this.#unanswered.set(timeline, again);
    again();
  }

  /** The window is right as it is: no page that is under way replaces it. @param {Timeline} timeline */
  #stay(timeline) {
    this.#unanswered.delete(timeline);
    if (timeline.loading !== 'page') return;
    this.#turns.delete(timeline);
    timeline.setLoading(null);
  }

  /** @param {Timeline} timeline */
  #limit(timeline) {
    return this.#folded.get(timeline) ? BIG_PAGE : PAGE;
  }

  /**
   * @param {Timeline} timeline
   * @param {import('./timeline.js').Gain} gain
   * @returns {boolean} whether the next page can be loaded automatically
   */
  #gained(timeline, gain) {
    const folded = gain === 'folded' ? (this.#folded.get(timeline) ?? 0) + 1 : 0;
    this.#folded.set(timeline, folded % FOLDED_MAX);
    if (timeline.live) timeline.chasing = false;
    return gain !== 'nothing' && folded < FOLDED_MAX;
  }

  /**
   * @param {Room} room
   * @param {NonNullable<Timeline['loading']>} kind
   * @param {Record<string, number>[]} where a request each, one after the other
   * @param {(pages: import('../lib/protocol.js').History[]) => boolean} take false: the pages were of no use, and must not be requested again
   */
  async #load(room, kind, where, take) {
    const { timeline } = room;
    const turn = {};
    this.#turns.set(timeline, turn);
    timeline.setLoading(kind);
    /** @type {import('../lib/protocol.js').History[]} */
    const pages = [];
    try {
      for (const part of where) {
        pages.push(await this.#port.request({ type: 'history', room: room.id, ...part }));
        if (this.#turns.get(timeline) !== turn) return;
      }
    } catch {
      /* Requested again after the next welcome, or by the reader. */
      if (this.#turns.get(timeline) === turn) timeline.setLoading(null, true);
      return;
    }
    timeline.setLoading(null);
    if (!take(pages)) timeline.setLoading(null, true);
  }
}
