/* Which rooms an invitation can lead to. Pure. */

/** Everybody is in it from the beginning. As on the server. */
const LOBBY = 1;

/** @typedef {{ id: number, name: string, kind?: import('../../lib/protocol.js').RoomKind, archived: boolean }} Offered */

/**
 * Those that take new members. Whoever invites may add people to all of them, and sees them all in the list.
 * @param {Offered[]} listed
 * @returns {Offered[]} by name
 */
export function roomsToOffer(listed) {
  return listed.filter(({ id, archived }) => id !== LOBBY && !archived).sort((a, b) => a.name.localeCompare(b.name));
}

/** @param {string} name @param {string} query */
export const hasLetters = (name, query) => name.toLocaleLowerCase().includes(query.toLocaleLowerCase());
