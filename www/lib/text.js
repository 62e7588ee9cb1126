/* Small functions on texts that people write. */
import { isolate } from './said.js';

const encoder = new TextEncoder();

/** @param {string} text */
export function utf8Length(text) {
  return encoder.encode(text).length;
}

/** Control characters, except tabs and newlines: text copied from a terminal can contain them. */
const CONTROLS = /[^\P{Cc}\t\n]/gu;

/**
 * The part of a text that is sent: without surrounding white space, control characters and halves of surrogate pairs,
 * for which the server would refuse the whole text.
 * @param {string} text
 */
export function asSent(text) {
  return text
    .replace(CONTROLS, '')
    .replace(/[\ud800-\udfff]/gu, '\ufffd')
    .trim();
}

/** Invisible characters: white space, controls, and those that only join, fill or set the direction (src/base/utf8.h
 * has the same). */
const BLANK = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\u2800\ufff9-\ufffb]*$/u;

/**
 * Does it contain only invisible characters?
 * @param {string} text
 */
export function isBlank(text) {
  return BLANK.test(text);
}

/** Characters in a line of a message on a wide screen. */
const LINE_CHARACTERS = 100;

/**
 * About how many lines a text takes.
 * @param {string} text
 */
export function lineCount(text) {
  return text.split('\n').reduce((lines, { length }) => lines + Math.max(Math.ceil(length / LINE_CHARACTERS), 1), 0);
}

/**
 * One or two letters that stand for a name on its avatar.
 * @param {string} name
 */
export function initials(name) {
  const words = name
    .trim()
    .split(/[\s._-]+/u)
    .filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => Array.from(word)[0].toLocaleUpperCase()).join('') || '?';
}

export const AVATAR_COLOURS = 10;

/**
 * The user's avatar colour: chosen by id, so that a rename keeps it; for visitors (id 0) by name.
 * @param {{ id: number, name: string }} user
 */
export function avatarColour({ id, name }) {
  if (id) return id % AVATAR_COLOURS;
  let hash = 0;
  for (const character of name) hash = (hash * 31 + /** @type {number} */ (character.codePointAt(0))) >>> 0;
  return hash % AVATAR_COLOURS;
}

/** Up to six pictographs and nothing else: shown large.
 * @param {string} text */
export function isEmojiOnly(text) {
  const bare = text.replace(/\s/gu, '');
  if (bare.length > 48 || !/\p{Extended_Pictographic}/u.test(bare) || /[0-9#*]/.test(bare)) return false;
  if (!/^[\p{Extended_Pictographic}\p{Emoji_Component}]+$/u.test(bare)) return false;
  const joined = bare.replace(/\u200d\p{Extended_Pictographic}/gu, '');
  return (joined.match(/\p{Extended_Pictographic}/gu) ?? []).length <= 6;
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export function plural(count, one, many = `${one}s`) {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

/**
 * "Anna", "Anna and Ben", "Anna, Ben and Cleo", "Anna, Ben, Cleo and 2 others"
 * @param {string[]} names
 * @param {number} most how many are named
 */
export function listNames(names, most) {
  const shown = names.slice(0, most).map(isolate);
  const others = names.length - shown.length;
  if (others > 0) return `${shown.join(', ')} and ${plural(others, 'other')}`;
  if (shown.length < 2) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`;
}
