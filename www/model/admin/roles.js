/* The names of roles, and who can give which. Pure. */
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

/** What each role can do beyond the one before it. @type {{ role: Role, about: string }[]} */
export const ROLES = [
  { role: 'member', about: 'Can post, create rooms and add people.' },
  { role: 'moderator', about: 'Also moderates all listed rooms: deletes messages, mutes, bans, resolves reports.' },
  { role: 'admin', about: 'Also invites people, changes roles, creates password reset links, views the audit log.' },
  { role: 'owner', about: 'Full access, including workspace settings.' },
];

/** These roles can do much harm: giving them needs a confirmation. @param {Role} role */
export const isPowerful = (role) => role === 'admin' || role === 'owner';

/**
 * The roles that a user can give another: an owner all of them, others those below their own, to users below
 * themselves.
 * @param {{ id: number, role?: Role } | null} me
 * @param {{ id: number, role?: Role }} target
 * @returns {Role[]} without the target's present role; empty: none
 */
export function rolesToGive(me, target) {
  const isOwner = me?.role === 'owner';
  if (!hasAccount(target) || !may('set_role', { me, target }) || (target.id === me?.id && !isOwner)) return [];
  return ROLES.map(({ role }) => role).filter(
    (role) => role !== target.role && (isOwner || rankOf({ role }) < rankOf(me)),
  );
}

/**
 * Whether a user can do this to another.
 * @param {'ban' | 'unban' | 'create_reset'} verb
 * @param {{ id: number, role?: Role } | null} me
 * @param {{ id: number, role?: Role }} target
 */
export function mayDoTo(verb, me, target) {
  if (target.id === me?.id || target.role === 'system') return false;
  return may(verb, { me, target }) && (verb !== 'create_reset' || hasAccount(target));
}
