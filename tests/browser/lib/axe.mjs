/* axe-core over a page, and nothing that makes it scroll sideways. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { NARROW, WIDE } from './people.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The screens that everything has to look well on. */
export const LOOKS = [
  ['wide-light', { viewport: WIDE, colorScheme: 'light' }],
  ['wide-dark', { viewport: WIDE, colorScheme: 'dark' }],
  ['narrow-light', { viewport: NARROW, colorScheme: 'light', hasTouch: true, isMobile: true }],
  ['narrow-dark', { viewport: NARROW, colorScheme: 'dark', hasTouch: true, isMobile: true }],
];

/** Runs in the page: until nothing is appearing any more, as what is half there has half the contrast. */
const shown = () => {
  const ending = document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime < Infinity);
  return Promise.allSettled(ending.map(({ finished }) => finished)).then(() => null);
};

/**
 * @param {{ page: import('playwright-core').Page }} person
 * @param {string} where for the message when it is not well
 */
export async function check(person, where) {
  await person.page.evaluate(axe);
  await person.page.evaluate(shown);
  const { violations } = await person.page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  assert.deepEqual(found, [], where);
  const overflow = await person.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(overflow, 0, `${where}: the page scrolls sideways`);
}
