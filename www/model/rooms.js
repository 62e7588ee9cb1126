/* All rooms that this person sees, by id, in the server's order. */

/** @typedef {import('./room.js').Room} Room */

const LAST_KEY = 'room';

/** @extends {Map<number, Room>} */
export class Rooms extends Map {
  /** Those that have been open, the latest first. @type {number[]} */
  recent = [];
  #storage;

  /** @param {import('../lib/storage.js').JsonStorage} storage shared by all tabs */
  constructor(storage) {
    super();
    this.#storage = storage;
  }

  get unread() {
    let unread = 0;
    for (const room of this.values()) unread += room.unread;
    return unread;
  }

  /** @param {string} name */
  named(name) {
    for (const room of this.values()) if (room.name === name) return room;
    return null;
  }

  /** Where one goes without saying where: where one was last. */
  get usual() {
    const all = [...this.values()];
    const last = this.#storage.read(LAST_KEY);
    return all.find(({ id }) => id === last) ?? all.find(({ archived }) => !archived) ?? all[0] ?? null;
  }

  /** @param {Room} room which is open now */
  visit({ id }) {
    this.recent = [id, ...this.recent.filter((other) => other !== id)];
    this.#storage.write(LAST_KEY, id);
  }
}
