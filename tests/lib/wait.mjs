/* Waiting for what must happen, with a limit that names what did not. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Generous, as sanitizer builds on a busy machine are slow; a test that passes never waits so long. */
export const PATIENCE_MS = 30_000;
const POLL_MS = 10;

/**
 * The promise, or an error that says what was not seen in time.
 * @template T
 * @param {Promise<T>} promise
 * @param {string} what
 * @param {number} [ms]
 * @returns {Promise<T>}
 */
export async function within(promise, what, ms = PATIENCE_MS) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms in vain for ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Makes `count` things at once, and waits for all.
 * @template T
 * @param {number} count
 * @param {(i: number) => T | Promise<T>} make
 * @returns {Promise<T[]>}
 */
export function times(count, make) {
  return Promise.all(Array.from({ length: count }, (_, i) => make(i)));
}

/**
 * Asks again and again until the answer is truthy, and gives that: for what no event tells (a file, a metric).
 * @template T
 * @param {() => T | Promise<T>} ask
 * @param {string} what
 * @param {number} [ms]
 * @returns {Promise<T>}
 */
export async function until(ask, what, ms = PATIENCE_MS) {
  const end = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`asked for ${ms} ms in vain for ${what}`);
    await sleep(POLL_MS);
  }
}

/**
 * Gives what comes to those who wait for it: items are kept, and each waiter sees all that come after its start.
 * @template T
 */
export class Inbox {
  /** @type {T[]} */
  items = [];
  #waiters = new Set();
  #failure = null;

  /** @param {T} item */
  push(item) {
    this.items.push(item);
    for (const waiter of [...this.#waiters]) waiter.look();
  }

  /**
   * Nothing more will come: those who still wait get this error, those who come later too unless what they want
   * is here.
   */
  end(error) {
    this.#failure ??= error;
    for (const waiter of [...this.#waiters]) waiter.look();
  }

  /**
   * The first item from index `since` on for which `match` is true, now or later.
   * @param {(item: T) => boolean} match
   * @param {string} what
   * @param {{ since?: number, ms?: number }} [options]
   * @returns {Promise<T>}
   */
  first(match, what, { since = 0, ms } = {}) {
    let at = since;
    let waiter;
    const promise = new Promise((resolve, reject) => {
      const look = () => {
        for (; at < this.items.length; at++) {
          if (match(this.items[at])) {
            this.#waiters.delete(waiter);
            resolve(this.items[at]);
            return;
          }
        }
        if (this.#failure) {
          this.#waiters.delete(waiter);
          reject(new Error(`${what} did not come: ${this.#failure.message}`, { cause: this.#failure }));
        }
      };
      waiter = { look };
      this.#waiters.add(waiter);
      look();
    });
    const limited = within(promise, what, ms).finally(() => this.#waiters.delete(waiter));
    limited.catch(() => {}); // a test may look at it later than it fails
    return limited;
  }
}
