/* Measures Hubbub's release build beside its peers, one scenario after the other, and says which goals are met.
 *
 *     ./dev bench [SCENARIO...] [--quick] [--json FILE] ...        README.md beside this file says more
 *
 * Exit: 0 all was measured (whether the goals are met or not), 1 something failed or Hubbub delivered wrongly, 2 usage. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fixed, table } from './harness/figures.mjs';
import { describeMachine } from './harness/machine.mjs';
import { temporaryDirectory } from './harness/processes.mjs';
import { HUBBUB_SETTINGS, prepareServers, SERVER_NAMES } from './harness/servers.mjs';
import { buildGenerators, OUT } from './harness/tools.mjs';
import { activity } from './scenarios/activity.mjs';
import { idle } from './scenarios/idle.mjs';
import { logins } from './scenarios/logins.mjs';
import { manyRooms } from './scenarios/many_rooms.mjs';
import { oneRoom } from './scenarios/one_room.mjs';
import { paced } from './scenarios/paced.mjs';
import { pages } from './scenarios/pages.mjs';
import { reconnect } from './scenarios/reconnect.mjs';
import { stalled } from './scenarios/stalled.mjs';
import { welcome } from './scenarios/welcome.mjs';

const SCENARIOS = [oneRoom, paced, manyRooms, idle, stalled, reconnect, pages, logins, welcome, activity];

const USAGE = `usage: ./dev bench [SCENARIO...] [OPTION...]

scenarios (all, when none is named; by number or name):
${SCENARIOS.map(({ number, name, title }) => `  ${String(number).padStart(2)}  ${name.padEnd(10)}  ${title}`).join('\n')}

  --quick            one short round of each: under 4 minutes instead of under 13, and less to rely on
  --rounds N         rounds of each comparison (3)
  --seconds S        measured time of a run
  --servers A,B      of ${SERVER_NAMES.join(', ')} (all)
  --set NAME=VALUE   another setting for Hubbub, as on its command line; repeatable
  --data DIR         where Hubbub's data goes while it is measured (a folder under build/bench/)
  --messages N       how long the room of scenario 7 is (1000000)
  --scale X          a share of all connections and rooms, 0 to 1: to try the tools, not to judge by (1)
  --json FILE        everything that was measured, run by run

Hubbub is the program that the environment variable HUBBUB names (build/hubbub).`;

const LEAST_CROWD = 20;
const TOTAL_S = { full: 720, quick: 235 };

class UsageError extends Error {}

function positive(text, name) {
  const value = Number(text);
  if (text !== undefined && !(value > 0)) throw new UsageError(`--${name} wants a number above 0`);
  return text === undefined ? undefined : value;
}

function readSettings(list) {
  return Object.fromEntries(
    list.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new UsageError(`--set wants NAME=VALUE, not ${text}`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

function readServers(text) {
  const wanted = text?.split(',') ?? SERVER_NAMES;
  const unknown = wanted.find((name) => !SERVER_NAMES.includes(name));
  if (unknown !== undefined) throw new UsageError(`no such server: ${unknown}`);
  return wanted;
}

function readArguments(argv) {
  const text = { type: 'string' };
  let parsed;
  try {
    parsed = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        set: { ...text, multiple: true, default: [] },
        rounds: text,
        seconds: text,
        servers: text,
        data: text,
        messages: text,
        scale: text,
        json: text,
      },
    });
  } catch (error) {
    throw new UsageError(error.message);
  }
  const { values, positionals } = parsed;
  const scenarios = positionals.map((word) => {
    const found = SCENARIOS.find(({ number, name }) => word === name || word === String(number));
    if (!found) throw new UsageError(`no such scenario: ${word}`);
    return found;
  });
  return {
    ...values,
    scenarios: scenarios.length ? scenarios : SCENARIOS,
    rounds: Math.ceil(positive(values.rounds, 'rounds') ?? (values.quick ? 1 : 3)),
    seconds: positive(values.seconds, 'seconds'),
    messages: positive(values.messages, 'messages'),
    scale: Math.min(1, positive(values.scale, 'scale') ?? 1),
    settings: readSettings(values.set),
    servers: readServers(values.servers),
  };
}

/** How long each part of a run of chatload takes. */
function phasesOf({ quick, seconds }) {
  return quick
    ? ['--settle', 0.6, '--warmup', 0.5, '--duration', seconds ?? 1.5, '--drain', 5]
    : ['--settle', 1, '--warmup', 1, '--duration', seconds ?? 4, '--drain', 5];
}

function printMachine({ cpus, cpu, memory_gib, kernel, data }, options) {
  console.log(
    `${cpus} cores of ${cpu}, ${memory_gib} GiB, Linux ${kernel}. Servers and generator share them, over loopback: compare within`,
  );
  console.log('one table only; figures move by half between runs, their ratios much less.');
  console.log(
    `Data on ${data.type} at ${data.mount}: appending 4 KiB and syncing takes ${fixed(data.sync_ms, 3)} ms (median).`,
  );
  if (data.volatile)
    console.log(
      "NOTE: that is memory, not a disk, so Hubbub's commits are cheaper than in earnest. --data names another place.",
    );
  const settings = Object.entries({ ...HUBBUB_SETTINGS, ...options.settings }).map(
    ([name, value]) => `${name}=${value}`,
  );
  console.log(`Hubbub with ${settings.join(' ')}; every commit durable. Peers store nothing.`);
  if (options.scale < 1)
    console.log(
      `NOTE: only ${fixed(options.scale * 100, 0)} % of the connections and rooms that the scenarios speak of.`,
    );
}

function printResult(scenario, result) {
  console.log(
    `\n${scenario.number} ${scenario.name}: ${scenario.title} (${result.rounds === 1 ? 'one round' : `${result.rounds} rounds, medians`})`,
  );
  for (const line of table(result.head, result.rows)) console.log(`  ${line}`);
  for (const note of result.notes) console.log(`  ${note}`);
  for (const { text, shown, met } of result.goals) {
    console.log(`  goal: ${text}: ${met === null ? 'not judged' : `${shown}, ${met ? 'met' : 'NOT MET'}`}`);
  }
}

function isFaulty(result) {
  return result.faults || result.results?.some(({ name, faults }) => name === 'hubbub' && faults);
}

async function runScenario(bench, scenario) {
  bench.say(`${scenario.number} ${scenario.name}: ${scenario.title}`);
  if (scenario.only && !bench.servers.some(({ name }) => name === scenario.only)) {
    console.log(`\n${scenario.number} ${scenario.name}: left out, it is about ${scenario.only} only`);
    return { number: scenario.number, name: scenario.name, left_out: true, goals: [] };
  }
  const began = performance.now();
  const described = { number: scenario.number, name: scenario.name, title: scenario.title };
  try {
    const speed = bench.quick ? 'quick' : 'full';
    const leftS = TOTAL_S[speed] - (began - bench.began) / 1000;
    const result = await scenario.run({ ...bench, limitS: Math.min(scenario.shareS[speed], leftS) });
    printResult(scenario, result);
    const { rounds, results, notes, goals } = result;
    return {
      ...described,
      rounds,
      seconds: (performance.now() - began) / 1000,
      results,
      notes,
      goals,
      failed: isFaulty(result),
    };
  } catch (error) {
    console.log(`\n${scenario.number} ${scenario.name}: could not be measured: ${error.message}`);
    return { ...described, error: error.message, goals: [], failed: true };
  }
}

function printSummary(done, seconds) {
  const goals = done.flatMap((scenario) => scenario.goals.map((goal) => ({ ...goal, scenario })));
  const count = (met) => goals.filter((goal) => goal.met === met).length;
  console.log(
    `\n${count(true)} goals met, ${count(false)} not met, ${count(null)} not judged, in ${Math.round(seconds)} s`,
  );
  for (const { text, shown, scenario } of goals.filter((goal) => goal.met === false)) {
    console.log(`  NOT MET  ${scenario.number} ${scenario.name}: ${text}: ${shown}`);
  }
  for (const { number, name, error } of done.filter((scenario) => scenario.failed)) {
    console.log(`  FAILED   ${number} ${name}: ${error ?? 'see its faults'}`);
  }
}

async function main() {
  const options = readArguments(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const began = performance.now();
  const say = (text) => process.stderr.write(`${text}\n`);
  const tools = await buildGenerators();
  const directory = temporaryDirectory(options.data ?? OUT);
  const { servers, missing } = await prepareServers({ directory, wanted: options.servers, settings: options.settings });
  const machine = describeMachine(directory);
  printMachine(machine, options);
  for (const { name, why } of missing) console.log(`${name} cannot be measured here: ${why}`);

  const { quick, rounds, seconds, messages, scale } = options;
  const crowd = (count) => Math.max(LEAST_CROWD, Math.round(count * scale));
  const bench = {
    tools,
    servers,
    missing,
    quick,
    rounds,
    seconds,
    messages,
    crowd,
    phases: phasesOf(options),
    began,
    say,
  };
  const done = [];
  for (const scenario of options.scenarios) done.push(await runScenario(bench, scenario));
  printSummary(done, (performance.now() - began) / 1000);
  if (options.json) {
    const settings = { ...HUBBUB_SETTINGS, ...options.settings };
    writeFileSync(
      options.json,
      `${JSON.stringify({ machine, settings, quick, scale, missing, scenarios: done }, null, 1)}\n`,
    );
  }
  return done.some((scenario) => scenario.failed) ? 1 : 0;
}

main().then(
  (status) => process.exit(status),
  (error) => {
    console.error(error instanceof UsageError ? `bench: ${error.message}\n\n${USAGE}` : `bench: ${error.message}`);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
