/* How long it takes until somebody with many rooms sees them (../load/welcome.c). */
import { release } from '../harness/compare.mjs';
import { fixed, goal, whole } from '../harness/figures.mjs';
import { accountsSql, cookieOf, sidebarSql, writePeople } from '../harness/people.mjs';
import { runToEnd } from '../harness/processes.mjs';
import { histogramPercentile } from '../harness/prometheus.mjs';

const ROOMS = 500;
const CONNECTS = 200;
const MAX_MS = 20;
const LIMIT_MS = 60_000;

export const welcome = {
  number: 9,
  name: 'welcome',
  title: `a member of ${ROOMS} rooms connects, ${CONNECTS} times one after the other`,
  shareS: { full: 15, quick: 15 },
  only: 'hubbub',

  async run(bench) {
    const rooms = bench.crowd(ROOMS);
    const server = bench.servers.find(({ name }) => name === 'hubbub');
    const running = await server.start({
      prepare: (file) => writePeople(file, accountsSql(2 + Math.ceil(rooms / 10)), sidebarSql(rooms)),
    });
    try {
      const args = ['--port', running.port, '--cookie', cookieOf(0), '--rooms', rooms, '--connects', CONNECTS];
      const { code, stdout, stderr } = await runToEnd(bench.tools.welcome, args.map(String), { limitMs: LIMIT_MS });
      if (code !== 0 && code !== 1) throw new Error(stderr || `welcome ended with ${code}`);
      const run = JSON.parse(stdout);
      run.faults = run.wrong ? `${whole(run.wrong)} welcomes without all rooms` : '';
      run.server_p99 = histogramPercentile(await running.metrics(), 'welcome', 0.99);
      const { upgrade_ms: upgrade, welcome_ms: after, both_ms: both } = run;
      return {
        rounds: 1,
        results: [{ name: 'hubbub', runs: [run], figures: run }],
        faults: Boolean(run.faults),
        head: [
          'rooms',
          'bytes',
          'upgrade p50 ms',
          'p99 ms',
          'welcome p50 ms',
          'p99 ms',
          'both p50 ms',
          'p99 ms',
          'in server p99 ms',
          'faults',
        ],
        rows: [
          [
            whole(run.rooms),
            whole(run.bytes),
            fixed(upgrade.p50),
            fixed(upgrade.p99),
            fixed(after.p50),
            fixed(after.p99),
            fixed(both.p50),
            fixed(both.p99),
            fixed(run.server_p99?.ms),
            run.faults,
          ],
        ],
        notes: [
          'upgrade: from the request to the 101; welcome: from there to the last byte of the last page of rooms, as the client sees it',
          run.server_p99
            ? `in server: writing the frame, from ${run.server_p99.name} on /metrics`
            : 'the server has no histogram of it on /metrics',
        ],
        goals: [
          goal(`p99 of both together under ${MAX_MS} ms`, both.p99, (ms) => ms < MAX_MS, `${fixed(both.p99)} ms`),
        ],
      };
    } finally {
      await release(bench, server, running);
    }
  },
};
