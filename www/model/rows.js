/* From events to the rows of a timeline: groups of one author, days apart, the "new" line, and at the end what is still
 * being sent. Pure. */

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
 * @property {boolean} opensGroup shows avatar, name and time
 * @property {boolean} own
 * @property {boolean} announced is read out by a screen reader when it appears
 * @property {number | null} replyTo
 * @property {string | null} pendingId
 */

/** @typedef {{ kind: 'day', key: string, at: number }} DayRow */
/** @typedef {{ kind: 'new', key: string }} NewRow */
/** @typedef {{ kind: 'notice', key: string, event: Exclude<RoomEvent, MessageEvent> }} NoticeRow */
/** @typedef {MessageRow | DayRow | NewRow | NoticeRow} Row */

/** One author's messages that follow each other within this time share one heading. */
export const GROUP_MS = 5 * 60_000;

const NOTICES = new Set(['renamed', 'archived', 'unarchived']);

/**
 * @param {object} from
 * @param {RoomEvent[]} from.events
 * @param {Pending[]} from.pending shown at the end; give none when the window is not live
 * @param {number | null} from.dividerSeq the "new" line comes after this event
 * @param {{ id: number, name: string } | null} from.me
 * @param {(user: { id: number, name: string }) => string} from.nameOf
 * @param {(at: number) => string} from.dayOf
 * @param {(event: RoomEvent) => boolean} from.hasArrived
 * @returns {Row[]}
 */
export function rowsOf({ events, pending, dividerSeq, me, nameOf, dayOf, hasArrived }) {
  /** @type {Row[]} */
  const rows = [];
  let day = '';
  let divided = dividerSeq === null;
  /** The message that the next one may join. @type {MessageRow | null} */
  let previous = null;

  const startDay = (/** @type {number} */ at) => {
    const next = dayOf(at);
    if (next === day) return;
    day = next;
    rows.push({ kind: 'day', key: `day ${next}`, at });
    previous = null;
  };

  const addMessage = (/** @type {Omit<MessageRow, 'kind' | 'opensGroup'>} */ message) => {
    startDay(message.at);
    /** @type {MessageRow} */
    const row = { kind: 'message', opensGroup: !joins(previous, message), ...message };
    rows.push(row);
    previous = row;
  };

  for (const event of events) {
    if (!divided && event.seq > /** @type {number} */ (dividerSeq)) {
      divided = true;
      if (event.type === 'message') startDay(event.at);
      rows.push({ kind: 'new', key: 'new' });
      previous = null;
    }
    if (event.type === 'message') {
      const own = event.author.id === me?.id;
      addMessage({
        key: own && event.id ? `own ${event.id}` : `seq ${event.seq}`,
        seq: event.seq,
        author: { id: event.author.id, name: nameOf(event.author) },
        body: event.body,
        at: event.at,
        state: 'sent',
        reason: null,
        own,
        announced: !own && hasArrived(event),
        replyTo: event.reply_to ?? null,
        pendingId: null,
      });
    } else if (NOTICES.has(event.type)) {
      startDay(event.at);
      rows.push({ kind: 'notice', key: `seq ${event.seq}`, event });
      previous = null;
    }
  }

  for (const item of pending) {
    addMessage({
      key: `own ${item.id}`,
      seq: null,
      author: me ?? { id: 0, name: '' },
      body: item.body,
      at: item.at,
      state: item.state,
      reason: item.reason,
      own: true,
      announced: false,
      replyTo: null,
      pendingId: item.id,
    });
  }
  return rows;
}

/**
 * @param {MessageRow | null} previous
 * @param {{ author: { id: number }, at: number, replyTo: number | null }} message
 */
function joins(previous, message) {
  return (
    previous !== null &&
    previous.author.id === message.author.id &&
    previous.state !== 'failed' &&
    message.replyTo === null &&
    Math.abs(message.at - previous.at) < GROUP_MS
  );
}
