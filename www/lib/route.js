/* The URL names the room: /room/NAME. */

/** @param {string} roomName */
export function pathOf(roomName) {
  return `/room/${encodeURIComponent(roomName)}`;
}

/**
 * @param {string} path
 * @returns {string | null} the room's name; null when the path names none
 */
export function roomIn(path) {
  const match = /^\/room\/([^/]+)\/?$/.exec(path);
  if (!match) return null;
  try {
    return decodeURIComponent(match[1]);
  } catch {
    return null;
  }
}
