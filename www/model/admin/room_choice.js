/* Which rooms an invitation can lead to. Pure. */

/** Everyone is a member of it from the start. As on the server. */
const LOBBY = 1;

/** @typedef {{ id: number, name: string, kind?: import('../../lib/protocol.js').RoomKind, archived: boolean }} Offered */

/**
 * Rooms that new members can be added to. Admins, who make invitations, see all of them in the list.
 * @param {Offered[]} listed
 * @returns {Offered[]} by name
 */
export function roomsToOffer(listed) {
  return listed.filter(({ id, archived }) => id !== LOBBY && !archived).sort((a, b) => a.name.localeCompare(b.name));
}

/** @param {string} name @param {string} query */
export const hasLetters = (name, query) => name.toLocaleLowerCase().includes(query.toLocaleLowerCase());
