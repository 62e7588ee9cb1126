/* When something was last said in each direct conversation, as far as this browser has seen: the server does not tell it. What it
 * remembers is shared by its tabs. */

const KEY = 'active';

export class Activity {
  #storage;

  /** @param {import('../lib/storage.js').JsonStorage} storage shared by all tabs */
  constructor(storage) {
    this.#storage = storage;
  }

  /** @param {{ id: number }} room @returns {number} 0: not known */
  at({ id }) {
    this.#known ??= stored(this.#storage.read(KEY));
    return this.#known[id] ?? 0;
  }

  /**
   * @param {{ id: number, kind: string }} room
   * @param {number} at
   */
  note({ id, kind }, at) {
    if (kind !== 'direct') return;
    const known = stored(this.#storage.read(KEY)); /* read again: another tab may have written */
    known[id] = Math.max(known[id] ?? 0, at);
    this.#known = known;
    this.#storage.write(KEY, known);
  }

  /** @type {Record<number, number> | undefined} */
  #known;
}

/** @param {any} value @returns {Record<number, number>} */
function stored(value) {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, at]) => Number.isInteger(at)));
}
