/* Breaks one C file in many small ways, and lists the mistakes that its unit tests do not notice.
 *
 *     ./dev mutate FILE [--test REGEX] [--line N] [--limit N] [--verbose]
 *
 * mutants.mjs says what the mistakes are, hunt.mjs how they are tried. Exit: 0 all were tried, 1 something failed, 2 usage. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { hunt } from './hunt.mjs';

const run = promisify(execFile);

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BUILD = join(ROOT, 'build/debug');
const MUCH = { maxBuffer: 1 << 26 };

const USAGE = `usage: ./dev mutate FILE [OPTION...]

  --test REGEX   the tests that should notice (the unit tests of the file's room: ^unit/ROOM/)
  --line N       only what is changed in this line
  --limit N      only the first so many changes
  --verbose      all changes, and which test noticed`;

class UsageError extends Error {}

function whole(text, name) {
  if (text !== undefined && !/^[1-9]\d*$/.test(text)) throw new UsageError(`--${name} wants a whole number`);
  return text === undefined ? undefined : Number(text);
}

function readArguments() {
  const strings = Object.fromEntries(
    ['test', 'line', 'limit'].map((name) => [name, { type: /** @type {const} */ ('string') }]),
  );
  let parsed;
  try {
    parsed = parseArgs({ allowPositionals: true, options: { ...strings, verbose: { type: 'boolean' } } });
  } catch (error) {
    throw new UsageError(error.message);
  }
  const { values, positionals } = parsed;
  if (positionals.length !== 1) throw new UsageError('one file');
  const file = resolve(positionals[0]);
  const path = relative(ROOT, file);
  if (!/^src\/.*\.c$/.test(path) || !existsSync(file))
    throw new UsageError(`${positionals[0]} is no C file below src/`);
  const room = path.split('/').slice(1, -1).join('/');
  return {
    file,
    path,
    test: values.test ?? `^unit/${room || 'top'}/`,
    line: whole(values.line, 'line'),
    limit: whole(values.limit, 'limit'),
    verbose: values.verbose,
  };
}

/** The words of a command, as ninja and CMake write it: quoted where a shell needs it. */
const words = (command) =>
  [...command.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/\\(.)|["']/g, '$1'),
  );

async function compileCommand(file) {
  const commands = JSON.parse(await readFile(join(BUILD, 'compile_commands.json'), 'utf8'));
  const found = commands.find((entry) => entry.file === file);
  if (!found) throw new Error(`${file} is not part of the build`);
  const all = words(found.command);
  const from = /ccache$/.test(all[0]) ? 1 : 0; // what is compiled once needs no cache
  const at = all.indexOf('-o');
  return {
    file,
    directory: found.directory,
    arguments: all.filter((word, i) => i >= from && i !== at && i !== at + 1 && word !== '-c' && word !== file),
  };
}

/** The unit tests that fit, built, with the command that links each. */
async function unitTests(regex) {
  const { stdout } = await run(
    'ctest',
    ['--test-dir', BUILD, '--show-only=json-v1', '-L', '^unit$', '-R', regex],
    MUCH,
  );
  const names = JSON.parse(stdout).tests.map(({ name }) => name);
  if (names.length === 0) throw new Error(`no unit test fits ${regex}: name others with --test`);
  const target = (name) => `tests/${name.replaceAll('/', '_')}`;
  await run('ninja', ['-C', BUILD, ...names.map(target)], MUCH);
  return Promise.all(
    names.map(async (name) => {
      const { stdout: commands } = await run('ninja', ['-C', BUILD, '-t', 'commands', '-s', target(name)], MUCH);
      const link = words(
        commands
          .trim()
          .replace(/^: && /, '')
          .replace(/ && :$/, ''),
      );
      return { name, directory: BUILD, link };
    }),
  );
}

const oneLine = (text) => text.replace(/\s+/g, ' ');

function show(path, { kind, line, was, becomes, fate, by }) {
  const told = {
    survived: '',
    killed: `   (${by} noticed)`,
    timeout: `   (${by} did not end)`,
    refused: '   (the compiler noticed)',
  };
  console.log(`${path}:${line}: ${kind}: ${oneLine(was)}   became   ${oneLine(becomes) || 'nothing'}${told[fate]}`);
}

async function main() {
  const { file, path, test, line, limit, verbose } = readArguments();
  const [compile, tests] = [await compileCommand(file), await unitTests(test)];
  const scratch = mkdtempSync(join(ROOT, 'build/mutate-'));
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));
  const wanted = (mutant) => line === undefined || mutant.line === line;
  const { tests: used, tried } = await hunt({ compile, tests, scratch, wanted, limit });
  if (used.length === 0) throw new Error(`none of ${tests.length} tests uses ${path}: name others with --test`);
  const count = (...fates) => tried.filter(({ fate }) => fates.includes(fate)).length;
  const shown = verbose ? tried : tried.filter(({ fate }) => fate === 'survived');
  for (const mutant of shown) show(path, mutant);
  const [killed, survived] = [count('killed', 'timeout'), count('survived')];
  const percent = killed + survived > 0 ? Math.floor((100 * killed) / (killed + survived)) : 100;
  console.log(
    `${path}: ${killed} of ${killed + survived} killed, ${percent} %, by ${used.length} tests` +
      ` (${count('timeout')} by time; ${count('refused')} more did not compile)`,
  );
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
try {
  await main();
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`mutate: ${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
  console.error(`mutate: ${error.stderr || error.stdout || error.message}`);
  process.exit(1);
}
