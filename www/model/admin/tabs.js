/* Which pages of the administration a user can open. Pure. */
import { may } from '../permissions.js';

/**
 * The permission that each page needs.
 * @type {Record<string, Parameters<typeof may>[0]>}
 */
const NEEDS = {
  people: 'set_role',
  invitations: 'invites',
  rooms: 'set_room_role',
  bans: 'bans',
  reports: 'reports',
  audit: 'audit',
  settings: 'settings',
};

/** @typedef {import('../permissions.js').Facts} Facts */

/**
 * @param {Facts['me']} me
 * @param {Iterable<NonNullable<Facts['room']>>} rooms of the user: a moderator of one of them handles its reports
 * @returns {string[]} in the order of the navigation
 */
export function tabsFor(me, rooms) {
  return Object.keys(NEEDS).filter(
    (tab) => may(NEEDS[tab], { me }) || (tab === 'reports' && mayHandleReports(me, rooms)),
  );
}

/**
 * @param {Facts['me']} me
 * @param {Iterable<NonNullable<Facts['room']>>} rooms
 */
export function mayHandleReports(me, rooms) {
  return may('reports', { me }) || [...rooms].some((room) => may('reports', { me, room }));
}
