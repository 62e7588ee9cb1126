/* What the timeline makes of each kind of event, as src/base/event_kinds.def says; a test compares the two. */

/** @typedef {import('./protocol.js').RoomEvent} RoomEvent */

/**
 * A message takes a row; people who come and go one after the other share one; a notice takes a row; so does a deletion, but only where
 * its message isn't among the rows.
 * @satisfies {Readonly<Record<RoomEvent['type'], 'message' | 'people' | 'notice' | 'deletion'>>}
 */
export const LINES = /** @type {const} */ ({
  message: 'message',
  renamed: 'notice',
  archived: 'notice',
  unarchived: 'notice',
  joined: 'people',
  left: 'people',
  added: 'people',
  removed: 'people',
  deleted: 'deletion',
  changed: 'notice',
});
