/* Which pages of the administration somebody may use. Pure. */
import { may } from '../permissions.js';

/**
 * What one has to be allowed to do for a page to be of use.
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
 * @param {Iterable<NonNullable<Facts['room']>>} rooms those that one belongs to: who moderates one of them handles its reports
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
