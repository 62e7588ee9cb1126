/* Moments as the reader says them: own language, own time zone. */

const DAY_MS = 86_400_000;

/** @typedef {Record<'clock' | 'full' | 'day' | 'dayAndYear', Intl.DateTimeFormat>} Formats */

/** @type {Formats | undefined} */
let formats;

/** Intl formats keep the time zone that was in force when they were made. Call this when it has changed. */
export function forgetTimeZone() {
  formats = undefined;
}

function inForce() {
  formats ??= {
    clock: new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }),
    full: new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' }),
    day: new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' }),
    dayAndYear: new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' }),
  };
  return formats;
}

/** @param {number} at */
export const clockTime = (at) => inForce().clock.format(at);

/** @param {number} at */
export const fullTime = (at) => inForce().full.format(at);

/** @param {number} at */
export const isoTime = (at) => new Date(at).toISOString();

/** The local calendar day, as a key that sorts.
 * @param {number} at */
export function dayOf(at) {
  const date = new Date(at);
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/**
 * @param {number} at
 * @param {number} now
 */
export function dayLabel(at, now) {
  const today = new Date(now);
  const noon = new Date(today.getFullYear(), today.getMonth(), today.getDate(), 12).getTime();
  if (dayOf(at) === dayOf(now)) return 'Today';
  if (dayOf(at) === dayOf(noon - DAY_MS)) return 'Yesterday';
  return Math.abs(now - at) < 180 * DAY_MS ? inForce().day.format(at) : inForce().dayAndYear.format(at);
}
