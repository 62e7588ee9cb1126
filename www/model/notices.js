/* The sentences for events that are not messages. Pure: names are passed in. */
import { LINES } from '../lib/event_kinds.js';
import { said } from '../lib/said.js';
import { listNames, plural } from '../lib/text.js';

/** @typedef {import('../lib/protocol.js').RoomEvent} RoomEvent */
/** @typedef {import('../lib/protocol.js').CameEvent} CameEvent */
/** @typedef {import('../lib/protocol.js').BroughtEvent} BroughtEvent */
/** @typedef {CameEvent | BroughtEvent} PeopleEvent */
/** @typedef {(user: import('../lib/protocol.js').User) => string} NameOf */

/**
 * Joins and leaves, which share one line.
 * @param {{ type: string }} event
 * @returns {event is PeopleEvent}
 */
export const isOfPeople = (event) => LINES[/** @type {RoomEvent['type']} */ (event.type)] === 'people';

const KINDS = {
  open: 'public: anyone with an account can join',
  closed: 'private: members only',
  announcement: 'announcement-only: only moderators can post',
};

/**
 * "Anna and 3 others joined, Ben left": joins and leaves, grouped by what happened, in the order of the first of each.
 * @param {PeopleEvent[]} events
 * @param {NameOf} nameOf
 * @returns {string}
 */
export function summaryOf(events, nameOf) {
  /**
   * Grouped by what happened and, for added and removed people, by who did it.
   * @type {Map<string, { of: PeopleEvent, names: Map<number, string> }>}
   */
  const groups = new Map();
  for (const event of events) {
    const whom = 'user' in event ? event.user : event.actor;
    const key = 'user' in event ? `${event.type} ${event.actor.id}` : event.type;
    if (!groups.has(key)) groups.set(key, { of: event, names: new Map() });
    groups.get(key)?.names.set(whom.id, nameOf(whom));
  }
  return [...groups.values()].map(({ of, names }) => sentence(of, [...names.values()], nameOf)).join(', ');
}

/**
 * @param {PeopleEvent} event
 * @param {string[]} names
 * @param {NameOf} nameOf
 */
function sentence(event, names, nameOf) {
  const whom = listNames(names, names.length > 2 ? 1 : 2);
  if ('user' in event) return said`${nameOf(event.actor)} ${event.type} ${whom}`;
  return said`${whom} ${event.type}`;
}

/**
 * The line of one event: what its actor did.
 * @param {Exclude<RoomEvent, { type: 'message' }>} event
 * @param {NameOf} nameOf
 * @returns {string}
 */
export function noticeOf(event, nameOf) {
  switch (event.type) {
    case 'joined':
    case 'left':
      return event.type;
    case 'added':
    case 'removed':
      return said`${event.type} ${nameOf(event.user)}`;
    case 'renamed':
      return said`renamed this room to ${event.name}`;
    case 'archived':
      return 'archived this room';
    case 'unarchived':
      return 'unarchived this room';
    case 'deleted':
      return 'deleted an earlier message';
    case 'changed':
      return listNames(changesOf(event), Infinity) || 'changed this room';
  }
}

/** @param {import('../lib/protocol.js').ChangedEvent} event */
function changesOf({ topic, description, kind, history, slow_s, locked }) {
  return [
    topic !== undefined && (topic ? said`changed the topic to “${topic}”` : 'removed the topic'),
    description !== undefined && 'changed the description',
    kind !== undefined && kind !== 'direct' && `made this room ${KINDS[kind]}`,
    history === 'all' && 'gave new members the full message history',
    history === 'joined' && 'limited history for new members to messages after they join',
    slow_s !== undefined &&
      (slow_s ? `turned on slow mode: one message every ${plural(slow_s, 'second')}` : 'turned off slow mode'),
    locked === true && 'locked this room: only moderators can post',
    locked === false && 'unlocked this room',
  ].filter((change) => change !== false);
}
