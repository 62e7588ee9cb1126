/* The keyboard alone is enough. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomes, numbered, stage } from './lib/people.mjs';

const focused = (person) =>
  person.page.evaluate(() => {
    const element = document.activeElement;
    return element.dataset.seq
      ? `message ${element.dataset.seq}`
      : element.className.split(' ')[0] || element.localName;
  });

async function presses(person, key, want) {
  await person.page.keyboard.press(key);
  await person.until(
    `the focus on ${want} after ${key}`,
    (wanted) => {
      const element = document.activeElement;
      const name = element.dataset.seq
        ? `message ${element.dataset.seq}`
        : element.className.split(' ')[0] || element.localName;
      return name === wanted;
    },
    want,
  );
}

test('from the name to the chat, through rooms and messages, without a mouse', async (t) => {
  const { visit, write } = await stage(t, { rooms: ['garden', 'kitchen'] });
  const ben = await write('Ben', numbered(1, 400));
  const anna = await visit('Anna', { path: '/room/lobby' });
  const { keyboard } = anna.page;
  await anna.nameField.waitFor();
  await keyboard.type('Anna');
  await keyboard.press('Enter');
  await anna.sees('number 400');
  await becomes(() => focused(anna), 'composer__text');

  await keyboard.type('hello');
  await keyboard.press('Enter');
  await anna.sees('hello');

  await presses(anna, 'Shift+Tab', 'message 401');
  await presses(anna, 'ArrowUp', 'message 400');
  await presses(anna, 'ArrowUp', 'message 399');
  await presses(anna, 'ArrowDown', 'message 400');
  await presses(anna, 'End', 'message 401');
  await presses(anna, 'Tab', 'composer__text');
  await presses(anna, 'Shift+Tab', 'message 401');
  await keyboard.press('Home');
  await anna.until('the focus far up', () => Number(document.activeElement.dataset.seq) < 380);
  const first = await focused(anna);
  await anna.page.waitForFunction(
    (name) => `message ${document.querySelector('.message').dataset.seq}` !== name,
    first,
  );
  await becomes(() => focused(anna), first, 'older pages leave the focus where it is');
  await anna.until('it in view', () => {
    const { top, bottom } = document.activeElement.getBoundingClientRect();
    const view = document.querySelector('.timeline').getBoundingClientRect();
    return bottom > view.top && top < view.bottom;
  });
  await presses(anna, 'Escape', 'composer__text');

  await keyboard.press('Control+k');
  await anna.page.getByRole('dialog').waitFor();
  await keyboard.type('gdn');
  await keyboard.press('Enter');
  await anna.page.locator('h1', { hasText: 'garden' }).waitFor();
  await anna.until('the focus in the composer', () => document.activeElement.className === 'composer__text');

  await keyboard.press('Alt+ArrowDown');
  await anna.page.locator('h1', { hasText: 'kitchen' }).waitFor();
  await keyboard.press('Alt+ArrowUp');
  await anna.page.locator('h1', { hasText: 'garden' }).waitFor();
  await ben.send('lobby', 'psst');
  await anna.page.locator('.room-link__count').waitFor();
  await keyboard.press('Alt+Shift+ArrowDown');
  await anna.page.locator('h1', { hasText: 'lobby' }).waitFor();
});

test('the switcher: arrows, Escape, and the focus goes back', async (t) => {
  const { enter } = await stage(t, { rooms: ['garden', 'kitchen'] });
  const anna = await enter('Anna', { path: '/room/lobby' });
  const { keyboard } = anna.page;
  await keyboard.press('Control+k');
  const chosen = anna.page.getByRole('option', { selected: true });
  await chosen.filter({ hasText: 'garden' }).waitFor();
  await keyboard.press('ArrowDown');
  await chosen.filter({ hasText: 'kitchen' }).waitFor();
  await keyboard.press('ArrowUp');
  await chosen.filter({ hasText: 'garden' }).waitFor();
  await keyboard.press('Escape');
  await anna.page.getByRole('dialog').waitFor({ state: 'detached' });
  await anna.until('the focus in the composer', () => document.activeElement.className === 'composer__text');
  await keyboard.press('Control+k');
  await keyboard.type('zzz');
  await anna.page.getByText('No matches').waitFor();
});

test('what one does is drawn before the next key, however fast that comes', async (t) => {
  const { enter } = await stage(t);
  const anna = await enter('Anna', { path: '/room/lobby' });
  await anna.settle();
  const focused = await anna.page.evaluate(() => {
    /* Both in one task: there is no frame between them. */
    document.activeElement.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true, cancelable: true }),
    );
    return document.activeElement.className;
  });
  assert.equal(focused, 'switcher__input');
  await anna.page.keyboard.type('lobby');
  await anna.page.getByRole('option', { name: 'lobby' }).waitFor();
  assert.equal(await anna.composer.inputValue(), '');
});

test('the help lists the keys; Tab stays inside; Escape closes', async (t) => {
  const { enter } = await stage(t);
  const anna = await enter('Anna');
  await anna.composer.waitFor();
  await anna.page.keyboard.press('Control+/');
  const dialog = anna.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await dialog.waitFor();
  for (let n = 0; n < 4; n++) {
    await anna.page.keyboard.press('Tab');
    const outside = await anna.page.evaluate(
      () => document.activeElement !== document.body && !document.activeElement.closest('dialog'),
    );
    assert.equal(outside, false);
  }
  await anna.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('a letter typed anywhere goes to the composer', async (t) => {
  const { enter, write } = await stage(t);
  await write('Ben', ['hello']);
  const anna = await enter('Anna');
  await anna.sees('hello');
  await anna.message('hello').focus();
  await anna.page.keyboard.type('hi');
  await becomes(() => anna.composer.inputValue(), 'hi');
});

test('everything that Tab reaches shows that it has the focus', async (t) => {
  const { enter, write } = await stage(t);
  await write('Ben', ['see https://example.org']);
  const anna = await enter('Anna');
  await anna.rows.first().waitFor();
  const invisible = new Set();
  for (let n = 0; n < 25; n++) {
    await anna.page.keyboard.press('Tab');
    const hidden = await anna.page.evaluate(() => {
      const element = document.activeElement;
      if (element === document.body) return null;
      const { outlineStyle } = getComputedStyle(element);
      const box = element.closest('.composer__box');
      const shown = outlineStyle !== 'none' || (box && getComputedStyle(box).boxShadow !== 'none');
      return shown ? null : element.outerHTML.slice(0, 120);
    });
    if (hidden) invisible.add(hidden);
  }
  assert.deepEqual([...invisible], []);
});

test('the list of rooms follows to the one that is opened by keys or by an address', async (t) => {
  const names = Array.from({ length: 40 }, (_, index) => `room ${index + 10}`);
  const { enter } = await stage(t, { rooms: names });
  const anna = await enter('Anna', { path: '/room/lobby' });
  const isInView = () =>
    anna.until('the open room in view in the list', () => {
      const link = document.querySelector('.room-link[aria-current=page]')?.getBoundingClientRect();
      const list = document.querySelector('.sidebar__rooms').getBoundingClientRect();
      return link && link.top >= list.top && link.bottom <= list.bottom;
    });
  await anna.page.keyboard.press('Control+k');
  await anna.page.keyboard.type('room 48');
  await anna.page.keyboard.press('Enter');
  await anna.heading('room 48');
  await isInView();
  await anna.page.goto(new URL('/room/lobby', anna.page.url()).href);
  await anna.heading('lobby');
  await isInView();
  await anna.page.goto(new URL('/room/room%2049', anna.page.url()).href);
  await anna.heading('room 49');
  await isInView();
});
