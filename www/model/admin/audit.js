/* What was done, as people read it. Pure. */
import { listNames, plural } from '../../lib/text.js';
import { ROLE_NAMES } from './roles.js';

/** @typedef {import('../../lib/protocol.js').AuditEntry} AuditEntry */

/** What the audit knows, in the order in which one looks for it. @type {Record<string, string>} */
export const VERBS = {
  ban: 'Banned',
  unban: 'Lifted a ban',
  mute: 'Muted in a room',
  delete: 'Deleted a message',
  handle_report: 'Handled a report',
  set_role: 'Gave a role',
  set_room_role: 'Gave a role in a room',
  add_member: 'Added to a room',
  remove_member: 'Removed from a room',
  answer_request: 'Answered a request to join',
  create_room: 'Made a room',
  rename_room: 'Renamed a room',
  edit_room: 'Changed a room',
  archive_room: 'Archived or reopened a room',
  create_invite: 'Made an invitation',
  revoke_invite: 'Revoked an invitation',
  create_reset: 'Made a password link',
  use_reset: 'Used a password link',
  set_password: 'Changed their password',
  confirm_totp: 'Turned the second factor on',
  stop_totp: 'Turned the second factor off',
  create_token: 'Made an access token',
  revoke_token: 'Revoked an access token',
  end_session: 'Ended a session',
  end_other_sessions: 'Ended all other sessions',
  sign_up: 'Signed up',
  setup: 'Set the place up',
  set_place: 'Changed the place',
};

/** @param {string} verb */
export const verbName = (verb) => VERBS[verb] ?? inWords(verb);

/** What the keys of details are called, where their own name does not say it. @type {Record<string, string>} */
const KEYS = {
  until_ms: 'until',
  expires_ms: 'expires',
  muted_until: 'until',
  hide: 'messages hidden',
  require_totp: 'second factor for admins',
  slow_s: 'slow mode',
  accept: 'let in',
};

/**
 * @param {Record<string, unknown>} detail
 * @param {(at: number) => string} moment a time in words
 * @returns {{ key: string, value: string }[]}
 */
export function detailsOf(detail, moment) {
  return Object.entries(detail)
    .map(([key, value]) => ({ key: KEYS[key] ?? inWords(key), value: valueOf(key, value, moment) }))
    .filter(({ value }) => value !== '');
}

/**
 * @param {string} key
 * @param {unknown} value
 * @param {(at: number) => string} moment
 * @returns {string} "": there is nothing to say
 */
function valueOf(key, value, moment) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return numberOf(key, value, moment);
  if (typeof value === 'string') return ROLE_NAMES[/** @type {keyof typeof ROLE_NAMES} */ (value)]?.toLowerCase() ?? value;
  if (Array.isArray(value)) return listNames(value.map((item) => valueOf('', item, moment)), value.length);
  const { display_name, name } = /** @type {{ display_name?: unknown, name?: unknown }} */ (value);
  if (typeof name === 'string') return typeof display_name === 'string' && display_name ? display_name : name;
  return detailsOf(/** @type {Record<string, unknown>} */ (value), moment).map((part) => `${part.key} ${part.value}`).join(', ');
}

/**
 * @param {string} key
 * @param {number} value
 * @param {(at: number) => string} moment
 */
function numberOf(key, value, moment) {
  if (key === 'until_ms' || key === 'muted_until') return value ? moment(value) : key === 'until_ms' ? 'for ever' : '';
  if (key === 'expires_ms') return value ? moment(value) : 'never';
  if (key === 'slow_s') return value ? plural(value, 'second') : 'off';
  return String(value);
}

/** `revoke_invite` as words. @param {string} name */
function inWords(name) {
  return name.replaceAll('_', ' ').trim();
}
