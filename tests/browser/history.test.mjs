/* Scrolling: what one reads stays where it is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomes, NARROW, numbered, stage } from './lib/people.mjs';

const TOTAL = 700;

/** The first message in view, and where it is. */
const anchor = (person) =>
  person.page.evaluate(() => {
    const scroller = document.querySelector('.timeline__scroller');
    const { top } = scroller.getBoundingClientRect();
    const row = [...document.querySelectorAll('.message')].find(
      (each) => each.getBoundingClientRect().bottom > top + 1,
    );
    return { seq: row.dataset.seq, top: row.getBoundingClientRect().top };
  });

const topOf = (person, seq) =>
  person.page.evaluate(
    (wanted) => document.querySelector(`.message[data-seq="${wanted}"]`)?.getBoundingClientRect().top ?? null,
    seq,
  );

const scrollTo = (person, top) =>
  person.page.evaluate((wanted) => (document.querySelector('.timeline__scroller').scrollTop = wanted), top);

const scrollRange = (person) =>
  person.page.evaluate(() => {
    const { scrollHeight, clientHeight } = document.querySelector('.timeline__scroller');
    return scrollHeight - clientHeight;
  });

/** So far from the bottom, however much above has been loaded by now. */
const scrollUp = (person, distance) =>
  person.page.evaluate((wanted) => {
    const scroller = document.querySelector('.timeline__scroller');
    scroller.scrollTop = scroller.scrollHeight - scroller.clientHeight - wanted;
  }, distance);

const firstSeq = (person) => person.page.locator('.message').first().getAttribute('data-seq').then(Number);
const lastSeq = (person) => person.page.locator('.message[data-seq]').last().getAttribute('data-seq').then(Number);

const isAtBottom = () => {
  const { scrollHeight, scrollTop, clientHeight } = document.querySelector('.timeline__scroller');
  return scrollHeight - scrollTop - clientHeight < 2;
};

for (const [name, options] of [
  ['wide', {}],
  ['narrow', { viewport: NARROW }],
]) {
  test(`${name}: older pages do not move what is in view, as far as the beginning`, async (t) => {
    const { enter, write } = await stage(t);
    await write('Ben', numbered(1, TOTAL));
    const anna = await enter('Anna', options);
    await anna.sees(`number ${TOTAL}`);
    await anna.until('the bottom', isAtBottom);
    for (let pages = 0; ; pages++) {
      const before = await firstSeq(anna);
      if (before === 1) break;
      assert.ok(pages < 100, 'a page each time');
      if ((await scrollRange(anna)) < 1_100) {
        /* All of it is near the bottom, where the list follows what comes. */
        await scrollTo(anna, 0);
        await anna.page.waitForFunction(
          (first) => Number(document.querySelector('.message').dataset.seq) < first,
          before,
        );
        continue;
      }
      /* Just far enough from the top that nothing is fetched; then a step nearer. */
      await scrollTo(anna, 900);
      await anna.page.waitForFunction(() => document.querySelector('.timeline__scroller').scrollTop > 0);
      const seen = await anchor(anna);
      /* By how much, whatever has come above meanwhile. */
      const moved = await anna.page.evaluate(() => {
        const scroller = document.querySelector('.timeline__scroller');
        const from = scroller.scrollTop;
        scroller.scrollTop = 650;
        return from - scroller.scrollTop;
      });
      await anna.page.waitForFunction(
        (first) => Number(document.querySelector('.message').dataset.seq) < first,
        before,
      );
      const now = await topOf(anna, seen.seq);
      assert.ok(Math.abs(now - (seen.top + moved)) <= 1.5, `page ${pages}: ${seen.top} + ${moved} became ${now}`);
      const count = await anna.rows.count();
      assert.ok(count <= 300, `${count} rows`);
    }
    await anna.page.getByText('This is the start of lobby').waitFor();
    await scrollTo(anna, 0);

    /* And down again, through pages of newer ones, to the live end. */
    for (let pages = 0; (await lastSeq(anna)) < TOTAL; pages++) {
      assert.ok(pages < 100, 'a page each time');
      const before = await lastSeq(anna);
      await anna.page.evaluate(() => {
        const scroller = document.querySelector('.timeline__scroller');
        scroller.scrollTop = scroller.scrollHeight - scroller.clientHeight - 900;
      });
      const seen = await anchor(anna);
      const moved = await anna.page.evaluate(() => {
        const scroller = document.querySelector('.timeline__scroller');
        const from = scroller.scrollTop;
        scroller.scrollTop += 250;
        return scroller.scrollTop - from;
      });
      await anna.page.waitForFunction(
        (last) => Number([...document.querySelectorAll('.message')].at(-1).dataset.seq) > last,
        before,
      );
      const now = await topOf(anna, seen.seq);
      assert.ok(Math.abs(now - (seen.top - moved)) <= 1.5, `page ${pages}: ${seen.top} - ${moved} became ${now}`);
      assert.ok((await anna.rows.count()) <= 300);
    }
    const seqs = await anna.rows.evaluateAll((rows) => rows.map((row) => Number(row.dataset.seq)));
    assert.deepEqual(
      seqs,
      Array.from(seqs, (_, index) => seqs[0] + index),
      'no hole, no double',
    );
  });
}

test('new messages do not move who reads further up, but are counted; the pill leads to them', async (t) => {
  const { enter, write } = await stage(t);
  const ben = await write('Ben', numbered(1, 100));
  const anna = await enter('Anna');
  await anna.sees('number 100');
  await anna.until('the bottom', isAtBottom);
  await scrollUp(anna, 300);
  await anna.page.getByRole('button', { name: 'Jump to latest' }).waitFor();
  /* Older messages would move it by half a pixel: some rows are 48.5 px high, and a list scrolls by whole pixels. */
  await becomes(() => firstSeq(anna), 1);
  const seen = await anchor(anna);
  for (const text of numbered(101, 105)) await ben.send('lobby', text);
  const pill = anna.page.getByRole('button', { name: '5 unread, jump to latest' });
  await pill.waitFor();
  await anna.until('(5) in the title', () => document.title.startsWith('(5)'));
  assert.equal(await topOf(anna, seen.seq), seen.top);
  await anna.screenshot('new-messages');
  await pill.click();
  await anna.until('the bottom', isAtBottom);
  await pill.waitFor({ state: 'detached' });
  await anna.until('no number in the title', () => document.title.startsWith('lobby'));
  await ben.send('lobby', 'number 106');
  await anna.sees('number 106');
  await anna.until('the bottom again: it follows', isAtBottom);
});

test('sending from back in the history goes to the latest', async (t) => {
  const { enter, write } = await stage(t);
  await write('Ben', numbered(1, TOTAL));
  const anna = await enter('Anna');
  await anna.sees(`number ${TOTAL}`);
  for (let first = await firstSeq(anna); first > 200; first = await firstSeq(anna)) {
    await scrollTo(anna, 0);
    await anna.page.waitForFunction((before) => Number(document.querySelector('.message').dataset.seq) < before, first);
  }
  assert.ok((await lastSeq(anna)) < TOTAL, 'the end is not in the page any more');
  await anna.say('from the past');
  await anna.sees('from the past');
  await anna.until('the bottom', isAtBottom);
  await anna.page.locator(`.message[data-seq="${TOTAL + 1}"]`).waitFor();
});

test('a narrower window keeps the place', async (t) => {
  const { enter, write } = await stage(t);
  await write(
    'Ben',
    numbered(1, 100).map((text) => `${text} ${'and some more words '.repeat(12)}`),
  );
  const anna = await enter('Anna');
  await anna.rows.nth(40).waitFor();
  await anna.until('the bottom', isAtBottom);
  await scrollUp(anna, 1_500);
  await anna.page.getByRole('button', { name: 'Jump to latest' }).waitFor(); /* the page knows where one is */
  const { seq, top } = await anchor(anna);
  await anna.page.setViewportSize(NARROW);
  await anna.page.waitForFunction(() => document.querySelector('.timeline__scroller').clientWidth <= 390);
  await anna.until(
    'the same message at the same place',
    ({ wanted, at }) => {
      const row = document.querySelector(`.message[data-seq="${wanted}"]`);
      return Math.abs(row.getBoundingClientRect().top - at) < 2;
    },
    { wanted: seq, at: top },
  );
});

test('many unread: the room opens where they begin', async (t) => {
  const { enter, write } = await stage(t, { rooms: ['garden'] });
  const ben = await write('Ben', numbered(1, 30));
  const anna = await enter('Anna', { path: '/room/lobby' });
  await anna.sees('number 30');
  await anna.page.goto('about:blank');
  for (const text of numbered(31, 230)) await ben.send('lobby', text);
  await anna.page.goBack();
  const line = anna.page.locator('.new-line');
  await line.waitFor();
  await anna.page.locator('.new-line + .message[data-seq="31"]').waitFor();
  await anna.until('the line in view', () => {
    const { top } = document.querySelector('.new-line').getBoundingClientRect();
    const view = document.querySelector('.timeline').getBoundingClientRect();
    return top >= view.top - 1 && top < view.bottom;
  });
  await anna.page.getByRole('button', { name: /^\d+ unread, jump to latest$/ }).click();
  await anna.sees('number 230');
  await anna.until('the bottom', isAtBottom);
  await anna.until('nothing unread', () => document.title.startsWith('lobby'));
});
