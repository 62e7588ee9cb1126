/* What a wave of sign-ins costs: each takes a slow hash, and neither HTTP nor a live room may stand still for it. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { OWNER } from '../../lib/server.mjs';
import { chatload, release } from '../harness/compare.mjs';
import { fixed, goal, percentile, whole } from '../harness/figures.mjs';
import { probe, signInWave } from '../harness/http_load.mjs';
import { accountsSql, nameOf, writePeople } from '../harness/people.mjs';

const CLIENTS = 64;
const ROOM = 200;
const PROBES_PER_S = 25;
const PATHS = ['/healthz', '/'];
const SAMPLE_MS = 50;
const GROWTH_MAX_MIB = 512;
const GET_MAX_MS = 500;
const KIB = 1024;

/** How long chatload takes before it measures; and the wave goes on for so long after that. */
const LEAD = ['--settle', 1, '--warmup', 1];
const LEAD_S = 2;
const TAIL_S = 1;

/** Every other password is wrong, half of these for a name that nobody has. */
function attempt(client, i) {
  const known = nameOf(client);
  return [
    { name: known, password: OWNER.password },
    { name: known, password: 'not the password' },
    { name: known, password: OWNER.password },
    { name: `nobody${client}x${i}`, password: 'not the password' },
  ][i % 4];
}

function residentMib(pid) {
  return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+)/m)[1]) / KIB;
}

async function peakOf(pid, until) {
  let most = 0;
  for (; performance.now() < until; await sleep(SAMPLE_MS)) most = Math.max(most, residentMib(pid));
  return most;
}

/** A live room and two GETs, measured for so long, with a wave beside them or without. */
async function measure(bench, server, running, { seconds, clients }) {
  const until = performance.now() + (LEAD_S + seconds + TAIL_S) * 1000;
  const before = residentMib(running.pid);
  const [room, wave, peak, ...probes] = await Promise.all([
    chatload(bench, server, running, {
      args: [
        '--conns',
        bench.crowd(ROOM),
        '--senders',
        8,
        '--rate',
        50,
        '--size',
        128,
        ...LEAD,
        '--duration',
        seconds,
        '--drain',
        5,
      ],
    }),
    signInWave(running.port, { clients, until, attempt }),
    peakOf(running.pid, until),
    ...PATHS.map((path) => probe(running.port, path, { perS: PROBES_PER_S, until })),
  ]);
  const run = { room, wave: { ...wave, times_ms: undefined }, before_mib: before, peak_mib: peak, faults: room.faults };
  run.get = probes.map(({ times_ms: times, failed }, i) => ({
    path: PATHS[i],
    failed,
    p50_ms: percentile(times, 0.5),
    p99_ms: percentile(times, 0.99),
  }));
  run.answered_per_s = (wave.right + wave.wrong) / (LEAD_S + seconds + TAIL_S);
  run.sign_in_ms = { p50: percentile(wave.times_ms, 0.5), p99: percentile(wave.times_ms, 0.99) };
  const unanswered = run.get.reduce((sum, { failed }) => sum + failed, 0);
  if (unanswered) run.faults += ` ${whole(unanswered)} GETs without an answer`;
  if (wave.failed) run.faults += ` ${whole(wave.failed)} sign-ins failed: ${wave.why}`;
  bench.say(`  ${clients} clients: ${fixed(run.answered_per_s, 1)} sign-ins/s${run.faults ? `  (${run.faults})` : ''}`);
  return run;
}

export const logins = {
  number: 8,
  name: 'logins',
  title: `${CLIENTS} clients sign in again and again, half of the passwords wrong; a room of ${ROOM} and two GETs beside them`,
  shareS: { full: 45, quick: 20 },
  only: 'hubbub',

  async run(bench) {
    const server = bench.servers.find(({ name }) => name === 'hubbub');
    const clients = bench.crowd(CLIENTS);
    const seconds = bench.seconds ?? (bench.quick ? 5 : 17);
    const running = await server.start({ prepare: (file) => writePeople(file, accountsSql(clients)) });
    try {
      const quiet = await measure(bench, server, running, { seconds: Math.min(seconds, 5), clients: 0 });
      const busy = await measure(bench, server, running, { seconds, clients });
      const row = (name, run) => [
        name,
        ...run.get.flatMap(({ p50_ms: p50, p99_ms: p99 }) => [fixed(p50), fixed(p99)]),
        fixed(run.room.latency_ms.p50),
        fixed(run.room.latency_ms.p99),
        fixed(run.before_mib, 1),
        fixed(run.peak_mib, 1),
        run.faults.trim(),
      ];
      const { wave } = busy;
      const grown = busy.peak_mib - busy.before_mib;
      const slowest = Math.max(...busy.get.map(({ p99_ms: p99 }) => p99));
      return {
        rounds: 1,
        results: [
          { name: 'hubbub quiet', runs: [quiet], figures: quiet },
          { name: 'hubbub beside a wave', runs: [busy], figures: busy },
        ],
        faults: Boolean(quiet.faults || busy.faults),
        head: [
          'beside',
          ...PATHS.flatMap((path) => [`${path} p50 ms`, 'p99 ms']),
          'room p50 ms',
          'p99 ms',
          'RSS MiB',
          'peak MiB',
          'faults',
        ],
        rows: [row('nothing', quiet), row(`${clients} that sign in`, busy)],
        notes: [
          `${fixed(busy.answered_per_s, 1)} sign-ins a second: ${whole(wave.right)} right, ${whole(wave.wrong)} wrong; ` +
            `p50 ${whole(busy.sign_in_ms.p50)} ms, p99 ${whole(busy.sign_in_ms.p99)} ms`,
          `told to come again later: ${whole(wave.overloaded)} as overloaded, ${whole(wave.rate_limited)} as rate_limited`,
          `others on the machine, the ${clients} clients among them, used ${whole(busy.room.other_cpu_share * 100)} % of a core ` +
            `(${whole(quiet.room.other_cpu_share * 100)} % without the wave)`,
        ],
        goals: [
          goal(
            `p99 of the GETs beside the wave under ${GET_MAX_MS} ms`,
            slowest,
            (ms) => ms < GET_MAX_MS,
            `${fixed(slowest)} ms`,
          ),
          goal(
            `resident memory grows by at most ${GROWTH_MAX_MIB} MiB`,
            grown,
            (mib) => mib <= GROWTH_MAX_MIB,
            `${fixed(grown, 1)} MiB`,
          ),
        ],
      };
    } finally {
      await release(bench, server, running);
    }
  },
};
