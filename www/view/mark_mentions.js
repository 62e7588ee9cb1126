/* Marks mentions in a drawn message: the reader's own name, and names that mean everybody, more than others. Works on
 * elements, never on HTML, so it adds nothing that the sanitiser has not checked. */
import { isMention, peopleIn } from '../lib/mention.js';

/** Elements in which an @ is no mention: code and links. */
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
  /* From the end, so that earlier positions stay valid. */
  for (const { index, name } of peopleIn(text.data, isPerson).reverse()) {
    const rest = text.splitText(index);
    rest.splitText(1 + name.length);
    const mark = document.createElement('mark');
    mark.dir = 'auto'; /* isolates its direction from the text around it */
    mark.className = isMention(name, me) ? 'mention mention--me' : 'mention';
    rest.replaceWith(mark);
    mark.append(rest);
  }
}
