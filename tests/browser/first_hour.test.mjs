/* The first hour: people are invited and added in one step, forms say all that is wrong, and who somebody is can be looked up. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call } from '../lib/accounts.mjs';
import { check, LOOKS } from './lib/axe.mjs';
import { becomes } from './lib/people.mjs';
import { DAY_MS, dialogOf, pathOf, place } from './lib/place.mjs';

test('an admin invites in one step: a link is there at once, and another one when it is to last longer', async (t) => {
  const { server, enter, visit, accounts } = await place(t);
  const anna = await enter(accounts.anna);
  const ben = await enter(accounts.ben);
  const { page } = anna;
  const dialog = dialogOf(anna, 'Invite people');
  const link = () => dialog.locator('.secret__text').innerText();
  await becomes(() => ben.page.getByRole('button', { name: 'Invite people' }).count(), 0, 'for those who can');

  await anna.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: 'Invite people' }).click();
  await dialog.getByRole('img', { name: 'QR code for the invitation' }).waitFor();
  const first = await link();
  assert.ok(first.startsWith(`${server.url}/invite/`), first);
  await dialog.getByRole('button', { name: 'Copy link' }).click();
  await becomes(() => page.evaluate(() => navigator.clipboard.readText()), first);
  const invites = async () => (await call(server, accounts.anna, 'invites')).invites;
  const made = (await invites()).find(({ code }) => first.endsWith(code));
  assert.ok(Math.abs(made.expires_ms - Date.now() - 7 * DAY_MS) < 600_000, 'in a week');
  await becomes(() => dialog.getByRole('combobox', { name: 'Link expires' }).inputValue(), '7d');

  await dialog.getByRole('textbox', { name: 'Label (optional)' }).fill('Class 5b');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Label saved.').waitFor();
  assert.equal(
    (await invites()).find(({ code }) => first.endsWith(code)).label,
    'Class 5b',
    'of the link that there is',
  );
  await dialog.getByRole('combobox', { name: 'Link expires' }).selectOption('30d');
  await becomes(async () => (await link()) !== first, true);
  const second = await link();
  const of = async (url) => (await invites()).find(({ code }) => url.endsWith(code));
  assert.ok(Math.abs((await of(second)).expires_ms - Date.now() - 30 * DAY_MS) < 600_000);
  await becomes(async () => (await of(first)).revoked, true, 'one link at a time');
  assert.equal((await of(second)).label, 'Class 5b', 'which keeps the label');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'detached' });

  const eve = await visit('eve', { path: new URL(second).pathname });
  await eve.page.getByRole('heading', { name: /^Join/ }).waitFor();
  await eve.page.goto(first);
  await eve.page.getByRole('heading', { name: 'This invitation is no longer valid' }).waitFor();
  await eve.page.getByText('It has been revoked. Ask for a new one.').waitFor();
  assert.equal(await eve.page.getByRole('textbox').count(), 0, 'before any form');
});

test('a new room offers to add people, and offers nobody who is a member', async (t) => {
  const { server, enter, accounts } = await place(t);
  await call(server, accounts.ben, 'create_room', { name: 'shed', kind: 'closed' });
  const ben = await enter(accounts.ben, { path: '/room/shed' });
  const { page } = ben;
  const header = page.locator('.room-header').getByRole('button', { name: 'Add people' });
  const inTimeline = page.locator('.timeline').getByRole('button', { name: 'Add people' });
  await header.waitFor();
  await inTimeline.click();
  const dialog = dialogOf(ben, 'Add people to shed');
  const field = dialog.getByRole('combobox', { name: 'Names' });
  const offered = () => dialog.getByRole('option').allTextContents();
  const names = async () => (await offered()).map((text) => text.replace(/^[A-Z]+/, '')).sort();
  await becomes(names, ['anna', 'cleo', 'mo', 'owner'], 'all but oneself');
  await field.fill('cleo');
  await becomes(names, ['cleo']);
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.locator('.notice', { hasText: 'cleo' }).waitFor();
  await header.waitFor({ state: 'detached' });

  await inTimeline.click();
  await becomes(names, ['anna', 'mo', 'owner'], 'nor a member');
  await field.fill('cleo');
  await dialog.getByText('No matches.').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await ben.say('the first words');
  await ben.sees('the first words');
  await inTimeline.waitFor({ state: 'detached' });

  /* Many members who come first do not hide the others. */
  const query = { room: 'shed', limit: 1 };
  const { people, more } = await call(server, accounts.ben, 'people', query);
  assert.deepEqual([people.map(({ name }) => name), more], [['owner'], true]);
  assert.match(pathOf(ben), /^\/room\/\d+$/, 'closed rooms go by their ids');
});

test('authors, their pictures and mentions open the profile, and can still be selected', async (t) => {
  const { server, enter, say, accounts } = await place(t);
  await call(server, accounts.cleo, 'set_profile', { display_name: 'Cleo Sommer' });
  await say(accounts.cleo, 'ask @ben or @room about it', 'garden');
  const ben = await enter(accounts.ben, { path: '/room/garden' });
  const { page } = ben;
  const message = page.locator('.message', { hasText: 'about it' });
  const back = async () => {
    await page.goBack();
    await message.waitFor();
  };
  const profileOf = async (name) => {
    await ben.heading(name);
    await becomes(() => pathOf(ben), /^\/people\/\d+$/);
  };
  await message.getByRole('link', { name: 'Cleo Sommer' }).click();
  await profileOf('Cleo Sommer');
  await back();
  await message.locator('.avatar').click();
  await profileOf('Cleo Sommer');
  await back();
  await becomes(
    () => message.locator('mark').evaluateAll((marks) => marks.map(({ role, textContent }) => [textContent, role])),
    [
      ['@ben', 'link'],
      ['@room', null],
    ],
  );
  await message.getByRole('link', { name: '@ben' }).click();
  await profileOf('ben');
  await back();

  /* By the keyboard: a mention is a link, and a message's menu leads to its author. */
  await message.getByRole('link', { name: '@ben' }).focus();
  await page.keyboard.press('Enter');
  await profileOf('ben');
  await back();
  await message.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Profile' }).click();
  await profileOf('Cleo Sommer');
  await back();

  /* A name is selected with the pointer, and one stays where one is. */
  for (const link of [
    message.getByRole('link', { name: 'Cleo Sommer' }),
    message.getByRole('link', { name: '@ben' }),
  ]) {
    const { x, y, width, height } = await link.boundingBox();
    await page.mouse.move(x + 1, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width - 1, y + height / 2, { steps: 5 });
    await page.mouse.up();
    const text = (await link.textContent()).slice(1, -1);
    await becomes(() => page.evaluate(() => getSelection().toString()), new RegExp(text));
    assert.equal(pathOf(ben), '/room/garden');
  }
});

test('it looks well on all screens', async (t) => {
  const { server, enter, accounts } = await place(t);
  await call(server, accounts.anna, 'create_room', { name: 'shed', topic: 'Tools' });
  for (const [look, options] of LOOKS) {
    const anna = await enter(accounts.anna, { path: '/room/shed', ...options });
    await anna.page.locator('.timeline').getByRole('button', { name: 'Add people' }).waitFor();
    await check(anna, `new room, ${look}`);
    await anna.screenshot(`first-room-${look}`);
    await anna.page.locator('.timeline').getByRole('button', { name: 'Invite people' }).click();
    await dialogOf(anna, 'Invite people to shed').getByRole('img').waitFor();
    await check(anna, `invite, ${look}`);
    await anna.screenshot(`first-invite-${look}`);
    await anna.page.keyboard.press('Escape');
    await anna.page.locator('.timeline').getByRole('button', { name: 'Add people' }).click();
    await dialogOf(anna, 'Add people to shed').getByRole('option').first().waitFor();
    await check(anna, `add, ${look}`);
    await anna.screenshot(`first-add-${look}`);
    await anna.leave();
  }
});
