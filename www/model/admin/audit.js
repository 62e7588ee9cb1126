/* Audit entries in words. Pure. */
import { listNames, plural } from '../../lib/text.js';

/** @typedef {import('../../lib/protocol.js').AuditEntry} AuditEntry */

/** The verbs of the audit, in the order of the filter. @type {Record<string, string>} */
export const VERBS = {
  ban: 'Banned',
  unban: 'Unbanned',
  mute: 'Muted in a room',
  delete: 'Deleted a message',
  handle_report: 'Resolved a report',
  set_role: 'Changed a role',
  set_room_role: 'Changed a room role',
  add_member: 'Added to a room',
  remove_member: 'Removed from a room',
  answer_request: 'Answered a request to join',
  create_room: 'Created a room',
  rename_room: 'Renamed a room',
  edit_room: 'Changed a room',
  archive_room: 'Archived or unarchived a room',
  create_invite: 'Created an invitation',
  edit_invite: 'Labelled an invitation',
  revoke_invite: 'Revoked an invitation',
  create_reset: 'Created a password reset link',
  use_reset: 'Used a password reset link',
  rename: 'Changed their username',
  set_password: 'Changed their password',
  confirm_totp: 'Turned on two-factor authentication',
  stop_totp: 'Turned off two-factor authentication',
  create_token: 'Created an access token',
  revoke_token: 'Revoked an access token',
  end_session: 'Ended a session',
  end_other_sessions: 'Ended all other sessions',
  sign_up: 'Signed up',
  setup: 'Set up the workspace',
  set_place: 'Changed workspace settings',
};

/** @param {string} verb */
export const verbName = (verb) => VERBS[verb] ?? inWords(verb);

/** Names of details, where the key itself is not clear. @type {Record<string, string>} */
const KEYS = {
  until_ms: 'until',
  expires_ms: 'expires',
  max_uses: 'uses',
  hide: 'messages hidden',
  require_totp: 'two-factor for admins',
  slow_s: 'slow mode',
  accept: 'accepted',
};

/** @typedef {{ key: string, value: string }} Detail */

/**
 * @typedef {object} Words
 * @property {(at: number) => string} moment
 * @property {string} endless of something without an end
 */

/**
 * @param {Pick<AuditEntry, 'verb' | 'detail'>} entry
 * @param {(at: number) => string} moment a time in words
 * @returns {Detail[]}
 */
export function detailsOf({ verb, detail }, moment) {
  /* A ban without an end is permanent; a mute without one has been ended. */
  return partsOf(detail, { moment, endless: verb === 'mute' ? 'unmuted' : 'permanent' });
}

/**
 * @param {Record<string, unknown>} detail
 * @param {Words} words
 * @returns {Detail[]}
 */
function partsOf(detail, words) {
  return Object.entries(detail)
    .map(([key, value]) => ({ key: KEYS[key] ?? inWords(key), value: valueOf(key, value, words) }))
    .filter(({ value }) => value !== '');
}

/**
 * @param {string} key
 * @param {unknown} value
 * @param {Words} words
 * @returns {string} "": there is nothing to say
 */
function valueOf(key, value, words) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return numberOf(key, value, words);
  if (typeof value === 'string') return value;
  if (Array.isArray(value))
    return listNames(
      value.map((item) => valueOf('', item, words)),
      value.length,
    );
  const { display_name, name } = /** @type {{ display_name?: unknown, name?: unknown }} */ (value);
  if (typeof name === 'string') return typeof display_name === 'string' && display_name ? display_name : name;
  return partsOf(/** @type {Record<string, unknown>} */ (value), words)
    .map((part) => `${part.key} ${part.value}`)
    .join(', ');
}

/**
 * @param {string} key
 * @param {number} value
 * @param {Words} words
 */
function numberOf(key, value, { moment, endless }) {
  if (key === 'until_ms') return value ? moment(value) : endless;
  if (key === 'expires_ms') return value ? moment(value) : 'never';
  if (key === 'max_uses') return value ? String(value) : 'unlimited';
  if (key === 'slow_s') return value ? plural(value, 'second') : 'off';
  return String(value);
}

/** `revoke_invite` as words. @param {string} name */
const inWords = (name) => name.replaceAll('_', ' ').trim();
