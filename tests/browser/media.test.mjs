/* The page in forced colours and on paper. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call } from '../lib/accounts.mjs';
import { stage } from './lib/people.mjs';

const background = (locator) => locator.evaluate((element) => getComputedStyle(element).backgroundColor);

test('in forced colours, what is open or chosen is told from the rest', async (t) => {
  const { server, owner, open } = await stage(t);
  await call(server, await owner(), 'create_room', { name: 'garden' });
  const anna = await open(await owner(), { forcedColors: 'active', path: '/room/lobby' });
  const { page } = anna;
  await anna.heading('lobby');
  const differ = async (chosen, others, what) => {
    await chosen.first().waitFor();
    assert.notEqual(await background(chosen.first()), await background(others.first()), what);
  };
  await page.keyboard.press('Control+k');
  await differ(
    page.locator('[role=option][aria-selected=true]'),
    page.locator('[role=option][aria-selected=false]'),
    'the line of the switcher',
  );
  await page.keyboard.press('Escape');
  await differ(page.locator('.room-link[aria-current=page]'), page.locator('.sidebar__place'), 'the open room');
  await page.goto(new URL('/settings', page.url()).href);
  await differ(
    page.locator('.page__tab[aria-current]'),
    page.locator('.page__tab:not([aria-current])'),
    'the tab of a page',
  );
});

test('a conversation is printed whole, dark on white, without what is for the screen', async (t) => {
  const { enter, write } = await stage(t);
  await write('Ben', [
    ...Array.from({ length: 60 }, (_, index) => `message ${index}`),
    Array.from({ length: 60 }, (_, index) => `line ${index}`).join('\n'),
  ]);
  const anna = await enter('Anna', { colorScheme: 'dark' });
  await anna.page.getByText('line 0').waitFor();
  await anna.page.emulateMedia({ media: 'print' });
  const { page } = anna;
  const whole = await page.evaluate(() => {
    const messages = [...document.querySelectorAll('.message')];
    return {
      bottom: messages.at(-1).getBoundingClientRect().bottom - messages[0].getBoundingClientRect().top,
      page: document.documentElement.scrollHeight,
    };
  });
  assert.ok(whole.page >= whole.bottom && whole.bottom > 60 * 20 + 60 * 18, JSON.stringify(whole));
  for (const gone of ['.sidebar', '.composer', '.message__more', '.room-header button'])
    assert.equal(await page.locator(gone).first().isVisible(), false, gone);
  assert.equal(
    await page
      .locator('.message__body')
      .first()
      .evaluate((element) => getComputedStyle(element).color),
    'rgb(0, 0, 0)',
  );
  const pdf = await page.pdf({ format: 'A4' });
  assert.ok(pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g).length > 1, 'more than one page');
});
