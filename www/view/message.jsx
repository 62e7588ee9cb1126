/* One message. Screen readers read author, text, time, state; the style sheet sets the layout. */
import { Component } from 'preact';
import { said } from '../lib/said.js';
import { lineCount } from '../lib/text.js';
import { clockTime, fullTime, isoTime } from '../lib/time.js';
import { DELETED_GUEST_ID } from '../model/persons.js';
import { Avatar } from './avatar.jsx';
import { AlertIcon, ClockIcon, MoreIcon } from './icons.jsx';
import { MessageBody } from './message_body.jsx';
import { ProfileName, ProfilePicture } from './people/profile_link.jsx';
import { opensMenu } from './pop_up.jsx';

/** @typedef {import('../model/rows.js').MessageRow} MessageRow */

/**
 * @typedef {object} MessageProps
 * @property {MessageRow} row
 * @property {string} myName whose mentions stand out
 * @property {import('../model/persons.js').Persons} persons
 * @property {string} people the names in its text that belong to users
 * @property {boolean} tabbable the one row that Tab reaches
 * @property {string | null} repliesTo the line about the message that it answers
 * @property {boolean} isUnfolded by a blocked user, but the reader has unfolded it
 * @property {boolean} isTarget a link leads to it
 * @property {(id: string) => void} onRetry
 * @property {(id: string) => void} onDiscard
 * @property {(seq: number) => void} onUnfold
 * @property {() => void} onGrow called before it is drawn at its full length
 * @property {(row: MessageRow, anchor: HTMLElement) => void} onMenu
 */

/** @type {Record<MessageRow['state'], string>} */
const STATES = { waiting: 'Waiting to send', sending: 'Sending…', sent: 'Sent', failed: 'Not sent' };

/** Shown instead of the text. */
const GONE = {
  deleted: (/** @type {MessageRow['author']} */ author) =>
    author.id === DELETED_GUEST_ID
      ? "A deleted guest's message was deleted."
      : said`${author.name}'s message was deleted.`,
  hidden: () => 'Message from a banned user.',
  blocked: () => 'Message from someone you blocked.',
};

/** A longer message is folded. */
const FOLD_LINES = 40;

const COMPARED = /** @type {const} */ (['myName', 'people', 'tabbable', 'repliesTo', 'isUnfolded', 'isTarget']);

/** @extends {Component<MessageProps, { isLong: boolean }>} */
export class Message extends Component {
  /** Whether a long text is shown whole. @override */
  state = { isLong: false };

  #showWhole = () => {
    this.props.onGrow();
    this.setState({ isLong: true });
  };

  /**
   * Every change of the timeline makes new rows; only those with another content are drawn again.
   * @override
   * @param {MessageProps} next
   * @param {{ isLong: boolean }} state
   */
  shouldComponentUpdate(next, state) {
    const { row } = this.props;
    if (state.isLong !== this.state.isLong) return true;
    if (COMPARED.some((name) => this.props[name] !== next[name]) || row.author.name !== next.row.author.name)
      return true;
    return /** @type {(keyof MessageRow)[]} */ (Object.keys(row)).some(
      (field) => field !== 'author' && row[field] !== next.row[field],
    );
  }

  /**
   * @override
   * @param {MessageProps} props
   */
  render({
    row,
    myName,
    persons,
    people,
    tabbable,
    repliesTo,
    isUnfolded,
    isTarget,
    onRetry,
    onDiscard,
    onUnfold,
    onMenu,
  }) {
    const id = row.key.replaceAll(' ', '-');
    const { author, own, state, pendingId, seq } = row;
    const gone = row.gone === 'blocked' && isUnfolded ? null : row.gone;
    const opensGroup = row.opensGroup && !gone;
    const isFolded = !gone && !this.state.isLong && lineCount(row.body) > FOLD_LINES;
    const pending = state === 'waiting' || state === 'sending';
    const stateWords = own && !gone ? STATES[state] : row.mentionsMe ? 'Mentions you' : null;
    const hasMenu = seq !== null && gone !== 'deleted' && gone !== 'hidden';
    const kinds = [
      state,
      opensGroup && 'opens',
      own && 'own',
      gone && 'gone',
      row.mentionsMe && 'calls',
      isTarget && 'target',
    ];
    return (
      <div
        class={`message ${kinds
          .filter(Boolean)
          .map((kind) => `message--${kind}`)
          .join(' ')}`}
        role="article"
        aria-labelledby={`${id}-author ${id}-body ${id}-time${stateWords ? ` ${id}-state` : ''}`}
        aria-live={row.announced ? undefined : 'off'}
        tabIndex={tabbable ? 0 : -1}
        data-key={row.key}
        data-seq={seq ?? undefined}
        {...(hasMenu ? opensMenu((anchor) => onMenu(row, anchor), { mouse: false, isText: true }) : {})}
      >
        {opensGroup && (
          <ProfilePicture user={author}>
            <Avatar user={author} />
          </ProfilePicture>
        )}
        <span id={`${id}-author`} class={opensGroup ? 'message__author' : 'visually-hidden'} dir="auto">
          {opensGroup ? <ProfileName user={author} /> : !gone && author.name}
        </span>
        {repliesTo !== null && !gone && <p class="message__reply">{repliesTo}</p>}
        {gone ? (
          <p id={`${id}-body`} class="message__body message__gone">
            {own && gone === 'deleted' ? 'Your message was deleted.' : GONE[gone](author)}
            {gone === 'blocked' && seq !== null && (
              <button type="button" class="link-button" tabIndex={-1} onClick={() => onUnfold(seq)}>
                Show
              </button>
            )}
          </p>
        ) : (
          <MessageBody
            id={`${id}-body`}
            source={row.body}
            myName={myName}
            persons={persons}
            people={people}
            isFolded={isFolded}
            onFocus={this.#showWhole}
          />
        )}
        {isFolded && (
          <button type="button" class="link-button message__more" onClick={this.#showWhole}>
            Show more
          </button>
        )}
        <time id={`${id}-time`} class="message__time" dateTime={isoTime(row.at)} title={fullTime(row.at)}>
          {clockTime(row.at)}
        </time>
        {/* It has no text and takes no space, so the row keeps its size when the message is sent. */}
        {stateWords && (
          <span
            id={`${id}-state`}
            class={pending ? 'message__state' : 'visually-hidden'}
            role="img"
            aria-label={stateWords}
            title={pending ? stateWords : undefined}
          >
            {pending && <ClockIcon />}
          </span>
        )}
        {hasMenu && (
          <button
            type="button"
            class="icon-button message__menu"
            aria-haspopup="menu"
            tabIndex={-1}
            aria-label="Message actions"
            title="Message actions (Enter)"
            onClick={({ currentTarget }) => onMenu(row, currentTarget)}
          >
            <MoreIcon />
          </button>
        )}
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
