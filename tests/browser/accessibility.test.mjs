/* axe-core finds nothing, nothing overflows, and a screen reader is told what is new and no more. With pictures. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, LOOKS } from './lib/axe.mjs';
import { becomes, NARROW, numbered, stage } from './lib/people.mjs';

const LONG = [
  'Rain: https://example.org/' + 'a-very-long-path/'.repeat(20),
  'x'.repeat(400),
  '```\n' + 'a line of code that does not end '.repeat(20) + '\n```',
  'مرحبا بالعالم **غامق**',
  '🍅🍅',
  '- one\n- two\n\n> a quote',
];

/** A page of ordinary talk. */
const TALK = [
  ['Ben', 'Good morning. The seeds have come.'],
  ['Ben', 'Who is in the garden on Saturday?'],
  [
    'Cleo',
    'I am, from ten. Here is what is left to do:\n\n- **beds**: two of them, *before* the rain\n- the gate\n- water',
  ],
  [
    'Farid',
    'The pump listens to this now:\n\n```\nvalve open && sleep 900 && valve close\n```\n\nMore is at https://example.org/garden/pump',
  ],
  ['Cleo', '> valve open\n\nThat is all it takes? I shall try `pump 15` tonight.'],
  ['Ben', 'Then I bring the ladder. Who has the key?'],
];

for (const [look, options] of LOOKS) {
  test(`${look}: every state of the page`, async (t) => {
    const { server, visit, enter, write } = await stage(t, { rooms: ['garden', 'kitchen', 'attic'] });
    const newcomer = await visit('a newcomer', options);
    await newcomer.nameField.waitFor();
    await check(newcomer, 'the name prompt');
    await newcomer.screenshot(`${look}-name`);

    await server.command('room', 'archive', 'attic');
    const ben = await write('Ben', [...numbered(1, 20), ...LONG]);
    const talkers = { Ben: ben, Cleo: await write('Cleo', []), Farid: await write('Farid', []) };
    for (const [name, text] of TALK) await talkers[name].send('lobby', text);
    const anna = await enter('Anna', { ...options, path: '/room/lobby' });
    await anna.page.getByText('Who has the key?').waitFor();
    for (const talker of Object.values(talkers)) await talker.join('lobby');
    await talkers.Farid.request('presence', { state: 'away' });
    await ben.send('garden', 'beans');
    await anna.say('I have it.');
    await anna.sees('I have it.');
    ben.post({ type: 'typing', room: 1 });
    await anna.page.getByText('Ben is typing').waitFor();
    await check(anna, 'a room');
    await anna.screenshot(`${look}-room`);

    if (options.isMobile) {
      await anna.page.getByRole('button', { name: /^Rooms/ }).click();
      await anna.page.getByRole('navigation').locator('.room-link').first().waitFor();
      await check(anna, 'the drawer');
      await anna.screenshot(`${look}-rooms`);
      await anna.page.goBack();
      await anna.page.locator('.layout:not([data-panel])').waitFor();
      await anna.page.locator('.room-header__people').click();
      await anna.page.getByRole('heading', { name: 'People' }).waitFor();
      await check(anna, 'the people');
      await anna.page.goBack();
      await anna.page.locator('.layout:not([data-panel])').waitFor();
    }
    await anna.page.keyboard.press('Control+k');
    await anna.page.getByRole('dialog').waitFor();
    await check(anna, 'the switcher');
    await anna.screenshot(`${look}-switcher`);
    await anna.page.keyboard.press('Escape');
    await anna.page.keyboard.press('Control+/');
    await anna.page.getByRole('dialog').waitFor();
    await check(anna, 'the help');
    await anna.page.keyboard.press('Escape');
    await anna.page.getByRole('dialog').waitFor({ state: 'detached' });

    for (const [path, what, text] of [
      ['/room/kitchen', 'empty', 'No messages yet'],
      ['/room/attic', 'archived', 'This room is archived'],
      ['/room/nowhere', 'no-room', "There's no room called"],
    ]) {
      await anna.page.goto(server.url + path);
      await anna.page.getByText(text).waitFor();
      await check(anna, what);
      await anna.screenshot(`${look}-${what}`);
    }

    await anna.page.goto(`${server.url}/room/lobby`);
    await anna.sees('I have it.');
    await server.stop();
    await anna.composer.fill('Written while the server is away');
    await anna.page.getByRole('button', { name: 'Send' }).click();
    await anna.page.locator('.message--waiting').waitFor();
    await anna.page.locator('.banner').waitFor();
    await check(anna, 'the banner');
    await anna.screenshot(`${look}-banner`);
    await server.start();
    await anna.sees('Written while the server is away');
  });
}

test('usable at 320 pixels, and at 200% zoom of 1280', async (t) => {
  const { enter, write } = await stage(t);
  await write('Ben', LONG);
  for (const [name, viewport] of [
    ['Anna', { width: 320, height: 640 }],
    ['Cleo', { width: 640, height: 400 }],
  ]) {
    const person = await enter(name, { viewport });
    await person.rows.nth(LONG.length - 1).waitFor();
    await check(person, `${viewport.width} pixels`);
    await person.say(`${name} fits`);
    await person.sees(`${name} fits`);
    for (const selector of ['.composer__send', '.menu-button', '.room-header__people']) {
      const box = await person.page.locator(selector).boundingBox();
      assert.ok(
        box && box.x >= 0 && box.x + box.width <= viewport.width && box.y + box.height <= viewport.height,
        selector,
      );
    }
  }
});

test("the log announces what others write now: not history, not what is one's own", async (t) => {
  const { enter, write } = await stage(t);
  const ben = await write('Ben', numbered(1, 120));
  const anna = await enter('Anna');
  await anna.sees('number 120');
  const log = anna.page.getByRole('log', { name: 'Messages in lobby' });
  await becomes(() => log.getAttribute('aria-live'), 'polite');
  await anna.say('my own');
  await anna.sees('my own');
  await ben.send('lobby', 'news');
  await anna.sees('news');
  await anna.page.evaluate(() => (document.querySelector('.timeline__scroller').scrollTop = 0));
  await anna.page.waitForFunction(() => document.querySelector('.message').dataset.seq < 50);
  const announced = await log
    .locator('> *')
    .evaluateAll((rows) =>
      rows
        .filter((row) => row.getAttribute('aria-live') !== 'off')
        .map((row) => row.querySelector('.message__body')?.textContent.trim()),
    );
  assert.deepEqual(announced, ['news']);
  const label = await anna.message('news').evaluate((row) =>
    row
      .getAttribute('aria-labelledby')
      .split(' ')
      .map((id) => document.getElementById(id).textContent.trim()),
  );
  assert.deepEqual(label.slice(0, 2), ['Ben', 'news'], 'author, then text');
  assert.match(label[2], /\d\d:\d\d/, 'then the time');
});

test('colours follow the system, until one chooses', async (t) => {
  const { enter } = await stage(t);
  const anna = await enter('Anna', { colorScheme: 'dark' });
  const ground = () => anna.page.evaluate(() => getComputedStyle(document.querySelector('.room')).backgroundColor);
  const dark = await ground();
  await anna.page.emulateMedia({ colorScheme: 'light' });
  await anna.page.waitForFunction(() => document.documentElement.dataset.theme === 'light');
  const light = await ground();
  assert.notEqual(dark, light);
  await anna.page.getByRole('button', { name: /^Theme/ }).click();
  await anna.page.getByRole('button', { name: 'Theme: light' }).click();
  await anna.page.getByRole('button', { name: 'Theme: dark' }).waitFor();
  await becomes(() => ground(), dark);
  await anna.page.reload();
  await anna.composer.waitFor();
  await becomes(() => ground(), dark, 'also after a reload');
});

test('a phone: Back closes the drawer, and choosing a room too', async (t) => {
  const { enter } = await stage(t, { rooms: ['garden'] });
  const anna = await enter('Anna', { viewport: NARROW, path: '/room/lobby' });
  const drawer = anna.page.locator('.layout[data-panel="rooms"]');
  await anna.page.getByRole('button', { name: 'Rooms', exact: true }).click();
  await drawer.waitFor();
  await anna.page.goBack();
  await drawer.waitFor({ state: 'detached' });
  await becomes(() => new URL(anna.page.url()).pathname, '/room/lobby');
  await anna.page.getByRole('button', { name: 'Rooms', exact: true }).click();
  await anna.open('garden');
  await drawer.waitFor({ state: 'detached' });
  await anna.page.goBack();
  await anna.page.locator('h1', { hasText: 'lobby' }).waitFor();
});
