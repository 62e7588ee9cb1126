/* The start of a connection: who we are, and page by page our rooms. After the last page, everything is ready.
 *
 *      welcome ──► welcome_rooms ──► ... ──► the last one: the open room catches up, the outbox is sent */

/** @typedef {import('../lib/protocol.js').PersonInfo} PersonInfo */

export class Greeting {
  #needs;
  /** What the pages of the welcome are about, see Memberships. */
  #about = { isKnown: false, isAnew: false };

  /**
   * @param {object} needs
   * @param {import('./chat.js').Chat} needs.chat
   * @param {import('./chat.js').Port} needs.port
   * @param {import('../lib/clock.js').Clock} needs.clock
   * @param {(person: PersonInfo) => void} needs.learn
   * @param {() => void} needs.choose the room to open, among those that are known
   * @param {() => boolean} needs.isAway
   * @param {() => void} needs.onReady
   */
  constructor(needs) {
    this.#needs = needs;
  }

  /** @param {import('../lib/protocol.js').Welcome} frame */
  welcome(frame) {
    const { chat, port, clock, learn } = this.#needs;
    const { user, blocked = [] } = frame;
    /* The server no longer knows our cookie, or the browser sent another user's. */
    if (user.id !== chat.me?.id) return port.recheckIdentity();
    const isAnew =
      chat.welcomed && (frame.epoch !== chat.server.epoch || this.#about.isAnew); /* or not all rooms had been listed */
    if (isAnew) this.#startAnew();
    chat.persons.connected();
    chat.online.forget();
    learn(user);
    chat.server.welcome(frame, clock.now());
    chat.blocked = new Set(blocked);
    const isKnown = chat.reads.use(user.id, frame.epoch) || (chat.welcomed && !isAnew);
    this.#about = { isKnown, isAnew };
    chat.memberships.greeted();
    this.list(frame);
  }

  /**
   * A page of our rooms.
   * @param {{ rooms: import('../lib/protocol.js').RoomInfo[], more: boolean }} frame
   */
  list({ rooms, more }) {
    const { chat, choose, isAway, onReady } = this.#needs;
    chat.memberships.list(rooms, this.#about);
    if (more) return;
    chat.memberships.listedAll();
    this.#about.isAnew = false;
    chat.welcomed = true;
    choose();
    chat.following.connected(chat.current);
    if (chat.current) chat.pager.resume(chat.current);
    chat.reading.connected();
    if (isAway()) chat.setPresence('away'); /* a connection starts as active */
    chat.outbox.connected();
    onReady();
  }

  /** The server was restored from a backup: our events belong to another history. */
  #startAnew() {
    const { persons, pager, reading, outbox } = this.#needs.chat;
    persons.forget();
    pager.forget();
    reading.forget();
    outbox.arrived((item) => item.seq !== null);
  }
}
