/* Leads the reader through what is unread in a room, and past it. */

/** @typedef {import('./room.js').Room} Room */

export class Guide {
  #pager;
  #reading;

  /**
   * @param {import('./pager.js').Pager} pager
   * @param {import('./reading.js').Reading} reading
   */
  constructor(pager, reading) {
    this.#pager = pager;
    this.#reading = reading;
  }

  /** The open room comes on screen; another page may have been in its place for a while. @param {Room} room */
  shown(room) {
    room.divide();
    if (!room.target) this.#pager.open(room);
  }

  /** To where the unread begin. @param {Room} room */
  toFirstUnread(room) {
    room.timeline.following = false;
    room.divide();
    this.#pager.first(room, room.readSeq);
  }

  /** To the newest. Whoever goes there does not want to read what lies before it. @param {Room} room */
  toLatest(room) {
    room.timeline.following = true;
    this.markRead(room);
    this.#pager.latest(room);
  }

  /** @param {Room} room any */
  markRead(room) {
    this.#reading.markRead(room);
    room.divide();
  }
}
