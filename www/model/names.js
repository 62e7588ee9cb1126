/* What everybody is called now. An event keeps the name its author had when the server wrote it down. */
import { Observable } from '../lib/observable.js';

/** @typedef {import('../lib/protocol.js').User} User */

export class Names extends Observable {
  /** @type {Map<number, string>} */
  #byId = new Map();

  /** @param {User} user */
  of = (user) => this.#byId.get(user.id) ?? user.name;

  /** @param {User} user */
  learn({ id, name }) {
    if (!id || this.#byId.get(id) === name) return;
    this.#byId.set(id, name);
    this.changed();
  }
}
