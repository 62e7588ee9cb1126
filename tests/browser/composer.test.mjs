/* Writing: nothing typed is ever lost, nothing goes where it should not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomes, NARROW, stage } from './lib/people.mjs';

test('Enter sends, Shift+Enter makes a line, an input method keeps its Enter', async (t) => {
  const { enter } = await stage(t);
  const anna = await enter('Anna');
  await anna.composer.pressSequentially('one');
  await anna.composer.press('Shift+Enter');
  await anna.composer.pressSequentially('two');
  await becomes(() => anna.composer.inputValue(), 'one\ntwo');
  for (const event of [{ isComposing: true }, { keyCode: 229 }]) {
    await anna.composer.dispatchEvent('keydown', { key: 'Enter', ...event });
  }
  await becomes(() => anna.composer.inputValue(), 'one\ntwo');
  await anna.composer.press('Enter');
  await anna.rows.waitFor();
  await becomes(() => anna.composer.inputValue(), '');
  await anna.until('the focus in the composer', () => document.activeElement.className === 'composer__text');
  await anna.composer.fill('   \n ');
  await anna.composer.press('Enter');
  await anna.composer.fill('\u200b\u2800 \u3164\n\ufeff\u00ad');
  await anna.composer.press('Enter');
  assert.ok(await anna.page.getByRole('button', { name: 'Send' }).isDisabled());
  await becomes(() => anna.rows.count(), 1, 'nothing to see is nothing');
});

test('on a phone Enter makes a line and the button sends', async (t) => {
  const { enter } = await stage(t);
  const anna = await enter('Anna', { viewport: NARROW, hasTouch: true, isMobile: true });
  assert.ok(
    await anna.composer.evaluate((element) => element !== document.activeElement),
    'no keyboard that nobody asked for',
  );
  await anna.composer.tap();
  await anna.composer.pressSequentially('one');
  await anna.composer.press('Enter');
  await anna.composer.pressSequentially('two');
  await anna.page.getByRole('button', { name: 'Send' }).tap();
  await anna.rows.waitFor();
  assert.equal((await anna.bodies())[0], 'one\ntwo');
});

test('a link pasted over words makes them a link; other text is pasted as it is', async (t) => {
  const { enter } = await stage(t);
  const anna = await enter('Anna', { permissions: ['clipboard-read', 'clipboard-write'] });
  const paste = async (text) => {
    await anna.page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await anna.page.keyboard.press('Control+v');
  };
  await anna.composer.fill('the plan');
  await anna.composer.selectText();
  await paste('https://example.org/plan?a=1');
  await becomes(() => anna.composer.inputValue(), '[the plan](https://example.org/plan?a=1)');
  await anna.page.keyboard.press('Control+z');
  await becomes(() => anna.composer.inputValue(), 'the plan');
  await anna.composer.fill('');
  await paste('  indented\n\ttoo  ');
  await becomes(() => anna.composer.inputValue(), '  indented\n\ttoo  ');
});

test('each room has its draft, over a change of room and a reload', async (t) => {
  const { enter } = await stage(t, { rooms: ['garden'] });
  const anna = await enter('Anna', { path: '/room/lobby' });
  await anna.composer.fill('for the lobby');
  await anna.open('garden');
  await becomes(() => anna.composer.inputValue(), '');
  await anna.composer.fill('for the garden');
  await anna.open('lobby');
  await becomes(() => anna.composer.inputValue(), 'for the lobby');
  await anna.page.reload();
  await anna.composer.waitFor();
  await becomes(() => anna.composer.inputValue(), 'for the lobby');
  await anna.open('garden');
  await becomes(() => anna.composer.inputValue(), 'for the garden');
  await anna.say('now');
  await anna.sees('now');
  await anna.page.reload();
  await anna.sees('now');
  await becomes(() => anna.composer.inputValue(), '', 'what is sent is no draft any more');
});

test('two tabs of one room have a draft each, and one that both show is sent once', async (t) => {
  const { enter } = await stage(t, { rooms: ['garden'] });
  const anna = await enter('Anna', { path: '/room/lobby' });
  const other = await anna.another();
  await anna.composer.pressSequentially('a long careful answer');
  await other.composer.pressSequentially('ok');
  await other.composer.press('Enter');
  await anna.sees('ok');
  await anna.open('garden');
  await anna.open('lobby');
  await becomes(() => anna.composer.inputValue(), 'a long careful answer');
  await other.composer.pressSequentially('x');
  await other.composer.press('Backspace');
  await anna.page.reload();
  await becomes(() => anna.composer.inputValue(), 'a long careful answer');
  await other.open('garden');
  await other.open('lobby');
  await becomes(() => other.composer.inputValue(), 'a long careful answer', 'one that is found');
  await other.composer.press('Enter');
  await other.sees('a long careful answer');
  await becomes(() => anna.composer.inputValue(), '', 'it is sent');
});

test('without storage, drafts stay while the page is open', async (t) => {
  const { enter } = await stage(t, { rooms: ['garden'] });
  const anna = await enter('Anna', { path: '/room/lobby' });
  await anna.page.evaluate(() => {
    for (const name of ['getItem', 'setItem']) {
      Storage.prototype[name] = () => {
        throw new DOMException('refused', 'SecurityError');
      };
    }
  });
  await anna.composer.pressSequentially('for the lobby');
  await anna.open('garden');
  await becomes(() => anna.composer.inputValue(), '');
  await anna.open('lobby');
  await becomes(() => anna.composer.inputValue(), 'for the lobby');
});

test('undo never brings back what was sent', async (t) => {
  const { enter } = await stage(t);
  const anna = await enter('Anna');
  const value = () => anna.composer.inputValue();
  const undo = ['Control+z', 'Control+z', 'Control+Shift+z', 'Control+Shift+z'];
  for (const [sent, next] of [
    ['a rather long first message', ''],
    ['ok', ''],
    ['one', 'two words'],
    ['a rather long one', 'ok'],
  ]) {
    await anna.composer.pressSequentially(sent);
    await anna.composer.press('Enter');
    await becomes(value, '');
    await anna.page.keyboard.type(next);
    for (const keys of undo) {
      await anna.page.keyboard.press(keys);
      assert.ok(next.startsWith(await value()), `${keys} after ${sent}: ${await value()}`);
    }
    await becomes(value, next, 'what was typed since then is there again');
    await anna.composer.fill('');
  }
});

test('too long a text is kept, counted and not sent', async (t) => {
  const { enter } = await stage(t);
  const anna = await enter('Anna');
  await anna.composer.fill('x'.repeat(16_384 - 100));
  await anna.page.getByText('100 left').waitFor();
  const text = 'ä'.repeat(8_200);
  await anna.composer.fill(text);
  await anna.page.getByText('Too long: 16').waitFor();
  await anna.composer.press('Enter');
  await becomes(() => anna.composer.inputValue(), text);
  await becomes(() => anna.rows.count(), 0);
  await anna.composer.fill('ä'.repeat(8_192));
  await anna.composer.press('Enter');
  await anna.page.locator('.message--sent').waitFor();
  /* As long as it may be, of characters that JSON makes longer. */
  for (const character of ['"', '\\', '\t']) {
    let text = character.repeat(13_000);
    for (;;) {
      await anna.composer.fill(`a${text}b`);
      if (!(await anna.page.getByText('Too long:').count())) break; // it is drawn with the input
      text = text.slice(0, -1_000);
    }
    await anna.composer.press('Enter');
    await anna.until('the composer empty', () => document.querySelector('.composer__text').value === '');
  }
  await anna.page.locator('.message--sent').nth(3).waitFor();
});

test('what is no text is left out', async (t) => {
  const { enter } = await stage(t);
  const anna = await enter('Anna');
  await anna.say('a\u0000b\ud800c\u001bd\u007f\u0085');
  await anna.sees('ab\ufffdcd');
});

test('the composer grows up to 40% of the window, and the last message stays in view', async (t) => {
  const { enter, write } = await stage(t);
  await write(
    'Ben',
    Array.from({ length: 40 }, (_, index) => `line ${index}`),
  );
  const anna = await enter('Anna');
  await anna.sees('line 39');
  const lines = (count) => Array.from({ length: count }, (_, index) => `${index}`).join('\n');
  const height = () => anna.composer.evaluate((element) => element.clientHeight);
  const heights = [];
  for (const count of [1, 4, 8]) {
    await anna.composer.fill(lines(count));
    await anna.until(
      'a higher composer',
      (least) => document.querySelector('.composer__text').clientHeight > least,
      heights.at(-1) ?? 0,
    );
    heights.push(await height());
    await anna.until('the last message in view', () => {
      const last = [...document.querySelectorAll('.message')].at(-1).getBoundingClientRect();
      return last.bottom <= document.querySelector('.timeline').getBoundingClientRect().bottom + 1;
    });
  }
  await anna.composer.fill(lines(100));
  await anna.until('a composer that scrolls', () => {
    const { scrollHeight, clientHeight } = document.querySelector('.composer__text');
    return scrollHeight > clientHeight + 100 && Math.abs(clientHeight - innerHeight * 0.4) < 2;
  });
});

test('a scroll that is told of after the composer has grown does not let go of the latest message', async (t) => {
  const { enter, write } = await stage(t);
  const ben = await write(
    'Ben',
    Array.from({ length: 40 }, (_, index) => `line ${index}`),
  );
  const anna = await enter('Anna');
  await anna.sees('line 39');
  /* All in one task, so that no observer of sizes runs in between. */
  await anna.composer.evaluate(async (area) => {
    const before = area.clientHeight;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(area, 'line\n'.repeat(8));
    area.dispatchEvent(new Event('input', { bubbles: true }));
    for (let turns = 0; area.clientHeight === before && turns < 1_000; turns++) await null;
    if (area.clientHeight === before) throw new Error('it is drawn later');
    document.querySelector('.timeline__scroller').dispatchEvent(new Event('scroll'));
  });
  await ben.send('lobby', 'the latest');
  await anna.sees('the latest');
  await anna.until('the last message in view', () => {
    const last = [...document.querySelectorAll('.message')].at(-1).getBoundingClientRect();
    return last.bottom <= document.querySelector('.timeline').getBoundingClientRect().bottom + 1;
  });
});

test('refused messages keep their text; Retry sends it, Delete removes it', async (t) => {
  const { server, enter } = await stage(t, { rooms: ['garden'] });
  const anna = await enter('Anna', { path: '/room/garden' });
  await anna.say('before');
  await anna.sees('before');
  await anna.context.setOffline(true);
  await server.command('room', 'archive', 'garden');
  await anna.until('being offline', () => !navigator.onLine);
  await server.stop(); /* the connection that is open does not mind the network being off */
  for (const text of ['too late', 'this too']) await anna.say(text);
  await anna.context.setOffline(false);
  await server.restart();
  await anna.page.locator('.message--failed').nth(1).waitFor();
  await becomes(() => anna.bodies(), ['before', 'too late', 'this too']);
  await anna.message('this too').getByRole('button', { name: 'Delete' }).click();
  await server.command('room', 'unarchive', 'garden');
  await anna.composer.waitFor();
  await anna.message('too late').getByRole('button', { name: 'Retry' }).click();
  await anna.sees('too late');
  await becomes(() => anna.bodies(), ['before', 'too late']);
});
