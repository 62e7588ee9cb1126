/* What a connection that does nothing costs, and how fast connections come in. */
import { chatload, compare, release } from '../harness/compare.mjs';
import { fixed, goal, whole } from '../harness/figures.mjs';
import { openFilesLimit } from '../harness/machine.mjs';
import { accountsSql, cookieOf, LOBBY, membersSql, writePeople } from '../harness/people.mjs';

const CONNECTIONS = 19_000;
const SPARE_FILES = 600;
const BYTES_MAX = 512;
const THREADS_BELOW = 25;
const CONNECTS_LEAST = 5_000;

/** The same with an account behind each connection instead of visitors. */
async function measureAccounts(bench, server, conns, args) {
  let running = null;
  try {
    running = await server.start({
      prepare: (file) => writePeople(file, accountsSql(conns), membersSql(LOBBY, conns)),
    });
    const run = await chatload(bench, server, running, { args: [...args, '--header', `Cookie: ${cookieOf()}`] });
    bench.say(`  accounts  ${shown(run)}${run.faults ? `  (${run.faults})` : ''}`);
    return { name: 'hubbub, accounts', runs: [run], figures: run, faults: run.faults };
  } catch (error) {
    return { name: 'hubbub, accounts', runs: [], figures: null, faults: error.message.trim() };
  } finally {
    await release(bench, server, running);
  }
}

function shown(run) {
  return `${whole(run.connects_per_s)} connects/s, ${whole(run.server.rss_b_each)} bytes each`;
}

export const idle = {
  number: 4,
  name: 'idle',
  title: '19,000 idle connections joined to one room',
  shareS: { full: 70, quick: 45 },

  async run(bench) {
    const conns = Math.min(bench.crowd(CONNECTIONS), openFilesLimit() - SPARE_FILES);
    const args = [
      '--conns',
      conns,
      '--idle',
      '--connect-rate',
      1_000_000,
      '--settle',
      bench.quick ? 1.5 : 2.5,
      '--duration',
      0.5,
    ];
    const compared = await compare(bench, {
      args,
      rounds: Math.min(bench.rounds, 2),
      limitS: bench.limitS,
      shown,
    });
    const hubbub = bench.servers.find(({ name }) => name === 'hubbub');
    const accounts = hubbub ? [await measureAccounts(bench, hubbub, conns, args)] : [];
    const ours = compared.by('hubbub');
    const results = [...compared.results, ...accounts];
    const rows = results.map(({ name, figures: f, faults }) =>
      f
        ? [
            name,
            whole(f.opened),
            whole(f.connects_per_s),
            whole(f.server.rss_b_each),
            whole(f.server.pss_b_each),
            whole(f.server.threads),
            ours ? fixed(ours.server.rss_b_each / f.server.rss_b_each) : '-',
            faults,
          ]
        : [name, '-', '-', '-', '-', '-', '-', faults],
    );
    return {
      ...compared,
      results,
      faults: accounts.some(({ faults }) => faults),
      head: [
        'server',
        'joined',
        'connects/s',
        'RSS bytes each',
        'PSS bytes each',
        'threads',
        'bytes hubbub/it',
        'faults',
      ],
      rows: [...rows, ...bench.missing.map(({ name, why }) => [name, '-', '-', '-', '-', '-', '-', `missing: ${why}`])],
      notes: [
        'for hubbub a connection counts when its join was answered, for the others when it is open; the goals are about visitors',
        ...(conns < bench.crowd(CONNECTIONS)
          ? [`only ${whole(conns)} connections: the limit on open files is ${whole(openFilesLimit())}`]
          : []),
      ],
      goals: [
        goal(
          `at most ${BYTES_MAX} bytes of resident memory each`,
          ours?.server.rss_b_each ?? NaN,
          (bytes) => bytes <= BYTES_MAX,
          whole(ours?.server.rss_b_each),
        ),
        goal(
          `fewer than ${THREADS_BELOW} threads`,
          ours?.server.threads ?? NaN,
          (threads) => threads < THREADS_BELOW,
          whole(ours?.server.threads),
        ),
        goal(
          `at least ${whole(CONNECTS_LEAST)} connects a second`,
          ours?.connects_per_s ?? NaN,
          (rate) => rate >= CONNECTS_LEAST,
          whole(ours?.connects_per_s),
        ),
      ],
    };
  },
};
