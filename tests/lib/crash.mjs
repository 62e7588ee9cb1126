/* What is left behind: by a server that was killed, and by another program in its database. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { connect } from './client.mjs';
import { within } from './wait.mjs';

export const database = (server) => join(server.dataDir, 'hubbub.db');

/** Has the server store a message, which is in the WAL alone, and kills it. */
export async function crash(server, t, body = 'hello') {
  await (await connect(server, { t })).send('lobby', body);
  await server.kill();
}

/**
 * A sqlite3 that holds the write lock of a database.
 * @returns {Promise<() => Promise<unknown>>} gives it back
 */
export async function lockHolder(file, t) {
  const child = spawn('sqlite3', ['-bail', file], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  child.stdin.write("begin immediate;\nselect 'locked';\n");
  await within(once(child.stdout, 'data'), 'the lock');
  return () => {
    child.stdin.end('commit;\n');
    return within(once(child, 'close'), 'the end of sqlite3');
  };
}
