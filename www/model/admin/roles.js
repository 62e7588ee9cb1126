/* Roles as people say them, and who may give which. Pure. */
import { hasAccount, may, rankOf } from '../permissions.js';

/** @typedef {import('../../lib/protocol.js').Role} Role */

/** @type {Record<Role, string>} */
export const ROLE_NAMES = {
  visitor: 'Visitor',
  guest: 'Guest',
  member: 'Member',
  moderator: 'Moderator',
  admin: 'Admin',
  owner: 'Owner',
  system: 'Command line',
};

/** What each may do beyond the one before it. @type {{ role: Role, about: string }[]} */
export const ROLES = [
  { role: 'member', about: 'Writes, makes rooms, invites others into rooms.' },
  { role: 'moderator', about: 'Also looks after all listed rooms: deletes messages, mutes, bans, handles reports.' },
  { role: 'admin', about: 'Also invites people to the place, gives roles, makes password links, reads the audit.' },
  { role: 'owner', about: 'May do everything, and change the place itself.' },
];

/** Who gets these can do much harm: it is asked once more. @param {Role} role */
export const isPowerful = (role) => role === 'admin' || role === 'owner';

/**
 * The roles that one may give somebody: all of them as an owner, otherwise those below one's own, to people below oneself.
 * @param {{ id: number, role?: Role } | null} me
 * @param {{ id: number, role?: Role }} target
 * @returns {Role[]} without the one that they have; empty: none
 */
export function rolesToGive(me, target) {
  const isOwner = me?.role === 'owner';
  if (!hasAccount(target) || !may('set_role', { me, target }) || (target.id === me?.id && !isOwner)) return [];
  return ROLES.map(({ role }) => role).filter(
    (role) => role !== target.role && (isOwner || rankOf({ role }) < rankOf(me)),
  );
}

/**
 * What else one may do to somebody.
 * @param {'ban' | 'unban' | 'create_reset'} verb
 * @param {{ id: number, role?: Role } | null} me
 * @param {{ id: number, role?: Role }} target
 */
export function mayDoTo(verb, me, target) {
  if (target.id === me?.id || target.role === 'system') return false;
  return may(verb, { me, target }) && (verb !== 'create_reset' || hasAccount(target));
}
