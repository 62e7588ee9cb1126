/* Markdown to HTML, for messages: paragraphs, emphasis, links, lists, quotes, tables, inline and fenced code.
 *
 * What someone types is what others can read: only markup that formats disappears. So what surprises in a chat is off
 * (HTML and its entities, images, headings, rules, code by indentation, addresses in < >, and reference definitions,
 * which would make a line vanish), and the rest is stricter than CommonMark: see markdown_blocks.js and
 * markdown_inline.js. A line end is a line end. What comes out still goes through view/sanitise.js. */
import MarkdownIt from 'markdown-it';
import { keepBlocks } from './markdown_blocks.js';
import { keepInline } from './markdown_inline.js';

const SAFE_LINK = /^(?:https?:\/\/|mailto:)/i;
/** Characters that change the direction of writing: they would make an address look like another one. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false });
const SURPRISING = [
  'image',
  'heading',
  'lheading',
  'hr',
  'code',
  'reference',
  'entity',
  'html_block',
  'html_inline',
  'autolink',
];
markdown.disable(SURPRISING);
markdown.validateLink = (url) => SAFE_LINK.test(url.trim());
markdown.normalizeLinkText = (url) => url.replace(TURNS, encodeURIComponent);
/* "main.rs" and "notes.md" are files here, not hosts in Serbia and Moldova: only what names its scheme, or has an @. */
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: true });
markdown.linkify.add('ftp:', null).add('//', null);
keepBlocks(markdown);
keepInline(markdown);

/**
 * @param {string} source
 * @returns {string} HTML that must still be sanitised
 */
export function renderMarkdown(source) {
  return markdown.render(source);
}
