/* What is unread: only what was on screen is read, the "new" line stands where it begins, and what one reads stays where it is. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call, enter, signUp } from '../lib/accounts.mjs';
import { UNLIMITED } from '../lib/server.mjs';
import { within } from '../lib/wait.mjs';
import { check } from './lib/axe.mjs';
import { becomes, NARROW, numbered, stage } from './lib/people.mjs';

const UNREAD = 400;
/** Ben's first message: Anna has made the room, and Ben has joined it. */
const FIRST = 3;
/** More events than the server replays one by one. */
const RESET = 1_100;
const SENT_AT_ONCE = 100;

const { server, open, owner } = await place();

/** One server for all tests here, each of which has a room of its own. */
async function place() {
  const made = await stage(
    { after },
    { settings: { ...UNLIMITED, auth_proxy_header: 'X-Test-User', trusted_proxies: '127.0.0.1' } },
  );
  return { ...made, owner: await made.owner() };
}

let count = 0;
/** A room in which Ben has said `messages`, all unread to Anna, who belongs to it and to a quiet room. */
async function unreadRoom(messages = UNREAD) {
  const anna = await signUp(server, `anna${++count}`, { owner });
  const ben = await signUp(server, `ben${count}`, { owner });
  const room = `room${count}`;
  const quiet = `quiet${count}`;
  for (const name of [room, quiet]) await call(server, anna, 'create_room', { name });
  await call(server, ben, 'add_member', { room });
  const client = await enter(server, { after }, ben);
  const say = async (texts) => {
    for (let from = 0; from < texts.length; from += SENT_AT_ONCE) {
      await Promise.all(texts.slice(from, from + SENT_AT_ONCE).map((text) => client.send(room, text)));
    }
  };
  await say(numbered(1, messages));
  const told = async () => (await call(server, anna, 'rooms', {})).rooms.find(({ name }) => name === room);
  return { anna, ben, room, quiet, say, client, told, path: `/room/${room}` };
}

/** What is on screen: the numbers of the messages, the one after the "new" line, and where the rows are. */
const view = (person) =>
  person.page.evaluate(() => {
    const area = document.querySelector('.timeline__scroller').getBoundingClientRect();
    const rows = [...document.querySelectorAll('.timeline__rows > *')];
    const inView = (row) =>
      row.getBoundingClientRect().bottom > area.top && row.getBoundingClientRect().top < area.bottom;
    const seen = rows.filter((row) => row.matches('.message') && inView(row));
    const line = document.querySelector('.new-line');
    const next = line && rows.slice(rows.indexOf(line)).find((row) => row.matches('.message'));
    return {
      first: Number(seen[0]?.dataset.seq),
      last: Number(seen.at(-1)?.dataset.seq),
      top: seen[0]?.getBoundingClientRect().top,
      lastTop: seen.at(-1)?.getBoundingClientRect().top,
      newAt: next ? Number(next.dataset.seq) : null,
      lineInView: line !== null && inView(line),
      loaded: [
        Number(rows.find((row) => row.matches('.message'))?.dataset.seq),
        Number(rows.findLast((row) => row.matches('.message'))?.dataset.seq),
      ],
    };
  });

/** Until the server knows what this page has seen. */
async function readsUpTo(set, person) {
  let seen;
  await becomes(
    async () => {
      seen = await view(person);
      const { read_seq } = await set.told();
      return read_seq > 0 && read_seq <= seen.last && read_seq >= seen.last - 1;
    },
    true,
    'read up to what is on screen',
  );
  return seen;
}

const bar = (person) => person.page.getByRole('button', { name: /^\d+ unread, jump to first$/ });
const toLatest = (person) => person.page.getByRole('button', { name: /jump to latest$/i });
const isAtBottom = () => {
  const { scrollHeight, scrollTop, clientHeight } = document.querySelector('.timeline__scroller');
  return scrollHeight - scrollTop - clientHeight < 2;
};

/** The page has taken another connection, and its room has been joined on it. */
const joinsAgain = ({ page }) =>
  new Promise((resolve) => {
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        const { type, last_seq } = JSON.parse(payload);
        if (type === 'ack' && last_seq !== undefined) resolve();
      }),
    );
  });

/** What the browser says of the tab: whether it is shown, and whether it has the focus. */
const attention = (person, { hidden, focused }) =>
  person.page.evaluate(
    (is) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => is.hidden });
      document.hasFocus = () => is.focused;
      document.dispatchEvent(new Event('visibilitychange'));
      dispatchEvent(new Event(is.focused ? 'focus' : 'blur'));
    },
    { hidden, focused },
  );

for (const [name, options] of [
  ['wide', {}],
  ['narrow', { viewport: NARROW, colorScheme: 'dark' }],
]) {
  test(`${name}: many unread: one reads what is on screen, in the room, back in it and after a reload`, async () => {
    const set = await unreadRoom();
    const person = await open(set.anna, { path: set.path, ...options });
    await person.page.locator('.new-line').waitFor();
    const first = await readsUpTo(set, person);
    assert.ok(first.last < 50 && first.lineInView, JSON.stringify(first));
    await check(person, `many unread, ${name}`);
    await person.screenshot(`unread-${name}`);

    const { read_seq } = await set.told();
    await person.page.goto(`${server.url}/room/${set.quiet}`);
    await person.heading(set.quiet);
    await person.page.goto(server.url + set.path);
    await person.page.locator('.new-line').waitFor();
    await becomes(
      async () => (await view(person)).newAt,
      read_seq + 1,
      'the line stands before the first unread message',
    );
    const second = await readsUpTo(set, person);
    assert.ok(second.lineInView && second.last < 100, JSON.stringify(second));

    /* On to the end: nothing is left out. */
    const area = await person.page.locator('.timeline__scroller').boundingBox();
    await person.page.mouse.move(area.x + area.width / 2, area.y + area.height / 2);
    await person.until('the end', async () => {
      const scroller = document.querySelector('.timeline__scroller');
      scroller.scrollBy({ top: 300, behavior: 'instant' });
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      return (
        document.querySelector(`.message:last-child`)?.textContent.includes('number 400') &&
        scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 2
      );
    });
    await becomes(async () => (await set.told()).unread, 0);
    await person.leave();
  });
}

test('a link into the middle reads nothing; the bar leads to the first unread message; one jumps to the latest', async () => {
  const set = await unreadRoom();
  const { read_seq, unread } = await set.told();
  const person = await open(set.anna, { path: `${set.path}/300` });
  await person.page.locator('.message--target').waitFor();
  await bar(person).waitFor();
  await check(person, 'the bar');
  await person.screenshot('unread-bar');
  assert.equal((await view(person)).newAt, null, 'no line where it does not belong');
  await person.page.goto(`${server.url}${set.path}/350`);
  await bar(person).waitFor();
  const told = await set.told();
  assert.deepEqual([told.read_seq, told.unread], [read_seq, unread]);

  await bar(person).click();
  await becomes(async () => (await view(person)).lineInView, true);
  /* Before the first one of Ben's, who has joined after her. */
  assert.equal((await view(person)).newAt, FIRST);

  await toLatest(person).click();
  await person.sees(`number ${UNREAD}`);
  await person.until('the bottom', isAtBottom);
  await becomes(async () => (await set.told()).unread, 0);
  await becomes(() => bar(person).count(), 0);
  await person.leave();
});

test('"Mark as read": at the line, in the menus of the room and of the list; one stays where one is', async () => {
  const ways = {
    line: (person) => person.page.locator('.new-line').getByRole('button', { name: 'Mark as read' }).click(),
    room: async (person) => {
      await person.page.getByRole('button', { name: 'Room actions' }).click();
      await person.page.getByRole('menuitem', { name: 'Mark as read' }).click();
    },
    list: async (person, { room }) => {
      await person.page.locator('.room-link', { hasText: room }).click({ button: 'right' });
      await person.page.getByRole('menuitem', { name: 'Mark as read' }).click();
    },
  };
  const set = await unreadRoom(120);
  await call(server, set.anna, 'read', { room: set.room, seq: FIRST + 59 });
  const person = await open(set.anna, { path: set.path });
  for (const [name, mark] of Object.entries(ways)) {
    await person.page.locator('.new-line').waitFor();
    await readsUpTo(set, person);
    const { newAt } = await view(person);
    const topOf = () =>
      person.page.evaluate(
        (seq) => document.querySelector(`.message[data-seq="${seq}"]`).getBoundingClientRect().top,
        newAt,
      );
    const before = await topOf();
    assert.ok((await set.told()).unread > 0, name);
    await mark(person, set);
    await becomes(async () => (await set.told()).unread, 0, name);
    await becomes(() => person.page.locator('.new-line').count(), 0);
    assert.equal(await topOf(), before, name);
    await person.open(set.quiet);
    await set.say(numbered(61, 120));
    await person.open(set.room);
  }
  await person.open(set.quiet);
  await ways.list(person, set);
  await becomes(async () => (await set.told()).unread, 0, 'of a room that is not open');
  await person.leave();
});

test('one writes with unread messages above: what was not shown stays unread, in two tabs and after a reload', async () => {
  const set = await unreadRoom();
  const person = await open(set.anna, { path: set.path });
  await person.page.locator('.new-line').waitFor();
  const { last } = await readsUpTo(set, person);
  const other = await person.page.context().newPage();
  await other.goto(server.url + set.path);
  await other.locator('.new-line').waitFor();
  await person.page.bringToFront();
  const before = await set.told();
  assert.ok(before.unread > UNREAD / 2, JSON.stringify({ ...before, last }));

  await person.say('an answer');
  await person.sees('an answer');
  await person.until('the bottom', isAtBottom);
  await bar(person).waitFor();
  const { last_seq } = await set.told();
  assert.equal(last_seq, before.last_seq + 1);
  const stays = async () => {
    const { read_seq, unread } = await set.told();
    assert.deepEqual([read_seq, unread], [before.read_seq, before.unread]);
    assert.match(await bar(person).textContent(), new RegExp(`^${before.unread} unread`));
  };
  await stays();
  for (const tab of [person.page, other])
    await tab.locator('.room-link[aria-current] .room-link__count', { hasText: '99+' }).waitFor();
  await other.close();
  await person.page.goto(`${server.url}${set.path}/${last_seq}`);
  await person.sees('an answer');
  await bar(person).waitFor();
  await stays();
  await bar(person).click();
  await becomes(
    async () => (await view(person)).newAt,
    before.read_seq + 1,
    'the line stands before the first unread message',
  );
  await becomes(async () => (await view(person)).lineInView, true);
  await person.leave();
});

test('away in another tab: the first missed message waits on screen; in a window beside this one, the list goes on', async () => {
  const set = await unreadRoom(40);
  const person = await open(set.anna, { path: set.path });
  await toLatest(person).click();
  await becomes(async () => (await set.told()).unread, 0);
  await attention(person, { hidden: true, focused: false });
  await set.say(numbered(101, 160));
  await becomes(async () => (await set.told()).unread, 60);
  const { read_seq } = await set.told();
  await becomes(async () => (await view(person)).loaded[1], read_seq + 60);
  await attention(person, { hidden: false, focused: true });
  const seen = await readsUpTo(set, person);
  assert.ok(seen.lineInView && seen.newAt === read_seq + 1 && seen.last < read_seq + 50, JSON.stringify(seen));

  await toLatest(person).click();
  await becomes(async () => (await set.told()).unread, 0);
  await attention(person, { hidden: false, focused: false });
  await set.say(numbered(201, 260));
  await person.sees('number 260');
  await person.until('the bottom', isAtBottom);
  await attention(person, { hidden: false, focused: true });
  await bar(person).waitFor();
  const told = await set.told();
  assert.equal(told.unread, 60, 'the first ones were never shown to anybody');
  await bar(person).click();
  await becomes(async () => (await view(person)).lineInView, true);
  await becomes(async () => (await view(person)).newAt, told.read_seq + 1);
  await person.leave();
});

test('near the bottom one is not at the bottom: what comes does not move what one reads', async () => {
  const set = await unreadRoom(60);
  const person = await open(set.anna, { path: set.path });
  await toLatest(person).click();
  await person.until('the bottom', isAtBottom);
  await person.page.evaluate(() => document.querySelector('.timeline__scroller').scrollBy(0, -60));
  const before = await view(person);
  await set.say(['one more']);
  await person.sees('one more');
  const now = await view(person);
  assert.deepEqual([now.first, now.top], [before.first, before.top]);

  await person.page.locator('.timeline__scroller').evaluate((scroller) => (scroller.scrollTop = scroller.scrollHeight));
  await person.until('the bottom', isAtBottom);
  await set.say(numbered(201, 215));
  await person.sees('number 215');
  await becomes(async () => (await set.told()).unread, 0);
  assert.notEqual(
    (await view(person)).newAt,
    (await set.told()).last_seq - 14,
    'no line before what was seen as it came',
  );
  await person.leave();
});

for (const [absence, missed] of [
  ['a short', 30],
  ['a long', RESET],
]) {
  test(`${absence} absence moves nothing: at the bottom, in the middle, at a link`, async () => {
    const set = await unreadRoom();
    await call(server, set.anna, 'read', { room: set.room, seq: (await set.told()).last_seq });
    const people = {
      bottom: await open(set.anna, { path: set.path }),
      middle: await open(set.anna, { path: set.path }),
      link: await open(set.anna, { path: `${set.path}/150` }),
    };
    for (const person of [people.bottom, people.middle]) await person.sees(`number ${UNREAD}`);
    await people.link.page.locator('.message--target').waitFor();
    await people.bottom.until('the bottom', isAtBottom);
    await people.middle.page.evaluate(() => document.querySelector('.timeline__scroller').scrollBy(0, -437));
    await toLatest(people.middle).waitFor();
    const settled = async (person) => {
      let last;
      await becomes(async () => {
        const now = JSON.stringify(await view(person));
        const isSame = now === last;
        last = now;
        await person.page.evaluate(
          () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
        );
        return isSame;
      }, true);
      return JSON.parse(last);
    };
    const before = { middle: await settled(people.middle), link: await settled(people.link) };
    const back = { middle: joinsAgain(people.middle), link: joinsAgain(people.link) };
    if (missed < RESET) {
      await server.stop();
      await people.middle.page.locator('.banner').waitFor();
      const meanwhile = await settled(people.middle);
      assert.deepEqual(
        [meanwhile.last, meanwhile.lastTop],
        [before.middle.last, before.middle.lastTop],
        'the banner moves nothing',
      );
      await server.start();
    } else {
      /* They hear that the server has gone once all has been said. */
      for (const { context } of Object.values(people)) await context.setOffline(true);
      await server.restart();
    }
    const writer = await enter(server, { after }, set.ben);
    for (let from = 0; from < missed; from += SENT_AT_ONCE) {
      await Promise.all(
        numbered(1001 + from, 1000 + Math.min(from + SENT_AT_ONCE, missed)).map((text) => writer.send(set.room, text)),
      );
    }
    for (const { context } of Object.values(people)) await context.setOffline(false);
    const { last_seq } = await set.told();
    await people.bottom.sees(`number ${1000 + missed}`);
    await people.bottom.until('the bottom', isAtBottom);
    for (const where of ['middle', 'link']) {
      await within(back[where], 'the room joined again');
      await becomes(() => people[where].page.locator('.banner').count(), 0);
      const now = await settled(people[where]);
      assert.deepEqual(
        [now.first, now.last, now.top],
        [before[where].first, before[where].last, before[where].top],
        where,
      );
    }
    /* And they go on: what is said next is seen at the bottom, and the way down is open. */
    await writer.send(set.room, 'and one more');
    await people.bottom.sees('and one more');
    await toLatest(people.link).click();
    await people.link.sees('and one more');
    await becomes(async () => (await set.told()).read_seq, last_seq + 1);
    for (const person of Object.values(people)) await person.leave();
  });
}

test('320 people join, then people talk: the page comes to rest, the newest and the oldest are within reach', async () => {
  const set = await unreadRoom(0);
  for (let n = 0; n < 320; n++) {
    const answer = await fetch(`${server.url}/api/v1/me`, { headers: { 'X-Test-User': `person${n}` } });
    assert.equal(answer.status, 200);
  }
  const ben = await enter(server, { after }, set.ben);
  for (let from = 0; from < 250; from += SENT_AT_ONCE) {
    await Promise.all(numbered(from + 1, Math.min(from + SENT_AT_ONCE, 250)).map((text) => ben.send('lobby', text)));
  }
  const person = await open(set.anna, { path: '/healthz' });
  let asked = 0;
  person.page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => (asked += JSON.parse(payload).type === 'history' ? 1 : 0)),
  );
  await person.page.goto(`${server.url}/room/lobby`);
  await person.sees('number 1');
  await toLatest(person).click();
  await person.sees('number 250');
  await person.until('the bottom', isAtBottom);
  await person.until('the beginning', () => {
    document.querySelector('.timeline__scroller').scrollTop = 0;
    return document.querySelector('.timeline__start') !== null;
  });
  assert.ok(asked < 30, `${asked} pages`);
  await toLatest(person).click();
  await person.until('the bottom', isAtBottom);
  await person.sees('number 250');
  await person.leave();
});
