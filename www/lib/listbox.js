/* What a key does in a combobox: a field that keeps the focus while the arrow keys choose in a list below it. Pure; see
 * view/use_listbox.js. */

/**
 * @typedef {object} State
 * @property {boolean} isOpen the list is shown
 * @property {number} active which option Enter picks, from 0; -1: there is none
 * @property {number} count how many options there are
 * @property {boolean} isAnswered the options are those of the text that is in the field now, not of an earlier one
 */

/**
 * `{ to }` makes that option the active one; `wait`: pick the first option as soon as there are those of the text; null: the key
 * is not the list's.
 * @typedef {{ to: number } | 'open' | 'close' | 'pick' | 'wait' | null} Command
 */

/** @param {string} key @param {State} state @returns {Command} */
export function commandOf(key, { isOpen, active, count, isAnswered }) {
  if (!isOpen) return key === 'ArrowDown' ? 'open' : null;
  if (key === 'Escape') return 'close';
  if (key === 'Enter') return isAnswered ? 'pick' : 'wait';
  if (key === 'ArrowDown') return { to: count ? (active + 1) % count : 0 };
  if (key === 'ArrowUp') return { to: count ? (active - 1 + count) % count : 0 };
  return null;
}
