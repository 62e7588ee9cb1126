/* The rows of the timeline: messages, notices, days and the "new" line. */
import { said } from '../../lib/said.js';
import { dayLabel, dayOf } from '../../lib/time.js';
import { rowsOf } from '../../model/rows.js';
import { useApp } from '../context.js';
import { Message } from '../message.jsx';
import { openMessageMenu } from '../message_menu.jsx';
import { Notice, PeopleNotice } from '../notice.jsx';
import { NewLine } from './jumps.jsx';

/** @typedef {import('../../model/room.js').Room} Room */
/** @typedef {import('../../model/rows.js').Row} Row */

const QUOTE_MAX = 90;

/**
 * @param {import('../../model/chat.js').Chat} chat
 * @param {Room} room
 * @returns {Row[]} oldest first
 */
export function timelineRows(chat, room) {
  const { timeline } = room;
  return rowsOf({
    events: timeline.events,
    pending: timeline.live ? chat.outbox.of(room.id) : [],
    ahead_ms: chat.server.ahead_ms,
    dividerSeq: room.dividerSeq,
    hasOlder: timeline.hasOlder,
    me: chat.me,
    nameOf: chat.persons.nameOf,
    dayOf,
    hasArrived: (event) => timeline.hasArrived(event),
    goneOf: ({ author, deleted, hidden }) => {
      if (deleted) return 'deleted';
      if (hidden || chat.persons.of(author).hidden) return 'hidden';
      return chat.blocked.has(author.id) ? 'blocked' : null;
    },
    isMention: room.isMention,
  });
}

/**
 * The line above a reply.
 * @param {import('../../model/chat.js').Chat} chat
 * @param {Room} room
 * @param {number | null} seq
 */
function quoteOf(chat, room, seq) {
  if (seq === null) return null;
  const event = room.timeline.find(seq);
  const isShown = event?.type === 'message' && !event.deleted && !event.hidden && !chat.blocked.has(event.author.id);
  if (!isShown) return 'Reply to an earlier message';
  const text = event.body.replace(/\s+/g, ' ').replace(/[\u2066-\u2069]/g, '');
  return said`Reply to ${chat.persons.nameOf(event.author)}: ${text.length > QUOTE_MAX ? `${text.slice(0, QUOTE_MAX)}…` : text}`;
}

/**
 * @param {object} props
 * @param {Room} props.room
 * @param {Row[]} props.rows
 * @param {string | undefined} props.tabbable the key of the row that Tab leads to
 * @param {ReadonlySet<number>} props.unfolded the events that are shown although they would be folded
 * @param {(seqs: number[]) => void} props.onToggle unfolds these, or folds them again
 * @param {() => void} props.onGrow a message is about to be drawn at its whole length
 */
export function Rows({ room, rows, tabbable, unfolded, onToggle, onGrow }) {
  const app = useApp();
  const { chat, dayClock } = app;

  /** @param {Row} row */
  function draw(row) {
    switch (row.kind) {
      case 'day':
        return (
          <div class="day" key={row.key} aria-live="off">
            <time dateTime={dayOf(row.at)}>{dayLabel(row.at, dayClock.now)}</time>
          </div>
        );
      case 'new':
        return <NewLine key={row.key} room={room} />;
      case 'notice':
        return <Notice key={row.key} row={row} nameOf={chat.persons.nameOf} tabbable={row.key === tabbable} />;
      case 'people':
        return (
          <PeopleNotice
            key={row.key}
            row={row}
            nameOf={chat.persons.nameOf}
            tabbable={row.key === tabbable}
            isUnfolded={row.events.some(({ seq }) => unfolded.has(seq))}
            onToggle={() => onToggle(row.events.map(({ seq }) => seq))}
          />
        );
      default:
        return (
          <Message
            key={row.key}
            row={row}
            myName={chat.me?.name ?? ''}
            persons={chat.persons}
            people={chat.persons.namedIn(row.body)}
            tabbable={row.key === tabbable}
            repliesTo={quoteOf(chat, room, row.replyTo)}
            isUnfolded={row.seq !== null && unfolded.has(row.seq)}
            isTarget={row.seq !== null && row.seq === room.target?.seq}
            onRetry={(id) => chat.outbox.retry(id)}
            onDiscard={(id) => chat.outbox.discard(id)}
            onUnfold={(seq) => onToggle([seq])}
            onGrow={onGrow}
            onMenu={(of, anchor) => openMessageMenu(app, room, of, anchor)}
          />
        );
    }
  }

  return <>{rows.map(draw)}</>;
}
