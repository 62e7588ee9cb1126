/* When something that one sets for a while is to end: a status, a token, a ban. Pure. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

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
  { value: 'never', label: 'For ever' },
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

/**
 * @param {string} choice `never`, `today`, `week`, or a number with min, h or d
 * @param {number} now
 * @returns {number} milliseconds since the epoch; 0: never
 */
export function untilOf(choice, now) {
  const date = new Date(now);
  if (choice === 'today') return date.setHours(24, 0, 0, 0);
  if (choice === 'week') {
    const daysLeft = 7 - ((date.getDay() + 6) % 7); /* up to Monday */
    return new Date(date.getFullYear(), date.getMonth(), date.getDate() + daysLeft).getTime();
  }
  const [, count, unit] = /^(\d+)(min|h|d)$/.exec(choice) ?? [];
  const length = { min: 60_000, h: HOUR_MS, d: DAY_MS }[/** @type {'min' | 'h' | 'd'} */ (unit)];
  return length ? now + Number(count) * length : 0;
}
