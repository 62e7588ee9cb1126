/* How fast a page of history comes out of a long room (../load/pages.c). */
import { release } from '../harness/compare.mjs';
import { fixed, goal, whole } from '../harness/figures.mjs';
import { runToEnd } from '../harness/processes.mjs';
import { histogramPercentile } from '../harness/prometheus.mjs';

const MESSAGES = 1_000_000;
const MESSAGES_QUICK = 150_000;
const P99_MAX_MS = 2;
const AFTER_FILL_S = 15;

export const pages = {
  number: 7,
  name: 'pages',
  title: 'history pages of 50 at random places in a room of 1,000,000 messages, one after the other',
  shareS: { full: 110, quick: 30 },
  only: 'hubbub',

  async run(bench) {
    const server = bench.servers.find(({ name }) => name === 'hubbub');
    const running = await server.start();
    try {
      const fillS = Math.max(AFTER_FILL_S, bench.limitS - AFTER_FILL_S);
      const messages = bench.messages ?? (bench.quick ? MESSAGES_QUICK : MESSAGES);
      const args = [
        '--port',
        running.port,
        '--fill',
        messages,
        '--fill-time',
        fillS,
        '--requests',
        bench.quick ? 2000 : 4000,
        '--limit',
        50,
      ];
      const { code, stdout, stderr } = await runToEnd(bench.tools.pages, args.map(String), {
        limitMs: (fillS + 60) * 1000,
      });
      if (code !== 0 && code !== 1) throw new Error(stderr || `pages ended with ${code}`);
      const run = JSON.parse(stdout);
      run.faults = run.wrong ? `${whole(run.wrong)} pages were not the events asked for` : '';
      const inServer = await running.metrics().then(
        (samples) => histogramPercentile(samples, 'history', 0.99),
        () => null,
      );
      run.server_p99 = inServer;
      const judged = inServer?.ms ?? run.p99_ms;
      return {
        rounds: 1,
        results: [{ name: 'hubbub', runs: [run], figures: run }],
        faults: Boolean(run.faults),
        head: ['messages', 'pages', 'p50 ms', 'p99 ms', 'p99.9 ms', 'max ms', 'in server p99 ms', 'faults'],
        rows: [
          [
            whole(run.messages),
            whole(run.requests),
            fixed(run.p50_ms, 3),
            fixed(run.p99_ms, 3),
            fixed(run.p999_ms, 3),
            fixed(run.max_ms, 3),
            fixed(inServer?.ms, 3),
            run.faults,
          ],
        ],
        notes: [
          `filled through the server: ${whole(run.stored_per_s)} durable messages a second for ${fixed(run.fill_s, 1)} s` +
            (run.messages < MESSAGES ? `; the room has only ${whole(run.messages)}` : ''),
          inServer
            ? `in server: from ${inServer.name} on /metrics, the bucket that ends at ${fixed(inServer.upper_ms, 3)} ms`
            : 'the server has no histogram of it on /metrics: judged by the round trip, which is longer',
        ],
        goals: [
          goal(`p99 under ${P99_MAX_MS} ms in the server`, judged, (ms) => ms < P99_MAX_MS, `${fixed(judged, 3)} ms`),
        ],
      };
    } finally {
      await release(bench, server, running);
    }
  },
};
