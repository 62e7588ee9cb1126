/* How many deliveries a second one large room gets when its senders wait for nothing but their own echo. */
import { compare, deliveryHead, deliveryRows, noise } from '../harness/compare.mjs';
import { fixed, goal, whole } from '../harness/figures.mjs';

const GOALS = [
  ['c-hub', 0.6, 'the bound'],
  ['nchan', 6, 'nchan'],
  ['seed-hub', 10, 'seed-hub'],
];

export const oneRoom = {
  number: 1,
  name: 'one-room',
  title: 'one room of 1,000, 8 senders, closed loop, window 4, bodies of 128 bytes',
  shareS: { full: 110, quick: 30 },

  async run(bench) {
    const compared = await compare(bench, {
      args: ['--conns', bench.crowd(1000), '--senders', 8, '--window', 4, '--size', 128, ...bench.phases],
      rounds: bench.rounds,
      limitS: bench.limitS,
      shown: (run) => `${whole(run.deliveries_per_s)} deliveries/s`,
    });
    const rate = (name) => compared.by(name)?.deliveries_per_s ?? NaN;
    return {
      ...compared,
      head: deliveryHead('hubbub/it'),
      rows: deliveryRows(compared, bench.missing, (figures) => figures.deliveries_per_s),
      notes: [noise(compared)],
      goals: GOALS.map(([name, times, shown]) =>
        goal(
          `deliveries a second at least ${times} times those of ${shown}`,
          rate('hubbub') / rate(name),
          (ratio) => ratio >= times,
          `${fixed(rate('hubbub') / rate(name))} times`,
        ),
      ),
    };
  },
};
