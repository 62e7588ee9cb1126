/* How far this person has read, per room. The browser remembers it; its tabs share it. It goes by the server's numbers, which mean
 * nothing in another epoch. */

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
   * @param {string} [epoch] the server's; as before when left out
   * @returns {boolean} false for somebody whose reading is not known here: nothing is unread for a newcomer
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
