/* Builds the load generators and the peers into build/bench/, when they are older than their sources. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runToEnd } from './processes.mjs';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const OUT = join(ROOT, 'build/bench');
const HERE = join(ROOT, 'tests/bench');
const PROGRAMS = ['chatload', 'reconnect', 'pages', 'welcome'];
const BUILD_LIMIT_MS = 180_000;
const NCHAN_MODULES = ['/usr/lib/nginx/modules/ngx_nchan_module.so', '/usr/share/nginx/modules/ngx_nchan_module.so'];
const GORILLA = '/usr/share/gocode/src/github.com/gorilla/websocket';

/** As in cmake/flags.cmake. */
const WARNINGS = [
  '-Wall',
  '-Wextra',
  '-Wpedantic',
  '-Wshadow',
  '-Wconversion',
  '-Wstrict-prototypes',
  '-Wmissing-prototypes',
  '-Wvla',
  '-Wformat=2',
  '-Werror',
  '-fno-common',
];
const C_FLAGS = ['-std=c17', '-D_GNU_SOURCE', '-O2', '-g1', ...WARNINGS];

export function findProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

function newest(files) {
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

/** Runs the command unless its output is newer than all sources. */
async function make(output, sources, command, args, env = {}) {
  if (existsSync(output) && newest([output]) > newest(sources)) return output;
  const { code, stderr } = await runToEnd(command, args, { env, limitMs: BUILD_LIMIT_MS });
  if (code !== 0) throw new Error(`${command} could not build ${output}:\n${stderr}`);
  return output;
}

/** @returns {Promise<{ chatload: string, reconnect: string, pages: string, welcome: string }>} where the programs are */
export async function buildGenerators() {
  const compiler = process.env.CC ?? 'gcc';
  if (!findProgram(compiler)) throw new Error(`${compiler} is missing: ./dev installs it`);
  mkdirSync(OUT, { recursive: true });
  const folder = join(HERE, 'load');
  const files = readdirSync(folder)
    .filter((name) => /\.[ch]$/.test(name))
    .map((name) => join(folder, name));
  const shared = files.filter((file) => file.endsWith('.c') && !PROGRAMS.some((name) => file.endsWith(`/${name}.c`)));
  const built = {};
  for (const name of PROGRAMS) {
    const output = join(OUT, name);
    const args = [...C_FLAGS, join(folder, `${name}.c`), ...shared, '-o', output, '-lpthread'];
    built[name] = await make(output, files, compiler, args);
  }
  return built;
}

function buildCHub() {
  const source = join(HERE, 'peers/c-hub.c');
  const output = join(OUT, 'c-hub');
  return make(output, [source], process.env.CC ?? 'gcc', [...C_FLAGS, source, '-o', output]);
}

function buildSeedHub() {
  if (!findProgram('go')) throw new Error('go is missing (Debian: golang-go)');
  if (!existsSync(GORILLA))
    throw new Error('gorilla/websocket is missing (Debian: golang-github-gorilla-websocket-dev)');
  const source = join(HERE, 'peers/seed-hub.go');
  const output = join(OUT, 'seed-hub');
  const env = {
    GO111MODULE: 'off',
    GOPATH: '/usr/share/gocode',
    GOCACHE: join(OUT, 'go-cache'),
    GOFLAGS: '',
    CGO_ENABLED: '0',
  };
  return make(output, [source], 'go', ['build', '-o', output, source], env);
}

function findNchan() {
  const module = NCHAN_MODULES.find((path) => existsSync(path));
  const nginx = findProgram('nginx');
  if (!nginx) throw new Error('nginx is missing (Debian: nginx)');
  if (!module) throw new Error('nchan is missing (Debian: libnginx-mod-nchan)');
  return { nginx, module, template: readFileSync(join(HERE, 'peers/nchan.conf'), 'utf8') };
}

function findNodeHub() {
  const script = join(HERE, 'peers/ws-hub.cjs');
  try {
    createRequire(script).resolve('ws');
  } catch {
    throw new Error('the npm package ws is missing (npm ci)');
  }
  return script;
}

/** Builds what a peer needs and gives it; throws an error that says what is missing. */
export const preparePeer = { 'c-hub': buildCHub, 'seed-hub': buildSeedHub, nchan: findNchan, 'node-ws': findNodeHub };
