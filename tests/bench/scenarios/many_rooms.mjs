/* How many messages a second go through when every one goes to few: what each message costs by itself. */
import { compare, deliveryHead, deliveryRows, noise } from '../harness/compare.mjs';
import { goal, whole } from '../harness/figures.mjs';

const ROOMS = 100;
const MEMBERS = 10;

export const manyRooms = {
  number: 3,
  name: 'many-rooms',
  title: '100 rooms of 10, one sender in each, closed loop, window 4, bodies of 128 bytes',
  shareS: { full: 110, quick: 35 },

  async run(bench) {
    const rooms = bench.crowd(ROOMS);
    const compared = await compare(bench, {
      groups: rooms,
      args: ['--conns', rooms * MEMBERS, '--senders', rooms, '--window', 4, '--size', 128, ...bench.phases],
      rounds: bench.rounds,
      limitS: bench.limitS,
      shown: (run) => `${whole(run.deliveries_per_s)} deliveries/s`,
    });
    const rate = (name) => compared.by(name)?.deliveries_per_s ?? NaN;
    const sent = compared.by('hubbub')?.sent_per_s;
    return {
      ...compared,
      head: deliveryHead('hubbub/it'),
      rows: deliveryRows(compared, bench.missing, (figures) => figures.deliveries_per_s),
      notes: [...(sent ? [`hubbub made ${whole(sent)} messages a second durable`] : []), noise(compared)],
      goals: [
        goal(
          `deliveries a second at least those of seed-hub, ${whole(rate('seed-hub'))}`,
          Number.isFinite(rate('seed-hub')) ? rate('hubbub') : NaN,
          (value) => value >= rate('seed-hub'),
          whole(rate('hubbub')),
        ),
      ],
    };
  },
};
