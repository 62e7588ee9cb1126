/* Markup within a paragraph, made to keep all that was typed: markdown-it's own rules, refused where they would hide
 * text.
 *
 *  - Emphasis stands around words, never inside them: 5*3*2, __init__.py, *_* and ** / *.js stay as they are.
 *  - A backslash is shown unless it keeps what follows from formatting.
 *  - Code keeps its lines, and is text when there is nothing in it.
 *  - A link is one only with an address and with words to press. */
import MarkdownIt from 'markdown-it';
import { isItem, isQuote } from './markdown_blocks.js';
import { isBlank } from './text.js';

/** @typedef {import('markdown-it').StateInline} StateInline */
/** @typedef {import('markdown-it').Token} Token */
/** @typedef {(state: StateInline, silent: boolean) => boolean} InlineRule */

/* Scripts that are written without spaces between words, or that put endings right behind a word. */
const SPACELESS =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}]';
const WORD = '[\\p{L}\\p{M}\\p{N}_]';
const PICTOGRAPH = '[\\p{Extended_Pictographic}\\ufe0f]';
const FOREIGN_PUNCTUATION = '(?:(?![\\0-\\x7f])\\p{P})';

/** What may stand before markup that opens. A dot, colon or dash behind a word is part of it, as in C:_x. */
const BEFORE = new RegExp(
  `(?:^|\\s|${SPACELESS}|${PICTOGRAPH}|${FOREIGN_PUNCTUATION}|[(\\[{"'|>,;!?]|(?:^|(?!${WORD})[^])[.:-])$`,
  'u',
);
/** What may stand behind markup that closes. */
const BEHIND = new RegExp(
  `^(?:$|\\s|${SPACELESS}|${PICTOGRAPH}|${FOREIGN_PUNCTUATION}|[)\\]}"'|<,;!?]|[.:-]+(?:$|(?!${WORD})[^]))`,
  'u',
);
/** Between the markup and the first, or last, letter there may be some punctuation: faces like *_* are no emphasis. */
const CONTENT_AHEAD = new RegExp(`[^\\s\\p{L}\\p{N}/\\\\.]{0,8}(?:[\\p{L}\\p{N}]|${PICTOGRAPH})`, 'uy');
const CONTENT_BEFORE = new RegExp(`(?:[\\p{L}\\p{M}\\p{N}]|${PICTOGRAPH})[^\\s\\p{L}\\p{N}\\\\]{0,8}$`, 'u');
/** How many characters the patterns above can look at. */
const CONTEXT = 20;

const ESCAPED_MARK = /\\+(?=[*_~`[\]()])/g;
/** Matches what comes before the first character of a line, or before the dot after the number of a list item. */
const LINE_START = /(?:^|\n)[ \t]*(\d{0,9})$/;
const FENCED = /^(?:```+[^`\n]*|~~~+[^~\n]*)\n\s*\S/;
/** This many characters of a line decide what kind of line it is. */
const LINE_SEEN = 200;
const EMPHASIS = new Set(['em', 'strong', 's']);
const NAME_LETTER = new RegExp(WORD, 'u');
const LINK = /^\[([^]*)\]\(\s*<?(?:https?:\/\/|mailto:)[^\s<>]+>?(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)$/i;

/** One of markdown-it's rules. @param {string} name @returns {InlineRule} */
function original(name) {
  const { ruler } = new MarkdownIt().inline;
  ruler.enableOnly(name);
  return /** @type {InlineRule} */ (ruler.getRules('')[0]);
}

/* ---- emphasis */

/**
 * What a run of one mark can do.
 * @type {(src: string, start: number, end: number) => ReturnType<StateInline['scanDelims']>}
 */
function flanks(src, start, end) {
  const left = src.slice(Math.max(start - CONTEXT, 0), start);
  const right = src.slice(end, end + CONTEXT);
  CONTENT_AHEAD.lastIndex = end;
  return {
    can_open: BEFORE.test(left.replace(/[*_~]+$/, '')) && CONTENT_AHEAD.test(src),
    can_close: BEHIND.test(right.replace(/^[*_~]+/, '')) && CONTENT_BEFORE.test(left),
    length: end - start,
  };
}

/* ---- backslashes */

/** The positions of the marks of code and links in a text. @type {WeakMap<StateInline, number[]>} */
const marksOf = new WeakMap();

/** @param {StateInline} state @param {number[]} places */
function note(state, ...places) {
  const known = marksOf.get(state);
  if (known) known.push(...places);
  else marksOf.set(state, places);
}

/** @type {WeakMap<StateInline, Set<number>>} */
const tried = new WeakMap();

/** The positions of marks after a backslash that would format without it. Found by leaving out the backslashes.
 * @param {StateInline} state */
function escapedMarks(state) {
  const known = tried.get(state);
  if (known) return known;
  /** @type {Set<number>} */
  const found = new Set();
  tried.set(state, found);
  /** @type {Map<number, number>} by place in the bare text: place in the text */
  const places = new Map();
  let removed = 0;
  const bare = state.src.replace(ESCAPED_MARK, (backslashes, at) => {
    removed += backslashes.length;
    places.set(at + backslashes.length - removed, at + backslashes.length);
    return '';
  });
  if (!removed) return found;
  const trial = new state.md.inline.State(bare, state.md, {}, []);
  state.md.inline.tokenize(trial);
  for (const rule of state.md.inline.ruler2.getRules('')) rule(trial);
  const emphasis = trial.tokens.filter(({ tag }) => EMPHASIS.has(tag)).map(({ meta }) => Number(meta?.at));
  for (const mark of [...emphasis, ...(marksOf.get(trial) ?? [])]) {
    const place = places.get(mark);
    if (place) found.add(place);
  }
  return found;
}

/**
 * Would the mark at `at` format something without the backslashes from `start` on?
 * @param {StateInline} state
 * @param {number} start
 * @param {number} at
 */
function wouldFormat(state, start, at) {
  const { src } = state;
  const mark = src[at];
  const [, number = null] = LINE_START.exec(src.slice(Math.max(start - CONTEXT, 0), start)) ?? [];
  const isFirst = number === '' && (start < CONTEXT || src.lastIndexOf('\n', start) >= start - CONTEXT);
  const line = () => src.slice(at, at + LINE_SEEN).split('\n', 1)[0];
  switch (mark) {
    case '*':
    case '_':
    case '~':
    case '`':
      if (isFirst && (FENCED.test(src.slice(at, at + LINE_SEEN)) || isItem(line()))) return true;
      break;
    case '-':
    case '+':
      return isFirst && isItem(line());
    case '>':
      return isFirst && isQuote(line());
    case '.':
      return !!number && isItem(number + line());
    case ')':
      if (number && isItem(number + line())) return true;
      break;
    case '[':
    case ']':
    case '(':
      break;
    case ':':
      return src.startsWith('//', at + 1) && /(?:^|[^a-z])https?$/i.test(src.slice(Math.max(start - 6, 0), start));
    case '@':
      return !NAME_LETTER.test(src.slice(Math.max(start - 1, 0), start)) && NAME_LETTER.test(src.slice(at + 1, at + 2));
    default:
      return false;
  }
  if (at - start > 1 || src[start - 1] === mark) return false; /* without the backslash, the two would be one run */
  return escapedMarks(state).has(at);
}

/** @type {InlineRule} */
function escape(state, silent) {
  const { src, pos: start, posMax } = state;
  let at = start;
  while (at < posMax && src[at] === '\\') at++;
  if (at === start) return false;
  if (at === posMax || !wouldFormat(state, start, at)) {
    if (!silent) state.pending += src.slice(start, at);
    state.pos = at;
    return true;
  }
  /* Each pair of backslashes is one; what is left keeps the mark from formatting. */
  const isEscaped = (at - start) % 2 === 1;
  state.pos = isEscaped ? at + 1 : at;
  if (silent) return true;
  state.pending += '\\'.repeat((at - start) >> 1);
  if (isEscaped)
    Object.assign(state.push('text_special', '', 0), { content: src[at], markup: `\\${src[at]}`, info: 'escape' });
  return true;
}

/* ---- code and links */

const originalCode = original('backticks');

/** @type {InlineRule} */
function code(state, silent) {
  const start = state.pos;
  const count = state.tokens.length;
  if (!originalCode(state, silent)) return false;
  const token = state.tokens.at(-1);
  if (silent || state.tokens.length === count || token?.type !== 'code_inline') return true;
  const typed = state.src.slice(start + token.markup.length, state.pos - token.markup.length);
  if (!isBlank(typed)) {
    token.content = typed.replace(/^[ \n]([^]*)[ \n]$/, '$1');
    note(state, start, state.pos - token.markup.length);
    return true;
  }
  state.tokens.pop();
  state.tokens_meta.pop();
  state.pending += state.src.slice(start, state.pos);
  return true;
}

const originalLink = original('link');

/** @type {InlineRule} */
function link(state, silent) {
  const start = state.pos;
  if (!originalLink(state, true)) return false;
  const { pos: end } = state;
  const [, words = ''] = LINK.exec(state.src.slice(start, end)) ?? [];
  state.pos = start;
  if (isBlank(words.replace(/[*_~`]/g, ''))) return false;
  const behind = start + 1 + words.length;
  if (!silent) note(state, start, behind, behind + 1, end - 1);
  return originalLink(state, silent);
}

const originalLinkify = original('linkify');

/** markdown-it takes asterisks at the end of an address as closing emphasis. If no emphasis is open, they belong to the
 * address.
 * @type {InlineRule} */
function linkify(state, silent) {
  if (!originalLinkify(state, silent)) return false;
  const [stars = ''] = /^\*+/.exec(state.src.slice(state.pos, state.posMax)) ?? [];
  if (!stars || silent || state.delimiters.some(({ marker, open }) => marker === 0x2a && open)) return true;
  const [opening, words] = state.tokens.slice(-3);
  opening.attrSet('href', opening.attrGet('href') + stars);
  words.content += stars;
  state.pos += stars.length;
  return true;
}

/** @param {import('markdown-it').MarkdownIt} markdown */
export function keepInline(markdown) {
  const { ruler, State } = markdown.inline;
  markdown.inline.State = class extends State {
    /** @override @param {number} start */
    scanDelims(start) {
      let end = start;
      while (end < this.posMax && this.src[end] === this.src[start]) end++;
      return flanks(this.src, start, end);
    }

    /** @override @param {string} type @param {string} tag @param {any} nesting */
    push(type, tag, nesting) {
      return Object.assign(super.push(type, tag, nesting), { meta: { at: this.pos } });
    }
  };
  ruler.at('escape', escape);
  ruler.at('backticks', code);
  ruler.at('link', link);
  ruler.at('linkify', linkify);
  /* An address reads from left to right; the words of a link keep their own direction. */
  markdown.renderer.rules.link_open = (tokens, index, options, _env, renderer) => {
    tokens[index].attrSet('dir', tokens[index].info === 'auto' ? 'ltr' : 'auto');
    return renderer.renderToken(tokens, index, options);
  };
}
