/* Pages of history: which events, in which order, and whether there are more. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { connect, guest, wholeHistory } from '../lib/client.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';

const LAST = 300;
const server = await startServer({ t: { after }, settings: { ...UNLIMITED, history_on_join: 50 } });
for (const name of ['garden', 'cellar']) assert.equal((await server.command('room', 'add', name)).code, 0);
const author = await connect(server, { t: { after }, name: 'Author' });
for (let seq = 1; seq <= LAST; seq++) {
  const sent = author.send('lobby', `line ${seq}`, seq % 7 === 0 ? { reply_to: seq - 1 } : {});
  if (seq % 100 === 0) await sent; // no more than 256 may be unanswered
}

const range = (from, to) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** [request, first seq, last seq, more, why]; first above last: no events */
const pages = [
  [{}, 251, 300, true, 'the newest 50'],
  [{ limit: 200 }, 101, 300, true, 'the newest 200'],
  [{ limit: 1 }, 300, 300, true, 'the newest'],
  [{ before: 120, limit: 50 }, 70, 119, true, 'before'],
  [{ before: 51, limit: 50 }, 1, 50, false, 'before, just all of them'],
  [{ before: 52, limit: 50 }, 2, 51, true, 'before, all but one'],
  [{ before: 30 }, 1, 29, false, 'before, fewer than the limit'],
  [{ before: 1 }, 1, 0, false, 'before the first'],
  [{ before: 9000, limit: 10 }, 291, 300, true, 'before what is not there yet'],
  [{ after: 120, limit: 50 }, 121, 170, true, 'after'],
  [{ after: 250, limit: 50 }, 251, 300, false, 'after, just all of them'],
  [{ after: 249, limit: 50 }, 250, 299, true, 'after, all but one'],
  [{ after: 0, limit: 200 }, 1, 200, true, 'after 0: from the start'],
  [{ after: 300 }, 301, 300, false, 'after the last'],
  [{ after: 9000 }, 301, 300, false, 'after what is not there yet'],
];

test('a page has the events asked for, in order, and says whether there are more', async (t) => {
  const reader = await connect(server, { t });
  for (const [request, first, last, more, why] of pages) {
    const page = await reader.history('lobby', request);
    assert.equal(page.room, 1, why);
    assert.deepEqual(
      page.events.map((event) => event.seq),
      range(first, last),
      why,
    );
    assert.equal(page.more, more, why);
    for (const event of page.events) {
      assert.equal(event.body, `line ${event.seq}`);
      assert.equal(event.author.name, 'Author');
      assert.equal(event.reply_to, event.seq % 7 === 0 ? event.seq - 1 : undefined);
    }
  }
});

test('around: events on both sides of the one asked for', async (t) => {
  const reader = await connect(server, { t });
  for (const [around, limit] of [
    [150, 50],
    [150, 1],
    [150, 2],
    [1, 10],
    [3, 10],
    [300, 10],
    [298, 10],
    [150, 200],
    [9000, 10],
  ]) {
    const why = `around ${around}, limit ${limit}`;
    const { events, more } = await reader.history(1, { around, limit });
    const seqs = events.map((event) => event.seq);
    assert.ok(seqs.length >= 1 && seqs.length <= limit, why);
    assert.deepEqual(seqs, range(seqs[0], seqs.at(-1)), why);
    if (around <= LAST) assert.ok(seqs.includes(around), why);
    if (around > limit && around < LAST - limit) {
      assert.equal(seqs.length, limit, why);
      if (limit > 2) assert.ok(Math.abs((seqs[0] + seqs.at(-1)) / 2 - around) <= 1, `${why}: it is in the middle`);
    }
    assert.equal(more, seqs[0] > 1, `${why}: more before its first`);
  }
});

test('a room without events has an empty page', async (t) => {
  const reader = await connect(server, { t });
  for (const request of [{}, { before: 10 }, { after: 0 }, { around: 5 }]) {
    const { events, more } = await reader.history('garden', request);
    assert.deepEqual(events, []);
    assert.equal(more, false);
  }
});

test('pages joined together are the room, whichever way one walks', async (t) => {
  const reader = await connect(server, { t });
  const forward = await wholeHistory(reader, 'lobby');
  assert.deepEqual(
    forward.map((event) => event.seq),
    range(1, LAST),
  );
  const backward = [];
  for (let more = true; more;) {
    const page = await reader.history('lobby', { before: backward[0]?.seq ?? LAST + 1, limit: 37 });
    backward.unshift(...page.events);
    more = page.more;
  }
  assert.deepEqual(backward, forward);
});

test('what was seen live, what is replayed and what history shows is the same', async (t) => {
  const anna = await guest(server, 'Anna');
  const [live, sender] = await Promise.all([connect(server, { t }), connect(server, { t, cookie: anna.cookie })]);
  const { room } = await live.join('cellar');
  for (let i = 1; i <= 120; i++) await sender.send('cellar', `said ${i}`, i % 5 === 0 ? { reply_to: i - 1 } : {});
  assert.equal((await server.command('room', 'rename', 'cellar', 'vault')).code, 0);
  assert.equal((await server.command('room', 'archive', 'vault')).code, 0);
  const seen = (await live.sees(room, 122)).events;
  assert.deepEqual(
    seen.slice(-2).map((event) => event.type),
    ['renamed', 'archived'],
  );

  const fromRing = await connect(server, { t });
  await fromRing.join('vault', 100);
  assert.deepEqual((await fromRing.sees(room, 122)).events, seen.slice(100));
  const fromDisk = await connect(server, { t });
  await fromDisk.join('vault', 0);
  assert.deepEqual((await fromDisk.sees(room, 122)).events, seen);
  assert.deepEqual(await wholeHistory(fromDisk, 'vault'), seen);
});

test('an answer may overtake another, but each carries its id', async (t) => {
  const reader = await connect(server, { t });
  const pages = await Promise.all(
    range(1, 100).map((before) => reader.history('lobby', { before: before + 1, limit: 1 })),
  );
  assert.deepEqual(
    pages.map((page) => page.events[0].seq),
    range(1, 100),
  );
});
