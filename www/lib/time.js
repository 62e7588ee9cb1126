/* Times in the reader's language and time zone. */

const DAY_MS = 86_400_000;

/** @typedef {Record<'clock' | 'full' | 'day' | 'dayAndYear' | 'date', Intl.DateTimeFormat>} Formats */

/** @type {Formats | undefined} */
let formats;

/** Intl formats keep the time zone that they were created in. Call this when it has changed. */
export function forgetTimeZone() {
  formats = undefined;
}

function inForce() {
  formats ??= {
    clock: new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }),
    full: new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' }),
    day: new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' }),
    date: new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }),
    dayAndYear: new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' }),
  };
  return formats;
}

/** @param {number} at */
export const clockTime = (at) => inForce().clock.format(at);

/** @param {number} at */
export const fullTime = (at) => inForce().full.format(at);

/** @param {number} at */
export const shortDate = (at) => inForce().date.format(at);

/**
 * A short form: the time, and the date if it is on another day.
 * @param {number} at
 * @param {number} now
 */
export const shortMoment = (at, now) =>
  dayOf(at) === dayOf(now) ? clockTime(at) : `${shortDate(at)}, ${clockTime(at)}`;

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

/**
 * Units of relative time, and from how many seconds on each is used.
 * @type {[Intl.RelativeTimeFormatUnit, number, number][]}
 */
const UNITS = [
  ['day', 86_400, 84_600],
  ['hour', 3_600, 3_570],
  ['minute', 60, 45],
];
/** For longer distances the date is clearer: a bit more than thirty days. */
const RELATIVE_S = 30.5 * 86_400;

/**
 * "5 minutes ago", "in 3 days", "just now"; the date when that is more than a month away.
 * @param {number} at
 * @param {number} now
 */
export function relativeTime(at, now) {
  const seconds = (at - now) / 1000;
  const distance = Math.abs(seconds);
  if (distance >= RELATIVE_S) return shortDate(at);
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  for (const [unit, length, from] of UNITS) {
    if (distance >= from) return words.format(Math.sign(seconds) * Math.max(Math.round(distance / length), 1), unit);
  }
  return seconds > 0 ? 'in a moment' : 'just now';
}
