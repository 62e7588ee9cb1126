/* The few things that are asked over HTTP: who this browser is, and taking a name. */

/** @typedef {import('../lib/protocol.js').User} User */

/** An unanswered request is given up after this. */
const PATIENCE_MS = 10_000;

/** The server said no, with its reason for people. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** @returns {Promise<User | null>} null: nobody yet. Rejects with an ApiError, or a TypeError when there is no server. */
export async function fetchMe() {
  const response = await fetch('/api/v1/me', { signal: AbortSignal.timeout(PATIENCE_MS), cache: 'no-store' });
  if (response.status === 401) return null;
  return userIn(response);
}

/**
 * Becomes a guest of that name, or takes another name.
 * @param {string} name
 * @returns {Promise<User>} rejects likewise
 */
export async function takeName(name) {
  const response = await fetch('/api/v1/guest', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  return userIn(response);
}

/** @param {Response} response */
async function userIn(response) {
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(response.status, answer?.error?.message ?? `The server answered ${response.status}.`);
  return /** @type {User} */ (answer.user);
}
