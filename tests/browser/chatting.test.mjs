/* Two and three people chatting. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomes, stage } from './lib/people.mjs';

test('a newcomer chooses a name, is remembered, and two chat', async (t) => {
  const { visit } = await stage(t);
  const anna = await visit('Anna');
  await anna.nameField.fill('Anna');
  await anna.page.getByRole('button', { name: 'Join' }).click();
  await anna.page.locator('.empty').waitFor();
  await becomes(() => new URL(anna.page.url()).pathname, '/room/lobby');

  const ben = await visit('Ben');
  await ben.nameField.fill('ANNA');
  await ben.page.getByRole('button', { name: 'Join' }).click();
  await ben.problemWith('Your name', '');
  await becomes(() => ben.nameField.inputValue(), 'ANNA', 'what was typed stays');
  await ben.nameField.fill('Ben');
  await ben.page.keyboard.press('Enter');
  await ben.composer.waitFor();

  await anna.say('Good morning');
  await anna.sees('Good morning');
  await ben.sees('Good morning');
  await ben.say('And to you');
  await anna.sees('And to you');
  await becomes(() => anna.bodies(), ['Good morning', 'And to you']);
  await becomes(() => ben.bodies(), ['Good morning', 'And to you']);

  await anna.page.reload();
  await anna.sees('And to you');
  await becomes(() => anna.page.locator('.sidebar__my-name').textContent(), 'Anna', 'no second prompt');
});

test('a name that is sent before the page was drawn again is the one that stands there', async (t) => {
  const { visit } = await stage(t);
  const anna = await visit('Anna');
  await anna.nameField.fill('Wrong');
  await anna.nameField.evaluate((field) => {
    field.value = 'Right';
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    field.form.requestSubmit();
  });
  await anna.composer.waitFor();
  await becomes(() => anna.page.locator('.sidebar__my-name').textContent(), 'Right');
});

test('three people: the same messages in the same order, who is here, who is typing', async (t) => {
  const { enter } = await stage(t);
  const everybody = [await enter('Anna'), await enter('Ben'), await enter('Cleo')];
  const [anna, ben, cleo] = everybody;
  for (const { page } of everybody) await page.locator('.room-header__people', { hasText: '3' }).waitFor();
  await becomes(() => anna.page.locator('.person__name').allTextContents(), ['Anna', 'Ben', 'Cleo']);

  await ben.composer.pressSequentially('I am');
  await anna.page.getByText('Ben is typing').waitFor();
  await cleo.composer.pressSequentially('me too');
  await anna.page.getByText('Ben and Cleo are typing').waitFor();
  await cleo.composer.fill('');

  const texts = [];
  for (let round = 0; round < 5; round++) for (const { name } of everybody) texts.push(`${name} ${round}`);
  await Promise.all(
    everybody.map(async (person) => {
      for (let round = 0; round < 5; round++) await person.say(`${person.name} ${round}`);
    }),
  );
  for (const person of everybody) for (const text of texts) await person.sees(text);
  const order = await anna.bodies();
  assert.deepEqual([...order].sort(), [...texts].sort());
  for (const person of [ben, cleo]) assert.deepEqual(await person.bodies(), order);
  for (const { name } of everybody) {
    assert.deepEqual(
      order.filter((text) => text.startsWith(name)),
      [0, 1, 2, 3, 4].map((round) => `${name} ${round}`),
    );
  }

  await cleo.leave();
  await anna.page.locator('.room-header__people', { hasText: '2' }).waitFor();
});

test('Markdown, groups, days and times', async (t) => {
  const { enter, write } = await stage(t);
  await write('Ben', ['first', 'second']);
  const anna = await enter('Anna');
  await anna.say(
    '**bold** and *soft*\n\n- one\n- two\n\n> said\n\n```\nlet x = 1;\n```\nsee https://example.org/a and `code`',
  );
  const body = anna.page.locator('.message--own .message__body');
  await body.waitFor();
  const tags = await body.evaluate((element) => [...element.querySelectorAll('*')].map(({ localName }) => localName));
  assert.deepEqual(tags, ['p', 'strong', 'em', 'ul', 'li', 'li', 'blockquote', 'p', 'pre', 'code', 'p', 'a', 'code']);
  const link = body.locator('a');
  assert.deepEqual(await link.evaluate(({ href, target, rel }) => ({ href, target, rel })), {
    href: 'https://example.org/a',
    target: '_blank',
    rel: 'noopener noreferrer nofollow',
  });
  await becomes(() => anna.page.locator('.day').textContent(), 'Today');
  await becomes(() => anna.page.locator('.message__author').count(), 2, 'one heading for the two of Ben');
  const time = anna.message('first').locator('time');
  await becomes(() => time.getAttribute('datetime'), /^\d{4}-\d\d-\d\dT/);
  await becomes(() => time.getAttribute('title'), /\d{4}.*\d:\d\d/);
});

test('a new name shows with old messages too', async (t) => {
  const { enter } = await stage(t);
  const anna = await enter('Anna');
  const ben = await enter('Ben');
  await anna.say('hello');
  await ben.sees('hello');
  await anna.choose('Change your name');
  await anna.nameField.fill('Anna Bell');
  await anna.page.getByRole('button', { name: 'Change', exact: true }).click();
  await ben.page.locator('.message__author', { hasText: 'Anna Bell' }).waitFor();
  await anna.page.locator('.dialog').waitFor({ state: 'detached' });
  await becomes(() => anna.page.locator('.sidebar__my-name').textContent(), 'Anna Bell');
});

test('rooms: unread counts, the "new" line, the title; made, renamed and archived while one looks on', async (t) => {
  const { server, enter, write } = await stage(t, { rooms: ['garden'] });
  const anna = await enter('Anna', { path: '/room/lobby' });
  const gardener = await write('Ben', ['seeds', 'soil'], 'garden');
  const garden = anna.page.locator('.room-link', { hasText: 'garden' });
  await garden.locator('.room-link__count', { hasText: '2' }).waitFor();
  await anna.until('(2) in the title', () => document.title.startsWith('(2) lobby'));
  await anna.open('garden');
  await anna.sees('soil');
  await garden.locator('.room-link__count').waitFor({ state: 'detached' });
  await becomes(() => anna.page.locator('.new-line + .message').getAttribute('data-seq'), '1');
  await gardener.send('garden', 'water');
  await anna.sees('water');
  await becomes(() => anna.page.locator('.new-line + .message').getAttribute('data-seq'), '1', 'the line stays');

  for (const command of [
    ['room', 'rename', 'garden', 'yard'],
    ['room', 'add', 'attic'],
  ]) {
    const { code, stderr } = await server.command(...command);
    assert.equal(code, 0, stderr);
  }
  await anna.page.locator('h1', { hasText: 'yard' }).waitFor();
  await anna.page.locator('.notice', { hasText: 'renamed this room to yard' }).waitFor();
  await anna.until('the new address', () => location.pathname === '/room/yard');
  await anna.page.locator('.room-link', { hasText: 'attic' }).waitFor();
  await anna.composer.fill('half a sentence');
  await server.command('room', 'archive', 'yard');
  await anna.page.getByText('This room is archived').waitFor();
  await becomes(() => anna.composer.count(), 0);
});

test('an address that names no room says so and leads on', async (t) => {
  const { enter } = await stage(t);
  const anna = await enter('Anna', { path: '/room/nowhere' });
  await anna.page.getByText("There's no room called nowhere").waitFor();
  await anna.page.getByRole('button', { name: 'Go to lobby' }).click();
  await anna.composer.waitFor();
});

test('Back and Forward go through the rooms', async (t) => {
  const { enter } = await stage(t, { rooms: ['garden'] });
  const anna = await enter('Anna', { path: '/room/lobby' });
  await anna.open('garden');
  await anna.page.goBack();
  await anna.page.locator('h1', { hasText: 'lobby' }).waitFor();
  await anna.page.goForward();
  await anna.page.locator('h1', { hasText: 'garden' }).waitFor();
});
