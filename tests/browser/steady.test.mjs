/* What one looks at stays as it is: rows while a message is sent, and a room while the server is away. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, signUp } from '../lib/accounts.mjs';
import { becomes, NARROW, numbered, stage } from './lib/people.mjs';

/** What one sees of each row: its size, and the words in it. */
const drawn = (person) =>
  person.rows.evaluateAll((rows) =>
    rows.map((row) => [row.getBoundingClientRect().height, row.innerText, row.querySelector('.avatar')?.textContent]),
  );

/** Holds back what the server says until `release`. */
async function slowServer(person) {
  const held = [];
  let isHeld = false;
  await person.page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((frame) => (isHeld ? held.push(() => socket.send(frame)) : socket.send(frame)));
  });
  await person.page.reload();
  await person.page.locator('.room-header').waitFor();
  await person.settle();
  return {
    hold: () => (isHeld = true),
    release() {
      isHeld = false;
      for (const send of held.splice(0)) send();
    },
  };
}

for (const [where, options] of [
  ['wide', {}],
  ['narrow', { viewport: NARROW }],
]) {
  test(`a row has the same size and words while its message is sent and after, ${where}`, async (t) => {
    const { server, owner, open } = await stage(t);
    const anna = await open(await signUp(server, 'anna', { owner: await owner(), display_name: 'Anna Berg' }), {
      ...options,
      path: '/room/lobby',
    });
    await anna.page.locator('.room-header').waitFor();
    const slow = await slowServer(anna);
    slow.hold();
    const texts = [
      'the first opens a group',
      'the second joins it',
      `a long one ${'with many words '.repeat(30)}`.trim(),
    ];
    for (const text of texts) await anna.say(text);
    await becomes(() => anna.bodies(), texts);
    assert.equal(await anna.page.locator('.message--sending, .message--waiting').count(), 3);
    const before = await drawn(anna);
    assert.match(before[0][1], /^Anna Berg$/m);
    await anna.page
      .locator('.message__state')
      .first()
      .evaluate((sign) => Promise.all(sign.getAnimations().map(({ finished }) => finished)));
    await anna.screenshot(`sending ${where}`);
    slow.release();
    for (const text of texts) await anna.sees(text);
    assert.deepEqual(await drawn(anna), before);
  });
}

test('where this machine is slow by a quarter of an hour, a message joins its group all the same', async (t) => {
  const { server, owner, open } = await stage(t);
  const anna = await open(await signUp(server, 'anna', { owner: await owner() }), { path: '/room/lobby' });
  await anna.page.addInitScript(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() - 15 * 60_000;
  });
  const slow = await slowServer(anna);
  await anna.say('before');
  await anna.sees('before');
  slow.hold();
  await anna.say('after');
  await anna.message('after').waitFor();
  const sending = await drawn(anna);
  slow.release();
  await anna.sees('after');
  assert.deepEqual(
    (await drawn(anna)).map(([height]) => height),
    sending.map(([height]) => height),
  );
  assert.equal(await anna.page.locator('.message--opens').count(), 1);
});

test('while one scrolls, the day of what is there floats above it', async (t) => {
  const { enter, write } = await stage(t);
  await write('Ben', numbered(1, 60));
  const anna = await enter('Anna');
  const day = anna.page.locator('.floating-day');
  await anna.sees('number 60');
  assert.equal(await day.count(), 0, 'what comes by itself is not scrolling');
  await anna.page.locator('.timeline').hover();
  await anna.page.mouse.wheel(0, -300);
  let step = 50;
  const scrolled = async () => {
    await anna.page.mouse.wheel(0, (step = -step)); /* or it may be gone again before it is looked at */
    return anna.page.evaluate(() => document.querySelector('.floating-day')?.textContent);
  };
  await becomes(scrolled, 'Today');
  await anna.screenshot('floating-day');
  await day.waitFor({ state: 'detached' });
  await anna.page.locator('.timeline__scroller').evaluate((list) => (list.scrollTop = 0));
  await anna.page.locator('.day').waitFor();
  assert.equal(await day.count(), 0, 'the day itself is in view');
});

test('a room that was never open says that it cannot be loaded while the server is away', async (t) => {
  const { server, owner, open } = await stage(t);
  const session = await signUp(server, 'anna', { owner: await owner() });
  await signUp(server, 'ben', { owner: await owner() });
  await call(server, session, 'create_room', { name: 'garden' });
  await call(server, session, 'send', { id: 'one', room: 'garden', body: 'something to read' });
  await call(server, session, 'send', { id: 'two', room: 'lobby', body: 'hello' });
  await call(server, session, 'open_direct', { users: ['ben'] });
  const anna = await open(session, { path: '/room/lobby' });
  await anna.arrives('lobby');
  await anna.sees('hello');
  const unloaded = anna.page.locator('.timeline').getByText('This room can’t be loaded until you’re connected again.');
  const nothing = anna.page.getByText('No messages yet', { exact: true });
  await server.stop();
  await anna.page.getByRole('status').locator('.banner').waitFor();
  for (const room of ['ben', 'garden']) {
    await anna.open(room);
    await unloaded.waitFor();
    assert.equal(await anna.page.locator('.timeline .spinner').count(), 0);
    assert.equal(await nothing.count(), 0);
  }
  await anna.screenshot('unloaded');
  await anna.say('written meanwhile');
  await anna.page.locator('.message--waiting').waitFor();
  assert.equal(await unloaded.count(), 1);
  await anna.open('lobby');
  await anna.sees('hello');
  assert.equal(await unloaded.count(), 0, 'it is here already');
  await server.start();
  await anna.page.getByRole('status').locator('.banner').waitFor({ state: 'detached' });
  await anna.open('garden');
  for (const text of ['something to read', 'written meanwhile']) await anna.sees(text);
  await anna.open('ben');
  await nothing.waitFor();
});
