/* The ways in and out: first run, signing in and up, the second factor, a lost password, the end of a session. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, PASSWORD, refusedCall, signIn, signUp } from '../lib/accounts.mjs';
import { OWNER, UNLIMITED } from '../lib/server.mjs';
import { STEP_MS, totpCode } from '../lib/totp.mjs';
import { check, LOOKS } from './lib/axe.mjs';
import { becomes, stage } from './lib/people.mjs';

const CLOSED = { ...UNLIMITED, allow_guests: 'no' };
const OTHER_PASSWORD = 'another password entirely';

const pathOf = (person) => new URL(person.page.url()).pathname;

test('the first run asks for an owner and a name for the place, by keyboard alone; the next one signs in', async (t) => {
  const { visit } = await stage(t, { settings: CLOSED, owned: false });
  const ben = await visit('Ben', { path: '/room/lobby' });
  const late = await visit('somebody who comes at the same time');
  const { keyboard } = ben.page;
  await ben.page.getByRole('heading', { name: 'Welcome to your new chat' }).waitFor();
  await late.page.getByRole('heading', { name: 'Welcome to your new chat' }).waitFor();
  await ben.until('the focus in the first field', () => document.activeElement.name === 'place');

  await keyboard.press('Enter');
  await ben.problemWith('Workspace name', 'Enter a workspace name.');
  const faults = () => ben.page.locator('.form__row .form__problem').allTextContents();
  await becomes(
    faults,
    ['Enter a workspace name.', 'Enter a username.', '', 'Choose a password.'],
    'all at once, each at its field',
  );
  await keyboard.type('Garden Club');
  await becomes(faults, ['', 'Enter a username.', '', 'Choose a password.'], 'what is mended is said no longer');
  await ben.until('the focus where one writes', () => document.activeElement.name === 'place');
  await keyboard.press('Tab');
  await keyboard.type('ben ruiz');
  await keyboard.press('Enter');
  await ben.problemWith('Your username', 'Only letters');
  await keyboard.type('ben');
  await keyboard.press('Tab');
  await keyboard.type('Ben Ruiz');
  await keyboard.press('Tab');
  await keyboard.type('short');
  await keyboard.press('Enter');
  await ben.problemWith('Password', 'Too short');
  await keyboard.type('1234567890');
  await keyboard.press('Enter');
  await ben.problemWith('Password', 'That password is too common');
  await keyboard.type(PASSWORD);
  await keyboard.press('Enter');
  await ben.page.locator('h1', { hasText: 'lobby' }).waitFor();
  await becomes(() => ben.page.title(), /Garden Club/);
  await ben.page.locator('.sidebar__me', { hasText: 'Ben Ruiz' }).waitFor();

  await late.fill({ 'Workspace name': 'Mine', 'Your username': 'eve', Password: PASSWORD });
  await late.press('Create workspace');
  await late.page.getByText('This workspace already has an owner').waitFor();
  await late.page.reload();
  await late.signIn('ben');
  await late.page.locator('.room-header').waitFor();
});

test('signing in: what is wrong is said at the field, password managers find theirs, and one comes to where one wanted', async (t) => {
  const { server, visit, owner } = await stage(t, { settings: CLOSED, rooms: ['garden'] });
  await call(server, await signUp(server, 'anna', { owner: await owner() }), 'add_member', { room: 'garden' });
  const anna = await visit('Anna', { path: '/room/garden' });
  await anna.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  const fields = await anna.page
    .locator('form input')
    .evaluateAll((inputs) => inputs.map(({ name, type, autocomplete }) => [name, type, autocomplete]));
  assert.deepEqual(fields, [
    ['name', 'text', 'username'],
    ['password', 'password', 'current-password'],
  ]);

  await anna.page.getByRole('button', { name: 'Show the password' }).click();
  await becomes(() => anna.page.locator('[name=password]').getAttribute('type'), 'text');
  await anna.page.getByRole('button', { name: 'Show the password' }).click();
  await anna.signIn('anna', 'not the password');
  await anna.problemWith('Password', 'Wrong username or password');
  await anna.signIn('nobody');
  await anna.problemWith('Password', 'Wrong username or password');
  /* A password manager fills both between two drawings, and sends. */
  await anna.page.evaluate((password) => {
    const [name, secret] = document.querySelectorAll('form input');
    name.value = 'anna';
    secret.value = password;
    document.querySelector('form').requestSubmit();
  }, PASSWORD);
  await anna.page.locator('.room-header').waitFor();
  await becomes(() => pathOf(anna), '/room/garden');
  await anna.page.reload();
  await anna.page.locator('.room-header').waitFor();
});

test('the second factor: a code or a recovery code, each once, and a wrong one is no way in', async (t) => {
  const { server, visit, owner } = await stage(t, { settings: CLOSED });
  const account = await signUp(server, 'anna', { owner: await owner() });
  const { secret } = await call(server, account, 'start_totp');
  const began = Date.now();
  const { recovery_codes: codes } = await call(server, account, 'confirm_totp', {
    password: PASSWORD,
    secret,
    code: totpCode(secret, began),
  });

  const anna = await visit('Anna', { path: '/sign-in' });
  await anna.signIn('anna');
  await anna.page.getByRole('heading', { name: 'Two-factor code' }).waitFor();
  await becomes(() => anna.page.locator('[name=code]').getAttribute('autocomplete'), 'one-time-code');
  await anna.page.keyboard.type('000000');
  await anna.page.keyboard.press('Enter');
  await anna.problemWith('Code', '');
  await anna.page.keyboard.type(totpCode(secret, began + STEP_MS)); /* the next one: that of now has been used */
  await anna.page.keyboard.press('Enter');
  await anna.page.locator('.room-header').waitFor();
  await becomes(() => pathOf(anna), '/room/lobby');

  const again = await visit('Anna elsewhere');
  await again.signIn('anna');
  await again.press('Use a recovery code');
  await again.fill({ 'Recovery code': codes[0] });
  await again.press('Continue');
  await again.page.locator('.room-header').waitFor();
  const third = await visit('whoever has seen that code');
  await third.signIn('anna');
  await third.press('Use a recovery code');
  await third.fill({ 'Recovery code': codes[0] });
  await third.press('Continue');
  await third.problemWith('Recovery code', '');
});

test('an invitation says by whom and to where; it is used once; its rooms are there', async (t) => {
  const { server, visit, owner } = await stage(t, { settings: CLOSED });
  const session = await owner();
  const { room } = await call(server, session, 'create_room', { name: 'garden', kind: 'closed' });
  await call(server, session, 'set_profile', { display_name: 'Ben Ruiz' });
  const { code } = await call(server, session, 'create_invite', { max_uses: 1, rooms: [room] });

  const anna = await visit('Anna', { path: `/invite/${code}` });
  await anna.page.getByText('Ben Ruiz invites you to garden.').waitFor();
  await anna.fill({ Username: OWNER.name, Password: 'password123' });
  await anna.press('Create account');
  await anna.problemWith('Username', 'is taken');
  await anna.page.getByText('That password is too common').waitFor(); /* both at once */
  await anna.fill({ Username: 'anna', Password: PASSWORD, 'Display name (optional)': 'Anna Berg' });
  await anna.press('Create account');
  await anna.page.locator('.sidebar__me', { hasText: 'Anna Berg' }).waitFor();
  await anna.page.locator('.room-link', { hasText: 'garden' }).waitFor();
  await anna.page.goto(`${server.url}/invite/${code}`);
  await anna.page.getByRole('heading', { name: "You're already signed in" }).waitFor();
  await anna.press('Go to the chat');
  await anna.page.locator('.room-header').waitFor();

  const late = await visit('one too many', { path: `/invite/${code}` });
  await late.page.getByRole('heading', { name: 'This invitation is no longer valid' }).waitFor();
  await late.page.getByRole('link', { name: 'Sign in' }).click();
  await late.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await late.page.goBack();
  await late.page.getByRole('heading', { name: 'This invitation' }).waitFor();
});

test('a guest who takes an account keeps what they have written', async (t) => {
  const { server, visit, enter, owner } = await stage(t);
  const ben = await enter('Ben');
  const anna = await visit('Anna');
  await anna.fill({ 'Your name': 'Anna' });
  await anna.press('Join');
  await anna.say('as a guest');
  await anna.sees('as a guest');
  const { code } = await call(server, await owner(), 'create_invite', {});
  await anna.page.goto(`${server.url}/invite/${code}`);
  await anna.page.getByText("You're here as guest Anna").waitFor();
  await becomes(() => anna.page.getByRole('textbox', { name: 'Username' }).inputValue(), 'Anna');
  await anna.fill({ Username: 'anna.berg', Password: PASSWORD });
  await anna.press('Create account');
  await anna.sees('as a guest');
  await anna.say('as a member');
  await ben.sees('as a member');
  for (const person of [anna, ben]) {
    await person.until('one name on both', () => {
      const authors = [...document.querySelectorAll('.message__author')].map(({ textContent }) => textContent);
      return authors.length > 0 && authors.every((author) => author === 'anna.berg');
    });
  }
});

test('a guest may sign in to an account that they have', async (t) => {
  const { server, visit, owner } = await stage(t);
  await signUp(server, 'anna', { owner: await owner() });
  const anna = await visit('Anna');
  await anna.fill({ 'Your name': 'Somebody' });
  await anna.press('Join');
  await anna.page.locator('.room-header').waitFor();
  await anna.choose('Sign in');
  await anna.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await anna.page.goBack();
  await anna.page.locator('.room-header').waitFor();
  await anna.page.goForward();
  await anna.signIn('anna');
  await anna.page.locator('.sidebar__me', { hasText: 'anna' }).waitFor();
});

test('an open place lets anybody make an account', async (t) => {
  const { visit } = await stage(t, { settings: { ...CLOSED, signup: 'open' } });
  const anna = await visit('Anna');
  await anna.page.getByRole('link', { name: 'Create an account' }).click();
  await anna.fill({ Username: 'anna', Password: PASSWORD });
  await anna.press('Create account');
  await anna.page.locator('.room-header').waitFor();
  await becomes(() => pathOf(anna), '/room/lobby');
});

test('a lost password: a link from an admin, which works once', async (t) => {
  const { server, visit, open, owner } = await stage(t, { settings: CLOSED });
  const account = await signUp(server, 'anna', { owner: await owner() });
  const elsewhere = await open(account);
  await elsewhere.page.locator('.room-header').waitFor();
  const { code } = await call(server, await owner(), 'create_reset', { user: 'anna' });

  const anna = await visit('Anna', { path: `/reset/${code}` });
  await anna.fill({ 'New password': 'short' });
  await anna.press('Change password');
  await anna.problemWith('New password', 'Too short');
  await anna.fill({ 'New password': OTHER_PASSWORD });
  await anna.press('Change password');
  await anna.page.getByRole('heading', { name: 'Password changed' }).waitFor();
  await elsewhere.page.getByText('You were signed out, or your session expired').waitFor();
  await anna.press('Sign in');
  await anna.signIn('anna');
  await anna.problemWith('Password', 'Wrong username or password');
  await anna.signIn('anna', OTHER_PASSWORD);
  await anna.page.locator('.room-header').waitFor();

  const late = await visit('whoever finds the link', { path: `/reset/${code}` });
  await late.page.getByRole('heading', { name: 'This link is no longer valid' }).waitFor();
  assert.equal(await late.page.locator('form').count(), 0, 'before any form');
});

test('a session that ends elsewhere says so; what was being written is there after signing in again', async (t) => {
  const { server, member } = await stage(t, { settings: CLOSED });
  const anna = await member('anna');
  await anna.composer.fill('half a sen');
  const other = await signIn(server, 'anna');
  await call(server, other, 'end_other_sessions');
  await anna.page.getByText('You were signed out, or your session expired').waitFor();
  await becomes(() => anna.page.getByRole('textbox', { name: 'Username' }).inputValue(), 'anna');
  await anna.until('the focus in the password', () => document.activeElement.name === 'password');
  await anna.page.keyboard.type(PASSWORD);
  await anna.page.keyboard.press('Enter');
  await anna.composer.waitFor();
  await becomes(() => anna.composer.inputValue(), 'half a sen');
});

test('nobody else finds it in that browser', async (t) => {
  const { server, member, owner } = await stage(t, { settings: CLOSED });
  await signUp(server, 'cleo', { owner: await owner() });
  const anna = await member('anna');
  await anna.composer.fill('a secret');
  await call(server, anna.account, 'end_other_sessions');
  await call(server, await signIn(server, 'anna'), 'end_other_sessions');
  await anna.page.getByText('You were signed out, or your session expired').waitFor();
  await anna.signIn('cleo');
  await anna.page.locator('.sidebar__me', { hasText: 'cleo' }).waitFor();
  await anna.composer.waitFor();
  await becomes(() => anna.composer.inputValue(), '');
  assert.equal(
    await anna.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }).includes('a secret')),
    false,
  );
});

test('a banned person is told so, in another sentence, and cannot come back', async (t) => {
  const { server, member, owner } = await stage(t, { settings: CLOSED });
  const anna = await member('anna');
  await call(server, await owner(), 'ban', { user: 'anna', reason: 'spam' });
  await anna.page.locator('.note--danger').waitFor();
  await becomes(() => anna.page.locator('.note--danger').innerText(), /banned/);
  await anna.signIn('anna');
  await anna.page
    .getByRole('alert')
    .filter({ hasText: /banned/ })
    .waitFor();
});

test('signing out: asked first only when something would be lost; all tabs are out', async (t) => {
  const { server, member } = await stage(t, { settings: CLOSED });
  const anna = await member('anna');
  const second = await anna.context.newPage();
  await second.goto(server.url);
  await second.locator('.room-header').waitFor();
  await anna.composer.fill('a draft');
  await anna.choose('Sign out');
  await anna.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await second.getByRole('heading', { name: 'Sign in' }).waitFor();
  assert.equal((await refusedCall(call(server, anna.account, 'set_profile', { bio: 'x' }))).status, 401);
  await anna.signIn('anna');
  await anna.composer.waitFor();
  await becomes(() => anna.composer.inputValue(), '');
  await second.locator('.room-header').waitFor(); /* signed in, in the other tab */

  await server.stop();
  await anna.composer.fill('not sent yet');
  await anna.composer.press('Enter');
  await anna.page.locator('.message--waiting').waitFor();
  await anna.choose('Sign out');
  await anna.page.getByRole('dialog', { name: 'Sign out?' }).getByText("1 message hasn't been sent").waitFor();
  await anna.press('Cancel');
  await anna.page.getByRole('dialog').waitFor({ state: 'detached' });
  await server.start();
  await anna.sees('not sent yet');
});

for (const [look, options] of LOOKS) {
  test(`${look}: the ways in`, async (t) => {
    const { server, visit, owner } = await stage(t, {
      settings: { ...UNLIMITED, allow_guests: 'yes', signup: 'open' },
    });
    const { code } = await call(server, await owner(), 'create_invite', {});
    const { code: reset } = await call(server, await owner(), 'create_reset', { user: OWNER.name });
    const person = await visit('a newcomer', options);
    for (const [path, name, heading] of [
      ['/', 'guest', 'Welcome'],
      ['/sign-in', 'sign-in', 'Sign in'],
      ['/sign-up', 'sign-up', 'Join'],
      [`/invite/${code}`, 'invite', 'Join'],
      ['/invite/nonsense', 'invite-over', 'This invitation'],
      [`/reset/${reset}`, 'reset', 'Choose a new password'],
    ]) {
      await person.page.goto(server.url + path);
      await person.page.getByRole('heading', { name: heading }).waitFor();
      await check(person, name);
      await person.screenshot(`${look}-${name}`);
    }
    const empty = await stage(t, { owned: false });
    const first = await empty.visit('the first one', options);
    await first.page.getByRole('heading', { name: 'Welcome to your new chat' }).waitFor();
    await first.press('Create workspace');
    await first.problemWith('Workspace name', 'Enter a workspace name.');
    await check(first, 'the first run');
    await first.screenshot(`${look}-first-run`);
  });
}

test('a browser that keeps no cookies is told so when it signs in', async (t) => {
  const { visit, owner } = await stage(t);
  const { user } = await owner();
  const anna = await visit('anna', { path: '/sign-in' });
  await anna.context.route('**/api/v1/sign_in', async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers() };
    delete headers['set-cookie'];
    await anna.context.clearCookies();
    await route.fulfill({ response, headers });
  });
  await anna.signIn(user.name);
  await anna.page.getByRole('alert').filter({ hasText: "doesn't keep this site's cookies" }).waitFor();
});
