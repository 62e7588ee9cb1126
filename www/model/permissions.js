/* Who may do what: which actions the page offers. The server decides, by the same rules: see "Who may do what" in
 * src/proto/README.md. Pure. */
import { RULES } from './verb_rules.js';

/** @typedef {import('../lib/protocol.js').Role} Role */

/** From the least to the most. @type {Role[]} */
const ROLES = ['visitor', 'guest', 'member', 'moderator', 'admin', 'owner', 'system'];

/**
 * The least role that is allowed: anywhere; as a member of the room; as its moderator; about oneself. `lower`: about
 * others, only if their role is lower. `notInDirect`: it manages a room, which a direct conversation is not.
 * @typedef {{ anywhere?: Role, member?: Role, moderator?: Role, self?: Role, lower?: boolean,
 *   notInDirect?: boolean }} Rule
 */

/** @param {{ role?: Role } | null | undefined} person */
export const rankOf = (person) => ROLES.indexOf(person?.role ?? 'visitor');

/** @param {{ role?: Role } | null} person somebody with an account, not a guest */
export const hasAccount = (person) => rankOf(person) >= rankOf({ role: 'member' });

/**
 * @typedef {object} Facts
 * @property {{ id: number, role?: Role } | null} me
 * @property {{ kind: string, membership: { role: string } | null } | null} [room] that it is about
 * @property {{ id: number, role?: Role } | null} [target] user that it is about
 */

/**
 * @param {import('./verb_rules.js').Verb} verb
 * @param {Facts} facts
 * @returns {boolean}
 */
export function may(verb, { me, room = null, target = null }) {
  const { anywhere, member, moderator, self, lower, notInDirect } = RULES[verb];
  if (!me || (notInDirect && room?.kind === 'direct')) return false;
  const rank = rankOf(me);
  const atLeast = (/** @type {Role | undefined} */ role) => role !== undefined && rank >= ROLES.indexOf(role);
  const isSelf = target !== null && target.id === me.id;
  const isMember = room !== null && (room.membership !== null || (!hasAccount(me) && room.kind === 'open'));
  const isAllowed =
    atLeast(isOutside(room) && anywhere === 'moderator' ? 'admin' : anywhere) ||
    (isMember && atLeast(member)) ||
    (room?.membership?.role === 'moderator' && atLeast(moderator)) ||
    (isSelf && atLeast(self));
  return isAllowed && !(lower && target && !isSelf && !outranks(me, target, room));
}

/**
 * May this message be deleted?
 * @param {{ id: number }} author
 * @param {Facts} facts
 */
export function mayDelete(author, { me, room = null }) {
  if (!me) return false;
  if (author.id === me.id) return may('delete', { me, room });
  return room?.kind !== 'direct' && moderates(me, room);
}

/**
 * Whether the user is a moderator of the room, or of the workspace.
 * @param {Facts['me']} me
 * @param {NonNullable<Facts['room']> | null} room
 */
export function moderates(me, room) {
  return rankOf(me) >= rankOf({ role: 'moderator' }) || room?.membership?.role === 'moderator';
}

/**
 * Why a user cannot post in a room.
 * @param {NonNullable<Facts['room']> & { archived: boolean, locked: boolean }} room
 * @param {Facts['me']} me
 * @returns {'archived' | 'not_a_member' | 'locked' | 'announcement' | null}
 */
export function whyNotWrite(room, me) {
  if (room.archived) return 'archived';
  if (!may('send', { me, room })) return 'not_a_member';
  if (moderates(me, room)) return null;
  if (room.locked) return 'locked';
  return room.kind === 'announcement' ? 'announcement' : null;
}

/**
 * A private room without a membership: workspace moderators have no permissions there, and admins cannot read it.
 * @param {Facts['room']} room
 */
export function isOutside(room) {
  return room?.kind === 'closed' && room.membership === null;
}

/**
 * In a room, its moderators rank like workspace moderators; an owner outranks everyone.
 * @param {NonNullable<Facts['me']>} me
 * @param {NonNullable<Facts['target']>} target
 * @param {NonNullable<Facts['room']> | null} room
 */
function outranks(me, target, room) {
  const rank =
    room?.membership?.role === 'moderator' ? Math.max(rankOf(me), rankOf({ role: 'moderator' })) : rankOf(me);
  return rank > rankOf(target) || rank >= rankOf({ role: 'owner' });
}
