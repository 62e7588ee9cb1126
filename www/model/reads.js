/* A guest's read positions, per room. The browser stores them for all tabs. They are numbers of the server, valid in
 * one epoch only. */

const KEY = 'reads';

export class Reads {
  /** @type {Record<number, number>} */
  #seqs = {};
  #user = 0;
  #epoch = '';
  #storage;

  /** @param {import('../lib/storage.js').JsonStorage} storage shared by all tabs */
  constructor(storage) {
    this.#storage = storage;
  }

  /**
   * @param {number} user
   * @param {string} [epoch] of the server; unchanged when left out
   * @returns {boolean} false if nothing is stored for this user: for a new user nothing is unread
   */
  use(user, epoch = this.#epoch) {
    this.#user = user;
    this.#epoch = epoch;
    this.#seqs = {};
    return this.absorb();
  }

  /** Takes over what other tabs have stored. @returns {boolean} whether there was anything of this user */
  absorb() {
    const stored = /** @type {any} */ (this.#storage.read(KEY));
    if (stored?.user !== this.#user || stored.epoch !== this.#epoch) return false;
    if (typeof stored.seqs !== 'object' || stored.seqs === null) return false;
    for (const [room, seq] of Object.entries(stored.seqs)) {
      if (Number.isInteger(seq)) this.#seqs[Number(room)] = Math.max(this.of(Number(room)), Number(seq));
    }
    return true;
  }

  /** @param {number} room */
  of(room) {
    return this.#seqs[room] ?? 0;
  }

  /**
   * @param {number} room
   * @param {number} seq
   */
  set(room, seq) {
    this.#seqs[room] = seq;
  }

  save() {
    this.#storage.write(KEY, { user: this.#user, epoch: this.#epoch, seqs: this.#seqs });
  }
}
