/* What src/proto/README.md says about who may do what, written down once more and apart from the program: the table as
 * it is printed there, and the sentences around it as code. */
import { VERBS } from '../../cmake/verbs.mjs';
import { PERMISSIONS } from './documented.mjs';

/** The roles in their order, and those that go with an account. */
export const ROLES = ['visitor', 'guest', 'member', 'moderator', 'admin', 'owner'];
export const ACCOUNT_ROLES = ROLES.slice(2);
export const rank = (role) => (role === 'never' ? Infinity : ROLES.indexOf(role));
export const hasAccount = (role) => rank(role) >= rank('member');

const COLUMNS = ['anywhere', 'asMember', 'asModerator', 'oneself'];
/** What a direct conversation does not have: a name, settings, members who come and go, moderators. */
const NOT_IN_DIRECT = new Set(VERBS.filter(({ flags }) => flags.has('NOT_IN_DIRECT')).map(({ name }) => name));

/** These name no room; or a room that may be one that the asker does not see. */
const UNSEEN = new Set(
  VERBS.filter(({ needs, takes, flags }) => ![...needs, ...takes].includes('ROOM') || flags.has('KEEPS_SECRET')).map(
    ({ name }) => name,
  ),
);

/** Whether a room is there for somebody. */
function sees({ role, kind, standing }) {
  if (standing !== 'none' || kind === 'open') return true;
  return kind === 'announcement' && hasAccount(role);
}

/** What an admin may do in a closed room without being a member: where "anywhere" says moderator or admin. */
function managesFromOutside(row, { role, kind }) {
  return kind === 'closed' && rank(role) >= rank('admin') && ['moderator', 'admin'].includes(row.anywhere);
}

/** What no table tells: why a request that the table allows is refused all the same; or `ok`. */
function beyondTheTable({ request, role, kind, standing, relation, targetRole }) {
  const isSelf = relation === 'self';
  const moderates = standing === 'moderator' || rank(role) >= rank('moderator');
  const hides = request === 'remove_member' && relation === 'self'; // which is what leaving is there
  if (kind === 'direct' && NOT_IN_DIRECT.has(request) && !hides) return 'forbidden';
  if (request === 'send' && kind === 'announcement' && !moderates) return 'locked';
  if (request === 'delete' && !isSelf && !moderates) return 'forbidden';
  if (request === 'ban' && (isSelf || targetRole === 'owner')) return 'forbidden';
  if (request === 'block' && isSelf) return 'invalid';
  if (request === 'set_role' && isSelf && role !== 'owner') return 'forbidden';
  if (request === 'set_room_role' && isSelf && standing === 'none') return 'not_found'; // they have none there
  return 'ok';
}

/**
 * `ok`, or the code of the refusal.
 * @param {object} c a case: `request` of somebody of this `role`; where it is about a room, its `kind` and their
 *   `standing` in it (none, member, moderator); where it is about a user or a message, whose, as `relation` (self, or
 *   anything else) and `targetRole`
 */
export function expected(c) {
  const row = PERMISSIONS.get(c.request);
  const may = (column) => rank(c.role) >= rank(row[column]);
  if (!hasAccount(c.role) && COLUMNS.every((column) => rank(row[column]) >= rank('member'))) return 'unauthorized';
  if (c.kind && !UNSEEN.has(c.request) && !sees(c) && !managesFromOutside(row, c)) return 'not_found';
  const isSelf = c.relation === 'self';
  const allowed =
    may('anywhere') ||
    (c.standing && c.standing !== 'none' && may('asMember')) ||
    (c.standing === 'moderator' && may('asModerator')) ||
    (isSelf && may('oneself'));
  if (!allowed) return c.standing === 'none' && may('asMember') ? 'not_a_member' : 'forbidden';
  if (row.lowerOnly && c.relation && !isSelf && c.role !== 'owner') {
    const own = c.standing === 'moderator' ? Math.max(rank(c.role), rank('moderator')) : rank(c.role);
    if (own <= rank(c.targetRole)) return 'forbidden';
  }
  return beyondTheTable(c);
}
