import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outbox } from '../../www/model/outbox.js';
import { FakeClock, fakeStorage } from './lib/fakes.mjs';

function outboxWith({ content = new Map(), clock = new FakeClock() } = {}) {
  const sent = [];
  const wire = { up: true };
  const send = ({ id, body }) => {
    if (wire.up) sent.push({ id, body });
    return wire.up;
  };
  const outbox = new Outbox({ send, clock, storage: fakeStorage(content) });
  const bodies = () => sent.map(({ body }) => body);
  const states = () => outbox.items.map(({ body, state }) => `${body} ${state}`);
  return { outbox, sent, bodies, states, clock, content, wire };
}

/** The server takes the message that is under way. */
function take(outbox, seq) {
  const item = outbox.items.find(({ state }) => state === 'sending');
  outbox.acknowledge(item.id, seq, false);
  outbox.arrived(({ id }) => id === item.id);
}

test('sends one after the other, in the order of writing', () => {
  const { outbox, bodies, states } = outboxWith();
  outbox.connected();
  for (const body of ['a', 'b', 'c']) outbox.add(1, body);
  assert.deepEqual(bodies(), ['a']);
  take(outbox, 1);
  assert.deepEqual(bodies(), ['a', 'b']);
  take(outbox, 2);
  take(outbox, 3);
  assert.deepEqual(bodies(), ['a', 'b', 'c']);
  assert.deepEqual(states(), []);
});

test('queues while there is no connection, and sends in order when there is', () => {
  const { outbox, bodies, states } = outboxWith();
  for (const body of ['a', 'b']) outbox.add(1, body);
  assert.deepEqual(states(), ['a waiting', 'b waiting']);
  assert.equal(outbox.waiting, 2);
  outbox.connected();
  take(outbox, 1);
  take(outbox, 2);
  assert.deepEqual(bodies(), ['a', 'b']);
});

test('sends again with the same id after a lost connection', () => {
  const { outbox, sent } = outboxWith();
  outbox.connected();
  outbox.add(1, 'a');
  outbox.add(1, 'b');
  outbox.disconnected();
  outbox.connected();
  assert.deepEqual(
    sent.map(({ body }) => body),
    ['a', 'a'],
  );
  assert.equal(sent[0].id, sent[1].id);
  take(outbox, 1);
  assert.equal(sent[2].body, 'b');
});

test('a message whose event came although its ack did not is not sent again', () => {
  const { outbox, bodies } = outboxWith();
  outbox.connected();
  outbox.add(1, 'a');
  const [{ id }] = outbox.items;
  outbox.disconnected();
  outbox.arrived((item) => item.id === id);
  outbox.connected();
  assert.deepEqual(bodies(), ['a']);
});

test('an acknowledged message stays to be seen until its event arrives', () => {
  const { outbox, states } = outboxWith();
  outbox.connected();
  outbox.add(1, 'a');
  const [{ id }] = outbox.items;
  outbox.acknowledge(id, 5, false);
  assert.deepEqual(states(), ['a sent']);
  outbox.arrived((item) => item.id === id);
  assert.deepEqual(states(), []);
});

test('an acknowledged message whose event has been seen is gone', () => {
  const { outbox, states } = outboxWith();
  outbox.connected();
  outbox.add(1, 'a');
  outbox.acknowledge(outbox.items[0].id, 5, true);
  assert.deepEqual(states(), []);
});

for (const code of ['rate_limited', 'overloaded']) {
  test(`${code}: waits as long as asked, and nothing overtakes`, () => {
    const { outbox, bodies, states, clock } = outboxWith();
    outbox.connected();
    outbox.add(1, 'a');
    outbox.add(2, 'b');
    outbox.refuse(outbox.items[0].id, code, 'Later.', 700);
    outbox.add(1, 'c');
    assert.deepEqual(states(), ['a waiting', 'b waiting', 'c waiting']);
    clock.pass(699);
    assert.deepEqual(bodies(), ['a']);
    clock.pass(1);
    assert.deepEqual(bodies(), ['a', 'a']);
    take(outbox, 1);
    assert.deepEqual(bodies(), ['a', 'a', 'b']);
  });
}

test('a lost connection ends the waiting: the next one starts at once', () => {
  const { outbox, bodies } = outboxWith();
  outbox.connected();
  outbox.add(1, 'a');
  outbox.refuse(outbox.items[0].id, 'overloaded', 'Later.', 60_000);
  outbox.disconnected();
  outbox.connected();
  assert.deepEqual(bodies(), ['a', 'a']);
});

test('shutting_down: waits for the next connection', () => {
  const { outbox, bodies, states, clock } = outboxWith();
  outbox.connected();
  outbox.add(1, 'a');
  outbox.refuse(outbox.items[0].id, 'shutting_down', 'Goodbye.');
  clock.pass(60_000);
  outbox.add(1, 'b');
  assert.deepEqual(bodies(), ['a']);
  assert.deepEqual(states(), ['a waiting', 'b waiting']);
  outbox.disconnected();
  outbox.connected();
  assert.deepEqual(bodies(), ['a', 'a']);
});

test('bye holds what is new until the next connection', () => {
  const { outbox, bodies } = outboxWith();
  outbox.connected();
  outbox.hold();
  outbox.add(1, 'a');
  assert.deepEqual(bodies(), []);
  outbox.disconnected();
  outbox.connected();
  assert.deepEqual(bodies(), ['a']);
});

test('storage_failed: keeps the text, goes on with the next, and tries again on the next connection', () => {
  const { outbox, bodies, states } = outboxWith();
  outbox.connected();
  outbox.add(1, 'a');
  outbox.add(1, 'b');
  outbox.refuse(outbox.items[0].id, 'storage_failed', 'The disk refused.');
  assert.deepEqual(states(), ['a failed', 'b sending']);
  assert.equal(outbox.items[0].reason, 'The disk refused.');
  take(outbox, 1);
  outbox.disconnected();
  outbox.connected();
  assert.deepEqual(bodies(), ['a', 'b', 'a']);
});

for (const code of ['archived', 'not_found', 'too_big', 'invalid', 'something_new']) {
  test(`${code}: keeps the text until the writer decides`, () => {
    const { outbox, bodies, states } = outboxWith();
    outbox.connected();
    outbox.add(1, 'a');
    const [{ id }] = outbox.items;
    outbox.refuse(id, code, 'No.');
    outbox.disconnected();
    outbox.connected();
    assert.deepEqual(bodies(), ['a'], 'not tried again by itself');
    assert.deepEqual(states(), ['a failed']);
    outbox.retry(id);
    assert.deepEqual(bodies(), ['a', 'a']);
    assert.equal(outbox.items[0].id, id, 'under the same id');
    outbox.refuse(id, code, 'No.');
    outbox.discard(id);
    assert.deepEqual(states(), []);
  });
}

test('id_reused: a retry takes another id', () => {
  const { outbox, sent } = outboxWith();
  outbox.connected();
  outbox.add(1, 'a');
  const [{ id }] = outbox.items;
  outbox.refuse(id, 'id_reused', 'That id is taken.');
  outbox.retry(id);
  assert.equal(sent[1].body, 'a');
  assert.notEqual(sent[1].id, id);
});

test('a send that the connection would not take stays first in line', () => {
  const { outbox, bodies, wire } = outboxWith();
  outbox.connected();
  wire.up = false;
  outbox.add(1, 'a');
  outbox.disconnected();
  wire.up = true;
  outbox.connected();
  assert.deepEqual(bodies(), ['a']);
});

test('survives a reload: the same ids, the same order, failed ones still failed', () => {
  const before = outboxWith();
  before.outbox.connected();
  for (const body of ['a', 'b', 'c']) before.outbox.add(1, body);
  before.outbox.refuse(before.outbox.items[0].id, 'too_big', 'Too long.');
  const ids = before.outbox.items.map(({ id }) => id);
  const after = outboxWith({ content: before.content });
  assert.deepEqual(after.states(), ['a failed', 'b waiting', 'c waiting']);
  assert.deepEqual(
    after.outbox.items.map(({ id }) => id),
    ids,
  );
  after.outbox.connected();
  assert.deepEqual(after.bodies(), ['b']);
});

test('what was acknowledged is not kept for the next time', () => {
  const before = outboxWith();
  before.outbox.connected();
  before.outbox.add(1, 'a');
  before.outbox.acknowledge(before.outbox.items[0].id, 1, false);
  assert.equal(before.content.size, 0);
});

for (const junk of ['{', '7', '{"a":1}', '[null,{"id":5},{"id":"x","room":"lobby","body":"b"}]']) {
  test(`junk in storage is nothing: ${junk}`, () => {
    assert.deepEqual(outboxWith({ content: new Map([['hubbub.outbox', junk]]) }).states(), []);
  });
}

test('answers to ids of others are not its own', () => {
  const { outbox } = outboxWith();
  assert.equal(outbox.acknowledge('other', 1, true), false);
  assert.equal(outbox.refuse('other', 'invalid', 'No.'), false);
});

test('a room in slow mode waits alone, and its order stays', () => {
  const { outbox, bodies, states, clock } = outboxWith();
  outbox.connected();
  for (const [room, body] of [
    [1, 'a'],
    [1, 'b'],
    [2, 'c'],
  ])
    outbox.add(room, body);
  outbox.refuse(outbox.items[0].id, 'rate_limited', 'Slow.', 5_000, { isSlow: true });
  assert.deepEqual(bodies(), ['a', 'c']);
  assert.equal(outbox.slowUntil(1), clock.now() + 5_000);
  take(outbox, 1);
  assert.deepEqual(states(), ['a waiting', 'b waiting']);
  clock.pass(5_000);
  assert.deepEqual(bodies(), ['a', 'c', 'a']);
  assert.equal(outbox.slowUntil(1), 0);
  take(outbox, 2);
  assert.deepEqual(bodies(), ['a', 'c', 'a', 'b']);
});
