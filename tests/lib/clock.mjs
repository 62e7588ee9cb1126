/* A server whose clock can be set, by lib/set_clock.c. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServer, temporaryDirectory, UNLIMITED } from './server.mjs';

export const DAY_S = 24 * 60 * 60;

/** The server; `set` says how many seconds its clock is ahead, `now` what it shows. */
export async function serverWithClock(t) {
  const file = join(temporaryDirectory(), 'ahead');
  let ahead_s = 0;
  const set = (seconds) => writeFileSync(file, String((ahead_s = seconds)));
  set(0);
  const env = { LD_PRELOAD: process.env.SET_CLOCK, SET_CLOCK_FILE: file, ASAN_OPTIONS: 'verify_asan_link_order=0' };
  const server = await startServer({ t, settings: UNLIMITED, env });
  return { server, set, now: () => Date.now() + ahead_s * 1000 };
}
