/* Bans and reports: what moderators do on the pages of the administration. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call } from '../lib/accounts.mjs';
import { DAY_MS, dialogOf, pathOf, place, rowsOf, sure, tabsOf, told } from './lib/place.mjs';
import { becomes } from './lib/people.mjs';

test('a ban from the list of people ends their session at once; it is lifted there as well', async (t) => {
  const { server, enter, accounts } = await place(t);
  const anna = await enter(accounts.anna, { path: '/admin/people' });
  const ben = await enter(accounts.ben);
  await anna.press('Manage ben');
  await anna.press('Ban');
  await anna.page.getByRole('combobox', { name: 'Duration' }).selectOption('7d');
  await anna.fill({ Reason: 'rude to all' });
  await anna.page.getByRole('checkbox', { name: 'Hide all their messages' }).check();
  await dialogOf(anna, 'Ban ben').getByRole('button', { name: 'Ban', exact: true }).click();
  await told(anna, 'You banned ben for a week.');
  await dialogOf(anna, 'ben').filter({ hasText: 'rude to all' }).filter({ hasText: 'until' }).waitFor();
  await ben.page.getByText('banned').first().waitFor();
  const [ban] = (await call(server, accounts.anna, 'bans')).bans;
  assert.deepEqual([ban.user.name, ban.reason, ban.hide], ['ben', 'rude to all', true]);
  assert.ok(Math.abs(ban.until_ms - Date.now() - 7 * DAY_MS) < 60_000);
  await anna.press('Unban');
  await sure(anna, 'Unban');
  await told(anna, 'ben is no longer banned.');
  assert.deepEqual((await call(server, accounts.anna, 'bans')).bans, []);
});

test('a moderator bans by the keyboard alone, sees who banned whom and why, and lifts it', async (t) => {
  const { server, enter, accounts } = await place(t);
  await call(server, accounts.owner, 'ban', { user: 'cleo', reason: 'spam', until_ms: Date.now() + DAY_MS });
  const mo = await enter(accounts.mo, { path: '/admin/bans' });
  const { keyboard } = mo.page;
  const cleo = rowsOf(mo, 'Bans').filter({ hasText: 'cleo' });
  await cleo.filter({ hasText: 'spam' }).filter({ hasText: 'by owner' }).filter({ hasText: 'Until' }).waitFor();
  await mo.page.getByRole('button', { name: 'Ban a person' }).focus();
  await keyboard.press('Enter');
  await mo.until('the focus in the field', () => document.activeElement.role === 'combobox');
  await keyboard.type('anna');
  await mo.page.getByText('No matches.').waitFor();
  await keyboard.press('Control+A');
  await keyboard.type('be');
  await mo.page.getByRole('option', { name: 'ben' }).waitFor();
  await keyboard.press('Enter');
  await dialogOf(mo, 'Ban ben').waitFor();
  await mo.until('the focus in the reason', () => document.activeElement.name === 'reason');
  await keyboard.type('said so');
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await rowsOf(mo, 'Bans')
    .filter({ hasText: 'ben' })
    .filter({ hasText: 'Permanent' })
    .filter({ hasText: 'said so' })
    .filter({ hasText: 'by mo' })
    .waitFor();
  await mo.press('Unban cleo');
  await sure(mo, 'Unban');
  await cleo.waitFor({ state: 'detached' });
  assert.deepEqual(
    (await call(server, accounts.mo, 'bans')).bans.map(({ user }) => user.name),
    ['ben'],
  );
});

test('reports: told of at once, looked at in their room, acted on, and handled with what was done', async (t) => {
  const { server, enter, say, accounts } = await place(t);
  for (let n = 0; n < 120; n++) await say(accounts.cleo, `line ${n}`);
  const seq = await say(accounts.ben, 'you are all **idiots**');
  for (let n = 0; n < 120; n++) await say(accounts.cleo, `more ${n}`);
  const mo = await enter(accounts.mo);
  await becomes(() => mo.page.locator('.sidebar__me .count').count(), 0);
  await call(server, accounts.cleo, 'report', { room: 'garden', seq, reason: 'rude' });
  await call(server, accounts.anna, 'report', { room: 'garden', seq });
  await mo.page.locator('.sidebar__me .count', { hasText: '2' }).waitFor();
  await mo.choose('Administration');
  const cards = rowsOf(mo, 'Open reports');
  await cards.nth(1).waitFor();
  await becomes(() => pathOf(mo), '/admin/reports', 'where something waits');
  const card = cards.first();
  await card
    .filter({ hasText: 'you are all **idiots**' })
    .filter({ hasText: 'Reported by cleo' })
    .filter({ hasText: 'rude' })
    .waitFor();

  await card.getByRole('link', { name: 'in garden' }).click();
  const message = mo.page.locator('.message', { hasText: 'idiots' });
  await message.waitFor();
  await mo.until('the message in view', () => {
    const { top, bottom } = [...document.querySelectorAll('.message')]
      .find(({ textContent }) => textContent.includes('idiots'))
      .getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
  await mo.choose('Administration');

  await card.getByRole('button', { name: 'Delete message' }).click();
  await sure(mo, 'Delete');
  await mo.page.getByText('This message was deleted.').nth(1).waitFor();
  await becomes(() => mo.page.getByRole('button', { name: 'Delete message' }).count(), 0, 'in neither of the two');
  await card.getByRole('button', { name: 'Mute ben' }).click();
  await mo.page.getByRole('combobox', { name: 'Duration' }).selectOption('7d');
  await dialogOf(mo, 'Mute ben').getByRole('button', { name: 'Mute' }).click();
  await told(mo, 'You muted ben for a week.');
  await card.getByRole('button', { name: 'Resolve', exact: true }).click();
  const outcome = mo.page.getByRole('textbox', { name: 'Outcome' });
  await becomes(() => outcome.inputValue(), 'Deleted the message and muted ben for a week.');
  await outcome.fill('Deleted it. Spoke with ben.');
  await mo.press('Mark as resolved');
  await cards.nth(1).waitFor({ state: 'detached' });
  await mo.until('the focus on what is still there', () => document.activeElement.textContent.startsWith('Open'));
  await mo.page.locator('.page__tab .page__note', { hasText: '1' }).waitFor();
  await cards.getByRole('button', { name: 'Ban ben' }).click();
  await becomes(() => mo.page.getByRole('textbox', { name: 'Reason' }).inputValue(), '');
  await dialogOf(mo, 'Ban ben').getByRole('button', { name: 'Ban', exact: true }).click();
  await told(mo, 'You banned ben permanently.');
  await cards.getByRole('button', { name: 'Resolve', exact: true }).click();
  await mo.press('Mark as resolved');
  await mo.page.getByText('No open reports.').waitFor();
  await mo.page.locator('.sidebar__me .count').waitFor({ state: 'detached' });
  await mo.page.getByRole('button', { name: 'Resolved', exact: true }).click();
  const handled = rowsOf(mo, 'Resolved reports');
  await handled.filter({ hasText: 'by mo' }).filter({ hasText: 'Deleted it. Spoke with ben.' }).waitFor();
  await handled.filter({ hasText: 'Banned ben permanently.' }).waitFor();
  assert.equal((await call(server, accounts.mo, 'bans')).bans.length, 1);
});

test('who moderates one room handles the reports of that room, and sees no others', async (t) => {
  const { server, enter, say, accounts } = await place(t);
  await call(server, accounts.ben, 'create_room', { name: 'bens' });
  await call(server, accounts.cleo, 'add_member', { room: 'bens' });
  const seq = await say(accounts.cleo, 'buy seeds', 'bens');
  await call(server, accounts.anna, 'report', { room: 'bens', seq, reason: 'spam' });
  await call(server, accounts.anna, 'report', {
    room: 'garden',
    seq: await say(accounts.cleo, 'elsewhere'),
    reason: 'spam',
  });
  const ben = await enter(accounts.ben);
  await ben.page.locator('.sidebar__me .count', { hasText: '1' }).waitFor();
  await ben.choose('Administration');
  const card = rowsOf(ben, 'Open reports');
  await card.filter({ hasText: 'buy seeds' }).waitFor();
  assert.deepEqual(await tabsOf(ben), ['Reports']);
  await becomes(() => card.getByRole('button', { name: /^Ban/ }).count(), 0);
  await card.getByRole('button', { name: 'Delete message' }).click();
  await sure(ben, 'Delete');
  await card.getByText('This message was deleted.').waitFor();
  await card.getByRole('button', { name: 'Resolve', exact: true }).click();
  await ben.press('Mark as resolved');
  await ben.page.getByText('No open reports.').waitFor();
  await ben.page.locator('.sidebar__me .count').waitFor({ state: 'detached' });
});

test("somebody's profile leads to what can be done about them", async (t) => {
  const { enter, accounts } = await place(t);
  const mo = await enter(accounts.mo, { path: `/people/${accounts.ben.user.id}` });
  await mo.press('Moderate');
  await dialogOf(mo, 'ben').getByRole('button', { name: 'Ban', exact: true }).waitFor();
  for (const name of ['Change role', 'Create password reset link', 'Their actions']) {
    await becomes(() => dialogOf(mo, 'ben').getByRole('button', { name }).count(), 0, name);
  }
});
