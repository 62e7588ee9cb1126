/* What stands in the composer of each room, kept at every input: it survives a change of room, a reload and a crash. */

const KEY = 'drafts';

export class Drafts {
  #storage;

  /** @param {import('../lib/storage.js').JsonStorage} storage shared by all tabs */
  constructor(storage) {
    this.#storage = storage;
  }

  /** @param {number} room */
  of(room) {
    const text = this.#all()[room];
    return typeof text === 'string' ? text : '';
  }

  /**
   * @param {number} room
   * @param {string} text
   */
  keep(room, text) {
    const all = this.#all(); /* read again: another tab may have written for another room */
    if (text) all[room] = text;
    else delete all[room];
    this.#storage.write(KEY, Object.keys(all).length ? all : undefined);
  }

  /** Somebody else's. */
  forget() {
    this.#storage.write(KEY, undefined);
  }

  /** @returns {Record<number, unknown>} */
  #all() {
    const stored = this.#storage.read(KEY);
    return typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? { ...stored } : {};
  }
}
