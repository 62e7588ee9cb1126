/* A message's text as Markdown. The only part of the page that sets HTML, and only after the sanitiser. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { isEmojiOnly } from '../lib/text.js';
import { mentionsIn } from '../lib/mention.js';
import { renderMarkdown } from '../lib/markdown.js';
import { useApp } from './context.js';
import { markMentions } from './mark_mentions.js';
import { linkMentions, mentionEvents } from './people/profile_link.jsx';
import { sanitise } from './sanitise.js';

/**
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.source
 * @param {string} props.myName whose mentions stand out
 * @param {import('../model/persons.js').Persons} props.persons whom it can mention
 * @param {string} props.people the names in it that belong to users (Persons.namedIn): when they change, the marks are made again
 * @param {boolean} [props.isFolded] shows only the beginning
 * @param {() => void} [props.onFocus] something in it got the focus, possibly out of view
 */
export function MessageBody({ id, source, myName, persons, people, isFolded = false, onFocus }) {
  const app = useApp();
  const element = useRef(/** @type {HTMLDivElement | null} */ (null));
  const html = sanitise(renderMarkdown(source));
  useLayoutEffect(() => {
    if (!element.current || !source.includes('@')) return;
    for (const name of mentionsIn(source)) persons.wonderName(name);
    markMentions(element.current, { name: myName }, persons.hasName);
  }, [html, myName, people]);
  useLayoutEffect(() => {
    if (element.current && source.includes('@') && !app.chat.isGuest) linkMentions(element.current);
  }); /* after each drawing, which marks the names again */
  return (
    <div
      ref={element}
      id={id}
      class={`message__body prose ${isEmojiOnly(source) ? 'message__body--emoji' : ''} ${isFolded ? 'message__body--folded' : ''}`}
      {...mentionEvents(app)}
      onFocusCapture={isFolded ? onFocus : undefined}
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}
