/* The filter of the audit. Other pages link to the audit with their own filter. */
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

/** The filter as fields of the request. @param {AuditFilter} filter */
export const fieldsOf = ({ actor, user, room, verb }) => ({
  ...(actor && { actor: actor.id }),
  ...(user && { user: user.id }),
  ...(room && { room: room.id }),
  ...(verb && { verb }),
});
