/* The window under a reader who wants more at both of its ends, over a history in which many events make few rows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pager } from '../../www/model/pager.js';
import { Room } from '../../www/model/room.js';
import { fit } from '../../www/model/row_count.js';
import { EVENTS_MAX, Timeline, WINDOW_MAX } from '../../www/model/timeline.js';
import { FakeClock, message, range, seqsOf, settled } from './lib/fakes.mjs';

const joined = (seq) => ({ type: 'joined', room: 1, seq, actor: { id: 1000 + seq, name: `person ${seq}` }, at: seq });
const run = (first, last, make) => range(first, last).map((seq) => make(seq));

/** A room over a history; `ask` answers its requests. */
function stageOf(history, { answer = (frame) => pageOf(history, frame) } = {}) {
  const asked = [];
  const pager = new Pager({
    request: async (frame) => {
      asked.push(frame);
      return answer(frame);
    },
  });
  const room = new Room({ id: 1, name: 'lobby', last_seq: history.length, archived: false }, new FakeClock());
  return { pager, room, timeline: room.timeline, asked };
}

function pageOf(history, { before, after, around, limit }) {
  let [first, last] = [(before ?? history.length + 1) - limit, (before ?? history.length + 1) - 1];
  if (after !== undefined) [first, last] = [after + 1, after + limit];
  if (around !== undefined) [first, last] = [around - limit / 2, around + limit / 2 - 1];
  const events = history.filter(({ seq }) => seq >= first && seq <= last);
  return { type: 'history', room: 1, events, more: after === undefined ? first > 1 : last < history.length };
}

/** What a view does that stands at an end of the window, as long as it may. */
async function fill({ pager, room, timeline, asked }, end, { rows = Infinity } = {}) {
  for (let turns = 0; !timeline.loading && !timeline.failed && fit(timeline.events).rows < rows; turns++) {
    assert.ok(turns < 200, `${asked.length} requests without an end`);
    const before = asked.length;
    pager[end](room);
    await settled();
    if (asked.length === before) return;
  }
}

test('rows: people who come one after the other take one, and what is not shown takes none', () => {
  const events = [
    message(1),
    joined(2),
    { type: 'reacted', room: 1, seq: 3 },
    joined(4),
    message(5),
    { type: 'deleted', room: 1, seq: 6, target: 5 },
  ];
  assert.deepEqual(fit(events), { rows: 3, events: 6 });
  assert.deepEqual(fit(events, 'first', 2), { rows: 2, events: 4 });
  assert.deepEqual(fit(events, 'last', 1), { rows: 1, events: 2 });
  assert.deepEqual(fit([{ type: 'deleted', room: 1, seq: 6, target: 5 }]).rows, 1, 'of a message that is not here');
  assert.deepEqual(fit([]), { rows: 0, events: 0 });
});

test('320 people have joined, then people talk: the window holds both, and comes to rest at either end', async () => {
  const made = stageOf([...run(1, 320, joined), ...run(321, 570, message)]);
  made.pager.open(made.room);
  await settled();
  await fill(made, 'older');
  assert.deepEqual([made.timeline.first, made.timeline.last, made.timeline.live], [1, 570, true]);
  assert.ok(made.asked.length < 12, `${made.asked.length} requests`);
  assert.equal(made.timeline.hasOlder, false);
});

test('the window is bounded by rows: at one end it lets go of what is at the other', async () => {
  const made = stageOf(range(1, 1200).flatMap((n) => (n % 3 ? [joined(n)] : [message(n)])));
  made.pager.open(made.room);
  await settled();
  for (const end of ['older', 'newer']) {
    await fill(made, end);
    const { rows } = fit(made.timeline.events);
    assert.ok(rows <= WINDOW_MAX && rows > WINDOW_MAX - 60, `${rows} rows`);
    assert.equal(end === 'older' ? made.timeline.first : made.timeline.last, end === 'older' ? 1 : 1200);
  }
});

test('thousands of events in one row: after some pages the reader has to ask for more', async () => {
  const made = stageOf([...run(1, 20_000, joined), message(20_001)]);
  made.pager.open(made.room);
  await settled();
  await fill(made, 'older');
  assert.ok(made.timeline.failed);
  assert.ok(made.asked.length <= 12, `${made.asked.length} requests`);
  const { first } = made.timeline;
  made.pager.retry(made.room);
  await settled();
  assert.ok(made.timeline.first < first, 'and gets it');
  for (let times = 0; times < 10; times++) {
    made.pager.retry(made.room);
    await settled();
    await fill(made, 'older');
  }
  assert.ok(made.timeline.events.length <= EVENTS_MAX);
});

for (const [what, answer] of [
  ['nothing, though there is more', () => ({ events: [], more: true })],
  [
    'what is here already',
    ({ before = 0, after = before + 9 }) => ({ events: run(after - 9, after, message), more: true }),
  ],
]) {
  test(`a page that brings ${what} is not asked for again`, async () => {
    for (const end of ['older', 'newer']) {
      const made = stageOf(run(1, 500, message), {
        answer: (frame) => (frame.around ? pageOf(run(1, 500, message), frame) : answer(frame)),
      });
      made.pager.lead(made.room, 250);
      await settled();
      made.timeline.receive(message(501));
      await fill(made, end);
      assert.ok(made.asked.length <= 3, `${made.asked.length} requests`);
    }
  });
}

test('another connection: the window stays, what was under way comes again', async () => {
  let isAway = false;
  const history = run(1, 500, message);
  const made = stageOf(history, {
    answer: (frame) => {
      if (isAway) throw null;
      return pageOf(history, frame);
    },
  });
  made.pager.lead(made.room, 250);
  await settled();
  const before = seqsOf(made.timeline);
  made.pager.resume(made.room);
  await settled();
  assert.deepEqual([seqsOf(made.timeline), made.asked.length], [before, 1], 'not a request');
  isAway = true;
  made.pager.latest(made.room);
  await settled();
  assert.deepEqual([seqsOf(made.timeline), made.timeline.failed], [before, true]);
  isAway = false;
  made.pager.resume(made.room);
  await settled();
  assert.ok(made.timeline.live && made.timeline.events.length > 0);
  const requests = made.asked.length;
  made.pager.resume(made.room);
  await settled();
  assert.equal(made.asked.length, requests, 'once');
});

test('what one no longer waits for does not come with another connection', async () => {
  let isAway = false;
  const history = run(1, 500, message);
  const made = stageOf(history, {
    answer: (frame) => {
      if (isAway) throw null;
      return pageOf(history, frame);
    },
  });
  made.pager.open(made.room);
  await settled();
  isAway = true;
  made.pager.lead(made.room, 100);
  await settled();
  made.pager.open(made.room); /* the reader has been elsewhere, and is back */
  isAway = false;
  made.pager.resume(made.room);
  await settled();
  assert.equal(made.timeline.last, 500);
});

test('what is here, taken again: the same events, as they are now', async () => {
  const history = run(1, 700, message);
  const made = stageOf(history);
  made.pager.lead(made.room, 250);
  await settled();
  for (let n = 0; n < 4; n++) {
    made.pager.newer(made.room);
    await settled();
  }
  const before = seqsOf(made.timeline);
  history[239] = { ...history[239], body: '', deleted: true };
  made.room.skipTo(3000);
  made.timeline.following = false;
  made.pager.skipped(made.room);
  await settled();
  assert.deepEqual(seqsOf(made.timeline), before);
  assert.ok(made.timeline.find(240).deleted);
  assert.equal(made.timeline.lastSeq, 3000);
});

test('the window follows an event only where what comes next is here', () => {
  const timeline = new Timeline();
  timeline.begin(100);
  timeline.replace(run(41, 90, message));
  assert.deepEqual(
    [30, 39, 40, 60, 90].map((seq) => timeline.follows(seq)),
    [false, false, true, true, false],
  );
  assert.deepEqual(
    [30, 40, 89, 90].map((seq) => timeline.nextToRead(seq)),
    [null, 41, 90, null],
  );
  timeline.replace(run(41, 90, message), false);
  assert.equal(timeline.nextToRead(0), 41, 'nothing older is left');
});
