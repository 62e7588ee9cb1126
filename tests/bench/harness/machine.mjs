/* What the figures were measured on: a reader of the table must know. */
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { median } from './figures.mjs';

const SYNCS = 40;
const BLOCK = Buffer.alloc(4096);
const GIB = 1024 ** 3;

/** The filesystem that a directory is on: its type, and whether what is synced there can be lost with the power. */
export function filesystemOf(directory) {
  const path = resolve(directory);
  let best = { mount: '', type: 'unknown' };
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n')) {
    const fields = line.split(' ');
    const mount = fields[4].replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8)));
    const inside = path === mount || path.startsWith(mount.endsWith('/') ? mount : `${mount}/`);
    if (inside && mount.length >= best.mount.length) best = { mount, type: fields[fields.indexOf('-') + 1] };
  }
  const { bavail, bsize } = statfsSync(path);
  return { ...best, free_gib: Math.round((bavail * bsize) / GIB), volatile: ['tmpfs', 'ramfs'].includes(best.type) };
}

/** The median time of appending 4 KiB and syncing them, in ms: what one commit costs at least. */
export function syncTime(directory) {
  const file = join(directory, 'sync-probe');
  const fd = openSync(file, 'w');
  const times = [];
  for (let i = 0; i < SYNCS; i++) {
    const began = performance.now();
    writeSync(fd, BLOCK);
    fdatasyncSync(fd);
    times.push(performance.now() - began);
  }
  closeSync(fd);
  rmSync(file);
  return median(times);
}

/** How many files a process may have open at most. */
export function openFilesLimit() {
  const hard = readFileSync('/proc/self/limits', 'utf8').match(/^Max open files\s+\S+\s+(\S+)/m)?.[1];
  return hard === 'unlimited' ? Infinity : Number(hard);
}

export function describeMachine(directory) {
  return {
    cpus: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memory_gib: Math.round(totalmem() / GIB),
    kernel: release(),
    node: process.version,
    data: { ...filesystemOf(directory), sync_ms: syncTime(directory) },
  };
}
