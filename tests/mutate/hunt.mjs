/* Which mutants of a C file do its tests notice? The file is compiled into a library of its own, libmutant.so, which each test is linked
 * with once; so a mutant costs one compilation and the tests that use the file, the likeliest first, until one fails. All happens in a
 * scratch directory. The address and the undefined-behaviour sanitizer look at the mutant: what reads behind an array is noticed. */
import { execFile, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { mutantsOf, mutate } from './mutants.mjs';

const run = promisify(execFile);

const SANITIZE = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
/** No mutant may take more memory than this. */
const RUNTIME = { ASAN_OPTIONS: 'hard_rss_limit_mb=1024', UBSAN_OPTIONS: 'halt_on_error=1' };
const LIBRARY = 'libmutant.so';
const LEAST_MS = 5000;
const TIMES_AS_LONG = 10;

/** @typedef {{ file: string, directory: string, arguments: string[] }} Compile one command, without output and source */
/** @typedef {{ name: string, directory: string, link: string[] }} Test how it is linked, with `-o PROGRAM` */
/** @typedef {import('./mutants.mjs').Mutant & { fate: 'killed' | 'timeout' | 'survived' | 'refused', by?: string }} Tried */

/** @param {Compile} compile */
async function build(compile, text, scratch) {
  const [source, object] = [join(scratch, basename(compile.file)), join(scratch, 'mutant.o')];
  await mkdir(scratch, { recursive: true });
  await writeFile(source, text);
  const [compiler, ...rest] = compile.arguments;
  const options = [...rest, '-iquote', dirname(compile.file), '-O0', '-w', '-fPIC', ...SANITIZE];
  await run(compiler, [...options, '-c', source, '-o', object], { cwd: compile.directory });
  await run(compiler, ['-shared', ...SANITIZE, `-Wl,-soname,${LIBRARY}`, object, '-o', join(scratch, LIBRARY)], {
    cwd: compile.directory,
  });
}

/** What a program or a library has for the linker at run time. */
async function symbolsOf(file) {
  const { stdout } = await run('nm', ['--dynamic', '--format=posix', file], { maxBuffer: 1 << 26 });
  return stdout.split('\n').map((line) => line.split(' '));
}

/** Links a test with the library; nothing, when the test does not use it. @param {Test} test */
async function link({ name, directory, link: [linker, ...rest] }, scratch) {
  const library = join(scratch, LIBRARY);
  const program = join(scratch, `test_${name.replaceAll(/\W/g, '_')}`);
  const options = [...rest];
  options[rest.indexOf('-o') + 1] = program;
  // In front of the archives, so that what both have comes from the library.
  const first = rest.findIndex((argument) => argument.endsWith('.a'));
  options.splice(first < 0 ? rest.length : first, 0, '-Wl,--no-as-needed', library);
  await run(linker, [...options, ...SANITIZE], { cwd: directory });
  const offered = (await symbolsOf(library)).filter(([, type]) => type !== 'U').map(([symbol]) => symbol);
  const used = new Set((await symbolsOf(program)).map(([symbol]) => symbol));
  return offered.some((symbol) => /^(?!_|$)/.test(symbol) && used.has(symbol))
    ? { name, directory, program }
    : undefined;
}

/** @returns {Promise<'passed' | 'failed' | 'timeout'>} */
function execute({ program, directory }, scratch, limitMs) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...RUNTIME, LD_LIBRARY_PATH: scratch, TMPDIR: scratch };
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', program], {
      cwd: directory,
      env,
      stdio: 'ignore',
      detached: true,
    });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      process.kill(-child.pid, 'SIGKILL'); // with what it has started
    }, limitMs);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(late ? 'timeout' : code === 0 ? 'passed' : 'failed');
    });
  });
}

/** The tests that use the file, the likeliest to notice something first: of its name, then the quickest. */
async function readyTests(compile, tests, scratch, text) {
  await build(compile, text, scratch);
  const stem = basename(compile.file, '.c');
  const ready = [];
  for (const test of tests) {
    const linked = await link(test, scratch);
    if (!linked) continue;
    const began = performance.now();
    const result = await execute(linked, scratch, 300_000);
    if (result !== 'passed') throw new Error(`${test.name} does not pass without a mutation: ${result}`);
    ready.push({ ...linked, ms: performance.now() - began });
  }
  const rank = ({ name }) => (basename(name) === stem ? 0 : name.includes(stem) ? 1 : 2);
  return ready.sort((a, b) => rank(a) - rank(b) || a.ms - b.ms);
}

async function judge(compile, tests, mutant, text, scratch) {
  try {
    await build(compile, mutate(text, mutant), scratch);
  } catch {
    return { ...mutant, fate: 'refused' };
  }
  for (const test of tests) {
    const result = await execute(test, scratch, LEAST_MS + TIMES_AS_LONG * test.ms);
    if (result !== 'passed') return { ...mutant, fate: result === 'timeout' ? 'timeout' : 'killed', by: test.name };
  }
  return { ...mutant, fate: 'survived' };
}

/**
 * Tries all mutants of a file, several at a time, and gives them back in the order of the text.
 * @param {object} options
 * @param {Compile} options.compile
 * @param {Test[]} options.tests
 * @param {string} options.scratch an empty directory
 * @param {(mutant: import('./mutants.mjs').Mutant) => boolean} [options.wanted]
 * @param {number} [options.limit] the first so many
 * @param {number} [options.jobs]
 * @returns {Promise<{ tests: string[], tried: Tried[] }>}
 */
export async function hunt({
  compile,
  tests,
  scratch,
  wanted = () => true,
  limit = Infinity,
  jobs = availableParallelism(),
}) {
  const text = await readFile(compile.file, 'utf8');
  await mkdir(scratch, { recursive: true });
  const ready = await readyTests(compile, tests, scratch, text);
  const mutants = mutantsOf(text).filter(wanted).slice(0, limit);
  const tried = [];
  let next = 0;
  const work = async (_, worker) => {
    while (next < mutants.length) {
      const i = next++;
      tried[i] = await judge(compile, ready, mutants[i], text, join(scratch, `worker_${worker}`));
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return { tests: ready.map(({ name }) => name), tried };
}
