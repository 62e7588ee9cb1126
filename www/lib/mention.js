/* Whom a text mentions: the names after an @ that Markdown shows as text. The same rules as the server's
 * rules/mention.h, except that the server also matches letters that look alike. Pure. */

/** The names that mean everybody in the room. */
const EVERYBODY = new Set(['room', 'here', 'everyone']);

/** A block of code, which ends where a line ends with its fence; then code within a line, which ends with as many
 * backticks as it began with; then what a backslash hides. */
const CODE =
  /^ {0,3}(?:(`{3,})[^`\n]*|(~{3,})[^~\n]*)\n(?:[^]*?\1\2[`~]*[ \t]*$|[^]*$(?![^]))|(`+)(?!`)(?:(?!\n[ \t]*\n)[^])*?[^`]\3(?!`)|\\./
    .source;

/** The target of a link, and the rest of a web address. */
const ADDRESS = /\]\([^)\n]*\)|(?<=[A-Za-z]):\/\/[^\s<>"]*/.source;

const NAME = /@(?<name>[\p{L}\p{M}\p{Nd}._-]*[\p{L}\p{M}\p{Nd}_])/u.source;

const IN_MARKDOWN = new RegExp(`${CODE}|${ADDRESS}|${NAME}`, 'gmu');
const IN_TEXT = new RegExp(`${ADDRESS}|${NAME}`, 'gu');

/** Scripts that are written without blanks between words. */
const UNSPACED = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}]/u;

/** Ends with a letter or digit: what follows would continue the word. */
const LETTER_AT_END = /[\p{L}\p{M}\p{Nd}]$/u;

/** Continues like a package name or an address on another server. */
const GOES_ON = /^[._-]*(?<mark>[/@])(?<next>[\p{L}\p{M}\p{Nd}._-]+)/u;

/**
 * Underscores that follow no letter are emphasis. A slash belongs to the path before it, unless that is a mention.
 * @param {string} before
 * @param {boolean} isBehindMention
 */
function isBehindWord(before, isBehindMention) {
  const path = isBehindMention ? before : before.replace(/\/$/, '');
  const letter = LETTER_AT_END.exec(path.replace(/_+$/, '').slice(-2));
  return letter !== null && !UNSPACED.test(letter[0]);
}

/** @param {string} name @param {string} rest what stands behind it */
function goesOn(name, rest) {
  const { mark, next } = GOES_ON.exec(rest)?.groups ?? {};
  return mark === '/' || (mark === '@' && next !== name); /* @ben@ben still mentions ben */
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 * @returns {{ index: number, name: string }[]} index: of the @
 */
function find(text, pattern) {
  const found = [];
  let mentioned = 0;
  for (const { index, groups } of text.matchAll(pattern)) {
    const name = groups?.name;
    if (!name) continue;
    const end = index + 1 + name.length;
    if (
      isBehindWord(text.slice(Math.max(index - 64, 0), index), mentioned === index - 1) ||
      goesOn(name, text.slice(end, end + 64))
    )
      continue;
    found.push({ index, name });
    mentioned = end;
  }
  return found;
}

/**
 * @param {string} source Markdown
 * @returns {string[]} names without their @, as they are written
 */
export function mentionsIn(source) {
  return source.includes('@') ? find(source, IN_MARKDOWN).map(({ name }) => name) : [];
}

/**
 * @param {string} name behind an @
 * @returns {string[]} the names that it can mean, longest first: it can also end at any character of a script without blanks, or before
 *   an underscore at its end
 */
function beginnings(name) {
  const characters = Array.from(name);
  const bare = Array.from(name.replace(/_+$/, '')).length;
  const all = [];
  for (let end = characters.length; end; end--)
    if (end >= bare || UNSPACED.test(characters[end - 1]) || UNSPACED.test(characters[end]))
      all.push(characters.slice(0, end).join(''));
  return all;
}

/**
 * The part of the name after an @ that is a person's name or means everybody.
 * @param {string} name
 * @param {(folded: string) => boolean} isPerson by what foldName() makes of a name
 * @returns {string | undefined}
 */
export function personIn(name, isPerson) {
  return beginnings(name).find((part) => EVERYBODY.has(foldName(part)) || isPerson(foldName(part)));
}

/**
 * The same in displayed text, without Markdown.
 * @param {string} text
 * @param {(folded: string) => boolean} isPerson
 * @returns {{ index: number, name: string }[]} index: of the @
 */
export function peopleIn(text, isPerson) {
  return find(text, IN_TEXT).flatMap(({ index, name }) => {
    const part = personIn(name, isPerson);
    return part ? [{ index, name: part }] : [];
  });
}

/**
 * Does a name mean this person?
 * @param {string} name
 * @param {{ name: string } | null} me
 */
export function isMention(name, me) {
  const folded = foldName(name);
  return EVERYBODY.has(folded) || (me !== null && folded === foldName(me.name));
}

/**
 * @param {string} source
 * @param {{ name: string } | null} me
 * @param {(folded: string) => boolean} [isPerson] whether it is anyone's name: of two possible names, the longer one counts
 */
export function mentionsMe(source, me, isPerson = () => false) {
  const mine = me && foldName(me.name);
  return mentionsIn(source).some((name) => {
    const part = personIn(name, (folded) => folded === mine || isPerson(folded));
    return part !== undefined && isMention(part, me);
  });
}

/** @param {string} name */
export const foldName = (name) => name.normalize('NFKC').toLowerCase();
