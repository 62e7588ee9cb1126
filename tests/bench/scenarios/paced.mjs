/* How long a delivery takes at a load that every server can carry. */
import { compare, deliveryHead, deliveryRows, noise } from '../harness/compare.mjs';
import { fixed, goal } from '../harness/figures.mjs';

const TIMES_BOUND = 1.1;
const PLUS_MS = 1; // what the commit to disk may cost

export const paced = {
  number: 2,
  name: 'paced',
  title: 'one room of 1,000, 8 senders, 100 messages a second in all, bodies of 128 bytes',
  shareS: { full: 110, quick: 30 },

  async run(bench) {
    const compared = await compare(bench, {
      args: ['--conns', bench.crowd(1000), '--senders', 8, '--rate', 100, '--size', 128, ...bench.phases],
      rounds: bench.rounds,
      limitS: bench.limitS,
      shown: (run) => `p99 ${fixed(run.latency_ms.p99)} ms`,
    });
    const p99 = (name) => compared.by(name)?.latency_ms.p99 ?? NaN;
    const ours = p99('hubbub');
    const allowed = TIMES_BOUND * p99('c-hub') + PLUS_MS;
    const others = bench.servers.map(({ name }) => name).filter((name) => name !== 'hubbub' && name !== 'c-hub');
    return {
      ...compared,
      head: deliveryHead('p99 hubbub/it'),
      rows: deliveryRows(compared, bench.missing, (figures) => figures.latency_ms.p99),
      notes: [noise(compared)],
      goals: [
        goal(
          `p99 at most ${TIMES_BOUND} times the bound's plus ${PLUS_MS} ms = ${fixed(allowed)} ms`,
          Number.isFinite(allowed) ? ours : NaN,
          (ms) => ms <= allowed,
          `${fixed(ours)} ms`,
        ),
        ...others.map((name) =>
          goal(
            `p99 below that of ${name}, ${fixed(p99(name))} ms`,
            Number.isFinite(p99(name)) ? ours : NaN,
            (ms) => ms < p99(name),
            `${fixed(ours)} ms`,
          ),
        ),
      ],
    };
  },
};
