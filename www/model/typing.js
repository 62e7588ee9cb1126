/* Who is typing in a room, and when to say that we are. */
import { Observable } from '../lib/observable.js';

/** Without a further `typing`, a user counts as having stopped after this time. */
const FORGET_MS = 5_000;
/** How often we tell the server at most. */
const TELL_MS = 3_000;

export class Typing extends Observable {
  /** Name to timer; names are unique, ids are not (visitors have 0). @type {Map<string, number>} */
  #typing = new Map();
  #clock;
  #toldAt = -Infinity;

  /** @param {import('../lib/clock.js').Clock} clock */
  constructor(clock) {
    super();
    this.#clock = clock;
  }

  /** In the order in which they started. */
  get names() {
    return [...this.#typing.keys()];
  }

  /** @param {string} name */
  heard(name) {
    this.#clock.cancel(this.#typing.get(name));
    const isNew = !this.#typing.has(name);
    this.#typing.set(
      name,
      this.#clock.after(() => this.stopped(name), FORGET_MS),
    );
    if (isNew) this.changed();
  }

  /** @param {string} name whose message has come, or who was silent */
  stopped(name) {
    this.#clock.cancel(this.#typing.get(name));
    if (this.#typing.delete(name)) this.changed();
  }

  clear() {
    for (const name of this.names) this.stopped(name);
  }

  /** We typed. @returns {boolean} whether to tell the server now */
  typed() {
    if (this.#clock.now() - this.#toldAt < TELL_MS) return false;
    this.#toldAt = this.#clock.now();
    return true;
  }

  /** We have sent the message: the next key is reported at once. */
  sent() {
    this.#toldAt = -Infinity;
  }
}
