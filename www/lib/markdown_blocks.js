/* The blocks of Markdown, made to keep all that was typed: markdown-it's own rules, refused where they would hide text.
 *
 *  - A fence shows the words behind it, ends where a line ends with it, and is text when there is nothing to show.
 *  - A line that is not part of a list item, quote or table ends it.
 *  - List items show their numbers as they were typed, and as text, so that they are copied and found too.
 *  - A bullet or ">" with nothing behind it is text, and so is a face like >:(.
 *  - Quotes and lists end being nested before markdown-it gives up on them. */
import MarkdownIt from 'markdown-it';
import { isBlank } from './text.js';

/** @typedef {import('markdown-it').StateBlock} StateBlock */
/** @typedef {import('markdown-it').Token} Token */
/** @typedef {(state: StateBlock, startLine: number, endLine: number, silent: boolean) => boolean} BlockRule */

/** Levels of nested quotes and lists (which have two each). */
const DEEPEST = 40;
const FENCE = /^(`{3,}|~{3,})(.*)$/;
const LANGUAGE = /^[\w+#.-]+$/;
const ITEM = /^(?:[-+*]|\d{1,9}[.)])[ \t]/;
const BULLETS_ALONE = /^(?:[-+*]|\d{1,9}[.)])(?:[ \t]+[-+*])*[ \t]*$/;
const FACE = /^>(?:[:;=]|[^\s\p{L}\p{N}>]{1,3}(?:\s|$))/u;
/** A | that divides cells. */
const BAR = /(?<!\\)\|/;

/** @param {StateBlock} state @param {number} line */
const textOf = (state, line) => state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);

/** Does this line, without its indent, begin a list item with something in it? @param {string} line */
export const isItem = (line) => ITEM.test(line) && !BULLETS_ALONE.test(line);

/** Does this line, without its indent, quote something? @param {string} line */
export const isQuote = (line) => line.startsWith('>') && !FACE.test(line) && !isBlank(line.replaceAll('>', ''));

/** One of markdown-it's rules. @param {string} name @returns {BlockRule} */
function original(name) {
  const { ruler } = new MarkdownIt().block;
  ruler.enableOnly(name);
  return /** @type {BlockRule} */ (ruler.getRules('')[0]);
}

/* ---- fences */

/** @typedef {{ from: number, level: number, line: number, runs: number[] }} Opened how long the runs of backticks are that no other closes,
 * in the lines of a paragraph up to this one */

/** @type {WeakMap<object, Opened>} by environment: what was found last, since a paragraph asks before each of its lines */
const opened = new WeakMap();

/** Does the paragraph up to this line have open inline code that this many backticks close?
 * @type {(state: StateBlock, line: number, length: number) => boolean} */
function isOpen(state, line, length) {
  const { line: from, level, env } = state;
  let known = opened.get(env);
  if (known?.from !== from || known.level !== level || known.line > line) known = { from, level, line: from, runs: [] };
  for (; known.line < line; known.line++) {
    for (const [run] of textOf(state, known.line).matchAll(/\\[^]|`+/g)) {
      if (run.startsWith('\\')) continue;
      const opening = known.runs.indexOf(run.length);
      if (opening < 0) known.runs.push(run.length);
      else known.runs.length = opening;
    }
  }
  opened.set(env, known);
  return known.runs.includes(length);
}

/**
 * The text before the fence at the end of a line; null: the line does not end with one.
 * @param {string} line
 * @param {string} run
 */
function beforeEnd(line, run) {
  const text = line.trimEnd();
  let end = text.length;
  while (text[end - 1] === run[0]) end--;
  return text.length - end < run.length ? null : text.slice(0, end);
}

/** @type {BlockRule} */
function fence(state, startLine, endLine, silent) {
  const [, run = '', behind = ''] = FENCE.exec(textOf(state, startLine)) ?? [];
  if (!run || behind.includes(run[0]) || state.sCount[startLine] - state.blkIndent >= 4) return false;
  if (silent && state.parentType === 'paragraph' && run.startsWith('`') && isOpen(state, startLine, run.length))
    return false;

  let line = startLine + 1;
  let last = null;
  for (; line < endLine && last === null; line++) {
    if (!state.isEmpty(line) && state.sCount[line] < state.blkIndent) break;
    last = beforeEnd(textOf(state, line), run);
  }
  const indent = state.sCount[startLine];
  const words = behind.trim();
  const language = LANGUAGE.test(words) ? words : '';
  const content = [
    language || !words ? '' : `${words}\n`,
    state.getLines(startLine + 1, last === null ? line : line - 1, indent, true),
    last ? `${beforeEnd(state.getLines(line - 1, line, indent, false), run)}\n` : '',
  ].join('');
  if (isBlank(content)) return false;
  if (silent) return true;
  state.line = line;
  const token = state.push('fence', 'code', 0);
  Object.assign(token, { info: language, content, markup: run, map: [startLine, line] });
  return true;
}

/* ---- quotes, lists and what ends them */

/** @type {WeakMap<object, number>} by environment: up to this line there are only signs of quotes */
const hollow = new WeakMap();

/**
 * Are this line and the following ones empty quotes?
 * @type {(state: StateBlock, startLine: number, endLine: number) => boolean}
 */
function isHollow(state, startLine, endLine) {
  if (startLine < (hollow.get(state.env) ?? 0)) return true;
  let line = startLine;
  for (let text = '>'; line < endLine && text.startsWith('>'); line++) {
    text = textOf(state, line);
    if (text.startsWith('>') && !isBlank(text.replaceAll('>', ''))) return false;
  }
  hollow.set(state.env, line);
  return true;
}

const originalQuote = original('blockquote');

/** @type {BlockRule} */
function quote(state, startLine, endLine, silent) {
  const text = textOf(state, startLine);
  if (!text.startsWith('>') || state.level >= DEEPEST || FACE.test(text) || isHollow(state, startLine, endLine))
    return false;
  return originalQuote(state, startLine, endLine, silent);
}

const originalList = original('list');

/** @type {BlockRule} */
function list(state, startLine, endLine, silent) {
  if (state.level >= DEEPEST || BULLETS_ALONE.test(textOf(state, startLine))) return false;
  return originalList(state, startLine, endLine, silent);
}

/**
 * Ends a block: CommonMark would take such a line as a continuation of the quote, list item or table.
 * @type {BlockRule}
 */
function outside(state, line, _endLine, silent) {
  if (!silent) return false;
  switch (state.parentType) {
    case 'blockquote':
      return true;
    case 'paragraph':
      return state.sCount[line] < state.blkIndent;
    case 'table':
      return !textOf(state, line).includes('|');
    default:
      return false;
  }
}

/* ---- tables */

const originalTable = original('table');

/**
 * When a row has more cells than the table has columns, the last cell takes the rest, which would be dropped.
 * @type {BlockRule}
 */
function table(state, startLine, endLine, silent) {
  const before = state.tokens.length;
  if (!originalTable(state, startLine, endLine, silent)) return false;
  if (silent) return true;
  /** @type {Token | null} */
  let row = null;
  /** @type {Token[]} */
  let cells = [];
  for (const token of state.tokens.slice(before)) {
    if (token.type === 'tr_open') [row, cells] = [token, []];
    else if (token.type === 'inline') cells.push(token);
    else if (token.type === 'tr_close' && row?.map) {
      const typed = textOf(state, row.map[0]).trim().replace(/^\|/, '').split(BAR);
      if (typed.at(-1)?.trim() === '') typed.pop();
      if (typed.length > cells.length)
        cells[cells.length - 1].content = typed
          .slice(cells.length - 1)
          .join('|')
          .replaceAll('\\|', '|')
          .trim();
    }
  }
  return true;
}

/* ---- rendering */

/** The outermost paragraph, quote, item or cell finds its direction by its text; what is in it does so by the style
 * sheet.
 * @param {Token[]} tokens @param {number} index */
function direct(tokens, index) {
  const { type, level } = tokens[index];
  const isOutermost = type === 'list_item_open' ? level === 1 : level === 0;
  if (isOutermost || type === 'th_open' || type === 'td_open') tokens[index].attrSet('dir', 'auto');
}

/** @param {import('markdown-it').MarkdownIt} markdown */
export function keepBlocks(markdown) {
  const { ruler } = markdown.block;
  const inAll = { alt: ['paragraph', 'blockquote', 'list'] };
  ruler.at('fence', fence, inAll);
  ruler.at('blockquote', quote, inAll);
  ruler.at('list', list, { alt: ['paragraph', 'blockquote'] });
  ruler.at('table', table, { alt: ['paragraph'] });
  ruler.before('paragraph', 'outside', outside, { alt: ['paragraph', 'blockquote'] });

  const { rules } = markdown.renderer;
  const { escapeHtml } = markdown.utils;
  for (const type of ['paragraph_open', 'blockquote_open', 'td_open', 'th_open']) {
    rules[type] = (tokens, index, options, _env, renderer) => {
      const token = tokens[index];
      if (token.hidden) return '';
      const align = /text-align:(\w+)/.exec(String(token.attrGet('style')))?.[1];
      if (align) token.attrs = [['align', align]]; /* the page's policy allows no style in an element */
      direct(tokens, index);
      return renderer.renderToken(tokens, index, options);
    };
  }
  rules.list_item_open = (tokens, index, options, _env, renderer) => {
    const { info, markup } = tokens[index];
    direct(tokens, index);
    if (info) tokens[index].attrSet('value', String(Number(info)));
    return renderer.renderToken(tokens, index, options) + (info ? `<span>${info}${markup}</span> ` : '');
  };
  /* What scrolls sideways must be reachable by keyboard. */
  rules.table_open = () => '<div tabindex="0"><table>\n';
  rules.table_close = () => '</table></div>\n';
  rules.fence = (tokens, index) => {
    const { info, content } = tokens[index];
    const label = info ? `<small>${escapeHtml(info)}</small>` : '';
    return `<pre tabindex="0">${label}<code>${escapeHtml(content)}</code></pre>\n`;
  };
}
