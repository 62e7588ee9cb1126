/* What of the audit one looks at. Other pages lead there with a filter of their own. */
import { signal } from '@preact/signals';

/** @typedef {import('../../lib/protocol.js').User} User */
/** @typedef {{ actor: User | null, user: User | null, room: { id: number, name: string } | null, verb: string }} AuditFilter */

/** @type {AuditFilter} */
export const EVERYTHING = { actor: null, user: null, room: null, verb: '' };

export const filter = signal(EVERYTHING);

/** @param {Partial<AuditFilter>} wanted and nothing else */
export function lookUp(wanted) {
  filter.value = { ...EVERYTHING, ...wanted };
}

/** As the request's fields. @param {AuditFilter} filter */
export const fieldsOf = ({ actor, user, room, verb }) => ({
  ...(actor && { actor: actor.id }),
  ...(user && { user: user.id }),
  ...(room && { room: room.id }),
  ...(verb && { verb }),
});
