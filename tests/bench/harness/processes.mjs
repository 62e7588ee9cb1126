/* The programs that a measurement runs: none outlives it, whatever ends it. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** setpriv is part of util-linux and execs, so the pid stays; TERM, so that nginx takes its workers along. */
const DIE_WITH_US = ['setpriv', '--pdeathsig', 'TERM', '--'];
const STOP_LIMIT_MS = 10_000;
const LISTEN_LIMIT_MS = 20_000;
const LISTEN_POLL_MS = 20;
const SAID_MAX = 2_000;

const children = new Set();
const directories = new Set();

/** Every child is the leader of a process group of its own, so its children go with it. */
function killGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

process.on('exit', () => {
  for (const child of children) killGroup(child, 'SIGKILL');
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** A new directory in `parent`, gone at the end of this process. Those of earlier processes that were killed go now. */
export function temporaryDirectory(parent) {
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    const owner = name.match(/^run-(\d+)$/)?.[1];
    if (owner && !existsSync(`/proc/${owner}`)) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const directory = join(parent, `run-${process.pid}`);
  mkdirSync(directory, { recursive: true });
  directories.add(directory);
  return directory;
}

function start(command, args, { env, stdio }) {
  const [first, ...rest] = [...DIE_WITH_US, command, ...args];
  const child = spawn(first, rest, { detached: true, env: { ...process.env, ...env }, stdio });
  const running = { pid: child.pid, child, said: '' };
  if (child.pid) children.add(child);
  child.stderr.setEncoding('utf8').on('data', (text) => {
    running.said = (running.said + text).slice(-SAID_MAX);
  });
  running.ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      children.delete(child);
      resolve(signal ?? code);
    });
  });
  running.ended.catch(() => {}); // whoever waits for it is told
  return running;
}

/**
 * Runs a program to its end.
 * @param {{ env?: object, limitMs: number, onLine?: (line: string, write: (text: string) => void) => void }} options
 *   onLine: sees each line of stdout, and may answer on stdin
 * @returns {Promise<{ code: number | string, stdout: string, stderr: string }>} code: the exit status or the signal's name
 */
export async function runToEnd(command, args, { env = {}, limitMs, onLine }) {
  const running = start(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const lines = [];
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    killGroup(running.child, 'SIGKILL');
  }, limitMs);
  const write = (text) => running.child.stdin.write(text);
  running.child.stdin.on('error', () => {}); // it has ended already, which is told below
  createInterface({ input: running.child.stdout }).on('line', (line) => {
    lines.push(line);
    onLine?.(line, write);
  });
  try {
    const code = await running.ended;
    if (late) throw new Error(`${command} did not end within ${limitMs / 1000} s: ${running.said.trim()}`);
    return { code, stdout: lines.join('\n'), stderr: running.said.trim() };
  } finally {
    clearTimeout(timer);
  }
}

/** A port of 127.0.0.1 that is free now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Starts a server and waits until it accepts connections. */
export async function startListening(command, args, port, env = {}) {
  const running = start(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let ended = null;
  running.ended.then(
    (how) => {
      ended = how;
    },
    (error) => {
      ended = error.message;
    },
  );
  const stop = async () => {
    if (ended !== null) return;
    killGroup(running.child, 'SIGTERM');
    const limit = setTimeout(() => killGroup(running.child, 'SIGKILL'), STOP_LIMIT_MS);
    await running.ended;
    clearTimeout(limit);
  };
  for (const until = performance.now() + LISTEN_LIMIT_MS; !(await answers(port)); await sleep(LISTEN_POLL_MS)) {
    if (ended !== null) throw new Error(`${command} ended with ${ended}: ${running.said.trim()}`);
    if (performance.now() > until) {
      await stop();
      throw new Error(`${command} does not listen on port ${port}: ${running.said.trim()}`);
    }
  }
  return { pid: running.pid, port, stop };
}
