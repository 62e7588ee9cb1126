/* What readers that stopped cost the others, the program and the kernel. The same load in turn without and beside them. */
import { chatload, release } from '../harness/compare.mjs';
import { fixed, goal, medians, whole } from '../harness/figures.mjs';
import { watchSockets } from '../harness/sockets.mjs';

const READING = 990;
const STALLED = 10;
const STALLED_ADDRESS = '127.0.0.99'; // by it ss finds their sockets
const P99_TIMES = 1.2;
const MIB = 1024 * 1024;
const GROWTH_MAX_MIB = 20;
const KIB = 1024;
const KERNEL_MAX_KIB = 512;

/** The stall begins with the first message and ends when the server gives up on them, so all of it is measured. */
function phases(bench) {
  return ['--settle', 1.5, '--warmup', 0.2, '--duration', bench.seconds ?? 10, '--drain', 6];
}

async function measure(bench, server, stalled) {
  const running = await server.start();
  const sockets = watchSockets(running.port, STALLED_ADDRESS);
  try {
    const run = await chatload(bench, server, running, {
      args: [
        '--conns',
        bench.crowd(READING) + stalled,
        '--slow',
        stalled,
        '--slow-source',
        STALLED_ADDRESS,
        '--senders',
        8,
        '--rate',
        100,
        '--size',
        4096,
        ...phases(bench),
      ],
    });
    const kernel = await sockets.stop();
    run.growth_mib = ((run.server.rss_kb_peak - run.server.rss_kb_connected) * KIB) / MIB;
    run.kernel_kib = (stalled && kernel ? kernel.server_bytes : NaN) / KIB;
    run.kernel_client_kib = (stalled && kernel ? kernel.client_bytes : NaN) / KIB;
    run.cut_by_server = run.server.descriptors_connected - run.server.descriptors_end;
    bench.say(
      `  ${stalled} stalled: p99 ${fixed(run.latency_ms.p99)} ms, grown by ${fixed(run.growth_mib)} MiB${run.faults ? `  (${run.faults})` : ''}`,
    );
    return run;
  } finally {
    await sockets.stop().catch(() => {});
    await release(bench, server, running);
  }
}

export const stalled = {
  number: 5,
  name: 'stalled',
  title: '10 of 1,000 not reading, bodies of 4 KiB, 100 messages a second',
  shareS: { full: 80, quick: 35 },
  only: 'hubbub',

  async run(bench) {
    const server = bench.servers.find(({ name }) => name === 'hubbub');
    const alone = [];
    const beside = [];
    const began = performance.now();
    for (let round = 0; round < bench.rounds; round++) {
      const passedS = (performance.now() - began) / 1000;
      if (round && passedS * (1 + 1 / round) > bench.limitS) break;
      alone.push(await measure(bench, server, 0));
      beside.push(await measure(bench, server, STALLED));
    }
    const [without, withThem] = [medians(alone), medians(beside)];
    const row = (name, f, runs) => [
      name,
      whole(f.deliveries_per_s),
      fixed(f.latency_ms.p50),
      fixed(f.latency_ms.p99),
      fixed(f.latency_ms.p999),
      fixed(f.growth_mib),
      whole(f.kernel_kib),
      whole(f.cut_by_server),
      runs
        .map((run) => run.faults)
        .filter(Boolean)
        .join('; '),
    ];
    const times = withThem.latency_ms.p99 / without.latency_ms.p99;
    return {
      rounds: alone.length,
      results: [
        { name: 'hubbub alone', runs: alone, figures: without },
        { name: 'hubbub beside 10 stalled', runs: beside, figures: withThem },
      ],
      faults: [...alone, ...beside].some((run) => run.faults),
      head: [
        '990 that read',
        'deliveries/s',
        'p50 ms',
        'p99 ms',
        'p99.9 ms',
        'RSS grown MiB',
        'kernel KiB/stalled',
        'cut off',
        'faults',
      ],
      rows: [row('alone', without, alone), row('beside 10 stalled', withThem, beside)],
      notes: [
        "kernel: the most that one stalled socket held at the server's end, by ss; at the client's end it was " +
          `${whole(withThem.kernel_client_kib)} KiB`,
      ],
      goals: [
        goal(
          `p99 of the others at most ${P99_TIMES} times that without them`,
          times,
          (value) => value <= P99_TIMES,
          `${fixed(times)} times`,
        ),
        goal(
          `resident memory grows by less than ${GROWTH_MAX_MIB} MiB`,
          withThem.growth_mib,
          (mib) => mib < GROWTH_MAX_MIB,
          `${fixed(withThem.growth_mib)} MiB`,
        ),
        goal(
          `at most ${KERNEL_MAX_KIB} KiB in the kernel for each`,
          withThem.kernel_kib,
          (kib) => kib <= KERNEL_MAX_KIB,
          `${whole(withThem.kernel_kib)} KiB`,
        ),
      ],
    };
  },
};
