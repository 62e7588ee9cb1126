/* How long a crowd takes to be whole again after a restart (../load/reconnect.c). */
import { release } from '../harness/compare.mjs';
import { fixed, goal, medians, whole } from '../harness/figures.mjs';
import { runToEnd } from '../harness/processes.mjs';

const CLIENTS = 5_000;
const MISSED = 100;
const CAUGHT_UP_MAX_S = 5;
const STEP_LIMIT_S = 20;
const WRONG = ['gaps', 'again', 'resets', 'errors'];

async function measure(bench, server) {
  const running = await server.start();
  let restartS = NaN;
  try {
    const args = [
      '--port',
      running.port,
      '--conns',
      bench.crowd(CLIENTS),
      '--seen',
      50,
      '--missed',
      MISSED,
      '--live',
      20,
      '--timeout',
      STEP_LIMIT_S,
    ];
    let failure = null;
    const { code, stdout, stderr } = await runToEnd(bench.tools.reconnect, args.map(String), {
      limitMs: STEP_LIMIT_S * 6_000,
      onLine: (line, write) => {
        if (line !== 'restart') return;
        const began = performance.now();
        running
          .restart()
          .then(() => {
            restartS = (performance.now() - began) / 1000;
            write('done\n');
          })
          .catch((error) => {
            failure = error;
            write('\n'); // it will find nobody there, and end
          });
      },
    });
    if (failure) throw failure;
    if (code !== 0 && code !== 1) throw new Error(stderr || `reconnect ended with ${code}`);
    const run = { ...JSON.parse(stdout.split('\n').at(-1)), restart_s: restartS };
    const wrong = WRONG.filter((key) => run[key]).map((key) => `${whole(run[key])} ${key}`);
    if (run.complete < run.conns) wrong.push(`${whole(run.conns - run.complete)} never caught up`);
    run.faults = wrong.join(', ');
    if (run.caught_up < run.conns) run.caught_up_s = Infinity;
    bench.say(
      `  all caught up after ${fixed(run.caught_up_s)} s, the restart took ${fixed(restartS)} s${run.faults ? `  (${run.faults})` : ''}`,
    );
    return run;
  } finally {
    await release(bench, server, running);
  }
}

export const reconnect = {
  number: 6,
  name: 'reconnect',
  title: `5,000 clients reconnect at once after a restart, each resuming; ${MISSED} messages missed, 20 more a second`,
  shareS: { full: 40, quick: 20 },
  only: 'hubbub',

  async run(bench) {
    const server = bench.servers.find(({ name }) => name === 'hubbub');
    const runs = [];
    const began = performance.now();
    for (let round = 0; round < Math.min(bench.rounds, 2); round++) {
      if (round && ((performance.now() - began) / 1000) * 2 > bench.limitS) break;
      runs.push(await measure(bench, server));
    }
    const figures = medians(runs);
    const slowest = Math.max(...runs.map((run) => run.caught_up_s));
    return {
      rounds: runs.length,
      results: [{ name: 'hubbub', runs, figures }],
      faults: runs.some((run) => run.faults),
      head: [
        'round',
        'caught up',
        'all after s',
        'p50 s',
        'p99 s',
        'tries anew',
        'cut off',
        'told 1012',
        'restart s',
        'faults',
      ],
      rows: runs.map((run, i) => [
        String(i + 1),
        whole(run.caught_up),
        fixed(run.caught_up_s),
        fixed(run.p50_s),
        fixed(run.p99_s),
        whole(run.retries),
        whole(run.cut_off),
        whole(run.told_restart),
        fixed(run.restart_s),
        run.faults,
      ]),
      notes: ['counted from the first connect; the restart (SIGTERM, drain, start, ready) comes before that'],
      goals: [
        goal(
          `all caught up within ${CAUGHT_UP_MAX_S} s, without a gap or a duplicate`,
          slowest === Infinity ? STEP_LIMIT_S : slowest,
          (seconds) => seconds <= CAUGHT_UP_MAX_S && runs.every((run) => !run.faults),
          `${fixed(slowest)} s in the slowest round`,
        ),
      ],
    };
  },
};
