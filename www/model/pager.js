/* Moves the window of a timeline through its room's history, one page at a time. */
import { PAGE } from './timeline.js';

/** @typedef {import('./room.js').Room} Room */
/** @typedef {import('./timeline.js').Timeline} Timeline */

export class Pager {
  #port;
  /** The request whose answer is still wanted. @type {WeakMap<Timeline, object>} */
  #turns = new WeakMap();

  /** @param {Pick<import('./chat.js').Port, 'request'>} port */
  constructor(port) {
    this.#port = port;
  }

  /**
   * What an opened room begins with: its newest events, or those where the unread begin when that is further back.
   * @param {Room} room
   */
  open(room) {
    const { timeline, dividerSeq } = room;
    if (timeline.loading) return;
    if (timeline.failed) timeline.setLoading(null);
    const isFar = dividerSeq !== null && timeline.first > dividerSeq + 1 && timeline.lastSeq - dividerSeq > PAGE;
    if (isFar) this.#load(room, 'page', { around: dividerSeq });
    else if (!timeline.live || !timeline.events.length) this.latest(room);
    else if (timeline.events.length < PAGE) this.older(room);
  }

  /**
   * Leads the reader to an event, from wherever they are; where it is not loaded, the page around it.
   * @param {Room} room
   * @param {number} seq
   */
  lead(room, seq) {
    const { timeline } = room;
    const wanted = Math.min(seq, timeline.lastSeq);
    timeline.following = false;
    room.become({ target: { seq: wanted } });
    if (!timeline.find(wanted)) this.#load(room, 'page', { around: wanted });
  }

  /** After a page did not come, and the reader asks for it. @param {Room} room */
  retry(room) {
    room.timeline.setLoading(null);
    this.latest(room);
  }

  /** @param {Room} room */
  older(room) {
    if (room.timeline.hasOlder) this.#load(room, 'older', { before: room.timeline.first });
  }

  /** @param {Room} room */
  newer(room) {
    if (!room.timeline.live) this.#load(room, 'newer', { after: room.timeline.last });
  }

  /** @param {Room} room */
  latest(room) {
    const { timeline } = room;
    const isThere = timeline.live && timeline.events.length > 0;
    if (!isThere && timeline.lastSeq > 0) this.#load(room, 'page', { before: timeline.lastSeq + 1 });
  }

  /**
   * @param {Room} room
   * @param {NonNullable<Timeline['loading']>} kind a page may take over from another; older and newer wait
   * @param {Record<string, unknown>} where
   */
  async #load(room, kind, where) {
    const { timeline } = room;
    if (timeline.loading && kind !== 'page') return;
    const turn = {};
    this.#turns.set(timeline, turn);
    timeline.setLoading(kind);
    /** @type {import('../lib/protocol.js').History | null} */
    let page = null;
    try {
      page = await this.#port.request({ type: 'history', room: room.id, ...where, limit: PAGE });
    } catch {
      /* Asked for again after the next welcome, or by the reader. */
    }
    if (this.#turns.get(timeline) !== turn) return;
    timeline.setLoading(null, page === null);
    if (!page) return;
    if (kind === 'older') timeline.prepend(page.events, page.more);
    else if (kind === 'page') timeline.replace(page.events);
    else if (page.events.length) timeline.append(page.events);
    else this.latest(room); /* nothing after the window, though it is not the end: it belongs to another history */
  }
}
