/* The pages of those who look after the place: who sees which, and what is done there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, PASSWORD, signIn } from '../lib/accounts.mjs';
import { PATIENCE_MS, until } from '../lib/wait.mjs';
import { DAY_MS, dialogOf, entries, openAdmin, pathOf, place, rowsOf, sure, tabsOf, told } from './lib/place.mjs';
import { becomes } from './lib/people.mjs';

const roomRow = (person, name) =>
  person.page.getByRole('table', { name: 'Rooms' }).locator('tbody').getByRole('row').filter({ hasText: name });

test('each sees the pages that are of use in their role, and leaves when that ends', async (t) => {
  const { server, enter, accounts } = await place(t);
  const anna = await enter(accounts.anna);
  const mo = await enter(accounts.mo, { path: '/admin/people' });
  const ben = await enter(accounts.ben, { path: '/admin/audit' });

  await anna.choose('Administration');
  assert.deepEqual(
    [await tabsOf(anna), pathOf(anna)],
    [['People', 'Invitations', 'Rooms', 'Bans', 'Reports', 'Audit log', 'Settings'], '/admin/people'],
  );
  await mo.page.getByText('Nobody is banned.').waitFor();
  assert.deepEqual([pathOf(mo), await tabsOf(mo)], ['/admin/bans', ['Bans', 'Reports']]);
  await ben.page.getByText('Only moderators and admins can see these pages.').waitFor();
  await ben.page.locator('.sidebar__me').click();
  await becomes(() => ben.page.getByRole('menuitem', { name: 'Administration' }).count(), 0);

  await call(server, accounts.owner, 'set_role', { user: 'anna', role: 'member' });
  await anna.page.getByText('Only moderators and admins can see these pages.').waitFor();
  await anna.page.getByRole('button', { name: 'Back to the room' }).click();
  await anna.page.locator('.composer').waitFor();
});

test('people: found by a part of the name; a role is given after a question, and changes what they may at once', async (t) => {
  const { server, enter, accounts } = await place(t);
  await call(server, accounts.cleo, 'set_profile', { display_name: 'Cleo Sommer' });
  const olga = await enter(accounts.owner, { path: '/admin/people' });
  const ben = await enter(accounts.ben);
  await rowsOf(olga, 'People').nth(4).waitFor();
  await olga.page.getByRole('searchbox', { name: 'Search by name' }).fill('somm');
  await until(async () => (await rowsOf(olga, 'People').count()) === 1, 'one of that name');
  await rowsOf(olga, 'People').filter({ hasText: 'Cleo Sommer' }).filter({ hasText: '@cleo' }).waitFor();
  await olga.page.getByRole('searchbox', { name: 'Search by name' }).fill('nobody of that name');
  await olga.page.getByText('No matches.').waitFor();
  await olga.page.getByRole('searchbox', { name: 'Search by name' }).fill('');

  await olga.press('Manage ben');
  const today = new Date().getFullYear();
  await dialogOf(olga, 'ben')
    .filter({ hasText: 'Member' })
    .filter({ hasText: String(today) })
    .waitFor();
  await olga.press('Change role');
  await olga.until('the focus on the first field', () => document.activeElement.name === 'role');
  await olga.page.getByRole('combobox', { name: 'New role' }).selectOption('admin');
  await olga.press('Save role');
  await sure(olga, 'Cancel');
  await olga.page.getByRole('alert').filter({ hasText: 'Nothing was changed' }).waitFor();
  await olga.press('Save role');
  await sure(olga, 'Make admin');
  await told(olga, 'ben now has the role Admin.');
  await olga.page.keyboard.press('Escape');
  await rowsOf(olga, 'People').filter({ hasText: 'ben' }).filter({ hasText: 'Admin' }).waitFor();
  await becomes(() => pathOf(olga), '/admin/people', 'Escape closes the dialog alone');
  await ben.choose('Administration');
  await ben.page.getByRole('heading', { name: 'Administration' }).waitFor();

  await openAdmin(ben, 'people');
  await ben.press('Manage owner');
  await dialogOf(ben, 'owner').getByRole('button', { name: 'Their actions' }).waitFor();
  for (const name of ['Change role', 'Create password reset link', 'Ban']) {
    await becomes(() => dialogOf(ben, 'owner').getByRole('button', { name, exact: true }).count(), 0, name);
  }
});

test('people: more of them, a page at a time', async (t) => {
  const { server, enter, accounts } = await place(t);
  /* Made straight in the database: an account by the way in takes a slow hash each. */
  await server.stop();
  const rows = Array.from(
    { length: 60 },
    (_, n) => `('account', 'member', 'extra${n}', 'extra${n}', randomblob(16), 1)`,
  ).join(',');
  await server.sqlite(`INSERT INTO users (kind, role, name, name_fold, key, created_at) VALUES ${rows}`);
  await server.restart();
  const olga = await enter(accounts.owner, { path: '/admin/people' });
  await rowsOf(olga, 'People').nth(49).waitFor();
  await olga.press('Show more');
  await rowsOf(olga, 'People').nth(64).waitFor();
  await becomes(() => olga.page.getByRole('button', { name: 'Show more' }).count(), 0);
});

test('a password link: shown once, works once, and is written down', async (t) => {
  const { server, enter, visit, accounts } = await place(t);
  const anna = await enter(accounts.anna, { path: '/admin/people' });
  await anna.press('Manage ben');
  await anna.press('Create password reset link');
  await anna.fill({ 'Your password': 'not my password' });
  await anna.press('Create link');
  await anna.problemWith('Your password', 'Wrong password.');
  await anna.fill({ 'Your password': PASSWORD });
  await anna.press('Create link');
  await anna.page.getByRole('img', { name: 'QR code for the password reset link' }).waitFor();
  const link = await anna.page.locator('.secret__text').innerText();
  assert.ok(link.startsWith(`${server.url}/reset/`));
  await anna.until('the focus on the button that copies', () => document.activeElement.textContent === 'Copy link');
  await anna.press('Back');
  await anna.press('Actions about them');
  await entries(anna).filter({ hasText: 'Created a password reset link' }).filter({ hasText: 'ben' }).waitFor();
  await becomes(() => anna.page.getByText(link).count(), 0);

  const ben = await visit('ben', { path: new URL(link).pathname });
  await ben.page.getByLabel('New password', { exact: true }).fill('another password entirely');
  await ben.press('Change password');
  await ben.page.getByText('Password changed').waitFor();
  assert.equal((await signIn(server, 'ben', { password: 'another password entirely' })).user.name, 'ben');
  await ben.page.goto(link);
  await ben.page.getByText('This link is no longer valid').waitFor();
});

test('an invitation: made with its limits, followed, used up; another one is revoked', async (t) => {
  const { server, enter, visit, accounts } = await place(t);
  const anna = await enter(accounts.anna, { path: '/admin/invitations' });
  await rowsOf(anna, 'Invitations').nth(3).waitFor();
  await anna.press('New invitation');
  await anna.page.getByRole('checkbox', { name: 'garden' }).check();
  await anna.fill({ 'Maximum uses': '0' });
  await anna.press('Create link');
  await anna.problemWith('Maximum uses', 'Enter a whole number');
  await anna.fill({ 'Maximum uses': '1' });
  await anna.press('Create link');
  await anna.page.getByRole('img', { name: 'QR code for the invitation' }).waitFor();
  const link = await anna.page.locator('.secret__text').innerText();
  assert.ok(link.startsWith(`${server.url}/invite/`));
  await anna.press('Done');
  const first = rowsOf(anna, 'Invitations').first();
  await first
    .filter({ hasText: 'Valid' })
    .filter({ hasText: 'used by 0 of 1' })
    .filter({ hasText: 'in 7 days' })
    .filter({ hasText: 'adds to garden' })
    .waitFor();

  const dora = await visit('dora', { path: new URL(link).pathname });
  await dora.fill({ Username: 'dora', Password: PASSWORD });
  await dora.page.locator('form button[type=submit]').click();
  await dora.page.locator('.room-link', { hasText: 'garden' }).waitFor();
  await anna.page.reload();
  await first.filter({ hasText: 'Used up' }).filter({ hasText: 'used by 1 of 1' }).waitFor();
  await becomes(() => first.getByRole('button').count(), 0);

  const { code } = await call(server, accounts.anna, 'create_invite', { expires_ms: Date.now() + DAY_MS });
  await anna.page.reload();
  await first.filter({ hasText: 'Valid' }).filter({ hasText: 'not used yet' }).waitFor();
  await first.getByRole('button', { name: /^Show/ }).click();
  await becomes(() => anna.page.locator('.secret__text').innerText(), `${server.url}/invite/${code}`);
  await anna.page.keyboard.press('Escape');
  await first.getByRole('button', { name: /^Revoke/ }).click();
  await sure(anna, 'Revoke');
  await first.filter({ hasText: 'Revoked' }).waitFor();
  const eve = await visit('eve', { path: `/invite/${code}` });
  await eve.page.getByRole('heading', { name: 'This invitation is no longer valid' }).waitFor();
});

test('rooms: what there is, found, renamed, archived and opened again', async (t) => {
  const { server, enter, accounts } = await place(t);
  await call(server, accounts.anna, 'create_room', { name: 'board', kind: 'closed' });
  const anna = await enter(accounts.anna, { path: '/admin/rooms' });
  const row = (name) => roomRow(anna, name);
  await row('lobby').filter({ hasText: '5' }).waitFor();
  await row('board').filter({ hasText: 'Private' }).waitFor();
  await anna.page.getByRole('searchbox', { name: 'Search rooms' }).fill('gard');
  await row('lobby').waitFor({ state: 'detached' });
  await anna.press('Actions for garden');
  await anna.page.getByRole('menuitem', { name: 'Name and settings' }).click();
  await anna.fill({ Name: 'gardeners' });
  await anna.press('Save');
  await row('gardeners').waitFor();
  await anna.press('Actions for gardeners');
  await anna.page.getByRole('menuitem', { name: 'Archive' }).click();
  await sure(anna, 'Archive');
  await row('gardeners').filter({ hasText: 'Archived' }).waitFor();
  await anna.press('Actions for gardeners');
  await anna.page.getByRole('menuitem', { name: 'Unarchive' }).click();
  await row('gardeners').filter({ hasText: 'Archived' }).waitFor({ state: 'detached' });
  await anna.press('Actions for gardeners');
  await anna.page.getByRole('menuitem', { name: 'Open' }).click();
  await anna.page.locator('h1', { hasText: 'gardeners' }).waitFor();
});

test('a closed room of others is managed and not read; an admin who goes in is seen to come', async (t) => {
  const { server, enter, say, accounts } = await place(t);
  await call(server, accounts.ben, 'create_room', { name: 'attic', kind: 'closed', topic: 'a surprise' });
  await say(accounts.ben, 'for us alone', 'attic');
  const ben = await enter(accounts.ben, { path: '/room/attic' });
  const anna = await enter(accounts.anna, { path: '/admin/rooms' });
  const { page } = anna;
  await roomRow(anna, 'attic').filter({ hasText: 'Private' }).filter({ hasText: '1' }).waitFor();
  await becomes(() => roomRow(anna, 'attic').getByRole('link').count(), 0, 'no way to read it');
  await anna.press('Actions for attic');
  await becomes(
    () => page.getByRole('menuitem').allTextContents(),
    ['Name and settings', 'Add people…', 'Join…', 'Archive'],
  );
  await page.getByRole('menuitem', { name: 'Name and settings' }).click();
  await page.getByRole('radio', { name: 'Only new messages' }).waitFor();
  await becomes(() => page.getByRole('textbox', { name: 'Topic' }).count(), 0, 'what it is about is for its members');
  await anna.fill({ Name: 'loft' });
  await anna.press('Save');
  await roomRow(anna, 'loft').waitFor();
  await ben.heading('loft');
  await anna.press('Actions for loft');
  await page.getByRole('menuitem', { name: 'Add people…' }).click();
  await page.getByRole('combobox', { name: 'Names' }).fill('cleo');
  await page.getByRole('option', { name: 'cleo' }).click();
  await anna.press('Add');
  await roomRow(anna, 'loft').filter({ hasText: '2' }).waitFor();
  await ben.page.locator('.notice', { hasText: 'anna added cleo' }).waitFor();

  await page.goto(`${server.url}/room/loft`);
  await page.getByText("There's no room called loft, or it's private").waitFor();
  await page.goto(`${server.url}/rooms`);
  const listed = page.getByRole('list', { name: 'Rooms' }).getByRole('listitem').filter({ hasText: 'loft' });
  await listed.getByText('2 members').waitFor();
  await becomes(() => listed.getByRole('link').count(), 0);
  await becomes(() => page.getByText('for us alone').or(page.getByText('a surprise')).count(), 0);
  await listed.getByRole('button', { name: 'Join… loft' }).click();
  await sure(anna, 'Join');
  await anna.heading('loft');
  await anna.sees('for us alone');
  await ben.page.locator('.notice', { hasText: /anna/ }).filter({ hasText: 'joined' }).waitFor();
  await openAdmin(anna, 'audit');
  await entries(anna)
    .filter({ hasText: 'Added to a room' })
    .filter({ hasText: 'cleo' })
    .filter({ hasText: 'loft' })
    .waitFor();
});

test('the audit: filtered by who, whom, what and where, in words, further and further back', async (t) => {
  const { server, enter, accounts } = await place(t);
  await call(server, accounts.owner, 'ban', { user: 'cleo', reason: 'spam', until_ms: 0, hide: true });
  await call(server, accounts.anna, 'mute', { room: 'garden', user: 'ben', until_ms: Date.now() + DAY_MS });
  await call(server, accounts.anna, 'edit_room', { room: 'garden', topic: 'What grew', slow_s: 30 });
  const anna = await enter(accounts.anna, { path: '/admin/audit' });
  const { keyboard } = anna.page;
  const ban = entries(anna).filter({ hasText: 'Banned' });
  await ban
    .filter({ hasText: 'owner' })
    .filter({ hasText: 'cleo' })
    .filter({ hasText: 'reason: spam' })
    .filter({ hasText: 'messages hidden: yes' })
    .filter({ hasText: '127.0.0.1' })
    .waitFor();
  await becomes(() => ban.locator('time').getAttribute('title'), new RegExp(`${new Date().getFullYear()}`));
  await becomes(() => entries(anna).filter({ hasText: /[{}"]/ }).count(), 0, 'no raw JSON');

  await anna.page.getByRole('combobox', { name: 'Actor' }).focus();
  await keyboard.type('ann');
  await anna.page.getByRole('option', { name: 'anna' }).waitFor();
  await keyboard.press('Enter');
  await ban.waitFor({ state: 'detached' });
  await entries(anna)
    .filter({ hasText: 'Changed a room' })
    .filter({ hasText: 'topic: What grew' })
    .filter({ hasText: 'slow mode: 30 seconds' })
    .waitFor();
  await anna.page.getByRole('combobox', { name: 'Target' }).focus();
  await keyboard.type('ben');
  await keyboard.press('Enter'); /* before the answer is there */
  await until(async () => (await entries(anna).count()) === 1, 'one entry');
  await entries(anna).filter({ hasText: 'Muted in a room' }).waitFor();
  await anna.page.getByRole('button', { name: 'Show everything' }).click();
  await ban.waitFor();
  await anna.page.getByRole('combobox', { name: 'Action' }).selectOption('edit_room');
  await until(async () => (await entries(anna).count()) === 1, 'one change of a room');
  await anna.page.getByRole('combobox', { name: 'Room' }).fill('lob');
  await anna.page.getByRole('option', { name: 'lobby' }).click();
  await anna.page.getByText('No matching entries.').waitFor();
  await anna.page.locator('.state').getByRole('button', { name: 'Show everything' }).click();
  await ban.waitFor();
  await anna.page.getByRole('combobox', { name: 'Actor' }).click();
  await anna.page.getByRole('option', { name: 'Command line' }).click();
  await entries(anna).filter({ hasText: 'Created a room' }).filter({ hasText: 'garden' }).waitFor();
  await anna.press('Actor: Anyone');
  await ban.waitFor();

  for (let n = 0; n < 50; n++) await call(server, accounts.owner, 'edit_room', { room: 'garden', topic: `topic ${n}` });
  await anna.page.reload();
  await entries(anna).nth(49).waitFor();
  await becomes(() => ban.count(), 0);
  await anna.press('Show more');
  await ban.waitFor();
});

test('the audit: another choice in a field that names one already, by keyboard', async (t) => {
  const { enter, accounts } = await place(t);
  const anna = await enter(accounts.anna, { path: '/admin/audit' });
  const { keyboard } = anna.page;
  const field = anna.page.getByRole('combobox', { name: 'Actor' });
  await field.focus();
  await keyboard.type('ann');
  await keyboard.press('Enter');
  await becomes(() => field.inputValue(), 'anna');
  await keyboard.press('ArrowDown');
  const ben = anna.page.getByRole('option', { name: 'ben' });
  await ben.waitFor();
  await becomes(async () => {
    const isChosen = await ben.getAttribute('aria-selected');
    if (isChosen === 'false') await keyboard.press('ArrowDown');
    return isChosen;
  }, 'true');
  await keyboard.press('Enter');
  await becomes(() => field.inputValue(), 'ben');
  await keyboard.press('ArrowDown');
  await ben.waitFor();
  await keyboard.press('Escape');
  await ben.waitFor({ state: 'hidden' });
  assert.equal(pathOf(anna), '/admin/audit', 'Escape closes the list, and not the page');
});

test('settings: in force, from where; the owner names the place and asks admins for a second factor', async (t) => {
  const { server, enter, accounts } = await place(t);
  const anna = await enter(accounts.anna, { path: '/admin/settings' });
  const rows = (person) =>
    person.page.getByRole('table', { name: 'Server settings' }).locator('tbody').getByRole('row');
  await rows(anna).filter({ hasText: 'allow_guests' }).filter({ hasText: 'no' }).filter({ hasText: '--set' }).waitFor();
  await becomes(() => anna.page.getByRole('textbox', { name: 'Workspace name' }).count(), 0);
  await anna.page.getByRole('searchbox', { name: 'Search settings' }).fill('data_d');
  await until(async () => (await rows(anna).count()) === 1, 'one setting');
  await becomes(() => rows(anna).innerText(), new RegExp(server.dataDir));
  await anna.page.getByRole('searchbox', { name: 'Search settings' }).fill('nothing like it');
  await anna.page.getByText('No matches.').waitFor();

  const olga = await enter(accounts.owner, { path: '/admin/settings' });
  await olga.fill({ 'Workspace name': '' });
  await olga.press('Save');
  await olga.problemWith('Workspace name', 'Enter a workspace name.');
  await olga.fill({ 'Workspace name': 'Garden Club' });
  await olga.press('Save');
  await told(olga, 'Saved.');
  for (const person of [olga, anna]) await person.page.locator('.brand', { hasText: 'Garden Club' }).waitFor();
  await anna.until('it in the title', () => document.title.includes('Garden Club'));
  await becomes(() => olga.page.title(), /Garden Club/);
  await olga.page.getByRole('checkbox', { name: 'Require two-factor authentication for admins' }).check();
  await olga.press('Save');
  await olga.page.getByRole('button', { name: 'Set up' }).click();
  await olga.page.getByRole('heading', { name: 'Settings' }).waitFor();
  await becomes(() => pathOf(olga), '/settings/account');
  await anna.page.reload();
  await anna.page.getByText('Until you turn it on, you have member permissions only.').waitFor();
});

test('a page that could not be fetched says so, and is there when one tries again', async (t) => {
  const { server, enter, accounts } = await place(t);
  const anna = await enter(accounts.anna, { path: '/admin/bans' });
  await anna.page.getByText('Nobody is banned.').waitFor();
  await server.stop();
  await anna.page.getByRole('link', { name: 'Invitations' }).click();
  await anna.page.getByRole('alert').filter({ hasText: "You're not connected right now." }).waitFor();
  await server.restart();
  /* The connection comes back in its own time; until then the page says the same once more. */
  const fourth = rowsOf(anna, 'Invitations').nth(3);
  const retry = anna.page.getByRole('button', { name: 'Try again' });
  const tryAgain = async () => {
    if (await retry.isVisible())
      await retry.click({ timeout: 1_000 }).catch(() => {}); /* it may go at this very moment */
    return fourth.isVisible();
  };
  await until(tryAgain, 'the invitations', 2 * PATIENCE_MS);
});
