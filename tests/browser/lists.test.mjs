/* Lists that are longer than a page: the page says that there is more, and shows it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call } from '../lib/accounts.mjs';
import { becomes } from './lib/people.mjs';
import { place, rowsOf, sure, told } from './lib/place.mjs';

const MANY = 60;

/** So many people, each of them banned, who ask to join the cellar and have been reported there. */
const people = (room) => `
  CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY}) SELECT i FROM n;
  INSERT INTO users (id, kind, role, name, name_fold, key, created_at)
    SELECT 1000 + i, 'account', 'member', 'person-' || i, 'person-' || i, randomblob(16), 1 FROM n;
  INSERT INTO bans (user_id, actor_id, at, until, reason, hides, number) SELECT 1000 + i, 0, i, 0, 'reason ' || i, 0, i FROM n;
  INSERT INTO join_requests (room_id, user_id, at, text, number) SELECT ${room}, 1000 + i, i, 'please ' || i, i FROM n;
  INSERT INTO reports (room_id, seq, reporter_id, reason, at) SELECT 2, m.seq, 1000 + i, 'rude ' || i, i
    FROM n, (SELECT seq FROM messages WHERE room_id = 2 LIMIT 1) AS m;`;

test('bans, reports and requests to join go on behind "Show more"', async (t) => {
  const { server, enter, say, accounts } = await place(t);
  const { room } = await call(server, accounts.anna, 'create_room', { name: 'cellar', kind: 'closed' });
  await say(accounts.ben, 'rude');
  await server.stop();
  await server.sqlite(people(room));
  await server.restart();

  const anna = await enter(accounts.anna, { path: '/admin/bans' });
  const more = anna.page.getByRole('button', { name: 'Show more' });
  const bans = rowsOf(anna, 'Bans');
  await bans.filter({ hasText: 'reason 60' }).waitFor();
  assert.equal(await bans.count(), 50);
  await anna.press('Unban person-11'); // the last one of the page
  await sure(anna, 'Unban');
  await told(anna, 'person-11 is no longer banned.');
  await more.click();
  await becomes(() => bans.count(), MANY - 1);
  assert.equal(await more.count(), 0);

  await anna.page.getByRole('link', { name: /^Reports/ }).click();
  const reports = rowsOf(anna, 'Open reports');
  await becomes(() => reports.count(), 50);
  await more.click();
  await becomes(() => reports.count(), MANY);
  await reports.nth(54).getByRole('button', { name: 'Resolve' }).click();
  await anna.press('Mark as resolved');
  await becomes(() => reports.count(), MANY - 1, 'the list is as long as it was, without that one');

  await anna.page.goto(`${new URL(anna.page.url()).origin}/room/cellar`);
  const requests = anna.page.locator('.join-request');
  await becomes(() => requests.count(), 50);
  await anna.page.locator('.join-requests').getByRole('button', { name: 'Show more' }).click();
  await becomes(() => requests.count(), MANY);
  await anna.press('Decline person-57');
  await becomes(() => requests.count(), MANY - 1);
});
