/* When the reader can post in a room again: in slow mode, a member has to wait between two messages. Pure. */
import { moderates } from './permissions.js';

/**
 * @param {object} facts
 * @param {import('./room.js').Room} facts.room
 * @param {import('../lib/protocol.js').PersonInfo | null} facts.me
 * @param {import('./outbox.js').Pending[]} facts.pending of this room
 * @param {number} facts.ahead_ms how far the server's clock is ahead of ours
 * @returns {number} by our clock; 0: no wait
 */
export function slowUntil({ room, me, pending, ahead_ms }) {
  if (!room.slowSeconds || moderates(me, room)) return 0;
  const { events } = room.timeline;
  const last = events.findLast((event) => event.type === 'message' && event.author.id === me?.id);
  const sentAt = last ? last.at - ahead_ms : 0;
  const writtenAt = Math.max(0, ...pending.filter(({ state }) => state !== 'failed').map(({ at }) => at));
  const latest = Math.max(sentAt, writtenAt);
  return latest ? latest + room.slowSeconds * 1000 : 0;
}
