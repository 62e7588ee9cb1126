/* Makes rows of a timeline from events: messages grouped by author, days, the "new" line, joins and leaves on one line,
 * and pending messages at the end. Pure. */
import { rowKind } from './row_count.js';

/** @typedef {import('../lib/protocol.js').RoomEvent} RoomEvent */
/** @typedef {import('../lib/protocol.js').MessageEvent} MessageEvent */
/** @typedef {import('./outbox.js').Pending} Pending */

/**
 * @typedef {object} MessageRow
 * @property {'message'} kind
 * @property {string} key stays the same while a pending message becomes a sent one
 * @property {number | null} seq null while pending
 * @property {{ id: number, name: string }} author
 * @property {string} body
 * @property {number} at
 * @property {'sent' | Pending['state']} state
 * @property {string | null} reason why it failed, for people
 * @property {boolean} opensGroup first of a group: with avatar, name and time
 * @property {boolean} own
 * @property {boolean} announced is read out by a screen reader when it appears
 * @property {number | null} replyTo
 * @property {string | null} pendingId
 * @property {'deleted' | 'hidden' | 'blocked' | null} gone why its text is not shown: it was deleted; all of a banned person's are
 *   hidden; the reader has blocked its author, and may unfold it
 * @property {boolean} mentionsMe
 */

/** @typedef {{ kind: 'day', key: string, at: number }} DayRow */
/** @typedef {{ kind: 'new', key: string }} NewRow */
/** @typedef {{ kind: 'notice', key: string, event: Exclude<RoomEvent, MessageEvent> }} NoticeRow */
/** @typedef {{ kind: 'people', key: string, seq: number, events: import('./notices.js').PeopleEvent[] }} PeopleRow */
/** @typedef {MessageRow | DayRow | NewRow | NoticeRow | PeopleRow} Row */

/** Consecutive messages of one author within this time form a group. */
export const GROUP_MS = 5 * 60_000;

/**
 * @param {object} from
 * @param {RoomEvent[]} from.events
 * @param {Pending[]} from.pending shown at the end; give none when the window is not live
 * @param {number | null} from.dividerSeq the "new" line comes after this event; there is none where that place is not among these events
 * @param {number} [from.ahead_ms] how far the server's clock, which gives messages their time, is ahead of the one of `pending`
 * @param {boolean} [from.hasOlder] there are events before these
 * @param {{ id: number, name: string } | null} from.me
 * @param {(user: { id: number, name: string }) => string} from.nameOf
 * @param {(at: number) => string} from.dayOf
 * @param {(event: RoomEvent) => boolean} from.hasArrived
 * @param {(event: MessageEvent) => MessageRow['gone']} [from.goneOf]
 * @param {(body: string) => boolean} [from.isMention] of the reader
 * @returns {Row[]}
 */
export function rowsOf({
  events,
  pending,
  ahead_ms = 0,
  dividerSeq,
  hasOlder = false,
  me,
  nameOf,
  dayOf,
  hasArrived,
  goneOf = deletedOnly,
  isMention = () => false,
}) {
  /** @type {Row[]} */
  const rows = [];
  let day = '';
  const firstSeq = events.length ? events[0].seq : 0;
  let divided = dividerSeq === null || (hasOlder && dividerSeq < firstSeq - 1);
  /** The message whose group the next one can join. @type {MessageRow | null} */
  let previous = null;
  /** The line that the next join or leave is added to. @type {PeopleRow | null} */
  let people = null;

  const startDay = (/** @type {number} */ at) => {
    const next = dayOf(at);
    if (next === day) return;
    day = next;
    rows.push({ kind: 'day', key: `day ${next}`, at });
    previous = people = null;
  };

  const addMessage = (/** @type {Omit<MessageRow, 'kind' | 'opensGroup'>} */ message) => {
    startDay(message.at);
    /** @type {MessageRow} */
    const row = { kind: 'message', opensGroup: !joins(previous, message), ...message };
    rows.push(row);
    previous = row;
    people = null;
  };

  for (const event of events) {
    if (!divided && event.seq > /** @type {number} */ (dividerSeq)) {
      divided = true;
      if (event.type === 'message') startDay(event.at);
      rows.push({ kind: 'new', key: 'new' });
      previous = people = null;
    }
    const kind = rowKind(event, firstSeq);
    if (event.type === 'message') {
      const own = event.author.id === me?.id;
      const gone = goneOf(event);
      addMessage({
        key: own && event.id ? `own ${event.id}` : `seq ${event.seq}`,
        seq: event.seq,
        author: { id: event.author.id, name: nameOf(event.author) },
        body: event.body,
        at: event.at,
        state: 'sent',
        reason: null,
        own,
        announced: !own && !gone && hasArrived(event),
        replyTo: event.reply_to ?? null,
        pendingId: null,
        gone,
        mentionsMe: !own && !gone && isMention(event.body),
      });
    } else if (kind === 'people') {
      startDay(event.at);
      const one = /** @type {import('./notices.js').PeopleEvent} */ (event);
      /* The key is the number of the last event, so that loading older events does not change it. */
      if (people) {
        people.events.push(one);
        Object.assign(people, { key: `seq ${event.seq}`, seq: event.seq });
      } else {
        people = { kind: 'people', key: `seq ${event.seq}`, seq: event.seq, events: [one] };
        rows.push(people);
      }
      previous = null;
    } else if (kind === 'notice') {
      startDay(event.at);
      rows.push({ kind: 'notice', key: `seq ${event.seq}`, event });
      previous = people = null;
    }
  }

  for (const item of pending) {
    addMessage({
      key: `own ${item.id}`,
      seq: null,
      author: me ? { id: me.id, name: nameOf(me) } : { id: 0, name: '' },
      body: item.body,
      at: item.at + ahead_ms,
      state: item.state,
      reason: item.reason,
      own: true,
      announced: false,
      replyTo: null,
      pendingId: item.id,
      gone: null,
      mentionsMe: false,
    });
  }
  return rows;
}

/** @param {MessageEvent} event @returns {MessageRow['gone']} */
function deletedOnly({ deleted, hidden }) {
  if (deleted) return 'deleted';
  return hidden ? 'hidden' : null;
}

/**
 * @param {MessageRow | null} previous
 * @param {{ author: { id: number }, at: number, replyTo: number | null, gone: MessageRow['gone'] }} message
 */
function joins(previous, message) {
  return (
    previous !== null &&
    previous.author.id === message.author.id &&
    previous.state !== 'failed' &&
    !previous.gone &&
    !message.gone &&
    message.replyTo === null &&
    Math.abs(message.at - previous.at) < GROUP_MS
  );
}
