/* All rooms that this person sees, by id, in the server's order. */

/** @typedef {import('./room.js').Room} Room */

const LAST_KEY = 'room';

/** @extends {Map<number, Room>} */
export class Rooms extends Map {
  /** Those that have been open, the latest first. @type {number[]} */
  recent = [];
  #storage;
  #clock;

  /**
   * @param {object} needs
   * @param {import('../lib/storage.js').JsonStorage} needs.storage shared by all tabs
   * @param {import('../lib/clock.js').Clock} needs.clock
   */
  constructor({ storage, clock }) {
    super();
    this.#storage = storage;
    this.#clock = clock;
  }

  /** Unread counts of all rooms. */
  get unread() {
    let unread = 0;
    for (const room of this.values()) unread += this.waitingIn(room);
    return unread;
  }

  /** The unread count; for a room with paused notifications, only mentions. @param {Room} room */
  waitingIn(room) {
    if (room.archived || room.membership?.hidden) return 0;
    return room.isMuted(this.#clock.now()) ? room.mentions : room.unread;
  }

  /** Rooms of this name; at most one of them is not private. @param {string} name */
  named(name) {
    return [...this.values()].filter((room) => room.kind !== 'direct' && room.name === name);
  }

  /** The direct conversation with one other user, if there is one. @param {number} user @param {number} me */
  directWith(user, me) {
    for (const { kind, between, id } of this.values()) {
      if (kind === 'direct' && between.length === (user === me ? 1 : 2) && between.some((person) => person.id === user))
        return id;
    }
    return null;
  }

  /** The default room: the one that was open last. */
  get usual() {
    const all = [...this.values()].filter(({ membership }) => !membership?.hidden);
    const last = this.#storage.read(LAST_KEY);
    const visited = [last, ...this.recent].flatMap((id) => this.get(/** @type {number} */ (id)) ?? []);
    return (
      visited.find((room) => all.includes(room)) ??
      all.find(({ archived, kind }) => !archived && kind !== 'direct') ??
      all[0] ??
      null
    );
  }

  /** @param {Room} room which is open now */
  visit({ id }) {
    this.recent = [id, ...this.recent.filter((other) => other !== id)];
    this.#storage.write(LAST_KEY, id);
  }
}
