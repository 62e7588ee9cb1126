/* What a busy room costs those of its members who look at another one: they hear that it is busy, once a second. */
import { chatload, release } from '../harness/compare.mjs';
import { fixed, goal, whole } from '../harness/figures.mjs';
import { accountsSql, cookieOf, LOBBY, membersSql, messagesSql, writePeople } from '../harness/people.mjs';

const OPEN = 500;
const ELSEWHERE = 4_500;
const RATE = 50;
const MESSAGES = 5_000; // before: so that what is unread is another number to each member
const EACH_PER_S = 1;
const SLACK = 1.05; // the window of the measurement need not begin with a second of the server's
const KIB = 1024;

async function measure(bench, server, elsewhere, seconds) {
  const open = bench.crowd(OPEN);
  const members = open + elsewhere;
  const running = await server.start({
    prepare: (file) =>
      writePeople(file, accountsSql(members), messagesSql(LOBBY, MESSAGES), membersSql(LOBBY, members, MESSAGES)),
  });
  try {
    const run = await chatload(bench, server, running, {
      args: [
        '--conns',
        members,
        '--bystanders',
        elsewhere,
        '--senders',
        8,
        '--rate',
        RATE,
        '--size',
        128,
        '--header',
        `Cookie: ${cookieOf()}`,
        '--settle',
        2,
        '--warmup',
        2,
        '--duration',
        seconds,
        '--drain',
        5,
      ],
    });
    run.frames_per_s = run.bystander_frames / seconds;
    run.bytes_per_s = run.bystander_bytes / seconds;
    run.each_per_s = run.frames_per_s / elsewhere;
    const said = `p99 ${fixed(run.latency_ms.p99)} ms, ${whole(run.frames_per_s)} activity frames/s`;
    bench.say(`  ${whole(elsewhere)} elsewhere: ${said}${run.faults ? `  (${run.faults})` : ''}`);
    return run;
  } finally {
    await release(bench, server, running);
  }
}

export const activity = {
  number: 10,
  name: 'activity',
  title: `${RATE} messages a second in a room of 5,000 members, which ${OPEN} of them have open; bodies of 128 bytes`,
  shareS: { full: 60, quick: 25 },
  only: 'hubbub',

  async run(bench) {
    const server = bench.servers.find(({ name }) => name === 'hubbub');
    const seconds = bench.seconds ?? (bench.quick ? 5 : 20);
    const alone = await measure(bench, server, 0, Math.min(seconds, 8));
    const beside = await measure(bench, server, bench.crowd(ELSEWHERE), seconds);
    const row = (name, { latency_ms: latency, ...run }) => [
      name,
      whole(run.deliveries_per_s),
      fixed(latency.p50),
      fixed(latency.p99),
      fixed(latency.p999),
      whole(run.frames_per_s),
      fixed(run.bytes_per_s / KIB, 1),
      `${whole(run.server.cpu_share * 100)} %`,
      run.faults,
    ];
    const share = Math.max(alone.other_cpu_share, beside.other_cpu_share);
    return {
      rounds: 1,
      results: [
        { name: 'hubbub alone', runs: [alone], figures: alone },
        { name: 'hubbub beside them', runs: [beside], figures: beside },
      ],
      faults: Boolean(alone.faults || beside.faults),
      head: [
        `${whole(bench.crowd(OPEN))} with it open`,
        'deliveries/s',
        'p50 ms',
        'p99 ms',
        'p99.9 ms',
        'activity/s',
        'KiB/s',
        'server CPU',
        'faults',
      ],
      rows: [row('alone', alone), row(`beside ${whole(bench.crowd(ELSEWHERE))} elsewhere`, beside)],
      notes: [
        'activity: frames to those elsewhere, and their payloads; ' +
          `${whole(beside.bystander_bytes / beside.bystander_frames)} bytes each, different for each`,
        `others on the machine used ${whole(share * 100)} % of a core at most`,
      ],
      goals: [
        goal(
          'at most one activity a second for each who is elsewhere',
          beside.each_per_s,
          (rate) => rate > 0 && rate <= EACH_PER_S * SLACK,
          `${fixed(beside.each_per_s, 3)} a second`,
        ),
      ],
    };
  },
};
