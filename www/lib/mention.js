/* Whom a text mentions: the names behind its @, as far as Markdown shows them as text. As the server sees it (chat/mention.h), but
 * for letters that merely look alike. Pure. */

/** What stands for everybody in the room. */
const EVERYBODY = new Set(['room', 'here', 'everyone']);

/** A block of code, which ends where a line ends with its fence; then code within a line, which ends with as many backticks as it
 * began with; then what a backslash hides. */
const CODE =
  /^ {0,3}(?:(`{3,})[^`\n]*|(~{3,})[^~\n]*)\n(?:[^]*?\1\2[`~]*[ \t]*$|[^]*$(?![^]))|(`+)(?!`)(?:(?!\n[ \t]*\n)[^])*?[^`]\3(?!`)|\\./gmu;

/** An @ behind a word belongs to an address. */
export const MENTION = /(?<![\p{L}\p{M}\p{Nd}_])@([\p{L}\p{M}\p{Nd}._-]*[\p{L}\p{M}\p{Nd}_])/gu;

/**
 * @param {string} source Markdown
 * @returns {string[]} names without their @, as they are written
 */
export function mentionsIn(source) {
  if (!source.includes('@')) return [];
  return Array.from(source.replace(CODE, ' ').matchAll(MENTION), ([, name]) => name);
}

/**
 * Does a name behind an @ mean this person?
 * @param {string} name
 * @param {{ name: string } | null} me
 */
export function isMention(name, me) {
  const folded = fold(name);
  return EVERYBODY.has(folded) || (me !== null && folded === fold(me.name));
}

/**
 * @param {string} source
 * @param {{ name: string } | null} me
 */
export function mentionsMe(source, me) {
  return mentionsIn(source).some((name) => isMention(name, me));
}

/** @param {string} name */
const fold = (name) => name.normalize('NFKC').toLowerCase();
