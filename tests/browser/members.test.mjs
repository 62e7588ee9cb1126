/* Who belongs to a room and what may be done about them; the directory; and what becomes of messages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, crew, signUp } from '../lib/accounts.mjs';
import { check, LOOKS } from './lib/axe.mjs';
import { becomes, NARROW, stage } from './lib/people.mjs';

/** The owner, and accounts of these names in that order; the first of them has a room called garden. */
async function place(t, ...names) {
  const made = await stage(t);
  const accounts = await crew(made.server, ...names);
  let sent = 0;
  const as = (who, verb, fields) => call(made.server, who, verb, fields);
  await as(accounts[1], 'create_room', { name: 'garden' });
  return {
    ...made,
    accounts,
    as,
    say: (who, body, room = 'garden') => as(who, 'send', { id: `m${++sent}`, room, body }),
  };
}

const people = (person) => person.page.locator('.people');
const members = (person) => person.page.locator('.people__scroller');
const menuOf = async (person, name, item) => {
  await members(person)
    .getByRole('button', { name: `Actions for ${name}` })
    .click();
  await person.page.getByRole('menuitem', { name: item }).click();
};

test('members: added, made moderator, silenced with the text kept, removed; each sees it at once', async (t) => {
  const { accounts, as, open } = await place(t, 'anna', 'ben', 'cleo');
  const [, anna, ben] = accounts;
  const moderator = await open(anna, { path: '/room/garden' });
  await people(moderator).getByRole('button', { name: 'Add people' }).click();
  const field = moderator.page.getByRole('combobox', { name: 'Names' });
  for (const name of ['ben', 'cleo']) {
    await field.fill(name);
    await moderator.page.getByRole('option', { name }).click();
  }
  await moderator.press('Add');
  await members(moderator).getByRole('link', { name: 'cleo' }).waitFor();
  await moderator.page.locator('.notice', { hasText: 'anna added ben and cleo' }).waitFor();
  await moderator.page.locator('.room-header__people', { hasText: '3' }).waitFor();

  const member = await open(ben, { path: '/room/garden' });
  await member.say('hello');
  await moderator.sees('hello');
  await members(member).getByRole('button', { name: 'Actions for cleo' }).click();
  await becomes(
    () => member.page.getByRole('menuitem').allTextContents(),
    ['Message', 'Profile'],
    'a member may do no more',
  );
  await member.page.keyboard.press('Escape');

  await members(moderator).getByRole('button', { name: 'Actions for ben' }).click();
  await moderator.page.getByRole('menuitem', { name: 'Mute…' }).click();
  await moderator.page.getByRole('menuitem', { name: 'For 10 minutes' }).click();
  await members(moderator)
    .getByText(/^Muted until/)
    .waitFor();
  await member.say('not now');
  await member.page.locator('.message--failed', { hasText: 'not now' }).waitFor();
  await member.page.locator('.composer').getByText('A moderator has muted you in this room').waitFor();
  await menuOf(moderator, 'ben', 'Unmute');
  await member.page
    .locator('.composer')
    .getByText('A moderator has muted you in this room')
    .waitFor({ state: 'detached' });
  await member.page.locator('.message--failed').getByRole('button', { name: 'Retry' }).click();
  await moderator.sees('not now');

  await menuOf(moderator, 'cleo', 'Make moderator');
  await members(moderator).locator('.person', { hasText: 'cleo' }).getByText('Moderator').waitFor();
  await menuOf(moderator, 'ben', 'Remove…');
  await moderator.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await members(moderator).getByRole('link', { name: 'ben' }).waitFor({ state: 'detached' });
  await member.press('Join');
  await members(moderator).getByRole('link', { name: 'ben' }).waitFor();
  assert.equal((await as(anna, 'members', { room: 'garden' })).count, 3);
});

test('messages: deleted once asked, reported with a reason, linked to', async (t) => {
  const { accounts, as, say, open } = await place(t, 'anna', 'ben');
  const [owner, anna, ben] = accounts;
  await as(ben, 'add_member', { room: 'garden' });
  for (let n = 1; n <= 120; n++) await say(anna, `number ${n}`);
  await say(ben, 'a slip of the tongue');
  await as(ben, 'read', { room: 'garden', seq: 1000 });
  const member = await open(ben, { path: '/room/garden' });
  const moderator = await open(anna, { path: '/room/garden' });
  const { page } = member;
  await member.sees('a slip of the tongue');
  await member.message('a slip of the tongue').hover();
  await member.message('a slip of the tongue').getByRole('button', { name: 'Message actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Your message was deleted.').waitFor();
  await moderator.page.getByText("ben's message was deleted.").waitFor();

  await member.message('number 119').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menu', { name: 'Message from anna' }).waitFor();
  assert.ok(!(await page.getByRole('menuitem').allTextContents()).includes('Delete…'), 'not those of others');
  await page.getByRole('menuitem', { name: 'Report…' }).click();
  await member.fill({ "What's wrong with this message?": 'It is rude.' });
  await member.press('Report');
  await page.getByText('Report sent to the moderators').waitFor();
  const { reports } = await as(owner, 'reports', {});
  assert.deepEqual(
    reports.map(({ reason, body }) => [reason, body]),
    [['It is rude.', 'number 119']],
  );

  await member.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await member.message('number 118').hover();
  await member.message('number 118').getByRole('button', { name: 'Message actions' }).click();
  await page.getByRole('menuitem', { name: 'Copy link' }).click();
  await page.getByText('Link copied.').waitFor();
  const seqOf = (text) => moderator.message(text).getAttribute('data-seq');
  await becomes(
    async () => new URL(await page.evaluate(() => navigator.clipboard.readText())).pathname,
    `/room/garden/${await seqOf('number 118')}`,
  );
  const far = Number(await seqOf('number 118')) - 110;
  await page.goto(new URL(`/room/garden/${far}`, page.url()).href);
  await page.locator(`.message--target[data-seq="${far}"]`).waitFor();
  await member.until(
    'it in the middle',
    (seq) => {
      const { top, bottom } = document.querySelector(`[data-seq="${seq}"]`).getBoundingClientRect();
      return top > 100 && bottom < innerHeight - 100;
    },
    far,
  );

  await moderator.message('number 117').focus();
  await moderator.page.keyboard.press('Enter');
  await moderator.page.getByRole('menuitem', { name: 'Delete…' }).click();
  await moderator.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await moderator.message('number 117').waitFor({ state: 'detached' });
});

test('who came and who went is one line that unfolds', async (t) => {
  const { accounts, as, open } = await place(t, 'anna', 'ben', 'cleo', 'dora');
  for (const account of accounts.slice(2)) await as(account, 'add_member', { room: 'garden' });
  const person = await open(accounts[1], { path: '/room/garden' });
  const line = person.page.getByRole('button', { name: 'anna and 3 others joined' });
  await line.click();
  await becomes(() => person.page.locator('.notice__events bdi').allTextContents(), ['anna', 'ben', 'cleo', 'dora']);
  await as(accounts[2], 'remove_member', { room: 'garden' });
  await person.page.getByRole('button', { name: 'anna and 3 others joined, ben left' }).waitFor();
  await becomes(() => person.page.locator('.notice__events li').count(), 5, 'it stays unfolded');
});

test('messages of a banned person are hidden, and back when the ban is lifted', async (t) => {
  const { accounts, as, say, open } = await place(t, 'anna', 'ben');
  const [owner, anna, ben] = accounts;
  await as(ben, 'add_member', { room: 'garden' });
  await say(ben, 'spam and more spam');
  await say(anna, 'stop it');
  const person = await open(anna, { path: '/room/garden' });
  await person.sees('spam and more spam');
  await as(owner, 'ban', { user: 'ben', reason: 'spam', hide: true });
  await person.page.getByText('Message from a banned user.').waitFor();
  await person.page.reload();
  await person.page.getByText('Message from a banned user.').waitFor();
  await as(owner, 'unban', { user: 'ben' });
  await person.sees('spam and more spam');
});

test('the directory: searched, and a profile with what one can do', async (t) => {
  const { accounts, as, server, open } = await place(t, 'anna', 'ben', 'cleo');
  const [owner, anna, ben] = accounts;
  await as(ben, 'set_profile', {
    display_name: 'Ben Ruiz',
    bio: 'Grows beans.\nKnows nothing of roses.',
    status_text: 'outside',
  });
  const person = await open(anna, { path: '/people' });
  const { page } = person;
  const list = page.getByRole('list', { name: 'People', exact: true });
  await list.getByRole('link', { name: 'cleo' }).waitFor();
  await page.getByRole('searchbox', { name: 'Search people' }).fill('ruiz');
  await list.getByRole('link', { name: 'cleo' }).waitFor({ state: 'detached' });
  await list.getByText('outside').waitFor();
  await list.getByRole('link', { name: 'Ben Ruiz' }).click();
  await page.locator('h1', { hasText: 'Ben Ruiz' }).waitFor();
  await becomes(() => new URL(page.url()).pathname, `/people/${ben.user.id}`);
  await page.getByText('Knows nothing of roses.').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'lobby' }).waitFor();
  await becomes(() => page.getByRole('button', { name: 'Moderate' }).count(), 0);
  await person.press('Message');
  await person.until('the conversation', () => location.pathname.startsWith('/direct/'));
  await page.locator('.room-header', { hasText: 'outside' }).waitFor();
  await page.goto(new URL('/people/9999', page.url()).href);
  await page.getByRole('alert').waitFor();

  await signUp(server, 'newcomer', { owner });
  const boss = await open(owner, { path: `/people/${ben.user.id}` });
  await boss.page.getByRole('button', { name: 'Moderate' }).waitFor();
});

test('on a phone, a long press on a message opens its menu as a sheet', async (t) => {
  const { accounts, say, open } = await place(t, 'anna');
  await say(accounts[1], 'press me');
  const person = await open(accounts[1], { path: '/room/garden', viewport: NARROW, hasTouch: true, isMobile: true });
  await person.sees('press me');
  const box = await person.message('press me').boundingBox();
  const touch = await person.context.newCDPSession(person.page);
  const at = { x: box.x + 120, y: box.y + box.height / 2 };
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
  await person.page.getByRole('menu', { name: 'Message from anna' }).waitFor();
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await person.page.getByRole('menuitem', { name: 'Delete…' }).tap();
  await person.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).tap();
  await person.page.getByText('Your message was deleted.').waitFor();
});

for (const [look, options] of LOOKS) {
  test(`${look}: members, people and dialogs about them`, async (t) => {
    const { accounts, as, say, open } = await place(t, 'anna', 'ben', 'cleo');
    const [, anna, ben] = accounts;
    await as(ben, 'set_profile', { display_name: 'Ben Ruiz', bio: 'Grows beans.', status_text: 'in the garden' });
    for (const user of ['ben', 'cleo']) await as(anna, 'add_member', { room: 'garden', user });
    await as(anna, 'mute', { room: 'garden', user: 'cleo', until_ms: Date.now() + 600_000 });
    await say(ben, 'hello');
    const person = await open(anna, { ...options, path: '/room/garden' });
    await person.sees('hello');
    const { page } = person;
    if (options.isMobile) await page.locator('.room-header__people').click();
    await members(person)
      .getByText(/^Muted until/)
      .waitFor();
    await check(person, 'the members');
    await person.screenshot(`${look}-members`);
    await members(person).getByRole('button', { name: 'Actions for Ben Ruiz' }).click();
    await page.getByRole('menu').waitFor();
    await check(person, 'the menu of a member');
    await page.keyboard.press('Escape');
    await person.press('Add people');
    await page.getByRole('option').first().waitFor();
    await check(person, 'adding people');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    if (options.isMobile) {
      await page.goBack();
      await page.locator('.layout:not([data-panel])').waitFor();
    }
    await person.message('hello').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Report…' }).click();
    await page.getByRole('textbox', { name: "What's wrong with this message?" }).waitFor();
    await check(person, 'a report');
    await person.screenshot(`${look}-report`);
    await page.keyboard.press('Escape');
    for (const [path, what, selector] of [
      ['/people', 'people', '.list__item'],
      [`/people/${ben.user.id}`, 'profile', '.profile'],
    ]) {
      await page.goto(new URL(path, page.url()).href);
      await page.locator(selector).first().waitFor();
      await check(person, what);
      await person.screenshot(`${look}-${what}`);
    }
    await becomes(() => people(person).count(), 0, 'a page has no column of people');
  });
}
