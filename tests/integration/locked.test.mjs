/* Another program holds the database's lock for writing, and those who post over HTTP wait: the rest goes on. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { call, crew, post } from '../lib/accounts.mjs';
import { connect } from '../lib/client.mjs';
import { ask } from '../lib/http.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { times, within } from '../lib/wait.mjs';

const POSTERS = 40;

/** Holds the lock until `end()`. */
async function holdLock(server, t) {
  const sqlite = spawn('sqlite3', [join(server.dataDir, 'hubbub.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => sqlite.kill());
  sqlite.stdin.write('.timeout 20000\nBEGIN IMMEDIATE;\nSELECT 1;\n');
  await within(new Promise((resolve) => sqlite.stdout.once('data', resolve)), 'the lock');
  return () => sqlite.stdin.end('ROLLBACK;\n');
}

test('health and upgrades do not wait for a database that is locked, and who posts is told', async (t) => {
  const server = await startServer({ t, settings: UNLIMITED });
  const [, anna] = await crew(server, 'anna');
  const end = await holdLock(server, t);
  const statuses = [];
  let goesOn = true;
  const posters = times(POSTERS, async (i) => {
    for (let n = 0; goesOn; n++) {
      const answer = await post(server, anna, 'send', { id: `m${i}-${n}`, room: 'lobby', body: 'x' });
      statuses.push(answer.status);
      if (answer.status === 503) assert.ok(Number(answer.headers['retry-after']) >= 1);
    }
  });
  try {
    // The first half of the workers waits for the lock; who comes then is told after a moment, and from then on at once.
    while (statuses.filter((status) => status === 503).length < 2 * POSTERS) {
      assert.match(`${(await ask(server, '/healthz')).status}`, /^(200|503)$/);
    }
    assert.ok(!statuses.includes(200), 'the lock is held');
    const client = await connect(server, { t, ...anna });
    await client.request('ping');
  } finally {
    goesOn = false;
    end();
    await posters;
  }
  await call(server, anna, 'send', { id: 'after', room: 'lobby', body: 'and it goes on' });
});
