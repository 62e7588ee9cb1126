/* Makes the names behind an @ stand out in a message that is drawn: one's own, and what means everybody, more than the others.
 * Works on the elements and never on HTML, so it adds nothing that the sanitiser has not seen. */
import { isMention, MENTION } from '../lib/mention.js';

/** Where a name is only shown, or belongs to an address. */
const ELSEWHERE = 'code, pre, a, mark';

/**
 * @param {HTMLElement} body
 * @param {{ name: string }} me
 */
export function markMentions(body, me) {
  for (const mark of body.querySelectorAll('mark')) mark.replaceWith(...mark.childNodes);
  body.normalize();
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const texts = [];
  while (walker.nextNode()) {
    const text = /** @type {Text} */ (walker.currentNode);
    if (text.data.includes('@') && !text.parentElement?.closest(ELSEWHERE)) texts.push(text);
  }
  for (const text of texts) markIn(text, me);
}

/** @param {Text} text @param {{ name: string }} me */
function markIn(text, me) {
  /* From the end, so that what is still to be cut keeps its place. */
  for (const { 0: whole, 1: name, index } of [...text.data.matchAll(MENTION)].reverse()) {
    const rest = text.splitText(index);
    rest.splitText(whole.length);
    const mark = document.createElement('mark');
    mark.dir = 'auto'; /* isolated from what stands around it */
    mark.className = isMention(name, me) ? 'mention mention--me' : 'mention';
    rest.replaceWith(mark);
    mark.append(rest);
  }
}
