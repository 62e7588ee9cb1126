/* One message. Read out in the order author, text, time, state; laid out by the style sheet. */
import { Component } from 'preact';
import { clockTime, fullTime, isoTime } from '../lib/time.js';
import { Avatar } from './avatar.jsx';
import { AlertIcon, ClockIcon } from './icons.jsx';
import { MessageBody } from './message_body.jsx';

/** @typedef {import('../model/rows.js').MessageRow} MessageRow */

/**
 * @typedef {object} MessageProps
 * @property {MessageRow} row
 * @property {boolean} tabbable the one row that Tab reaches
 * @property {string | null} repliesTo whom and what it answers
 * @property {(id: string) => void} onRetry
 * @property {(id: string) => void} onDiscard
 */

/** @type {Record<MessageRow['state'], string>} */
const STATES = { waiting: 'Waiting to be sent', sending: 'Sending…', sent: 'Sent', failed: 'Not sent' };

/** @extends {Component<MessageProps>} */
export class Message extends Component {
  /**
   * Rows are made anew with every change of the timeline; drawn again are those that say something else.
   * @override
   * @param {MessageProps} next
   */
  shouldComponentUpdate(next) {
    const { row, tabbable, repliesTo } = this.props;
    if (tabbable !== next.tabbable || repliesTo !== next.repliesTo || row.author.name !== next.row.author.name) return true;
    return /** @type {(keyof MessageRow)[]} */ (Object.keys(row)).some((field) => field !== 'author' && row[field] !== next.row[field]);
  }

  /**
   * @override
   * @param {MessageProps} props
   */
  render({ row, tabbable, repliesTo, onRetry, onDiscard }) {
    const id = row.key.replaceAll(' ', '-');
    const { author, opensGroup, own, state, pendingId } = row;
    const pending = state === 'waiting' || state === 'sending';
    return (
      <div
        class={`message message--${state} ${opensGroup ? 'message--opens' : ''} ${own ? 'message--own' : ''}`}
        role="article"
        aria-labelledby={`${id}-author ${id}-body ${id}-time ${id}-state`}
        aria-live={row.announced ? undefined : 'off'}
        tabIndex={tabbable ? 0 : -1}
        data-key={row.key}
        data-seq={row.seq ?? undefined}
      >
        {opensGroup && <Avatar user={author} />}
        <span id={`${id}-author`} class={opensGroup ? 'message__author' : 'visually-hidden'} dir="auto">
          {author.name}
        </span>
        {repliesTo !== null && <p class="message__reply">{repliesTo}</p>}
        <MessageBody id={`${id}-body`} source={row.body} />
        <time id={`${id}-time`} class="message__time" dateTime={isoTime(row.at)} title={fullTime(row.at)}>
          {clockTime(row.at)}
        </time>
        <span id={`${id}-state`} class={pending ? 'message__state' : 'visually-hidden'}>
          {pending && <ClockIcon />}
          {own && STATES[state]}
        </span>
        {state === 'failed' && pendingId !== null && (
          <div class="message__failure">
            <AlertIcon />
            <span role="alert">Not sent. {row.reason}</span>
            <button type="button" class="link-button" onClick={() => onRetry(pendingId)}>
              Retry
            </button>
            <button type="button" class="link-button" onClick={() => onDiscard(pendingId)}>
              Delete
            </button>
          </div>
        )}
      </div>
    );
  }
}
