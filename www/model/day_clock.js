/* Which day it is here: "Today" becomes "Yesterday" at midnight, and everything moves with the traveller's time zone. */
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

  /** Looks from now on. */
  start() {
    this.#clock.after(() => {
      this.look();
      this.start();
    }, LOOK_MS);
  }

  /** Called as well when the page becomes visible: timers sleep with the machine. */
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
