/* Accounts, rooms and what is unread in them, written straight into Hubbub's database file before it starts: hashing the
 * passwords of thousands would take minutes.
 *
 *     await server.start({ prepare: (file) => writePeople(file, accountsSql(5000), membersSql(LOBBY, 5000)) })
 *
 * Everybody has the owner's password (OWNER of ../../lib/server.mjs) and one session. The folds of their names are left to the
 * start of the server, which makes them anew when the database does not say that its own rules made them. */
import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { sqlite } from '../../lib/server.mjs';

export const LOBBY = 1;

/** Ids of accounts and rooms that are made here: this and on, account NUMBER having the id FIRST_ID + NUMBER. */
export const FIRST_ID = 1000;

const SESSION_MS = 30 * 24 * 3600 * 1000;
const DIGITS = 8;
const TOKEN = `hubbubs_${'b'.repeat(43 - DIGITS)}`;

/** The session's cookie of account NUMBER; with chatload's hole in place of the number when there is none. */
export function cookieOf(number) {
  return `hubbub_session=${TOKEN}${number === undefined ? '%D' : String(number).padStart(DIGITS, '0')}`;
}

export function nameOf(number) {
  return `person${number}`;
}

function hashOf(number) {
  return createHash('sha256').update(cookieOf(number).split('=')[1]).digest('hex');
}

/** The numbers from 0 below count, as rows of n (i). */
function numbers(count) {
  return `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})`;
}

/** Accounts 0 to count - 1, each with a session. */
export function accountsSql(count) {
  const now = Date.now();
  const times = `${now}, ${now}, ${now + SESSION_MS}`;
  const sessions = Array.from(
    { length: count },
    (_, i) => `(${FIRST_ID + i}, x'${hashOf(i)}', 'bench', '127.0.0.1', ${times})`,
  );
  return `${numbers(count)}
    INSERT INTO users (id, kind, name, name_fold, key, created_at, role, password)
    SELECT ${FIRST_ID} + i, 'account', '${nameOf('')}' || i, '${nameOf('')}' || i, randomblob(16), ${now}, 'member',
           (SELECT password FROM users WHERE role = 'owner') FROM n;
    INSERT INTO sessions (user_id, token_hash, device, address, created_at, seen_at, expires_at) VALUES ${sessions.join(',\n')};
    UPDATE name_rules SET version = '';`;
}

/** So many messages in the room, by account 0. */
export function messagesSql(room, count) {
  return `${numbers(count)}
    INSERT INTO messages (room_id, seq, author_id, body, at, number)
    SELECT ${room}, i + 1, ${FIRST_ID}, 'message ' || i, ${Date.now()}, i + 1 FROM n;
    UPDATE rooms SET last_seq = ${count} WHERE id = ${room};`;
}

/** Accounts 0 to count - 1 in a room, each having read up to another place of its `messages`. */
export function membersSql(room, count, messages = 0) {
  return `${numbers(count)}
    INSERT INTO memberships (room_id, user_id, role, joined_at, joined_seq, read_seq, level)
    SELECT ${room}, ${FIRST_ID} + i, 'member', 0, 0, i % ${messages + 1}, 'all' FROM n;`;
}

/** So many rooms of account 0, every tenth of them a direct conversation with account 1, 2, ...; in each 20 messages of
 *  account 1, of which some are read, and in every third a mention. */
export function sidebarSql(count) {
  const now = Date.now();
  return `CREATE TEMP TABLE sidebar AS ${numbers(count)}
      SELECT i, ${FIRST_ID} + i AS room, i % 10 = 9 AS direct, ${FIRST_ID} || ',' || (${FIRST_ID} + 1 + i / 10) AS key FROM n;
    INSERT INTO rooms (id, name, name_fold, last_seq, created_at, kind, topic, direct_key)
    SELECT room, iif(direct, '#direct ' || key, 'A room called ' || i), iif(direct, '#direct ' || key, 'A room called ' || i), 20, ${now},
           iif(direct, 'direct', iif(i % 2, 'open', 'closed')), iif(direct, '', 'What number ' || i || ' is about'), iif(direct, key, '')
    FROM sidebar;
    INSERT INTO memberships (room_id, user_id, role, joined_at, joined_seq, read_seq, level, favourite, section)
    SELECT room, ${FIRST_ID}, 'member', ${now}, 0, i % 20, 'all', i % 25 = 0, iif(i % 4, '', 'Section ' || i % 5) FROM sidebar;
    INSERT INTO memberships (room_id, user_id, role, joined_at, joined_seq, read_seq, level)
    SELECT room, iif(direct, ${FIRST_ID} + 1 + i / 10, ${FIRST_ID} + 1), 'member', ${now}, 0, 20, 'all' FROM sidebar;
    ${numbers(20)}
    INSERT INTO messages (room_id, seq, author_id, body, at, number)
    SELECT s.room, n.i + 1, ${FIRST_ID} + 1, 'message ' || n.i, ${now}, n.i + 1 FROM sidebar AS s CROSS JOIN n;
    INSERT INTO mentions (user_id, room_id, seq) SELECT ${FIRST_ID}, room, 20 FROM sidebar WHERE i % 3 = 0;`;
}

/** @param {string} file of a server that does not run and has an owner @param {string[]} sql made by the functions above */
export async function writePeople(file, ...sql) {
  const script = `${file}.sql`; // longer than an argument may be
  writeFileSync(script, ['PRAGMA foreign_keys = ON;', 'BEGIN;', ...sql, 'COMMIT;'].join('\n'));
  try {
    await sqlite(file, `.read '${script}'`);
  } finally {
    rmSync(script);
  }
}
