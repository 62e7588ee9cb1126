/* Why a connection ended, and how long to wait before the next try. Pure. */

export const SHORTEST_MS = 500;
export const LONGEST_MS = 30_000;
/** The wait after being disconnected for flooding. */
const FLOOD_MS = 10_000;
/** A connection that lasts this long counts as a success: the waiting times start again from the shortest. */
export const STABLE_MS = 5_000;

/** @typedef {'lost' | 'unreachable' | 'restart' | 'flood' | 'slow' | 'crowded' | 'full' | 'too_big' | 'failed'} Cause */

/**
 * Has the server ended our session?
 * @param {{ code: number, reason: string }} end the close frame's
 * @returns {'session_ended' | 'banned' | null} null: we can connect again
 */
export function signedOutReasonOfClose({ code, reason }) {
  if (code !== 1008) return null;
  if (reason === 'session ended') return 'session_ended';
  return reason === 'banned' ? 'banned' : null;
}

/**
 * @param {object} end
 * @param {number} end.code the close code
 * @param {boolean} end.welcomed whether there had been a welcome
 * @param {boolean} end.bye whether the server had announced it
 * @returns {Cause}
 */
export function causeOfClose({ code, welcomed, bye }) {
  if (bye || code === 1012) return 'restart';
  if (code === 1008) return 'flood';
  if (code === 1013) return 'slow';
  if (code === 1009) return 'too_big';
  if (code === 1011 || code === 1002 || code === 1007) return 'failed';
  return welcomed ? 'lost' : 'unreachable';
}

/**
 * @param {{ status: number, code: string }} answer an HTTP answer that was an error
 * @returns {Cause}
 */
export function causeOfAnswer({ status, code }) {
  if (code === 'starting' || code === 'shutting_down') return 'restart';
  if (status === 429) return 'crowded';
  if (status === 503) return 'full';
  return 'unreachable';
}

/**
 * Random, below an exponential limit: a thousand pages that lose their server together must not come back together.
 * @param {object} after
 * @param {number} after.attempt tries since the last success, from 0
 * @param {Cause} after.cause
 * @param {number} after.random from 0 to 1
 * @param {number | null} after.asked_ms the wait that the server gave in `bye`, which differs for each client
 */
export function delayBefore({ attempt, cause, random, asked_ms }) {
  if (asked_ms !== null) return Math.min(Math.max(asked_ms, 0), LONGEST_MS);
  const longest = Math.min(SHORTEST_MS * 2 ** (attempt + 1), LONGEST_MS);
  const delay = SHORTEST_MS + random * (longest - SHORTEST_MS);
  return cause === 'flood' ? Math.max(delay, FLOOD_MS) : delay;
}
