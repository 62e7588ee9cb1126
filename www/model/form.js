/* Checks the fields of a form before it is sent, and finds the field that a refusal belongs to. Pure. */
import { faultsOf, reasonOf } from '../lib/refusal.js';
import { utf8Length } from '../lib/text.js';

/** As on the server: account/password.h. */
export const PASSWORD_MIN = 10;
export const PASSWORD_RULE = `At least ${PASSWORD_MIN} characters. Common passwords are not allowed.`;

/** Characters of a name: base/name.h. */
export const NAME_MAX = 32;
export const PLACE_NAME_MAX = 64;

/** @typedef {Record<string, string | boolean>} Values what stands in the fields, by name; of a checkbox whether it is on */

/**
 * @typedef {object} FieldRule
 * @property {string} [missing] shown when the field is empty; without it, the field can be empty
 * @property {number} [maxBytes] counted in UTF-8, as the server counts
 * @property {(value: string, values: Values) => string | null | undefined} [check] the problem with the value
 */

/** @typedef {{ field: string | null, message: string }} Problem field null: it belongs to none */

/**
 * All problems, at most one for each field.
 * @param {Iterable<[string, FieldRule]>} rules in the order of the fields
 * @param {Values} values
 * @returns {Problem[]} in the order of the fields
 */
export function problemsIn(rules, values) {
  /** @type {Problem[]} */
  const found = [];
  for (const [field, rule] of rules) {
    const value = values[field] ?? '';
    const message = typeof value === 'string' && problemWith(rule, value, values);
    if (message) found.push({ field, message });
  }
  return found;
}

/** @param {FieldRule} rule @param {string} value @param {Values} values */
function problemWith({ missing, maxBytes, check }, value, values) {
  if (!value) return missing;
  const surplus = maxBytes ? utf8Length(value) - maxBytes : 0;
  if (surplus > 0) return `${surplus.toLocaleString()} ${surplus === 1 ? 'character' : 'characters'} too long.`;
  return check?.(value, values);
}

/**
 * Gives the name of the field that a refusal is about: by its code, or by a function.
 * @typedef {Record<string, string> | ((reason: import('../lib/refusal.js').Reason) => string | null)} FieldOf
 */

/**
 * All problems that the server names: of single fields, or of the whole form.
 * @param {unknown} error what the request rejected with
 * @param {FieldOf} fieldOf where the server names no fields
 * @param {(field: string) => boolean} hasField
 * @returns {Problem[]}
 */
export function problemsOf(error, fieldOf, hasField) {
  const faults = faultsOf(error);
  if (!faults.length) return [problemOf(error, fieldOf)];
  return faults.map(({ field, message }) => ({ field: hasField(field) ? field : null, message }));
}

/**
 * @param {unknown} error what the request rejected with
 * @param {FieldOf} fieldOf
 * @returns {Problem}
 */
export function problemOf(error, fieldOf) {
  const reason = reasonOf(error);
  const field = typeof fieldOf === 'function' ? fieldOf(reason) : fieldOf[reason.code];
  return { field: field ?? null, message: reason.message };
}

/**
 * For forms that create an account. Only the sentence says what is wrong with a password.
 * @param {import('../lib/refusal.js').Reason} reason
 */
export function fieldOfAccount({ code, message }) {
  if (code === 'name_taken') return 'name';
  if (code !== 'invalid') return null;
  return /password/i.test(message) ? 'password' : 'name';
}

/** @param {string} password @param {Values} values */
export function checkPassword(password, { name }) {
  if (Array.from(password).length < PASSWORD_MIN) return `Too short: at least ${PASSWORD_MIN} characters.`;
  if (typeof name === 'string' && password.toLowerCase() === name.toLowerCase())
    return "Your password can't be the same as your username.";
}

/** A display name: any letters, limited in length. @param {string} name */
export function checkDisplayName(name) {
  if (Array.from(name).length > NAME_MAX) return `At most ${NAME_MAX} characters.`;
}

/** The name of the workspace or of a room. @param {string} name */
export function checkPlaceName(name) {
  if (Array.from(name).length > PLACE_NAME_MAX) return `At most ${PLACE_NAME_MAX} characters.`;
}

/** An account's user name: other characters would not work in an address or a mention. @param {string} name */
export function checkUserName(name) {
  if (Array.from(name).length > NAME_MAX) return `At most ${NAME_MAX} characters.`;
  if (!/^[\p{L}\p{M}\p{Nd}._-]+$/u.test(name)) return 'Only letters, digits, “.”, “_” and “-”.';
  if (/[.-]$/.test(name)) return 'Must end with a letter, a digit or “_”.';
}
