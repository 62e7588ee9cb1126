/* Kernel memory of single TCP sockets, as `ss` tells it. */
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findProgram } from './tools.mjs';

const run = promisify(execFile);
const SAMPLE_MS = 150;

/** skmem:(r..,rb..,t..,tb..,f..,w..,o..,bl..,d..): what has come in, what waits to go out, and what is set aside. */
function bytesOf(line) {
  const fields = Object.fromEntries(
    [...line.matchAll(/\b([a-z]+)(\d+)(?=[,)])/g)].map(([, key, value]) => [key, Number(value)]),
  );
  return ['r', 'w', 'f', 'o', 'bl'].reduce((sum, key) => sum + (fields[key] ?? 0), 0);
}

async function sample(filter) {
  const { stdout } = await run('ss', ['-H', '-O', '-a', '-n', '-t', '-m', ...filter], { maxBuffer: 1 << 24 });
  return stdout
    .split('\n')
    .filter((line) => line.includes('skmem:'))
    .map((line) => bytesOf(line.slice(line.indexOf('skmem:'))));
}

/**
 * Looks again and again at the sockets between a server's port and one client address, both ends.
 * @returns {{ stop: () => Promise<{ server_bytes: number, client_bytes: number, sockets: number } | null> }} the most seen of one
 *   socket at each end, and the most sockets of the server at once; null: there is no ss here
 */
export function watchSockets(port, address) {
  if (!findProgram('ss')) return { stop: async () => null };
  const most = { server_bytes: 0, client_bytes: 0, sockets: 0 };
  let going = true;
  const watching = (async () => {
    while (going) {
      const servers = await sample(['sport', '=', `:${port}`, 'and', 'dst', address]);
      const clients = await sample(['dport', '=', `:${port}`, 'and', 'src', address]);
      most.server_bytes = Math.max(most.server_bytes, ...servers);
      most.client_bytes = Math.max(most.client_bytes, ...clients);
      most.sockets = Math.max(most.sockets, servers.length);
      await sleep(SAMPLE_MS);
    }
    return most;
  })();
  watching.catch(() => {});
  return {
    stop: () => {
      going = false;
      return watching;
    },
  };
}
