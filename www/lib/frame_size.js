/* How much longer a message may become before the server refuses it. Pure. */
import { asSent, utf8Length } from './text.js';

/** A frame can be this much longer than the longest body: for the other fields, and for JSON's backslashes. */
const SLACK_BYTES = 4096;
/** Room for the other fields. */
const REST_BYTES = 256;

/**
 * @param {string} text
 * @param {number} most bytes of a body
 * @returns {number} bytes; below zero when it is too long already
 */
export function roomLeft(text, most) {
  const body = asSent(text);
  return Math.min(most - utf8Length(body), most + SLACK_BYTES - REST_BYTES - utf8Length(JSON.stringify(body)));
}
