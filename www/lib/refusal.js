/* Why a request failed, whatever the cause, in one form: a code for programs and a sentence for people. Pure. */
import { plural } from './text.js';

/** @typedef {{ code: string, message: string, retryAfterMs: number | null }} Reason */

/** What is wrong with one field of a form. @typedef {{ field: string, code: string, message: string }} Fault */

/** The server could not be reached, or did not answer. */
export const UNREACHABLE = 'unreachable';

/** A shorter wait is not mentioned. */
const WORTH_SAYING_MS = 3_000;

/**
 * @param {unknown} error what a call over HTTP (ApiError), a request over the live connection (an `error` frame, or null when
 *   there was no connection), or anything else has rejected with
 * @returns {Reason}
 */
export function reasonOf(error) {
  if (isReasonable(error)) {
    const retryAfterMs = error.retryAfterMs ?? error.retry_after_ms ?? null;
    return { code: error.code, message: error.message + waiting(retryAfterMs), retryAfterMs };
  }
  if (error === null)
    return {
      code: UNREACHABLE,
      message: "You're not connected right now. Try again in a moment.",
      retryAfterMs: null,
    };
  return {
    code: 'failed',
    message: error instanceof Error ? error.message : 'Something went wrong.',
    retryAfterMs: null,
  };
}

/**
 * All problems with the fields of a form that the server names.
 * @param {unknown} error
 * @returns {Fault[]}
 */
export function faultsOf(error) {
  return isReasonable(error) && Array.isArray(error.faults) ? error.faults : [];
}

/**
 * Was it refused for this reason?
 * @param {unknown} error
 * @param {string} code
 */
export function isRefusal(error, code) {
  return isReasonable(error) && error.code === code;
}

/**
 * @param {unknown} error
 * @returns {error is { code: string, message: string, retryAfterMs?: number | null, retry_after_ms?: number, faults?: Fault[] }}
 */
function isReasonable(error) {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string' &&
    'message' in error
  );
}

/** @param {number | null} ms */
function waiting(ms) {
  if (ms === null || ms < WORTH_SAYING_MS) return '';
  const seconds = Math.ceil(ms / 1000);
  return ` (${seconds < 100 ? plural(seconds, 'second') : plural(Math.ceil(seconds / 60), 'minute')})`;
}
