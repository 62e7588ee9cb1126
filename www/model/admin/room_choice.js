/* Which rooms an invitation can lead to. Pure. */

/** Everybody is in it from the beginning. As on the server. */
const LOBBY = 1;

/** @typedef {{ id: number, name: string, kind?: import('../../lib/protocol.js').RoomKind, archived: boolean }} Offered */

/**
 * The listed rooms, and the closed ones that we belong to: what takes new members, and where we may add some.
 * @param {Iterable<Offered>} listed
 * @param {Iterable<import('../room.js').Room>} own
 * @param {(room: import('../room.js').Room) => boolean} mayAdd
 * @returns {Offered[]} by name
 */
export function roomsToOffer(listed, own, mayAdd) {
  /** @type {Map<number, Offered>} */
  const offered = new Map();
  for (const room of listed) offered.set(room.id, room);
  for (const room of own) if (room.kind !== 'direct' && mayAdd(room)) offered.set(room.id, room);
  return [...offered.values()].filter(({ id, archived }) => id !== LOBBY && !archived).sort((a, b) => a.name.localeCompare(b.name));
}

/** @param {string} name @param {string} query */
export const hasLetters = (name, query) => name.toLocaleLowerCase().includes(query.toLocaleLowerCase());
