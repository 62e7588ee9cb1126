/* JSON in the browser's storage. A browser may refuse it (private mode, full, forbidden): then nothing is remembered and
 * everything else goes on. */

/** @typedef {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} Shelf what a test hands in, or a window's storage */

const PREFIX = 'hubbub.';

export class JsonStorage {
  /** @type {() => Shelf} */
  #shelf;

  /** @param {() => Shelf} shelf a function, because merely naming a forbidden storage throws */
  constructor(shelf) {
    this.#shelf = shelf;
  }

  /**
   * @param {string} key
   * @returns {unknown} undefined when there is nothing, or nothing legible
   */
  read(key) {
    try {
      return parse(this.#shelf().getItem(PREFIX + key));
    } catch {
      return undefined;
    }
  }

  /**
   * @param {string} key
   * @param {unknown} value undefined removes the key
   */
  write(key, value) {
    try {
      if (value === undefined) this.#shelf().removeItem(PREFIX + key);
      else this.#shelf().setItem(PREFIX + key, JSON.stringify(value));
    } catch {
      /* Not remembered. */
    }
  }

  /**
   * For a StorageEvent: does it speak of this key?
   * @param {string | null} storageKey
   * @param {string} key
   */
  static isKey(storageKey, key) {
    return storageKey === PREFIX + key;
  }
}

/** @param {string | null} text */
function parse(text) {
  return text === null ? undefined : JSON.parse(text);
}
