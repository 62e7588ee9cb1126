/* What a moderator does about a report. Pure. */
import { listNames } from '../../lib/text.js';
import { may, mayDelete } from '../permissions.js';
import { mayDoTo } from './roles.js';

/** @typedef {import('../../lib/protocol.js').ReportInfo} ReportInfo */
/** @typedef {{ id: number, role?: import('../../lib/protocol.js').Role }} Somebody */

/**
 * The actions that a moderator has. Only members know the room; an empty name means a direct conversation between
 * others.
 * @param {ReportInfo} report
 * @param {{ me: Somebody | null, room: import('../permissions.js').Facts['room'], author: Somebody }} facts `author`: with the role, if it is
 *   known
 */
export function remediesFor(report, { me, room, author }) {
  const isOwn = author.id === me?.id;
  const isBetweenOthers = report.room_name === '' && !room;
  return {
    delete: report.body !== '' && !isBetweenOthers && mayDelete(author, { me, room }),
    mute: !isOwn && !isBetweenOthers && may('mute', { me, room, target: author }),
    ban: mayDoTo('ban', me, author),
  };
}

/**
 * The suggested outcome: what was just done.
 * @param {string[]} done in the past tense, in order
 */
export function outcomeOf(done) {
  const text = listNames([...new Set(done)], done.length);
  return text && `${text[0].toUpperCase()}${text.slice(1)}.`;
}
