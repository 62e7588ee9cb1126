/* A message's text as Markdown. The one place of the page that sets HTML, and only what the sanitiser has passed. */
import { isEmojiOnly } from '../lib/text.js';
import { renderMarkdown } from '../lib/markdown.js';
import { sanitise } from './sanitise.js';

/** @param {{ id: string, source: string }} props */
export function MessageBody({ id, source }) {
  return (
    <div
      id={id}
      class={`message__body prose ${isEmojiOnly(source) ? 'message__body--emoji' : ''}`}
      dir="auto"
      dangerouslySetInnerHTML={{ __html: sanitise(renderMarkdown(source)) }}
    />
  );
}
