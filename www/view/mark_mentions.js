/* Makes the names of people behind an @ stand out in a message that is drawn: one's own, and what means everybody, more than the
 * others. Works on the elements and never on HTML, so it adds nothing that the sanitiser has not seen. */
import { isMention, peopleIn } from '../lib/mention.js';

/** Where a name is only shown, or belongs to an address. */
const ELSEWHERE = 'code, pre, a, mark';

/**
 * @param {HTMLElement} body
 * @param {{ name: string }} me
 * @param {(folded: string) => boolean} isPerson
 */
export function markMentions(body, me, isPerson) {
  for (const mark of body.querySelectorAll('mark')) mark.replaceWith(...mark.childNodes);
  body.normalize();
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const texts = [];
  while (walker.nextNode()) {
    const text = /** @type {Text} */ (walker.currentNode);
    if (text.data.includes('@') && !text.parentElement?.closest(ELSEWHERE)) texts.push(text);
  }
  for (const text of texts) markIn(text, me, isPerson);
}

/** @param {Text} text @param {{ name: string }} me @param {(folded: string) => boolean} isPerson */
function markIn(text, me, isPerson) {
  /* From the end, so that what is still to be cut keeps its place. */
  for (const { index, name } of peopleIn(text.data, isPerson).reverse()) {
    const rest = text.splitText(index);
    rest.splitText(1 + name.length);
    const mark = document.createElement('mark');
    mark.dir = 'auto'; /* isolated from what stands around it */
    mark.className = isMention(name, me) ? 'mention mention--me' : 'mention';
    rest.replaceWith(mark);
    mark.append(rest);
  }
}
