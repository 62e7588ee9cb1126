/* What the banner says about the connection, and when it says anything. Pure. */
import { plural } from '../lib/text.js';

/** A shorter interruption is not shown. */
export const GRACE_MS = 5_000;

/** @type {Record<import('./reconnect.js').Cause, string>} */
const WHY = {
  lost: 'The connection was lost.',
  unreachable: 'The server cannot be reached.',
  restart: 'The server is restarting.',
  flood: 'You were cut off for sending too fast.',
  slow: 'This connection could not keep up.',
  crowded: 'There are too many connections from your network.',
  full: 'The server is full at the moment.',
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
  const waits = queued === 1 ? 'waits' : 'wait';
  return {
    text: why(state, cause, online) + (queued ? ` ${plural(queued, 'message')} ${waits} to be sent.` : ''),
    progress: state === 'waiting' ? `Next try in ${wait_s} s.` : state === 'connecting' ? 'Trying now…' : '',
  };
}

/**
 * @param {import('../net/connection.js').ConnectionState} state
 * @param {import('./reconnect.js').Cause | null} cause
 * @param {boolean} online
 */
function why(state, cause, online) {
  if (state === 'open') return 'Connected again. Fetching what you missed…';
  if (!online) return 'You are offline.';
  return cause ? WHY[cause] : 'The server does not answer yet.';
}
