/* Whether invitations are still valid. Pure. */
/** @typedef {import('../../lib/protocol.js').InviteInfo} InviteInfo */
/** @typedef {'valid' | 'used up' | 'expired' | 'revoked'} InviteState */

/** Bytes of a label, as on the server: proto/request.h. */
export const INVITE_LABEL_MAX = 100;

/** Rooms that one invitation can lead to, as on the server: proto/fields.h. */
export const INVITE_ROOMS_MAX = 20;

/**
 * @param {InviteInfo} invite
 * @param {number} now
 * @returns {InviteState}
 */
export function stateOf({ revoked, expires_ms, max_uses, uses }, now) {
  if (revoked) return 'revoked';
  if (max_uses > 0 && uses >= max_uses) return 'used up';
  return expires_ms > 0 && expires_ms <= now ? 'expired' : 'valid';
}

/** @param {InviteInfo} invite */
export function usesOf({ uses, max_uses }) {
  if (max_uses) return `used by ${uses.toLocaleString()} of ${max_uses.toLocaleString()}`;
  return uses ? `used by ${uses.toLocaleString()}` : 'not used yet';
}

/**
 * Checks the field for the number of uses.
 * @param {string} text empty: no limit
 * @returns {string | undefined} what is wrong with it
 */
export function checkUses(text) {
  if (text && !/^[1-9]\d{0,5}$/.test(text)) return 'Enter a whole number, or leave empty for no limit.';
}

/**
 * The request for the values of the form.
 * @param {{ label: string, uses: string, expires_ms: number, rooms: number[] }} fields
 */
export const requestOf = ({ label, uses, expires_ms, rooms }) => ({
  type: 'create_invite',
  label,
  expires_ms,
  max_uses: Number(uses) || 0,
  rooms,
});
