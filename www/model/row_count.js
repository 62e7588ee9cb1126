/* How many rows a run of events takes: a message takes one, joins and leaves in sequence share one, and some events
 * take none. Pages and windows are measured in rows, because 300 events can be one line on the screen. */
import { LINES } from '../lib/event_kinds.js';

/** @typedef {import('../lib/protocol.js').RoomEvent} RoomEvent */

/**
 * @param {RoomEvent} event
 * @param {number} first the oldest loaded event: a deletion has a row only if its message is not loaded
 * @returns {'message' | 'people' | 'notice' | null} null: it takes no row, or is of a kind that this page does not know
 */
export function rowKind(event, first) {
  if (event.type === 'deleted') return event.target < first ? 'notice' : null;
  return LINES[event.type] ?? null;
}

/**
 * Days and the "new" line are not counted.
 * @param {RoomEvent[]} events in order
 * @param {'first' | 'last'} [end] which of them to keep
 * @param {number} [max] rows
 * @returns {{ rows: number, events: number }} how many events from that end fit, and how many rows these take
 */
export function fit(events, end = 'first', max = Infinity) {
  const first = events.length ? events[0].seq : 0;
  let rows = 0;
  let inPeople = false;
  for (let at = 0; at < events.length; at++) {
    const kind = rowKind(events[end === 'first' ? at : events.length - 1 - at], first);
    if (kind === null) continue;
    const joins = kind === 'people' && inPeople;
    if (!joins && rows === max) return { rows, events: at };
    if (!joins) rows++;
    inPeople = kind === 'people';
  }
  return { rows, events: events.length };
}
