/* The server goes and comes back: nothing is lost, nothing is doubled, nobody has to do anything. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GRACE_MS } from '../../www/model/connection_status.js';
import { becomes, stage } from './lib/people.mjs';

/** What everybody sees, once each has everything. */
async function sameForAll(people, texts) {
  for (const person of people) for (const text of texts) await person.sees(text);
  const order = await people[0].bodies();
  assert.deepEqual([...order].sort(), [...texts].sort());
  for (const person of people) assert.deepEqual(await person.bodies(), order);
  return order;
}

for (const [how, end] of [
  ['restarts', 'stop'],
  ['is killed', 'kill'],
]) {
  test(`the server ${how}, again and again, while two write`, async (t) => {
    const { server, enter } = await stage(t);
    const anna = await enter('Anna');
    const ben = await enter('Ben');
    const texts = [];
    for (let round = 0; round < 4; round++) {
      const write = async (person, when) => {
        const text = `${person.name} ${when} ${round}`;
        texts.push(text);
        await person.say(text);
      };
      for (const person of [anna, ben]) await write(person, 'before');
      const ended = server[end]();
      for (const person of [anna, ben]) await write(person, 'at the end');
      await ended;
      for (const person of [anna, ben]) await write(person, 'while it is away');
      await server.restart();
      for (const person of [anna, ben]) await write(person, 'after');
    }
    const order = await sameForAll([anna, ben], texts);
    for (const { name } of [anna, ben]) {
      assert.deepEqual(
        order.filter((text) => text.startsWith(name)),
        texts.filter((text) => text.startsWith(name)),
        'in the order of writing',
      );
    }
    await anna.page.reload();
    await sameForAll([anna, ben], texts);
  });
}

test('what others wrote meanwhile is there at the return', async (t) => {
  const { server, enter, write } = await stage(t);
  const anna = await enter('Anna');
  await anna.say('mine');
  await anna.sees('mine');
  const texts = Array.from({ length: 60 }, (_, index) => `missed ${index}`);
  await anna.context.setOffline(true);
  await server.restart();
  await write('Ben', texts);
  await anna.context.setOffline(false);
  for (const text of texts) await anna.sees(text);
  assert.deepEqual(await anna.bodies(), ['mine', ...texts]);
});

test('the banner: not for a short drop, then with the number of what waits; Retry now does', async (t) => {
  const { server, enter } = await stage(t);
  const anna = await enter('Anna');
  await anna.say('before');
  await anna.sees('before');
  const from = Date.now();
  await server.stop();
  await anna.say('while away');
  await anna.page.locator('.message--waiting').waitFor();
  const banner = anna.page.getByRole('status').locator('.banner');
  await banner.waitFor();
  assert.ok(Date.now() - from >= GRACE_MS, 'not for a short drop');
  await banner.getByText('1 message waiting').waitFor();
  await banner.getByText(/Retrying in \d+ s/).waitFor();
  await anna.screenshot('connection-lost');
  await server.start();
  const retry = banner.getByRole('button', { name: 'Retry now' });
  /* It may come back by itself at this very moment. */
  await retry.click({ timeout: 2_000 }).catch(() => {});
  await banner.waitFor({ state: 'detached' });
  await anna.sees('while away');
});

test('what is unsent survives a reload of the page', async (t) => {
  const { server, enter } = await stage(t);
  const anna = await enter('Anna');
  await anna.say('sent');
  await anna.sees('sent');
  await server.kill();
  await anna.say('unsent');
  await anna.page.locator('.message--waiting').waitFor();
  anna.page.on('dialog', (dialog) => dialog.accept());
  await server.restart();
  await anna.page.reload();
  await anna.sees('unsent');
  assert.deepEqual(await anna.bodies(), ['sent', 'unsent']);
});

test('a forgotten name: asks again, and keeps what was written', async (t) => {
  const { server, enter } = await stage(t);
  const anna = await enter('Anna');
  await anna.say('sent');
  await anna.sees('sent');
  await anna.composer.fill('half a sentence');
  await anna.context.clearCookies();
  await server.restart();
  await anna.page.getByRole('heading', { name: 'Welcome back: choose your name' }).waitFor();
  await anna.nameField.fill('Anna the second');
  await anna.page.getByRole('button', { name: 'Join' }).click();
  await anna.composer.waitFor();
  await becomes(() => anna.composer.inputValue(), 'half a sentence');
  await anna.composer.press('Enter');
  await anna.sees('half a sentence');
});

test('too fast a writer: all arrives, in order, by itself', async (t) => {
  const { enter } = await stage(t, { settings: { rate_messages_per_s: 5 } });
  const anna = await enter('Anna');
  const ben = await enter('Ben');
  const texts = Array.from({ length: 30 }, (_, index) => `quick ${index}`);
  for (const text of texts) await anna.say(text);
  for (const person of [anna, ben]) {
    for (const text of texts) await person.sees(text);
    assert.deepEqual(await person.bodies(), texts);
  }
});
