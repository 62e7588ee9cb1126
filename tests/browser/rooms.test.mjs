/* Rooms as somebody with an account sees them: the list, what is unread on all devices, making and changing rooms, finding them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, signUp } from '../lib/accounts.mjs';
import { check, LOOKS } from './lib/axe.mjs';
import { becomes, stage } from './lib/people.mjs';

/** Anna and Ben have accounts; `rooms` are Anna's: name, or name and what else create_room takes. */
async function place(t, rooms = []) {
  const made = await stage(t);
  const { server, owner } = made;
  const anna = await signUp(server, 'anna', { owner: await owner() });
  const ben = await signUp(server, 'ben', { owner: await owner() });
  const ids = {};
  for (const room of rooms) {
    const fields = typeof room === 'string' ? { name: room } : room;
    ids[fields.name] = (await call(server, anna, 'create_room', fields)).room;
  }
  let sent = 0;
  const say = (who, room, body) => call(server, who, 'send', { id: `s${++sent}`, room, body });
  return { ...made, anna, ben, ids, say, as: (who, verb, fields) => call(server, who, verb, fields) };
}

const link = (person, name) => person.page.locator('.room-link', { has: person.page.getByText(name, { exact: true }) });
const sections = (person) =>
  person.page
    .locator('.sidebar__section')
    .evaluateAll((all) =>
      all.map((section) => [
        section.querySelector('bdi').textContent,
        ...[...section.querySelectorAll('.room-link__name')].map((name) => name.textContent),
      ]),
    );
const heading = (person, name) => person.heading(name);

test('unread and mentions, the same on two devices; marked unread, it stays so until one comes back', async (t) => {
  const { anna, ben, as, say, open } = await place(t, ['garden', 'kitchen']);
  await as(ben, 'add_member', { room: 'garden' });
  const [desk, phone] = [await open(anna, { path: '/room/lobby' }), await open(anna, { path: '/room/kitchen' })];
  await desk.arrives('lobby');
  await heading(phone, 'kitchen');
  await say(ben, 'garden', 'seeds');
  await say(ben, 'garden', 'who waters? @anna');
  for (const device of [desk, phone]) {
    await link(device, 'garden').locator('.room-link__count--calls', { hasText: '@1' }).waitFor();
    await becomes(() => link(device, 'garden').textContent(), /2 unread, 1 mention of you/);
    await device.until('2 in the title', () => document.title.startsWith('(2)'));
  }
  await desk.open('garden');
  await desk.page.locator('.message--calls .mention--me', { hasText: '@anna' }).waitFor();
  for (const device of [desk, phone])
    await link(device, 'garden').locator('.room-link__count').waitFor({ state: 'detached' });

  const first = desk.message('seeds');
  await first.focus();
  await desk.page.keyboard.press('Enter');
  await desk.page.getByRole('menuitem', { name: 'Mark as unread' }).click();
  for (const device of [desk, phone])
    await link(device, 'garden').locator('.room-link__count', { hasText: '@1' }).waitFor();
  await desk.page.locator('.new-line + .message', { hasText: 'seeds' }).waitFor();
  await say(ben, 'garden', 'water');
  await desk.sees('water');
  await desk.until('3 in the title', () => document.title.startsWith('(3)'));
  await desk.open('lobby');
  await desk.open('garden');
  for (const device of [desk, phone])
    await link(device, 'garden').locator('.room-link__count').waitFor({ state: 'detached' });
});

test('favourites, sections, mute and order: by keyboard and pointer, remembered', async (t) => {
  const { anna, open } = await place(t, ['attic', 'beds', 'cellar', 'den']);
  const person = await open(anna, { path: '/room/lobby' });
  await person.arrives('lobby');
  const { page } = person;
  await becomes(() => sections(person), [['Rooms', 'attic', 'beds', 'cellar', 'den', 'lobby'], ['Direct messages']]);
  const settled = (what, want) =>
    person.until(
      what,
      (wanted) => {
        const all = [...document.querySelectorAll('.sidebar__section')].map((section) => [
          section.querySelector('bdi').textContent,
          ...[...section.querySelectorAll('.room-link__name')].map((name) => name.textContent),
        ]);
        return JSON.stringify(all) === wanted;
      },
      JSON.stringify(want),
    );

  await link(person, 'den').focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menu', { name: 'den' }).waitFor();
  await page.getByRole('menuitem', { name: 'Add to favourites' }).click();
  await settled('a favourite', [
    ['Favourites', 'den'],
    ['Rooms', 'attic', 'beds', 'cellar', 'lobby'],
    ['Direct messages'],
  ]);

  await link(person, 'beds').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Move to a section…' }).click();
  await page.getByRole('menuitem', { name: 'New section…' }).click();
  await page.getByRole('textbox', { name: 'Section name' }).fill('Outside');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' }); /* it gives the focus back */
  await settled('a section', [
    ['Favourites', 'den'],
    ['Outside', 'beds'],
    ['Rooms', 'attic', 'cellar', 'lobby'],
    ['Direct messages'],
  ]);

  await link(person, 'attic').focus();
  await page.keyboard.press('Control+Shift+ArrowDown');
  await settled('moved down', [
    ['Favourites', 'den'],
    ['Outside', 'beds'],
    ['Rooms', 'cellar', 'attic', 'lobby'],
    ['Direct messages'],
  ]);
  await page.locator('.room-item', { hasText: 'lobby' }).dragTo(page.locator('.room-item', { hasText: 'cellar' }));
  await settled('dragged', [
    ['Favourites', 'den'],
    ['Outside', 'beds'],
    ['Rooms', 'lobby', 'cellar', 'attic'],
    ['Direct messages'],
  ]);

  await page.locator('.room-item', { hasText: 'attic' }).hover();
  await page.getByRole('button', { name: 'Actions for attic' }).click();
  await page.getByRole('menuitem', { name: 'Mute notifications…' }).click();
  await page.getByRole('menuitem', { name: 'For an hour' }).click();
  await Promise.all([
    page.locator('.room-link--muted', { hasText: 'attic' }).waitFor(),
    page.getByText(/^Notifications for attic muted until/).waitFor(),
  ]);

  await page.getByRole('button', { name: 'Section Outside' }).click();
  await link(person, 'beds').waitFor({ state: 'detached' });
  await page.reload();
  await person.arrives('lobby');
  await becomes(
    () => sections(person),
    [['Favourites', 'den'], ['Outside'], ['Rooms', 'lobby', 'cellar', 'attic'], ['Direct messages']],
  );
  await page.locator('.room-link--muted', { hasText: 'attic' }).waitFor();
});

test('what is unread out of view in a long list is a step away', async (t) => {
  const { ben, as, say, anna, open } = await place(
    t,
    Array.from({ length: 40 }, (_, n) => `room ${n}`),
  );
  const { room } = await as(ben, 'open_direct', { users: ['anna'] });
  await say(ben, room, 'Down here');
  const person = await open(anna, { path: '/room/lobby' });
  await person.arrives('lobby');
  const { page } = person;
  const button = (name) => page.getByRole('button', { name });
  await as(ben, 'add_member', { room: 'room 0' });
  await say(ben, 'room 0', 'Up here');
  await link(person, 'room 0').locator('.room-link__count').waitFor();
  await button('Unread below').click();
  await person.until('the focus on the conversation', () => document.activeElement.textContent.includes('ben'));
  await button('Unread below').waitFor({ state: 'detached' });
  await button('Unread above').click();
  await person.until('the focus on the room', () => document.activeElement.textContent.includes('room 0'));
  await button('Unread above').waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  await person.sees('Up here');
  await link(person, 'ben').click();
  await person.sees('Down here');
  await button(/^Unread/)
    .first()
    .waitFor({ state: 'detached' });
});

test('a room is made, its topic and settings change, and it is archived', async (t) => {
  const { anna, ben, as, say, open } = await place(t);
  const person = await open(anna, { path: '/room/lobby' });
  await person.arrives('lobby');
  const { page } = person;
  await page.getByRole('button', { name: 'Add a room' }).click();
  await page.getByRole('menuitem', { name: 'Create a room' }).click();
  await person.press('Create');
  await person.problemWith('Name', 'Enter a name');
  await person.fill({ Name: 'lobby' });
  await person.press('Create');
  await person.problemWith('Name', 'name');
  await person.fill({ Name: 'garden', Topic: 'What grows' });
  await page.getByRole('radio', { name: 'Private' }).check();
  await page.getByRole('group', { name: 'Message history for new members' }).waitFor();
  await page.getByRole('radio', { name: 'Public' }).check();
  await page.getByRole('group', { name: 'Message history for new members' }).waitFor({ state: 'detached' });
  await person.press('Create');
  await heading(person, 'garden');
  await becomes(() => new URL(page.url()).pathname, '/room/garden');
  await page.getByText('What grows').waitFor();
  await page.locator('.room-header__people', { hasText: '1' }).waitFor();

  await page.getByRole('button', { name: 'Change the topic: What grows' }).click();
  await person.fill({ Topic: 'What grew' });
  await person.press('Save');
  await page.locator('.notice', { hasText: 'anna changed the topic to “What grew”' }).waitFor();

  await as(ben, 'add_member', { room: 'garden' });
  await page.locator('.room-header__people', { hasText: '2' }).waitFor();
  const other = await open(ben, { path: '/room/garden' });
  await other.say('hello');
  await person.sees('hello');

  await page.getByRole('button', { name: 'Room actions' }).click();
  await page.getByRole('menuitem', { name: 'Room settings…' }).click();
  await person.fill({ Name: 'yard', Description: 'A longer text.' });
  await page.getByRole('radio', { name: 'Announcements' }).check();
  await person.press('Save');
  await heading(person, 'yard');
  await heading(other, 'yard');
  await other.page.getByText('Only moderators can post here.').waitFor();
  await becomes(() => other.composer.count(), 0);

  await as(anna, 'edit_room', { room: 'yard', kind: 'open', slow_s: 60 });
  await other.composer.fill('second');
  await other.page.getByText(/Slow mode: you can post again in \d+ seconds/).waitFor();
  await other.composer.press('Enter');
  await becomes(() => other.composer.inputValue(), 'second', 'the text stays');
  await becomes(() => other.page.getByRole('button', { name: 'Send' }).isDisabled(), true);
  await as(anna, 'edit_room', { room: 'yard', slow_s: 0, locked: true });
  await other.page.getByText('This room is locked').waitFor();
  await as(anna, 'edit_room', { room: 'yard', locked: false });
  await becomes(() => other.composer.inputValue(), 'second', 'over all of that');
  await other.composer.press('Enter');
  await person.sees('second');

  await page.getByRole('button', { name: 'Room actions' }).click();
  await page.getByRole('menuitem', { name: 'Archive…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click();
  for (const each of [person, other]) await each.page.getByText('This room is archived').waitFor();
  await link(person, 'yard').waitFor();
  await person.page.getByRole('region', { name: 'Archived' }).getByRole('link', { name: 'yard' }).waitFor();
  await assert.rejects(say(ben, 'yard', 'too late'), /archived/);
});

test('rooms are found, looked at, joined and left', async (t) => {
  const { ben, as, say, anna, open } = await place(t, [
    { name: 'garden', topic: 'What grows' },
    { name: 'news', kind: 'announcement' },
    'kitchen',
  ]);
  await say(anna, 'garden', 'beans');
  const person = await open(ben, { path: '/room/lobby' });
  await person.arrives('lobby');
  const { page } = person;
  await page.getByRole('link', { name: 'All rooms' }).click();
  const list = page.getByRole('list', { name: 'Rooms' });
  await list.getByRole('link', { name: 'kitchen' }).waitFor();
  await page.getByRole('searchbox', { name: 'Search rooms' }).fill('gard');
  await list.getByRole('link', { name: 'kitchen' }).waitFor({ state: 'detached' });
  await list.getByText('What grows').waitFor();
  await page.getByRole('searchbox', { name: 'Search rooms' }).fill('nowhere');
  await page.getByText('No room found').waitFor();
  await page.getByRole('searchbox', { name: 'Search rooms' }).fill('');

  await list.getByRole('link', { name: 'garden' }).click();
  await person.sees('beans');
  await person.page.getByText("You're previewing this room").waitFor();
  await becomes(() => person.composer.count(), 0);
  await say(anna, 'garden', 'and peas');
  await person.sees('and peas');
  await becomes(() => link(person, 'garden').count(), 0, 'it is not in the list');
  await person.press('Join');
  await link(person, 'garden').waitFor();
  await person.say('may I have some?');
  await person.sees('may I have some?');
  await page
    .locator('.notice', { hasText: 'anna and ben joined' })
    .or(page.locator('.notice', { hasText: 'ben joined' }))
    .first()
    .waitFor();

  await page.getByRole('link', { name: 'All rooms' }).click();
  await person.press('Join news');
  await heading(person, 'news');
  await page.getByText('Only moderators can post here.').waitFor();
  await page.getByRole('button', { name: 'Room actions' }).click();
  await page.getByRole('menuitem', { name: 'Leave' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
  await person.press('Join news');
  await link(person, 'news').waitFor();
  assert.equal((await as(ben, 'members', { room: 'news' })).count, 2);
});

test('a closed room: asked for by its name, let in, and removed while it is open', async (t) => {
  const { anna, ben, as, say, open } = await place(t, [{ name: 'secret', kind: 'closed' }]);
  await say(anna, 'secret', 'shh');
  const person = await open(ben, { path: '/room/secret' });
  await person.page.getByText("There's no room called secret, or it's private").waitFor();
  await person.fill({ 'Message to the moderators (optional)': 'I have a spade.' });
  await person.press('Ask to join');
  await person.page.getByText('If there is a private room with that name').waitFor();

  const moderator = await open(anna, { path: '/room/secret' });
  await moderator.sees('shh');
  await moderator.page.getByText('I have a spade.').waitFor();
  await moderator.press('Accept ben');
  await person.sees('shh');
  await moderator.page.locator('.people__scroller').getByRole('link', { name: 'ben' }).waitFor();
  await person.composer.fill('half a sentence');

  await moderator.page.locator('.people__scroller').getByRole('button', { name: 'Actions for ben' }).click();
  await moderator.page.getByRole('menuitem', { name: 'Remove…' }).click();
  await moderator.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await person.page.getByText('anna removed you from secret').waitFor();
  await becomes(() => link(person, 'secret').count(), 0);
  await say(anna, 'secret', 'not for ben');
  await as(anna, 'add_member', { room: 'secret', user: 'ben' });
  await link(person, 'secret').click();
  await person.sees('shh');
  await becomes(() => person.composer.inputValue(), 'half a sentence');
});

test('rooms that share a name: a link by it asks which, and what one chose stays open after Back and a reload', async (t) => {
  const { anna, ben, as, say, open, ids } = await place(t, ['garden']);
  const { room: closed } = await as(ben, 'create_room', { name: 'garden', kind: 'closed', topic: 'what grows' });
  await as(ben, 'add_member', { room: ids.garden });
  await say(anna, ids.garden, 'for all');
  await say(ben, closed, 'for me');
  const person = await open(ben, { path: '/room/garden' });
  const { page } = person;
  const path = () => new URL(page.url()).pathname;
  await person.heading('Which room?');
  await check(person, 'which of several rooms');
  await page.locator('.several-rooms').getByRole('link', { name: 'what grows' }).click();
  await person.sees('for me');
  await becomes(path, `/room/${closed}`);
  await page.locator('.room-link').filter({ hasText: 'garden', hasNotText: 'private' }).click();
  await person.sees('for all');
  await becomes(path, '/room/garden');
  await page.goBack();
  await person.sees('for me');
  await page.goForward();
  await person.sees('for all');
  await page.reload();
  await person.sees('for all');
  await page.goto(new URL(`/room/${ids.garden}`, page.url()).href);
  await person.sees('for all');
  await becomes(path, '/room/garden');
  await page.goto(new URL('/room/999', page.url()).href);
  await page.getByText("This room doesn't exist, or it's private.").waitFor();
});

test('how many ask to join is shown to those who may answer, as it changes', async (t) => {
  const { server, anna, ben, owner, as, open } = await place(t, [{ name: 'secret', kind: 'closed' }]);
  await as(anna, 'add_member', { room: 'secret', user: 'ben' });
  const [cleo, dora] = [
    await signUp(server, 'cleo', { owner: await owner() }),
    await signUp(server, 'dora', { owner: await owner() }),
  ];
  await as(cleo, 'request_join', { room: 'secret', text: 'a spade' });
  const [moderator, member] = [await open(anna, { path: '/room/lobby' }), await open(ben, { path: '/room/secret' })];
  await member.arrives('secret');
  await becomes(() => link(moderator, 'secret').textContent(), /, 1 request to join/);
  await as(dora, 'request_join', { room: 'secret', text: 'a rake' });
  await becomes(() => link(moderator, 'secret').textContent(), /, 2 requests to join/);

  await moderator.open('secret');
  const button = moderator.page.locator('.room-header__people');
  await becomes(() => button.textContent(), /, 2 requests to join/);
  await moderator.page.getByText('a rake').waitFor();
  await check(moderator, 'requests to join');
  await moderator.press('Decline dora');
  await moderator.page.getByText('a rake').waitFor({ state: 'detached' });
  await becomes(() => button.textContent(), /, 1 request to join/);
  await as(dora, 'request_join', { room: 'secret', text: 'two rakes' });
  await moderator.page.getByText('two rakes').waitFor();
  for (const name of ['cleo', 'dora']) await moderator.press(`Accept ${name}`);
  for (const where of [moderator.page.locator('.requests-badge'), moderator.page.locator('.join-requests')])
    await where.first().waitFor({ state: 'detached' });
  assert.equal(await member.page.locator('.requests-badge').count(), 0, 'not for the other members');
});

test('the end of a session is said, and the ban', async (t) => {
  const { server, anna, ben, as, owner, open } = await place(t);
  const first = await open(anna, { path: '/room/lobby' });
  await first.arrives('lobby');
  await as(anna, 'end_session', {
    session: (await as(anna, 'sessions', {})).sessions.find(({ current }) => current).id,
  });
  await first.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  const second = await open(ben, { path: '/room/lobby' });
  await second.arrives('lobby');
  await call(server, await owner(), 'ban', { user: 'ben', reason: 'spam' });
  await second.page
    .getByText(/banned/)
    .first()
    .waitFor();
});

test('what people write never becomes part of the page, wherever it is shown', async (t) => {
  const HTML = '<img src=x onerror="window.harmed = true">';
  const { anna, ben, as, say, open } = await place(t, ['garden']);
  await as(anna, 'edit_room', { room: 'garden', topic: HTML, description: HTML });
  await as(anna, 'set_membership', { room: 'garden', section: HTML });
  await as(ben, 'set_profile', { display_name: '<b onclick=x>', bio: HTML, status_text: HTML });
  await as(ben, 'add_member', { room: 'garden' });
  await say(ben, 'garden', `@anna ${HTML} @<u>ben</u>`);
  await say(ben, 'garden', '[@anna](https://example.org/@anna "@anna") `@anna`');
  const person = await open(anna, { path: '/room/garden' });
  const { page } = person;
  await page.locator('.mention--me').first().waitFor();
  await becomes(() => page.locator('.message__body mark').allTextContents(), ['@anna']);
  for (const path of ['/rooms', `/people/${ben.user.id}`]) {
    await page.goto(new URL(path, page.url()).href);
    await page.getByRole('main').getByText('onerror').first().waitFor();
  }
  await page.getByRole('navigation').getByText('onerror').waitFor();
  assert.deepEqual(
    await page.evaluate(() => [
      window.harmed,
      [...document.querySelectorAll('img:not(.brand__mark), u, [onclick]')].map((element) => element.outerHTML),
    ]),
    [undefined, []],
  );
});

for (const [look, options] of LOOKS) {
  test(`${look}: pages, panels and dialogs of rooms`, async (t) => {
    const { anna, ben, as, say, open } = await place(t, [
      { name: 'garden', topic: 'What grows, what does not, and who waters it when the summer is long' },
      { name: 'secret', kind: 'closed' },
      { name: 'news', kind: 'announcement' },
      'kitchen',
      'attic',
    ]);
    for (const room of ['garden', 'kitchen']) await as(ben, 'add_member', { room });
    await as(anna, 'set_membership', { room: 'garden', favourite: true });
    await as(anna, 'set_membership', { room: 'kitchen', section: 'Home' });
    await as(anna, 'set_membership', { room: 'attic', muted_until: Date.now() + 3_600_000 });
    await say(ben, 'garden', 'seeds for @anna and @ben');
    const { seq } = await say(ben, 'garden', 'a slip');
    await as(ben, 'delete', { room: 'garden', seq });
    await as(ben, 'request_join', { room: 'secret' });
    await say(ben, 'lobby', 'look @anna');
    await say(ben, 'kitchen', 'bread');
    const person = await open(anna, { ...options, path: '/room/garden' });
    await person.page.locator('.message--calls').waitFor();
    await check(person, 'a room');
    await person.screenshot(`${look}-account-room`);
    const { page } = person;
    if (options.isMobile) {
      await page.getByRole('button', { name: /^Rooms/ }).click();
      await page.locator('.layout[data-panel="rooms"]').waitFor();
      await check(person, 'the list');
      await person.screenshot(`${look}-account-list`);
      await page.goBack();
      await page.locator('.layout:not([data-panel])').waitFor();
    }
    await page.getByRole('button', { name: 'Room actions' }).click();
    await page.getByRole('menu').waitFor();
    await check(person, 'the menu of the room');
    await page.getByRole('menuitem', { name: 'Room settings…' }).click();
    await page.getByRole('textbox', { name: 'Description' }).waitFor();
    await check(person, 'the settings');
    await person.screenshot(`${look}-room-settings`);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    for (const [path, what, selector] of [
      ['/rooms', 'rooms', '.list__item'],
      ['/room/nowhere', 'no-such-room', '.ask-to-join'],
    ]) {
      await page.goto(new URL(path, page.url()).href);
      await page.locator(selector).first().waitFor();
      await check(person, what);
      await person.screenshot(`${look}-${what}`);
    }
    const onlooker = await open(ben, { ...options, path: '/room/news' });
    await onlooker.page.getByRole('button', { name: 'Join news' }).waitFor();
    await check(onlooker, 'a room that one only looks at');
  });
}
