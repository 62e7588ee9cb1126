/* One's own account: profile, sign-in, devices, tokens; and the pages that take the room's place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '../lib/http.mjs';
import { call, identity, PASSWORD, refusedCall, signIn, signUp } from '../lib/accounts.mjs';
import { UNLIMITED } from '../lib/server.mjs';
import { STEP_MS, totpCode } from '../lib/totp.mjs';
import { check, LOOKS } from './lib/axe.mjs';
import { becomes, stage } from './lib/people.mjs';

const CLOSED = { ...UNLIMITED, allow_guests: 'no' };
const pathOf = (person) => new URL(person.page.url()).pathname;
const said = (person, text) => person.page.getByRole('status').filter({ hasText: text }).waitFor();

/** A picture of noise, which is hard to make small; made by the browser itself. */
const noise = (person, width, height) =>
  person.page.evaluate(
    ([w, h]) => {
      const canvas = document.createElement('canvas');
      canvas.width = w;
      canvas.height = h;
      const pen = canvas.getContext('2d');
      const image = pen.createImageData(w, h);
      for (let n = 0; n < image.data.length; n++) image.data[n] = n % 4 === 3 ? 255 : Math.random() * 256;
      pen.putImageData(image, 0, 0);
      return canvas.toDataURL('image/png').split(',')[1];
    },
    [width, height],
  );

test('the profile: what one changes is what others see, at once', async (t) => {
  const { member } = await stage(t, { settings: CLOSED });
  const anna = await member('anna');
  const ben = await member('ben');
  await anna.say('hello');
  await ben.sees('hello');
  await anna.choose('Settings');
  await anna.page.getByRole('heading', { name: 'Settings' }).waitFor();
  await becomes(() => pathOf(anna), '/settings/profile');
  await anna.fill({ 'Display name': 'Anna Berg', 'About you': 'Gardener' });
  await anna.press('Save');
  await said(anna, 'Saved.');
  await ben.page.locator('.message__author', { hasText: 'Anna Berg' }).waitFor();
  await anna.page.reload();
  await anna.until('the words about oneself', () => document.querySelector('textarea')?.value === 'Gardener');
  await becomes(() => anna.page.getByRole('textbox', { name: 'Display name' }).inputValue(), 'Anna Berg');
  await anna.fill({ 'Display name': '' });
  await anna.press('Save');
  await ben.page.locator('.message__author', { hasText: /^anna$/ }).waitFor();
});

test('a picture is cut and made small in the page, seen before it is saved, seen by others, and taken away', async (t) => {
  const { server, member } = await stage(t, { settings: CLOSED });
  const anna = await member('anna');
  const ben = await member('ben');
  await anna.say('hello');
  await ben.sees('hello');
  await anna.page.goto(`${server.url}/settings/profile`);
  await anna.page.getByRole('button', { name: 'Choose a picture' }).waitFor();
  const file = anna.page.locator('input[type=file]');
  await file.setInputFiles({ name: 'notes.txt', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await anna.page.getByRole('alert').filter({ hasText: "can't read that file" }).waitFor();
  await file.setInputFiles({
    name: 'large.png',
    mimeType: 'image/png',
    buffer: Buffer.from(await noise(anna, 420, 260), 'base64'),
  });
  const preview = anna.page.getByRole('img', { name: 'Preview' });
  await preview.waitFor();
  const made = await preview.evaluate(({ naturalWidth, naturalHeight, src }) => ({
    size: [naturalWidth, naturalHeight],
    length: src.length,
  }));
  assert.deepEqual(made.size, [256, 256]);
  assert.ok(
    made.length < 1.4 * 65_536 && made.length > 24_000,
    `longer than a frame may be, shorter than the limit: ${made.length}`,
  );
  await becomes(() => ben.page.locator('.message .avatar__picture').count(), 0);
  await anna.press('Use this picture');
  await said(anna, 'Picture saved.');
  const seen = ben.page.locator('.message .avatar__picture');
  await seen.waitFor();
  await ben.until('the picture', () => document.querySelector('.message .avatar__picture').naturalWidth === 256);
  await becomes(() => seen.getAttribute('src'), /^\/api\/v1\/avatar\/\d+\?v=\d+$/);
  const box = await seen.boundingBox();
  assert.deepEqual([box.width, box.height], [36, 36]);
  await anna.press('Remove');
  await said(anna, 'Picture removed.');
  await seen.waitFor({ state: 'detached' });
});

test("a status: one of the usual ones or one's own, until it is cleared", async (t) => {
  const { member } = await stage(t, { settings: CLOSED });
  const anna = await member('anna');
  await anna.choose('Set a status');
  const dialog = anna.page.getByRole('dialog', { name: 'Your status' });
  await dialog.getByRole('button', { name: 'Set status' }).click();
  await dialog.getByRole('alert').filter({ hasText: 'Enter a status' }).waitFor();
  await dialog.getByRole('button', { name: 'In a meeting' }).click();
  await dialog.getByRole('textbox', { name: 'Your status' }).fill('In a long meeting');
  await dialog.getByRole('button', { name: 'Set status' }).click();
  await dialog.waitFor({ state: 'detached' });
  const shown = anna.page.locator('.sidebar__my-status');
  await shown.filter({ hasText: '📅 In a long meeting' }).waitFor();
  await anna.choose('Change your status');
  await becomes(() => dialog.getByRole('textbox', { name: 'Your status' }).inputValue(), 'In a long meeting');
  await dialog.getByRole('button', { name: 'Clear status' }).click();
  await shown.waitFor({ state: 'detached' });
});

test('the user name and the password; other devices are signed out with the old one', async (t) => {
  const { server, open, member, owner } = await stage(t, { settings: CLOSED });
  await signUp(server, 'cleo', { owner: await owner() });
  const anna = await member('anna', { path: '/settings/account' });
  const elsewhere = await open(await signIn(server, 'anna'));
  await elsewhere.page.locator('.room-header').waitFor();
  await anna.fill({ Username: 'cleo' });
  await anna.press('Change username');
  await anna.problemWith('Username', 'is taken');
  await anna.fill({ Username: 'anna.berg' });
  await anna.press('Change username');
  await elsewhere.page.locator('.sidebar__me', { hasText: 'anna.berg' }).waitFor();

  await anna.fill({ 'Current password': 'a wrong password', 'New password': 'another password entirely' });
  await anna.press('Change password');
  await anna.problemWith('Current password', '');
  await anna.fill({ 'Current password': PASSWORD, 'New password': 'anna.berg' });
  await anna.press('Change password');
  await anna.problemWith('New password', 'Too short');
  await anna.fill({ 'New password': 'another password entirely' });
  await anna.press('Change password');
  await said(anna, 'Your other devices were signed out');
  await becomes(() => anna.page.locator('[name=password]').inputValue(), '');
  await elsewhere.page.getByText('You were signed out, or your session expired').waitFor();
  await elsewhere.signIn('anna.berg', 'another password entirely');
  await elsewhere.page.locator('.room-header').waitFor();
});

test('the second factor is set up with a code, gives recovery codes, and is turned off', async (t) => {
  const { server, member } = await stage(t, { settings: CLOSED });
  const anna = await member('anna', { path: '/settings/account' });
  const dialog = anna.page.getByRole('dialog');
  await anna.press('Set up');
  await dialog.waitFor();
  await anna.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await becomes(() => pathOf(anna), '/settings/account', 'Escape closes the dialog, not the page under it');
  await anna.press('Set up');
  await dialog.getByRole('img', { name: 'QR code' }).waitFor();
  const secret = (await dialog.locator('.secret__text').innerText()).replace(/\s/g, '');
  assert.match(secret, /^[A-Z2-7]{32}$/);
  await dialog.getByRole('textbox', { name: '6-digit code' }).fill('000000');
  await dialog.getByRole('textbox', { name: 'Your password' }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  await anna.problemWith('6-digit code from the app', '');
  const began = Date.now();
  const code = totpCode(secret, began);
  await dialog.getByRole('textbox', { name: '6-digit code' }).fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  await anna.page.getByRole('dialog', { name: 'Save these recovery codes' }).waitFor();
  const codes = await dialog.locator('.codes li').allInnerTexts();
  assert.equal(codes.length, 10);
  /* As on an origin that is not secure, where browsers have no other clipboard. */
  await anna.page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
    document.addEventListener('copy', ({ target: { value, selectionStart, selectionEnd } }) => {
      window.copied = value.slice(selectionStart, selectionEnd);
    });
  });
  await dialog.getByRole('button', { name: 'Copy' }).click();
  await dialog.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await anna.page.evaluate(() => window.copied), codes.join('\n'));
  const [download] = await Promise.all([
    anna.page.waitForEvent('download'),
    dialog.getByRole('link', { name: 'Download' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'recovery-codes.txt');
  await dialog.getByRole('button', { name: "I've saved them" }).click();
  await anna.page.getByText('On.').waitFor();
  assert.equal((await refusedCall(signIn(server, 'anna'))).code, 'totp_required');
  await signIn(server, 'anna', { code: totpCode(secret, began + STEP_MS) });
  await signIn(server, 'anna', { code: codes[3] });

  await anna.press('Turn off');
  await dialog.getByRole('textbox', { name: 'Your password' }).fill('a wrong password');
  await dialog.getByRole('button', { name: 'Turn off' }).click();
  await anna.problemWith('Your password', '');
  await dialog.getByRole('textbox', { name: 'Your password' }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Turn off' }).click();
  await anna.page.getByText('Off.').waitFor();
  await signIn(server, 'anna');
});

test('an owner whose place wants a second factor of admins is asked for it', async (t) => {
  const { server, open, owner } = await stage(t, { settings: CLOSED });
  await call(server, await owner(), 'set_place', { require_totp: true });
  const ben = await open(await signIn(server));
  await ben.page.getByText('Admins here need two-factor authentication').waitFor();
  await ben.page.getByRole('link', { name: 'Set up' }).click();
  await ben.press('Set up');
  const dialog = ben.page.getByRole('dialog');
  const secret = await dialog.locator('.secret__text').innerText();
  await dialog.getByRole('textbox', { name: '6-digit code' }).fill(totpCode(secret));
  await dialog.getByRole('textbox', { name: 'Your password' }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  await dialog.getByRole('button', { name: "I've saved them" }).click();
  await ben.page.getByText('On.').waitFor();
  await ben.page.getByText('Admins here need two-factor authentication').first().waitFor({ state: 'detached' });
});

test('devices: each is named, this one is marked, and one or all others are signed out within a second', async (t) => {
  const { server, open, member } = await stage(t, { settings: CLOSED });
  const phone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1';
  const anna = await member('anna', { path: '/settings/sessions', userAgent: undefined });
  await call(server, null, 'sign_in', { name: 'anna', password: PASSWORD }, { 'User-Agent': phone });
  const elsewhere = await open(await signIn(server, 'anna'));
  const third = await open(await signIn(server, 'anna'));
  await third.page.locator('.room-header').waitFor();
  await anna.page.reload();
  const rows = anna.page.getByRole('list', { name: 'Devices' }).getByRole('listitem');
  await rows.nth(3).waitFor();
  await rows.filter({ hasText: 'Safari on iPhone' }).waitFor();
  await becomes(() => rows.filter({ hasText: 'this device' }).count(), 1);
  await becomes(() => rows.filter({ hasText: 'this device' }).getByRole('button').count(), 0);
  await anna.page.getByRole('button', { name: 'Sign out Safari on iPhone' }).click();
  await rows.nth(3).waitFor({ state: 'detached' });
  await anna.press('Sign out everywhere else');
  await anna.page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  const from = Date.now();
  for (const other of [elsewhere, third])
    await other.page.getByText('You were signed out, or your session expired').waitFor();
  assert.ok(Date.now() - from < 5_000);
  await rows.nth(1).waitFor({ state: 'detached' });
});

test('an access token is shown once, works within its scope, and is revoked', async (t) => {
  const { server, member } = await stage(t, { settings: CLOSED });
  const anna = await member('anna', { path: '/settings/tokens' });
  await anna.page.getByText('You have no access tokens.').waitFor();
  await anna.press('New token');
  await anna.press('Create token');
  await anna.problemWith('Name', 'Enter a name.');
  await anna.page.keyboard.type('weather bot');
  await anna.page.getByRole('combobox', { name: 'Permissions' }).selectOption('read');
  await anna.page.getByRole('combobox', { name: 'Expires' }).selectOption('30d');
  await anna.fill({ 'Your password': PASSWORD });
  await anna.press('Create token');
  const token = await anna.page.locator('.secret__text').innerText();
  assert.match(token, /^hubbub_/);
  await anna.press('Copy');
  await anna.press('Done');
  const row = anna.page.getByRole('list', { name: 'Access tokens' }).getByRole('listitem');
  await row
    .filter({ hasText: 'weather bot' })
    .filter({ hasText: 'Read only' })
    .filter({ hasText: 'in 30 days' })
    .waitFor();
  await anna.page.getByText(token).waitFor({ state: 'detached' });
  const me = async () => ask(server, '/api/v1/me', { headers: identity({ token }) });
  assert.deepEqual([(await me()).status, (await me()).json().scope], [200, 'read']);
  assert.equal(
    (await refusedCall(call(server, { token }, 'send', { id: '1', room: 'lobby', body: 'x' }))).code,
    'forbidden',
  );
  await anna.page.getByRole('button', { name: 'Revoke weather bot' }).click();
  await anna.page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await row.waitFor({ state: 'detached' });
  assert.equal((await me()).status, 401);
});

test('a page has an address; Back, Escape and its arrow lead to the room; Back closes the drawer first', async (t) => {
  const { server, member } = await stage(t, { settings: CLOSED });
  const anna = await member('anna');
  await call(server, anna.account, 'create_room', { name: 'garden', kind: 'open' });
  await anna.page.goto(`${server.url}/room/garden`);
  const inRoom = () => anna.page.locator('h1', { hasText: 'garden' }).waitFor();
  await anna.choose('Settings');
  await anna.until('the focus on the title', () => document.activeElement.textContent === 'Settings');
  await anna.page.getByRole('link', { name: 'Devices' }).click();
  await anna.page.getByText('this device').waitFor();
  await becomes(() => pathOf(anna), '/settings/sessions');
  await becomes(() => anna.page.title(), /Devices · /);
  await anna.page.goBack();
  await inRoom();
  await anna.choose('Settings');
  await anna.page.getByRole('link', { name: 'Account' }).click();
  await anna.page.getByRole('button', { name: 'Back to the room' }).click();
  await inRoom();
  await anna.choose('Settings');
  await anna.page.getByRole('textbox', { name: 'About you' }).fill('not saved');
  await anna.page.keyboard.press('Escape');
  await becomes(
    () => anna.page.getByRole('textbox', { name: 'About you' }).inputValue(),
    'not saved',
    'out of the field first',
  );
  await anna.page.keyboard.press('Escape');
  await inRoom();
  await anna.until('the focus in the composer', () => document.activeElement.className === 'composer__text');

  await anna.page.goto(`${server.url}/settings/tokens`);
  await anna.page.getByRole('heading', { name: 'Access tokens' }).waitFor();
  await anna.page.getByRole('button', { name: 'Back to the room' }).click();
  await anna.page.locator('.composer').waitFor();

  const phone = await member('ben', { path: '/room/lobby', viewport: { width: 390, height: 844 } });
  await phone.page.locator('.menu-button').click();
  await phone.choose('Settings');
  await phone.page.getByRole('heading', { name: 'Settings' }).waitFor();
  await phone.page.goBack();
  await phone.page.locator('h1', { hasText: 'lobby' }).waitFor();
  await becomes(() => phone.page.locator('.layout[data-panel]').count(), 0);
});

test("the menu at one's name works by keyboard alone", async (t) => {
  const { member } = await stage(t, { settings: CLOSED });
  const anna = await member('anna');
  const { keyboard } = anna.page;
  await anna.page.locator('.sidebar__me').focus();
  await keyboard.press('Enter');
  const focused = (text) =>
    anna.until(`the focus on ${text}`, (wanted) => document.activeElement.textContent === wanted, text);
  await focused('Set a status');
  await keyboard.press('ArrowDown');
  await focused('Settings');
  await keyboard.press('End');
  await focused('Sign out');
  await keyboard.press('ArrowDown');
  await focused('Set a status');
  await keyboard.press('k');
  await focused('Keyboard shortcuts');
  await keyboard.press('Escape');
  await anna.page.getByRole('menu').waitFor({ state: 'detached' });
  await anna.until('the focus on the button', () => document.activeElement.className === 'sidebar__me');
  await keyboard.press('ArrowUp');
  await focused('Set a status');
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await anna.page.getByRole('heading', { name: 'Settings' }).waitFor();
});

test('a guest is told that settings are for accounts', async (t) => {
  const { enter } = await stage(t);
  const guest = await enter('Anna', { path: '/' });
  await guest.choose('Change your name');
  await guest.fill({ 'Your name': 'Anna B' });
  await guest.press('Change');
  await guest.page.locator('.sidebar__me', { hasText: 'Anna B' }).waitFor();
  await guest.page.goto(`${new URL(guest.page.url()).origin}/settings/account`);
  await guest.page.getByText("You're here as a guest").waitFor();
  await guest.page.goto(`${new URL(guest.page.url()).origin}/settings/appearance`);
  await guest.page.getByText('Dark', { exact: true }).click();
  await guest.page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
});

for (const [look, options] of LOOKS) {
  test(`${look}: every settings page`, async (t) => {
    const { server, member } = await stage(t, { settings: CLOSED });
    const anna = await member('anna', options);
    await call(server, anna.account, 'create_token', { name: 'weather bot', scope: 'write', expires_ms: 0 });
    await call(server, anna.account, 'set_profile', {
      display_name: 'Anna Berg',
      status_emoji: '🌱',
      status_text: 'outside',
    });
    for (const [tab, text] of [
      ['profile', 'Cropped to a centred square'],
      ['account', 'Off.'],
      ['sessions', 'this device'],
      ['tokens', 'weather bot'],
      ['appearance', 'In this browser only.'],
    ]) {
      await anna.page.goto(`${server.url}/settings/${tab}`);
      await anna.page.getByText(text).first().waitFor();
      await check(anna, tab);
      await anna.screenshot(`${look}-settings-${tab}`);
    }
    await anna.page.goto(`${server.url}/settings/account`);
    await anna.press('Set up');
    await anna.page.locator('.qr-code').waitFor();
    await check(anna, 'the QR code');
    await anna.screenshot(`${look}-settings-qr`);
    await anna.page.goto(`${server.url}/room/lobby`);
    await anna.composer.waitFor();
    if (options.isMobile) await anna.page.locator('.menu-button').click();
    await anna.page.locator('.sidebar__me').click();
    await anna.page.getByRole('menu').waitFor();
    await check(anna, 'the menu');
    await anna.screenshot(`${look}-menu`);
    await anna.page.getByRole('menuitem', { name: 'Change your status' }).click();
    await anna.page.getByRole('dialog').waitFor();
    await check(anna, 'the status');
    await anna.screenshot(`${look}-status`);
  });
}
