/* Takes the reader to the first unread message of a room, or to the latest one. */

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

  /** The open room comes on screen; another page can have been there before. @param {Room} room */
  shown(room) {
    room.divide();
    if (!room.target) this.#pager.open(room);
  }

  /** To the first unread message. @param {Room} room */
  toFirstUnread(room) {
    room.timeline.following = false;
    room.divide();
    this.#pager.first(room, room.readSeq);
  }

  /** To the latest message. The reader skips the unread ones before it. @param {Room} room */
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
