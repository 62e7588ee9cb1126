/* The same load on each server in turn, several rounds, and what the middle of the rounds says. */
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fixed, median, medians, whole } from './figures.mjs';
import { runToEnd } from './processes.mjs';

/** Connections that ended a moment ago are still being taken apart by the kernel. */
const BREATH_MS = 300;
const GRACE_S = 60;
const NOISE_MAX = 0.2; // of a core

function valueOf(args, name, otherwise) {
  const at = args.indexOf(name);
  return at < 0 ? otherwise : Number(args[at + 1]);
}

/** One run of chatload. What went wrong with deliveries is in `faults`, a text, empty when all was right. */
export async function chatload(bench, server, running, { groups = 1, args }) {
  const limitS = ['--settle', '--warmup', '--duration', '--drain'].reduce(
    (sum, name) => sum + valueOf(args, name, 5),
    GRACE_S,
  );
  const all = [
    '--json',
    '--label',
    server.name,
    '--port',
    running.port,
    '--server-pid',
    running.pid,
    '--groups',
    groups,
    ...server.chat(groups),
    ...args,
  ].map(String);
  const { code, stdout, stderr } = await runToEnd(bench.tools.chatload, all, { limitMs: limitS * 1000 });
  if (code !== 0 && code !== 1) throw new Error(stderr || `chatload ended with ${code}`);
  const result = JSON.parse(stdout);
  const wrong = ['failed', 'lost', 'again', 'misrouted', 'cut_off'].filter((key) => result[key]);
  result.faults = wrong.map((key) => `${whole(result[key])} ${key.replace('_', ' ')}`).join(', ');
  return result;
}

/** Stops a server, and forgets the data that it leaves. */
export async function release(bench, server, running) {
  if (!running) return;
  await running.stop().catch((error) => bench.say(`${server.name} did not stop well: ${error.message}`));
  if (running.dataDir) rmSync(running.dataDir, { recursive: true, force: true });
  await sleep(BREATH_MS);
}

async function measureOnce(bench, server, load) {
  let running = null;
  try {
    running = await server.start({ rooms: load.groups > 1 ? load.groups : 0 });
    return await chatload(bench, server, running, load);
  } catch (error) {
    return { error: error.message.trim() };
  } finally {
    await release(bench, server, running);
  }
}

function summarise(server, runs) {
  const good = runs.filter((run) => !run.error);
  return {
    name: server.name,
    about: server.about,
    runs,
    figures: good.length ? medians(good) : null,
    faults: [...new Set(runs.map((run) => run.error ?? run.faults).filter(Boolean))].join('; '),
  };
}

/**
 * @param {object} bench
 * @param {{ groups?: number, args: (string|number)[], rounds: number, limitS: number, shown: (run: object) => string }} load
 *   limitS: a round that would probably end later than this is left out; the first is always made
 * @returns {Promise<{ results: object[], rounds: number, by: (name: string) => object|null }>}
 */
export async function compare(bench, load) {
  const runs = new Map(bench.servers.map((server) => [server, []]));
  const began = performance.now();
  let rounds = 0;
  for (; rounds < load.rounds; rounds++) {
    const passedS = (performance.now() - began) / 1000;
    if (rounds && passedS * (1 + 1 / rounds) > load.limitS) break;
    const order = rounds % 2 ? [...bench.servers].reverse() : bench.servers; // so that a drift of the machine evens out
    for (const server of order) {
      const run = await measureOnce(bench, server, load);
      bench.say(
        `  round ${rounds + 1}  ${server.name.padEnd(8)}  ${run.error ?? load.shown(run)}${run.faults ? `  (${run.faults})` : ''}`,
      );
      runs.get(server).push(run);
    }
  }
  const results = bench.servers.map((server) => summarise(server, runs.get(server)));
  return { results, rounds, by: (name) => results.find((result) => result.name === name)?.figures ?? null };
}

/** The columns that every comparison of deliveries shows. main: the figure whose ratio to each peer is told. */
export function deliveryRows({ results, by }, missing, main) {
  const ours = by('hubbub');
  const rows = results.map(({ name, figures: f, faults }) =>
    f
      ? [
          name,
          whole(f.deliveries_per_s),
          fixed(f.latency_ms.p50),
          fixed(f.latency_ms.p99),
          fixed(f.latency_ms.p999),
          fixed(f.server.cpu_s_per_million),
          whole(f.server.rss_b_each),
          ours ? fixed(main(ours) / main(f)) : '-',
          faults,
        ]
      : [name, '-', '-', '-', '-', '-', '-', '-', faults],
  );
  return [...rows, ...missing.map(({ name, why }) => [name, '-', '-', '-', '-', '-', '-', '-', `missing: ${why}`])];
}

export function deliveryHead(ratio) {
  return ['server', 'deliveries/s', 'p50 ms', 'p99 ms', 'p99.9 ms', 'CPU s/million', 'bytes/conn', ratio, 'faults'];
}

/** How much of a core others on the machine used meanwhile: what makes figures doubtful. */
export function noise({ results }) {
  const shares = results.flatMap(({ runs }) => runs.map((run) => run.other_cpu_share)).filter(Number.isFinite);
  const middle = median(shares);
  const verdict = middle > NOISE_MAX ? ': too much, measure again when the machine is quiet' : '';
  return `others on the machine used ${whole(middle * 100)} % of a core (median), ${whole(Math.max(0, ...shares) * 100)} % at most${verdict}`;
}
