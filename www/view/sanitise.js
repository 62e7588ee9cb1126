/* All HTML made from people's texts passes this sanitiser. */
import DOMPurify from 'dompurify';

const TAGS = [
  'p',
  'br',
  'em',
  'strong',
  's',
  'a',
  'ul',
  'ol',
  'li',
  'blockquote',
  'code',
  'pre',
  'small',
  'span',
  'div',
];
const TABLE_TAGS = ['table', 'thead', 'tbody', 'tr', 'th', 'td'];
const ATTRIBUTES = ['href', 'title', 'start', 'value', 'align', 'dir', 'tabindex'];

DOMPurify.addHook('afterSanitizeAttributes', (node) => {
  if (node.nodeName !== 'A') return;
  node.setAttribute('target', '_blank');
  node.setAttribute('rel', 'noopener noreferrer nofollow');
});

/**
 * @param {string} html
 * @returns {string} HTML with only the tags that a message can have
 */
export function sanitise(html) {
  return DOMPurify.sanitize(html, {
    ALLOWED_TAGS: [...TAGS, ...TABLE_TAGS],
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ADD_URI_SAFE_ATTR: ATTRIBUTES.slice(1) /* attributes whose values are not addresses */,
    ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:)/i,
  });
}
