/* When something that is set for a while ends: a status, a token, a ban, a mute, a pause of notifications. Pure. */
import { shortMoment } from './time.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MORNING_HOUR = 8;
/** The end of the year 9999, which every clock understands. */
const ALWAYS = 253_402_300_799_000;

/** @typedef {{ value: string, label: string }} Choice */

/** @type {Choice[]} */
export const STATUS_CHOICES = [
  { value: 'never', label: 'Until I change it' },
  { value: '30min', label: 'For 30 minutes' },
  { value: '1h', label: 'For an hour' },
  { value: '4h', label: 'For 4 hours' },
  { value: 'today', label: 'Until the end of today' },
  { value: 'week', label: 'Until the end of this week' },
];

/** @type {Choice[]} */
export const TOKEN_CHOICES = [
  { value: '7d', label: 'In 7 days' },
  { value: '30d', label: 'In 30 days' },
  { value: '90d', label: 'In 90 days' },
  { value: '365d', label: 'In a year' },
  { value: 'never', label: 'Never' },
];

/** @type {Choice[]} */
export const INVITE_CHOICES = [
  { value: '1d', label: 'In a day' },
  { value: '7d', label: 'In 7 days' },
  { value: '30d', label: 'In 30 days' },
  { value: 'never', label: 'Never' },
];

/** @type {Choice[]} */
export const BAN_CHOICES = [
  { value: 'never', label: 'Permanently' },
  { value: '1d', label: 'For a day' },
  { value: '7d', label: 'For a week' },
  { value: '30d', label: 'For 30 days' },
];

/** @type {Choice[]} */
export const MUTE_CHOICES = [
  { value: '1h', label: 'For an hour' },
  { value: '1d', label: 'For a day' },
  { value: '7d', label: 'For a week' },
  { value: '30d', label: 'For 30 days' },
];

/** A moderator's mute from the menu of a member. @type {Choice[]} */
export const SHORT_MUTE_CHOICES = [
  { value: '10min', label: 'For 10 minutes' },
  { value: '1h', label: 'For an hour' },
  { value: '1d', label: 'For a day' },
];

/** How long a room's notifications are paused. @type {Choice[]} */
export const PAUSE_CHOICES = [
  { value: '1h', label: 'For an hour' },
  { value: '8h', label: 'For 8 hours' },
  { value: 'morning', label: 'Until morning' },
  { value: 'always', label: 'Until I turn them back on' },
];

/**
 * @param {string} choice `never`, `always`, `morning`, `today`, `week`, or a number with min, h or d
 * @param {number} now
 * @returns {number} milliseconds since the epoch; 0: never
 */
export function untilOf(choice, now) {
  const date = new Date(now);
  if (choice === 'always') return ALWAYS;
  if (choice === 'today') return date.setHours(24, 0, 0, 0);
  if (choice === 'week') {
    const daysLeft = 7 - ((date.getDay() + 6) % 7); /* up to Monday */
    return new Date(date.getFullYear(), date.getMonth(), date.getDate() + daysLeft).getTime();
  }
  if (choice === 'morning') {
    if (date.setHours(MORNING_HOUR, 0, 0, 0) <= now) date.setDate(date.getDate() + 1);
    return date.getTime();
  }
  const [, count, unit] = /^(\d+)(min|h|d)$/.exec(choice) ?? [];
  const length = { min: 60_000, h: HOUR_MS, d: DAY_MS }[/** @type {'min' | 'h' | 'd'} */ (unit)];
  return length ? now + Number(count) * length : 0;
}

/**
 * "until 15:30", "until 3 Dec 2026, 08:00", "until you turn them back on"
 * @param {number} until
 * @param {number} now
 */
export function untilWords(until, now) {
  return until >= ALWAYS ? 'until you turn them back on' : `until ${shortMoment(until, now)}`;
}
