/* Markdown to HTML, for messages: paragraphs, emphasis, links, lists, quotes, inline and fenced code.
 *
 * Markup that surprises in a chat is off: HTML and its entities, images, headings, rules, tables, code by indentation, and
 * reference definitions (which would make a line vanish). A line end is a line end. What comes out still goes through view/sanitise.js. */
import MarkdownIt from 'markdown-it';

const SAFE_LINK = /^(?:https?:\/\/|mailto:)/i;

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false });
const SURPRISING = ['image', 'heading', 'lheading', 'hr', 'table', 'code', 'reference', 'entity', 'html_block', 'html_inline'];
markdown.disable(SURPRISING);
markdown.validateLink = (url) => SAFE_LINK.test(url.trim());
/* "main.rs" and "notes.md" are files here, not hosts in Serbia and Moldova: only what names its scheme, or has an @. */
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: true });
markdown.linkify.add('ftp:', null).add('//', null);
/* A code block scrolls sideways, so the keyboard must be able to reach it. */
markdown.renderer.rules.fence = (tokens, index) =>
  `<pre tabindex="0"><code>${markdown.utils.escapeHtml(tokens[index].content)}</code></pre>\n`;

/**
 * @param {string} source
 * @returns {string} HTML, not yet to be trusted
 */
export function renderMarkdown(source) {
  return markdown.render(source);
}
