import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Timeline, WINDOW_MAX } from '../../www/model/timeline.js';
import { message, messages, range, seqsOf } from './lib/fakes.mjs';

function timelineAt(lastSeq) {
  const timeline = new Timeline();
  timeline.begin(lastSeq);
  return timeline;
}

test('takes the next event only, says what the others are', () => {
  const timeline = timelineAt(41);
  assert.equal(timeline.receive(message(42)), 'next');
  assert.equal(timeline.receive(message(42)), 'duplicate');
  assert.equal(timeline.receive(message(12)), 'duplicate');
  assert.equal(timeline.receive(message(44)), 'gap');
  assert.equal(timeline.receive(message(43)), 'next');
  assert.deepEqual(seqsOf(timeline), [42, 43]);
  assert.equal(timeline.lastSeq, 43);
});

test('an event of a kind that this page does not know keeps its place', () => {
  const timeline = timelineAt(1);
  assert.equal(timeline.receive({ type: 'pinned', room: 1, seq: 2, target: 1 }), 'next');
  assert.equal(timeline.receive(message(3)), 'next');
  assert.equal(timeline.find(3).body, 'message 3');
});

test('whatever order pages and live events come in, the window has no hole and no double', () => {
  /* A small generator of its own, so that a failure can be repeated. */
  let state = 12345;
  const random = (below) => (state = (state * 1103515245 + 12345) % 2147483648) % below;
  for (let round = 0; round < 300; round++) {
    const timeline = timelineAt(50);
    for (let step = 0; step < 40; step++) {
      const from = random(timeline.lastSeq) + 1;
      const actions = [
        () => timeline.receive(message(timeline.lastSeq + random(3))),
        () => timeline.prepend(messages(Math.max(from - 10, 1), from), from > 11),
        () => timeline.prepend(messages(Math.max(timeline.first - 7, 1), timeline.first - 1), true),
        () => timeline.append(messages(from, from + 10)),
        () => timeline.append(messages(timeline.last + 1, timeline.last + 7)),
        () => timeline.replace(messages(from, from + 10)),
        () => (timeline.following = !timeline.following),
        () => timeline.begin(timeline.lastSeq),
      ];
      actions[random(actions.length)]();
      const seqs = seqsOf(timeline);
      if (seqs.length)
        assert.deepEqual(seqs, range(seqs[0], seqs[0] + seqs.length - 1), `round ${round}, step ${step}`);
      assert.ok(timeline.last <= timeline.lastSeq && seqs.length <= WINDOW_MAX);
      for (const event of timeline.events) assert.equal(timeline.find(event.seq), event);
    }
  }
});

test('a page that does not meet the window is ignored', () => {
  const timeline = timelineAt(100);
  timeline.replace(messages(51, 100));
  timeline.prepend(messages(1, 20), false);
  assert.equal(timeline.first, 51);
  assert.ok(timeline.hasOlder, 'and says nothing about the beginning');
  timeline.prepend(messages(31, 50), true);
  assert.equal(timeline.first, 31);
});

test('a page that overlaps the window adds what is new', () => {
  const timeline = timelineAt(100);
  timeline.replace(messages(51, 80));
  timeline.prepend(messages(41, 60), true);
  timeline.append(messages(70, 100));
  assert.deepEqual(seqsOf(timeline), range(41, 100));
  assert.ok(timeline.live);
});

test('the window is bounded: who follows loses the oldest', () => {
  const timeline = timelineAt(0);
  for (const event of messages(1, WINDOW_MAX + 25)) timeline.receive(event);
  assert.deepEqual(seqsOf(timeline), range(26, WINDOW_MAX + 25));
  assert.ok(timeline.live && timeline.hasOlder);
});

test('the window is bounded: who reads further up is left alone, and new events only count', () => {
  const timeline = timelineAt(0);
  timeline.following = false;
  for (const event of messages(1, WINDOW_MAX + 25)) assert.equal(timeline.receive(event), 'next');
  assert.deepEqual(seqsOf(timeline), range(1, WINDOW_MAX));
  assert.equal(timeline.live, false);
  assert.equal(timeline.lastSeq, WINDOW_MAX + 25);
  timeline.append(messages(WINDOW_MAX + 1, WINDOW_MAX + 25));
  assert.ok(timeline.live, 'until the reader has come down again');
  assert.equal(timeline.events.length, WINDOW_MAX);
});

test('older pages push out the newest', () => {
  const timeline = timelineAt(1000);
  timeline.replace(messages(951, 1000));
  while (timeline.first > 601) timeline.prepend(messages(timeline.first - 50, timeline.first - 1), true);
  assert.deepEqual(seqsOf(timeline), range(601, 900));
  assert.equal(timeline.live, false);
});

test('knows the beginning by number, or by being told', () => {
  const timeline = timelineAt(10);
  timeline.replace(messages(3, 10));
  assert.ok(timeline.hasOlder);
  timeline.prepend([], false); /* older ones were removed by retention */
  assert.equal(timeline.hasOlder, false);
  const whole = timelineAt(10);
  whole.replace(messages(1, 10));
  assert.equal(whole.hasOlder, false);
});

test('what a page holds beyond the live end is left to arrive by itself', () => {
  const timeline = timelineAt(10);
  timeline.replace(messages(6, 12));
  assert.equal(timeline.last, 10);
  assert.equal(timeline.receive(message(11)), 'next');
});

test('only what came by itself has arrived', () => {
  const timeline = timelineAt(10);
  timeline.replace(messages(6, 10));
  timeline.receive(message(11));
  assert.deepEqual(
    timeline.events.map((event) => timeline.hasArrived(event)),
    [false, false, false, false, false, true],
  );
});
