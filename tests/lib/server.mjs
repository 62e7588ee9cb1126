/* The real program, started for a test: a free port, a data directory of its own, its log as data, and a sure end. */
import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ask } from './http.mjs';
import { Inbox, until, within } from './wait.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const PROGRAM = process.env.HUBBUB ?? join(ROOT, 'build/hubbub');
export const CONFIG = join(ROOT, 'config/civetweb.conf');

/** The child dies with this process, whatever ends it; setpriv is part of util-linux and execs, so the pid stays. */
const DIE_WITH_US = ['setpriv', '--pdeathsig', 'KILL', '--'];
const RUN_LIMIT_MS = 20_000;

const children = new Set();
const directories = new Set();

function removeTemporary(directory) {
  if (directories.delete(directory)) rmSync(directory, { recursive: true, force: true });
}

process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  for (const directory of [...directories]) removeTemporary(directory);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** A new empty directory that is gone at the end of this process. */
export function temporaryDirectory() {
  const directory = mkdtempSync(join(tmpdir(), 'hubbub-test-'));
  directories.add(directory);
  return directory;
}

/** Our environment without settings of the program's, so that a developer's shell does not change the tests. */
function cleanEnvironment(extra) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('HUBBUB'));
  return { ...Object.fromEntries(own), ...extra };
}

function settingArguments(settings) {
  return Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
}

/** One line of logfmt as an object; a quoted value may hold \" and \\ and \xNN. */
export function parseLogLine(line) {
  const fields = {};
  for (const [, key, quoted, bare] of line.matchAll(/([^\s=]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g)) {
    fields[key] =
      bare ??
      quoted.replace(/\\(?:x([0-9a-f]{2})|(.))/g, (_, hex, char) =>
        hex ? String.fromCharCode(parseInt(hex, 16)) : char,
      );
  }
  return fields;
}

/**
 * Runs the program to its end: for what it says on the command line.
 * @returns {Promise<{ code: number | null, signal: string | null, stdout: string, stderr: string }>}
 */
export function runProgram(args, { env = {}, wrap = [], cwd = ROOT, input = '' } = {}) {
  const [command, ...rest] = [...DIE_WITH_US, ...wrap, PROGRAM, ...args];
  return new Promise((resolve) => {
    const options = { cwd, env: cleanEnvironment(env), timeout: RUN_LIMIT_MS, killSignal: 'SIGKILL' };
    const child = execFile(command, rest, options, (error, stdout, stderr) => {
      resolve({ code: error ? (error.signal ? null : error.code) : 0, signal: error?.signal ?? null, stdout, stderr });
    });
    child.stdin.on('error', () => {}); // it need not read what it is given
    child.stdin.end(input);
  });
}

/** Who owns the place that tests begin with. */
export const OWNER = { name: 'owner', password: 'a password for tests' };

/** A data directory with an owner, made once per process and copied from then on: hashing a password is slow on purpose. */
let template;
async function makeTemplate() {
  const dataDir = join(temporaryDirectory(), 'data');
  const args = ['--config', CONFIG, '--set', `data_dir=${dataDir}`, 'setup', '--owner', OWNER.name];
  const { code, stderr } = await runProgram(args, { input: `${OWNER.password}\n` });
  if (code !== 0) throw new Error(`hubbub setup ended with ${code}: ${stderr}`);
  return dataDir;
}

async function setUp(dataDir) {
  if (existsSync(join(dataDir, 'hubbub.db'))) return;
  cpSync(await (template ??= makeTemplate()), dataDir, { recursive: true });
}

/** `sqlite3` on a database file; the answer's rows as objects. */
export function sqlite(file, sql) {
  return new Promise((resolve, reject) => {
    execFile(
      'sqlite3',
      ['-bail', '-json', file, sql],
      { timeout: RUN_LIMIT_MS, maxBuffer: 1 << 28 },
      (error, stdout) => {
        if (error) reject(error);
        else resolve(stdout.trim() ? JSON.parse(stdout) : []);
      },
    );
  });
}

class Server {
  /** @type {Record<string, string>[]} every line that it has logged, parsed */
  log = [];
  #lines;
  #child;
  #exited;
  #options;

  constructor(options) {
    this.#options = options;
    this.dataDir = options.dataDir;
    this.settings = options.settings;
  }

  async start() {
    const { settings, env, wrap, port, stderr } = this.#options;
    const args = [
      '--config',
      CONFIG,
      ...settingArguments({
        listening_ports: `127.0.0.1:${this.port ?? port}`,
        data_dir: this.dataDir,
        allow_guests: 'yes',
        ...settings,
      }),
    ];
    const [command, ...rest] = [...DIE_WITH_US, ...wrap, PROGRAM, ...args];
    const stdio = ['ignore', 'inherit', stderr?.fd ?? 'pipe'];
    const child = spawn(command, rest, { cwd: ROOT, env: cleanEnvironment(env), stdio });
    const lines = new Inbox();
    this.#child = child;
    this.#lines = lines;
    this.log = lines.items;
    children.add(child);
    const logged = (line) => {
      lines.push({ ...parseLogLine(line), line });
      if (!line.startsWith('time=')) process.stderr.write(`${line}\n`); // a sanitizer or an assertion speaks
    };
    createInterface({ input: stderr?.reader ?? child.stderr }).on('line', logged);
    if (settings.log_file) this.#follow(settings.log_file, logged);
    const spawned = new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    this.#exited = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        children.delete(child);
        const said = lines.items
          .slice(-20)
          .map((entry) => entry.line)
          .join('\n');
        lines.end(new Error(`${PROGRAM} ended with ${signal ?? code}:\n${said}`));
        resolve(signal ?? code);
      });
    });
    await spawned;
    const ready = await lines.first((entry) => entry.event === 'ready', 'event=ready in the log');
    this.port = Number(ready.address.split(':').at(-1));
    this.url = `http://127.0.0.1:${this.port}`;
    this.wsUrl = `ws://127.0.0.1:${this.port}/ws`;
    return this;
  }

  /** Reads a log file as it grows, from what it has now. */
  #follow(file, logged) {
    const tail = spawn(DIE_WITH_US[0], [...DIE_WITH_US.slice(1), 'tail', '-n', '+1', '-F', `--pid=${this.pid}`, file], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.add(tail);
    tail.once('close', () => children.delete(tail));
    createInterface({ input: tail.stdout }).on('line', logged);
  }

  get pid() {
    return this.#child.pid;
  }

  get running() {
    return children.has(this.#child);
  }

  /** How it ended: an exit code, or the name of a signal. */
  get exited() {
    return this.#exited;
  }

  /** The first line of that event since the start, now or later. */
  waitForLog(event, match = () => true) {
    return this.#lines.first((entry) => entry.event === event && match(entry), `event=${event} in the log`);
  }

  /** Until what it keeps for its next start has got as far as the database is now. */
  async waitForMark() {
    const [{ number }] = await this.sqlite('SELECT number FROM applied');
    const read = () => Number(/\nnumber (\d+)/.exec(readFileSync(join(this.dataDir, 'hubbub.mark'), 'latin1'))?.[1]);
    return until(() => read() >= number, `hubbub.mark to say ${number}`);
  }

  signal(name) {
    this.#child.kill(name);
  }

  async stop() {
    this.signal('SIGTERM');
    return within(this.#exited, 'the end after SIGTERM');
  }

  async kill() {
    this.signal('SIGKILL');
    return within(this.#exited, 'the end after SIGKILL');
  }

  /** Stops it (unless it has ended already) and starts it again: same data, same port; `settings` are added. */
  async restart(settings = {}) {
    if (this.running) await this.stop();
    this.#options.settings = this.settings = { ...this.settings, ...settings };
    return this.start();
  }

  /** The command line beside the running server: `hubbub --config FILE --set data_dir=DIR ...args`. */
  command(...args) {
    return runProgram(['--config', CONFIG, '--set', `data_dir=${this.dataDir}`, ...args]);
  }

  sqlite(sql) {
    return sqlite(join(this.dataDir, 'hubbub.db'), sql);
  }

  /** What /metrics says, as a map from `name` or `name{label="value"}` to a number. */
  async metrics() {
    const { status, text } = await ask(this, '/metrics');
    if (status !== 200) throw new Error(`/metrics answered ${status}`);
    const samples = text.split('\n').filter((line) => line && !line.startsWith('#'));
    return new Map(
      samples.map((line) => {
        const cut = line.lastIndexOf(' ');
        return [line.slice(0, cut), Number(line.slice(cut + 1))];
      }),
    );
  }
}

/**
 * Starts the program and waits until it is ready. With `t`, it is stopped at the test's end (which finds leaks and
 * stuck stops too).
 * @param {object} [options]
 * @param {import('node:test').TestContext} [options.t]
 * @param {Record<string, string | number>} [options.settings] each is a --set
 * @param {string} [options.dataDir] an own new one when left out
 * @param {Record<string, string>} [options.env] added to the environment
 * @param {string[]} [options.wrap] a command that execs its arguments, such as prlimit
 * @param {number} [options.port] 0 is a free one
 * @param {{ fd: number, reader: import('node:stream').Readable }} [options.stderr] where it writes, and what reads that
 * @param {boolean} [options.owned] false: an empty data directory, which asks for an owner first
 */
export async function startServer({
  t,
  settings = {},
  dataDir = temporaryDirectory(),
  env = {},
  wrap = [],
  port = 0,
  stderr,
  owned = true,
} = {}) {
  if (owned) await setUp(dataDir);
  const server = new Server({ settings, dataDir, env, wrap, port, stderr });
  t?.after(async () => {
    if (!server.running) return;
    const end = await server.stop();
    if (end !== 0)
      throw new Error(`the server ended with ${end}:\n${server.log.map((entry) => entry.line).join('\n')}`);
  });
  try {
    return await server.start();
  } catch (error) {
    removeTemporary(dataDir); // a failure at the top of a test file skips what is done at the process's end
    throw error;
  }
}

/** Settings for tests that are not about the rate: no limits on how fast one may send, or new people may come. */
export const UNLIMITED = {
  rate_messages_per_s: 0,
  rate_newcomers_per_min: 0,
  rooms_per_day: 0,
  directs_per_day: 0,
  added_per_day: 0,
};
