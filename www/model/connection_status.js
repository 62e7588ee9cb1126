/* What the banner says about the connection, and when it says anything. Pure. */
import { plural } from '../lib/text.js';

/** A shorter interruption is not shown. */
export const GRACE_MS = 5_000;

/** @type {Record<import('./reconnect.js').Cause, string>} */
const WHY = {
  lost: 'The connection was lost.',
  unreachable: "Can't reach the server.",
  restart: 'The server is restarting.',
  flood: 'You were disconnected for sending too fast.',
  slow: 'Your connection is too slow.',
  crowded: 'Too many connections from your network.',
  full: 'The server is full right now.',
  too_big: 'A message was too long for the server.',
  failed: 'Something went wrong with the connection.',
};

/** Causes that the reader should learn at once. */
const AT_ONCE = new Set(['flood', 'crowded', 'full']);

/**
 * @typedef {object} ConnectionStatus
 * @property {string} text the reason, and how many messages wait. Does not change from try to try.
 * @property {string} progress the next try; changes every second
 */

/**
 * @param {object} facts
 * @param {import('../net/connection.js').ConnectionState} facts.state
 * @param {import('./reconnect.js').Cause | null} facts.cause
 * @param {number | null} facts.downSince null when all is well
 * @param {number | null} facts.retryAt
 * @param {boolean} facts.online what the browser knows of its network
 * @param {number} facts.queued messages that wait
 * @param {number} facts.now
 * @returns {ConnectionStatus | null} null: nothing to say
 */
export function connectionStatus({ state, cause, downSince, retryAt, online, queued, now }) {
  if (downSince === null || state === 'stopped') return null;
  const urgent = cause !== null && AT_ONCE.has(cause);
  if (!urgent && now - downSince < GRACE_MS) return null;
  const wait_s = Math.max(Math.ceil(((retryAt ?? now) - now) / 1000), 0);
  return {
    text: why(state, cause, online) + (queued ? ` ${plural(queued, 'message')} waiting.` : ''),
    progress: state === 'waiting' ? `Retrying in ${wait_s} s.` : state === 'connecting' ? 'Retrying now…' : '',
  };
}

/**
 * @param {import('../net/connection.js').ConnectionState} state
 * @param {import('./reconnect.js').Cause | null} cause
 * @param {boolean} online
 */
function why(state, cause, online) {
  if (state === 'open') return 'Reconnected. Catching up…';
  if (!online) return "You're offline.";
  return cause ? WHY[cause] : "Can't reach the server yet.";
}
