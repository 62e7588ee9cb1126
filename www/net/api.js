/* Requests over HTTP: who this browser is, what sets its cookies, and what comes before there is a live connection.
 *
 * Lists and the verbs of the chat (send, rename, ban, create_invite, ...) go over the live connection instead, through
 * Connection.requestWhenOpen() in connection.js: their answers are in order with the events, and they need no cookie of
 * their own. `call` can send them as well. The page needs that for a picture, which is too long for a frame, and for
 * requests that need the password. */
import { UNREACHABLE } from '../lib/refusal.js';

/** @typedef {import('../lib/protocol.js').PersonInfo} PersonInfo */
/** @typedef {import('../lib/protocol.js').Place} Place */
/** @typedef {import('../lib/protocol.js').Me} Me */
/** @typedef {import('../lib/protocol.js').Invitation} Invitation */

/** A request without an answer fails after this. A sign-in can have to wait for others. */
const PATIENCE_MS = 20_000;

/** The server refused, with a code for programs and a sentence for people; or it could not be reached: then the status
 * is 0. */
export class ApiError extends Error {
  /**
   * @param {number} status of HTTP; 0: no answer came
   * @param {{ code?: string, message?: string, retry_after_ms?: number, faults?: import('../lib/refusal.js').Fault[] }} [said]
   */
  constructor(
    status,
    {
      code = `http_${status}`,
      message = `Unexpected answer from the server (${status}).`,
      retry_after_ms,
      faults = [],
    } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retry_after_ms ?? null;
    this.faults = faults;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<any>} the JSON of the answer; null for an empty answer. Rejects with an ApiError
 */
async function request(path, options) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...options,
    });
  } catch {
    throw new ApiError(0, { code: UNREACHABLE, message: "Can't reach the server. Try again in a moment." });
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(response.status, answer?.error);
  return answer;
}

/**
 * POST /api/v1/NAME. Fields that are undefined are left out.
 * @param {string} name
 * @param {Record<string, unknown>} [fields]
 * @returns {Promise<any>} rejects with an ApiError
 */
export function call(name, fields = {}) {
  return request(name, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(fields),
  });
}

/** What is public about this workspace. @returns {Promise<Place>} */
export const place = async () => (await request('place')).place;

/** Who this browser is. @returns {Promise<Me>} rejects with status 401: nobody; 403 `banned`; 503 `not_set_up` */
export const me = () => request('me');

/**
 * An invitation, before it is used.
 * @param {string} code
 * @returns {Promise<Invitation>}
 */
export const invite = async (code) => (await request(`invite?code=${encodeURIComponent(code)}`)).invite;

/**
 * A link to a new password, before it is used.
 * @param {string} code
 * @returns {Promise<{ valid: boolean, name?: string }>} whose password it changes
 */
export const reset = async (code) => (await request(`reset?code=${encodeURIComponent(code)}`)).reset;

/**
 * Makes the owner's account, and signs in.
 * @param {{ name: string, password: string, display_name?: string, place?: string }} fields
 * @returns {Promise<PersonInfo>}
 */
export const setup = async (fields) => (await call('setup', fields)).user;

/**
 * @param {{ name: string, password: string, code?: string }} fields `code`: the second factor, or a recovery code
 * @returns {Promise<PersonInfo>} rejects with `wrong_password`, `totp_required`, `banned`, `rate_limited`
 */
export const signIn = async (fields) => (await call('sign_in', fields)).user;

/**
 * If this browser has a guest, the guest becomes the account and keeps their messages.
 * @param {{ name: string, password: string, display_name?: string, invite?: string }} fields
 * @returns {Promise<PersonInfo>}
 */
export const signUp = async (fields) => (await call('sign_up', fields)).user;

/** @returns {Promise<null>} */
export const signOut = () => call('sign_out');

/**
 * With the code of a one-time link.
 * @param {{ code: string, password: string }} fields
 * @returns {Promise<null>}
 */
export const useReset = (fields) => call('use_reset', fields);

/**
 * Ends all other sessions.
 * @param {{ current: string, password: string }} fields
 * @returns {Promise<null>}
 */
export const setPassword = (fields) => call('set_password', fields);

/**
 * @param {string} avatar base64 of a PNG, JPEG or WebP of at most 64 KiB; "" removes the picture
 * @returns {Promise<unknown>}
 */
export const setAvatar = (avatar) => call('set_profile', { avatar });

/**
 * A secret for an authenticator; nothing is stored until confirmTotp.
 * @returns {Promise<{ secret: string, uri: string }>}
 */
export const startTotp = () => call('start_totp');

/**
 * @param {{ password: string, secret: string, code: string }} fields
 * @returns {Promise<string[]>} recovery codes; the server gives them only this once
 */
export const confirmTotp = async (fields) => (await call('confirm_totp', fields)).recovery_codes;

/**
 * @param {{ password: string }} fields
 * @returns {Promise<null>}
 */
export const stopTotp = (fields) => call('stop_totp', fields);

/**
 * @param {{ name: string, scope: string, expires_ms: number, current?: string }} fields `current`: the password
 * @returns {Promise<string>} the token; the server gives it only this once. Rejects with `wrong_password`
 */
export const createToken = async (fields) => (await call('create_token', fields)).token;

/**
 * @param {{ user: number, current?: string }} fields `current`: one's own password
 * @returns {Promise<string>} the code of a one-time link to a new password; rejects with `wrong_password`
 */
export const createReset = async (fields) => (await call('create_reset', fields)).code;

/**
 * Becomes a guest with that name, or renames the guest.
 * @param {string} name
 * @returns {Promise<PersonInfo>}
 */
export const takeGuestName = async (name) => (await call('guest', { name })).user;

/** The guest's cookie is forgotten. @returns {Promise<null>} */
export const forgetGuest = () => request('guest', { method: 'DELETE' });
