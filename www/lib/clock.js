/* The clock of the models. It is passed in, so that a test can move it. */

/**
 * @typedef {object} Clock
 * @property {() => number} now milliseconds since the epoch
 * @property {(action: () => void, delay_ms: number) => number} after
 * @property {(timer: number | undefined) => void} cancel accepts undefined, and timers that have already run
 */

/** @type {Clock} */
export const systemClock = {
  now: () => Date.now(),
  after: (action, delay_ms) => /** @type {any} */ (setTimeout(action, delay_ms)),
  cancel: (timer) => clearTimeout(timer),
};
