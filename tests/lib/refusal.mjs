/* Starts that must fail: the program says why in one line on stderr, nothing on stdout, and ends with an error. */
import assert from 'node:assert/strict';
import { CONFIG, runProgram } from './server.mjs';

/** A wrapper under which root, too, must keep to the permissions of files; for others it changes nothing. */
export const MORTAL =
  process.getuid() === 0 ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search', '--'] : [];

/** Runs the program, which must refuse: the line that it says. */
export async function refusedRun(args, options) {
  const { code, signal, stdout, stderr } = await runProgram(args, options);
  const what = args.join(' ');
  assert.equal(signal, null, `${what}: ${stderr}`);
  assert.ok(code > 0 && code < 100, `${what}: exit code ${code}`);
  assert.equal(stdout, '', what);
  assert.match(stderr, /^[^\n]*[^\s][^\n]*\n$/, `${what}: one line`);
  return stderr;
}

/** Starts the server on a data directory, which must fail. `sets` are further `name=value`. */
export function refusedStart(dataDir, sets = [], options = {}) {
  const all = ['listening_ports=127.0.0.1:0', `data_dir=${dataDir}`, ...sets];
  return refusedRun(['--config', CONFIG, ...all.flatMap((set) => ['--set', set])], options);
}
