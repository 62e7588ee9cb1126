/* For how long one does not want to hear of a room. Pure. */
import { shortMoment } from './time.js';
import { untilOf } from './until.js';

/** @type {import('./until.js').Choice[]} */
export const QUIET_CHOICES = [
  { value: '1h', label: 'For an hour' },
  { value: '8h', label: 'For 8 hours' },
  { value: 'morning', label: 'Until the morning' },
  { value: 'always', label: 'Until I change it' },
];

/** What a moderator may do to somebody's voice in a room. @type {import('./until.js').Choice[]} */
export const SILENCE_CHOICES = [
  { value: '10min', label: 'For 10 minutes' },
  { value: '1h', label: 'For an hour' },
  { value: '1d', label: 'For a day' },
];

const MORNING_HOUR = 8;
/** The end of the year 9999, which every clock understands. */
const ALWAYS = 253_402_300_799_000;

/**
 * @param {string} choice of the two above
 * @param {number} now
 * @returns {number} milliseconds since the epoch
 */
export function quietUntil(choice, now) {
  if (choice === 'always') return ALWAYS;
  if (choice !== 'morning') return untilOf(choice, now);
  const morning = new Date(now).setHours(MORNING_HOUR, 0, 0, 0);
  if (morning > now) return morning;
  const date = new Date(morning);
  return date.setDate(date.getDate() + 1);
}

/**
 * "until 15:30", "until 3 Dec 2026, 08:00", "until you change it"
 * @param {number} until
 * @param {number} now
 */
export function untilWords(until, now) {
  return until >= ALWAYS ? 'until you change it' : `until ${shortMoment(until, now)}`;
}
