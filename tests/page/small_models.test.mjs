import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drafts } from '../../www/model/drafts.js';
import { People } from '../../www/model/people.js';
import { Today } from '../../www/model/today.js';
import { Typing } from '../../www/model/typing.js';
import { JsonStorage } from '../../www/lib/storage.js';
import { FakeClock, fakeStorage } from './lib/fakes.mjs';

test('drafts: one per room, kept at every input, over a reload, and gone when empty', () => {
  const content = new Map();
  const drafts = new Drafts(fakeStorage(content));
  drafts.keep(1, 'hello');
  drafts.keep(2, 'other');
  drafts.keep(1, 'hello the');
  const reloaded = new Drafts(fakeStorage(content));
  assert.deepEqual([reloaded.of(1), reloaded.of(2), reloaded.of(3)], ['hello the', 'other', '']);
  reloaded.keep(1, '');
  assert.deepEqual([drafts.of(1), drafts.of(2)], ['', 'other'], 'also for the other tab');
  reloaded.keep(2, '');
  assert.equal(content.size, 0);
});

test('drafts: junk and refused storage are no drafts, and no error', () => {
  for (const junk of ['[', '[1]', '"x"', '{"1":5}', 'null']) {
    assert.equal(new Drafts(fakeStorage(new Map([['hubbub.drafts', junk]]))).of(1), '');
  }
  const forbidden = new JsonStorage(() => {
    throw new Error('SecurityError');
  });
  const drafts = new Drafts(forbidden);
  drafts.keep(1, 'text');
  assert.equal(drafts.of(1), '');
});

test('typing: forgotten after five seconds of silence', () => {
  const clock = new FakeClock();
  const typing = new Typing(clock);
  typing.heard('Ben');
  clock.pass(3_000);
  typing.heard('Cleo');
  typing.heard('Ben');
  clock.pass(4_999);
  assert.deepEqual(typing.names, ['Ben', 'Cleo']);
  clock.pass(1);
  assert.deepEqual(typing.names, []);
});

test('typing: whose message has come types no more', () => {
  const clock = new FakeClock();
  const typing = new Typing(clock);
  let changes = 0;
  typing.observe(() => changes++);
  typing.heard('Ben');
  typing.heard('Ben');
  typing.stopped('Ben');
  typing.stopped('Ben');
  assert.deepEqual([typing.names, changes], [[], 2]);
});

test('typing: told every three seconds at most, and at once after a message', () => {
  const clock = new FakeClock();
  const typing = new Typing(clock);
  assert.deepEqual([typing.typed(), typing.typed()], [true, false]);
  clock.pass(2_999);
  assert.equal(typing.typed(), false);
  clock.pass(1);
  assert.equal(typing.typed(), true);
  typing.sent();
  assert.equal(typing.typed(), true);
});

test('people: active ones first, then by name; many are only a number', () => {
  const people = new People();
  people.set(3, [
    { id: 1, name: 'Cleo', state: 'active' },
    { id: 2, name: 'Anna', state: 'away' },
    { id: 3, name: 'ben', state: 'active' },
  ]);
  assert.deepEqual(people.list.map(({ name }) => name), ['ben', 'Cleo', 'Anna']);
  people.rename({ id: 2, name: 'Zoe' });
  assert.equal(people.list[2].name, 'Zoe');
  people.set(1204);
  assert.deepEqual([people.count, people.list], [1204, null]);
  people.rename({ id: 2, name: 'Anna' });
  assert.equal(people.list, null);
});

test('today: tells when the day has changed, and only then', () => {
  const clock = new FakeClock();
  const untilMidnight = new Date(clock.now()).setHours(24, 0, 0, 0) - clock.now();
  const today = new Today(clock);
  let changes = 0;
  today.observe(() => changes++);
  today.start();
  clock.pass(untilMidnight - 1);
  assert.equal(changes, 0);
  clock.pass(31_000);
  assert.equal(changes, 1);
});
