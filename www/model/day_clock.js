/* Notices a new day and a new time zone: "Today" becomes "Yesterday" at midnight, and all times change when the reader
 * travels. */
import { Observable } from '../lib/observable.js';
import { dayOf, forgetTimeZone } from '../lib/time.js';

const LOOK_MS = 30_000;

export class DayClock extends Observable {
  #clock;
  #seen = '';

  /** @param {import('../lib/clock.js').Clock} clock */
  constructor(clock) {
    super();
    this.#clock = clock;
    this.#seen = this.#mark();
  }

  get now() {
    return this.#clock.now();
  }

  /** Checks regularly from now on. */
  start() {
    this.#clock.after(() => {
      this.look();
      this.start();
    }, LOOK_MS);
  }

  /** Also called when the page becomes visible: timers do not run while the machine sleeps. */
  look() {
    const mark = this.#mark();
    if (mark === this.#seen) return;
    this.#seen = mark;
    forgetTimeZone();
    this.changed();
  }

  #mark() {
    const now = this.#clock.now();
    return `${dayOf(now)} ${new Date(now).getTimezoneOffset()}`;
  }
}
