/* What a message looks like, and what can be done with its text: Markdown, directions of writing, copying, folding. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, signUp } from '../lib/accounts.mjs';
import { becomes, NARROW, stage, WIDE } from './lib/people.mjs';

/** The letters of an element in the order in which they stand on the screen. */
const onScreen = (locator) =>
  locator.evaluate((element) => {
    const found = [];
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (texts.nextNode()) {
      for (let at = 0; at < texts.currentNode.data.length; at++) {
        range.setStart(texts.currentNode, at);
        range.setEnd(texts.currentNode, at + 1);
        const { top, left, width } = range.getBoundingClientRect();
        if (width) found.push([Math.round(top / 12), left, texts.currentNode.data[at]]);
      }
    }
    return found
      .sort((a, b) => a[0] - b[0] || a[1] - b[1])
      .map(([, , letter]) => letter)
      .join('');
  });

const DRAWN = [
  '5. five\n10. ten\n2026. What a year',
  '```hello there\ncode```',
  '```js\nlet a;\n```',
  'a | b\n:-- | --:\n1 | 2 | 3\nend',
  '> quoted\nmy answer',
  '¯\\_(ツ)_/¯ C:\\_x 5*3*2 __init__.py',
];

test('what is typed is drawn, with numbers, tables, languages and backslashes', async (t) => {
  const { enter, write } = await stage(t);
  await write('Ben', [...DRAWN, 'the last']);
  const anna = await enter('Anna');
  await anna.sees('the last');
  const drawn = await anna.page
    .locator('.message__body')
    .evaluateAll((bodies) => bodies.map((body) => body.innerText.trim().replace(/\n+/g, '\n')));
  assert.deepEqual(drawn.slice(0, -1), [
    '5. five\n10. ten\n2026. What a year',
    'hello there\ncode',
    'js\nlet a;',
    'a\tb\n1\t2 | 3\nend',
    'quoted\nmy answer',
    DRAWN[5],
  ]);
  assert.match(
    await anna.page
      .locator('.message__body th')
      .last()
      .evaluate((cell) => getComputedStyle(cell).textAlign),
    /right$/,
  );
  for (const [look, options] of [
    ['wide', { viewport: WIDE }],
    ['narrow dark', { viewport: NARROW, colorScheme: 'dark' }],
  ]) {
    await anna.page.setViewportSize(options.viewport);
    await anna.page.emulateMedia({ colorScheme: options.colorScheme ?? 'light' });
    await anna.screenshot(`messages ${look}`);
  }
});

test('names, quotes, links and code from right to left turn nothing around them', async (t) => {
  const { server, owner, open } = await stage(t);
  const dan = await signUp(server, 'dan', { owner: await owner(), display_name: 'דני 7' });
  await signUp(server, 'abd', { owner: await owner(), display_name: 'عبد الله (Waqar)' });
  const anna = await open(await owner());
  const { seq } = await call(server, dan, 'send', { id: 'one', room: 'lobby', body: '3 apples, please' });
  const bodies = [
    '@dan\nیک دو one',
    'Hello all\n\nשלום לכולם',
    'שלום `f(x) { }` (x)',
    'see https://a.example/\u202egpj.exe and `a\u202eb` after',
  ];
  let sent = 0;
  for (const body of bodies) await call(server, dan, 'send', { id: `said-${sent++}`, room: 'lobby', body });
  await call(server, dan, 'send', { id: 'answer', room: 'lobby', body: 'of course', reply_to: seq });
  await anna.sees('of course');

  assert.equal(await onScreen(anna.page.locator('.message__reply')), 'Reply to 7 ינד: 3 apples, please');
  assert.equal(await onScreen(anna.page.locator('.notice__toggle')), '7 ינד and )Waqar( هللا دبع joined');
  const direction = (locator) => locator.evaluate((element) => getComputedStyle(element).direction);
  assert.equal(await direction(anna.page.getByText('שלום לכולם')), 'rtl');
  assert.equal(await direction(anna.page.getByText('Hello all')), 'ltr');
  assert.equal(await onScreen(anna.page.locator('code', { hasText: 'f(x)' })), 'f(x) { }');
  assert.equal(await onScreen(anna.page.locator('.message__body a')), 'https://a.example/%E2%80%AEgpj.exe');
  assert.match(await onScreen(anna.page.locator('p', { hasText: 'after' })), / after$/);
  for (const selector of ['.message__body a', '.message__body code', '.mention']) {
    assert.equal(
      await anna.page
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).unicodeBidi),
      'isolate',
      selector,
    );
  }
});

test('copying messages gives author, time and text, and nothing else', async (t) => {
  const { enter, write } = await stage(t);
  const anna = await enter('Anna', { permissions: ['clipboard-read', 'clipboard-write'] });
  await write('Ben', ['first', '1. one\n2. two\n\n`code`']);
  await anna.say('mine');
  await anna.sees('mine');
  await write('Cleo', ['@anna thanks']);
  await anna.page.getByText('thanks').waitFor();

  const copied = async (from, to) => {
    await anna.page.evaluate(
      ([first, last]) => {
        const bodies = [...document.querySelectorAll('.message__body')];
        getSelection().setBaseAndExtent(bodies[first], 0, bodies[last], bodies[last].childNodes.length);
      },
      [from, to],
    );
    await anna.page.locator('.message').first().press('Control+c');
    return anna.page.evaluate(() => navigator.clipboard.readText());
  };
  const text = (await copied(0, 3)).replace(/\d\d:\d\d/g, 'TIME').replace(/\n\n+(?=code|`)/, '\n');
  assert.equal(
    text,
    'Ben, TIME\nfirst\n\nBen, TIME\n1. one\n2. two\ncode\n\nAnna, TIME\nmine\n\nCleo, TIME\n@anna thanks',
  );
  assert.equal((await copied(0, 0)).trim(), 'first', 'within one message, its text');
});

test('a message over 40 lines is folded until one wants all of it', async (t) => {
  const { enter, write } = await stage(t);
  const lines = (count) => Array.from({ length: count }, (_, index) => `line ${index}`).join('\n');
  await write('Ben', [lines(40), lines(41)]);
  const anna = await enter('Anna');
  const more = anna.page.getByRole('button', { name: 'Show more' });
  await more.waitFor();
  assert.equal(await more.count(), 1);
  const long = anna.page.locator('.message__body').last();
  const whole = (await anna.page.locator('.message__body').first().boundingBox()).height;
  assert.ok((await long.boundingBox()).height < whole * 0.7);
  const { y } = await long.boundingBox();
  await more.click();
  await more.waitFor({ state: 'detached' });
  assert.ok((await long.boundingBox()).height > whole);
  await becomes(async () => Math.abs((await long.boundingBox()).y - y) < 2, true, 'what is read stays where it is');
});

test("on a phone, text can be selected, and a long press on a link is the browser's", async (t) => {
  const { enter, write } = await stage(t);
  await write('Ben', ['call +49 123 456789 or https://a.example/page']);
  const anna = await enter('Anna', { viewport: NARROW, hasTouch: true, isMobile: true });
  const body = anna.page.locator('.message__body');
  await body.waitFor();
  for (const part of [body, body.locator('a')]) {
    assert.notEqual(await part.evaluate((element) => getComputedStyle(element).userSelect), 'none');
  }
  const touch = await anna.context.newCDPSession(anna.page);
  const press = async (x, y, check) => {
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
    await check();
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  };
  const menu = anna.page.getByRole('menu');
  const text = await body.locator('p').boundingBox();
  const link = await body.locator('a').boundingBox();
  for (const [x, y] of [
    [text.x + 20, text.y + 12],
    [link.x + 20, link.y + link.height / 2],
  ]) {
    /* A timer that starts later and takes longer than that of the long press ends after it. */
    await press(x, y, () => anna.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 700))));
    assert.equal(await menu.count(), 0);
    const isTaken = await anna.page.evaluate(
      ([clientX, clientY]) =>
        !document.elementFromPoint(clientX, clientY).dispatchEvent(
          new PointerEvent('contextmenu', {
            bubbles: true,
            cancelable: true,
            pointerType: 'touch',
            clientX,
            clientY,
          }),
        ),
      [x, y],
    );
    assert.equal(isTaken, false, 'it is for the browser');
    assert.equal(await menu.count(), 0);
  }
  const avatar = await anna.page.locator('.message .avatar').boundingBox();
  await press(avatar.x + 5, avatar.y + 40, () => menu.waitFor());
});
