/* Direct conversations: begun, found again, hidden; and people whom one would rather not hear. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, crew, enter as enterSession, signUp } from '../lib/accounts.mjs';
import { check, LOOKS } from './lib/axe.mjs';
import { becomes, stage } from './lib/people.mjs';

/** The owner, and accounts of these names, in that order. */
async function place(t, ...names) {
  const made = await stage(t);
  const accounts = await crew(made.server, ...names);
  let sent = 0;
  const as = (who, verb, fields) => call(made.server, who, verb, fields);
  return { ...made, accounts, as, say: (who, room, body) => as(who, 'send', { id: `d${++sent}`, room, body }) };
}

const link = (person, name) => person.page.locator('.room-link', { has: person.page.getByText(name, { exact: true }) });
const heading = (person, name) => person.heading(name);
const pathOf = (person) => new URL(person.page.url()).pathname;

test('a message to two people: chosen by name, by keyboard alone; it is there for them once something is said', async (t) => {
  const { accounts, as, open } = await place(t, 'anna', 'ben', 'cleo', 'dora');
  const [, anna, ben, cleo] = accounts;
  await as(ben, 'set_profile', { display_name: 'Ben Ruiz', status_text: 'in the garden' });
  const [writer, reader] = [await open(anna, { path: '/room/lobby' }), await open(ben, { path: '/room/lobby' })];
  await writer.arrives('lobby');
  await reader.arrives('lobby');
  const { page } = writer;
  await page.getByRole('button', { name: 'New message' }).focus();
  await page.keyboard.press('Enter');
  const field = page.getByRole('combobox', { name: 'To: up to' });
  await writer.until('the focus in the field', () => document.activeElement.role === 'combobox');
  await page.keyboard.type('ruiz');
  await page.getByRole('option', { name: 'Ben Ruiz' }).waitFor();
  await page.getByRole('option', { name: 'cleo' }).waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  await page.locator('.picker__chip', { hasText: 'Ben Ruiz' }).waitFor();
  await page.keyboard.type('cle');
  await page.keyboard.press('Enter');
  await page.locator('.picker__chip', { hasText: 'cleo' }).waitFor();
  await page.keyboard.type('nobody of that name');
  await page.getByText('No matches.').waitFor();
  await field.fill('');
  await page.keyboard.press('Backspace');
  await page.locator('.picker__chip', { hasText: 'cleo' }).waitFor({ state: 'detached' });
  await writer.press('Start conversation');
  await heading(writer, 'Ben Ruiz');
  await page.locator('.room-header', { hasText: 'in the garden' }).waitFor();
  const direct = pathOf(writer);
  assert.match(direct, /^\/direct\/\d+$/);
  await writer.until('the title', () => document.title.startsWith('Ben Ruiz'));
  await page.getByText('No messages yet').waitFor();
  assert.equal(await link(reader, 'anna').count(), 0, 'not before something is said');

  await writer.say('hello');
  await link(reader, 'anna').locator('.room-link__count--calls', { hasText: '1' }).waitFor();
  await reader.open('anna');
  await becomes(() => pathOf(reader), direct);
  await reader.sees('hello');
  await page.locator('.room-header', { hasText: 'online' }).waitFor();
  await page.reload();
  await writer.sees('hello');

  const { room } = await as(anna, 'open_direct', { users: [ben.user.id, cleo.user.id] });
  await as(anna, 'send', { id: 'g1', room, body: 'all three' });
  await link(reader, 'anna and cleo').click();
  await reader.sees('all three');
  await reader.page.locator('.people .person').nth(2).waitFor();
  await becomes(
    async () => (await reader.page.locator('.people .person__name').allTextContents()).sort(),
    ['Ben Ruiz', 'anna', 'cleo'],
  );
});

test('closed until somebody writes or it is opened again; found again by the switcher, and people with whom there is none yet', async (t) => {
  const { accounts, as, say, open } = await place(t, 'anna', 'ben', 'cleo');
  const [, anna, ben] = accounts;
  const { room } = await as(ben, 'open_direct', { users: ['anna'] });
  await say(ben, room, 'one');
  const person = await open(anna, { path: `/direct/${room}` });
  await person.sees('one');
  const { page } = person;
  await page.getByRole('button', { name: 'Room actions' }).click();
  await page.getByRole('menuitem', { name: 'Close conversation' }).click();
  await person.arrives('lobby');
  await page.mouse.move(700, 300); /* under the pointer, nothing in the list would move */
  await link(person, 'ben').waitFor({ state: 'detached' });
  await page.reload(); /* which is told of it no more */
  await person.arrives('lobby');
  assert.equal(await link(person, 'ben').count(), 0);
  await page.goto(new URL(`/direct/${room}`, page.url()).href);
  await heading(person, 'ben');
  await link(person, 'ben').waitFor();
  await page.getByRole('button', { name: 'Room actions' }).click();
  await page.getByRole('menuitem', { name: 'Close conversation' }).click();
  await person.arrives('lobby');
  await say(ben, room, 'two');
  await link(person, 'ben').locator('.room-link__count').waitFor();

  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Search rooms and people' });
  await field.fill('be');
  await page
    .getByRole('option', { name: /^B?be?n/ })
    .first()
    .waitFor();
  await field.press('Enter');
  await heading(person, 'ben');
  await page.keyboard.press('Control+k');
  await field.fill('cle');
  await page.getByRole('option', { name: /cleo/ }).waitFor();
  await field.press('Enter');
  await heading(person, 'cleo');
  assert.notEqual(pathOf(person), `/direct/${room}`);
  await page.keyboard.press('Alt+ArrowDown');
  await heading(person, 'ben');
});

test('an address that leads to no conversation of ours says so', async (t) => {
  const { accounts, as, open } = await place(t, 'anna', 'ben', 'cleo');
  const [, anna, ben] = accounts;
  const { room } = await as(ben, 'open_direct', { users: ['cleo'] });
  const person = await open(anna, { path: `/direct/${room}` });
  await person.page.getByText("This conversation doesn't exist, or you're not part of it.").waitFor();
  await person.press('Go to lobby');
  await person.arrives('lobby');
});

test('whom one has blocked: folded away, shown when one asks, and back again', async (t) => {
  const { accounts, say, open } = await place(t, 'anna', 'ben', 'cleo');
  const [, anna, ben, cleo] = accounts;
  await say(ben, 'lobby', 'something rude');
  await say(cleo, 'lobby', 'something kind');
  const person = await open(anna, { path: `/people/${ben.user.id}` });
  const { page } = person;
  await page.getByText('Rooms you share').waitFor();
  await person.press('Block');
  await page.getByRole('dialog').getByRole('button', { name: 'Block' }).click();
  await page.getByText('Blocked by you').waitFor();
  await page.getByRole('button', { name: 'Back to the room' }).click();
  await page.getByText('Message from someone you blocked.').waitFor();
  await person.sees('something kind');
  await becomes(() => person.bodies(), ['Message from someone you blocked.Show', 'something kind']);
  await becomes(() => page.getByText('ben', { exact: true }).and(page.locator('.message__author')).count(), 0);
  await page.locator('.message--gone').focus();
  await page.keyboard.press('Enter');
  await person.sees('something rude');

  await page.goto(new URL(`/people/${ben.user.id}`, page.url()).href);
  await page.getByText('Blocked by you').waitFor();
  await person.press('Unblock');
  await page.getByText('Blocked by you').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Back to the room' }).click();
  await person.sees('something rude');
});

for (const [look, options] of LOOKS) {
  test(`${look}: conversations and the way to them`, async (t) => {
    const { accounts, as, say, open } = await place(t, 'anna', 'ben', 'cleo', 'dora');
    const [, anna, ben, cleo] = accounts;
    await as(ben, 'set_profile', {
      display_name: 'Ben Ruiz',
      status_emoji: '*',
      status_text: 'in the garden until the sun is down and the last bean is watered',
    });
    const { room } = await as(ben, 'open_direct', { users: ['anna'] });
    await say(ben, room, 'Do you have a minute?');
    const group = await as(cleo, 'open_direct', { users: ['anna', 'ben', 'dora'] });
    await say(cleo, group.room, 'Cake on Sunday?');
    const person = await open(anna, { ...options, path: `/direct/${room}` });
    await person.sees('Do you have a minute?');
    await check(person, 'a conversation');
    await person.screenshot(`${look}-direct`);
    const { page } = person;
    if (options.isMobile) {
      await page.getByRole('button', { name: /^Rooms/ }).click();
      await page.locator('.layout[data-panel="rooms"]').waitFor();
    }
    await page.getByRole('button', { name: 'New message' }).click();
    await page.getByRole('option', { name: 'dora' }).click();
    await page.locator('.picker__chip').waitFor();
    await check(person, 'a new message');
    await person.screenshot(`${look}-new-message`);
    await person.press('Start conversation');
    await heading(person, 'dora');
    await check(person, 'an empty conversation');
    await page.goto(new URL(`/direct/${group.room}`, page.url()).href);
    await person.sees('Cake on Sunday?');
    await page.locator('.room-header__people', { hasText: '4' }).waitFor();
    await check(person, 'several people');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('do');
    await page.getByRole('option').first().waitFor();
    await check(person, 'the switcher with people');
  });
}

test('online, away, offline: of the person, in the list, the conversation, the panel and the profile', async (t) => {
  const { server, open, owner } = await stage(t);
  const anna = await signUp(server, 'anna', { owner: await owner() });
  const ben = await signUp(server, 'ben', { owner: await owner() });
  await call(server, anna, 'open_direct', { users: ['ben'] });
  await call(server, anna, 'create_room', { name: 'garden' });
  await call(server, ben, 'add_member', { room: 'garden' });
  const viewer = await open(anna, { path: '/room/garden' });
  const { page } = viewer;
  await viewer.arrives('garden');
  const inList = page.locator('.room-link', { hasText: 'ben' });
  const section = (name) => page.getByRole('list', { name });
  await section('Offline in garden').getByRole('link', { name: 'ben' }).waitFor();
  await section('Online in garden').getByRole('link', { name: 'anna' }).waitFor();
  await becomes(() => inList.textContent(), /, direct conversation, offline/);

  const elsewhere = await enterSession(server, t, ben);
  await section('Online in garden').getByRole('link', { name: 'ben' }).waitFor();
  await inList.locator('.person--active').waitFor();
  await becomes(() => inList.textContent(), /, direct conversation, online/);
  await viewer.screenshot('presence-wide');
  await elsewhere.request('presence', { state: 'away' });
  await inList.locator('.person--away').waitFor();
  await section('Online in garden').getByText('away').waitFor();
  await inList.click();
  await page.locator('.room-header', { hasText: 'away' }).waitFor();
  await page.goto(new URL(`/people/${ben.user.id}`, page.url()).href);
  await page.locator('.profile', { hasText: 'away' }).waitFor();
  elsewhere.drop();
  await page.locator('.profile', { hasText: 'offline' }).waitFor();
  await viewer.screenshot('presence-profile');
});
