/* JSON in the browser's storage. A browser can refuse it (private mode, full, forbidden): then nothing is remembered,
 * and everything else works. */

/** @typedef {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} Shelf a window's storage, or a test's replacement */

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
   * @returns {unknown} undefined when there is nothing, or no valid JSON
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
   * For a StorageEvent: is it about this key?
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
