import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonStorage } from '../../www/lib/storage.js';
import { DayClock } from '../../www/model/day_clock.js';
import { Drafts } from '../../www/model/drafts.js';
import { People } from '../../www/model/people.js';
import { Typing } from '../../www/model/typing.js';
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

test('drafts: junk is no draft, and without storage they stay in memory', () => {
  for (const junk of ['[', '[1]', '"x"', '{"1":5}', '{"1":[5,null,{"id":1}]}', 'null']) {
    assert.equal(new Drafts(fakeStorage(new Map([['hubbub.drafts', junk]]))).of(1), '');
  }
  const refused = () => {
    throw new Error('SecurityError');
  };
  for (const storage of [
    new JsonStorage(refused),
    new JsonStorage(() => ({ getItem: () => null, setItem: refused, removeItem: refused })),
  ]) {
    const drafts = new Drafts(storage, storage);
    drafts.keep(1, 'text');
    drafts.absorb();
    assert.deepEqual([drafts.of(1), drafts.of(2)], ['text', '']);
    drafts.keep(1, '');
    assert.equal(drafts.of(1), '');
  }
});

/** Two tabs of one browser; each hears of what the other stores when it is told to. */
function twoTabs() {
  const shared = new Map();
  const storages = [new Map(), new Map()];
  const open = (tab) => new Drafts(fakeStorage(shared), fakeStorage(storages[tab]));
  return { one: open(0), two: open(1), reopen: open };
}

test('drafts: two tabs in one room do not overwrite each other', () => {
  const { one, two, reopen } = twoTabs();
  assert.deepEqual([one.of(1), two.of(1)], ['', '']);
  one.keep(1, 'a long answer');
  two.absorb();
  assert.equal(two.now(1), '', 'an open composer is left alone');
  two.keep(1, 'ok');
  one.absorb();
  assert.deepEqual([one.now(1), two.now(1)], ['a long answer', 'ok']);
  assert.deepEqual([reopen(0).of(1), reopen(1).of(1)], ['a long answer', 'ok'], 'each has its own after a reload');
  two.keep(1, '');
  one.absorb();
  assert.deepEqual(
    [one.now(1), reopen(0).of(1)],
    ['a long answer', 'a long answer'],
    'what one sends is not the draft of the other',
  );
});

test('drafts: a draft that two tabs show is sent once', () => {
  const { one, two } = twoTabs();
  one.keep(1, 'say it once');
  assert.equal(two.of(1), 'say it once');
  two.keep(1, 'say it once, now');
  one.absorb();
  assert.equal(one.now(1), 'say it once, now');
  two.keep(1, '');
  one.absorb();
  assert.deepEqual([one.now(1), one.of(1), two.of(1)], ['', '', '']);
});

test('drafts: what is being typed is never replaced', () => {
  const { one, two, reopen } = twoTabs();
  one.keep(1, 'shared');
  two.of(1);
  one.keep(1, 'shared one');
  two.keep(1, 'shared two'); /* neither has heard of the other */
  one.absorb();
  two.absorb();
  assert.deepEqual([one.now(1), two.now(1)], ['shared one', 'shared two']);
  two.keep(1, '');
  one.absorb();
  assert.deepEqual([one.now(1), reopen(0).of(1)], ['shared one', 'shared one']);

  two.of(1);
  one.keep(1, 'typed on');
  two.keep(1, ''); /* sent, as it was before */
  one.absorb();
  assert.equal(one.now(1), 'typed on');
});

test('drafts: those of closed tabs do not pile up', () => {
  const shared = new Map();
  for (let tab = 0; tab < 50; tab++) new Drafts(fakeStorage(shared)).keep(1, `tab ${tab}`);
  assert.ok(JSON.parse(shared.get('hubbub.drafts'))[1].length < 10);
  assert.equal(new Drafts(fakeStorage(shared)).of(1), 'tab 49');
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
  assert.deepEqual(
    people.list.map(({ name }) => name),
    ['ben', 'Cleo', 'Anna'],
  );
  people.rename({ id: 2, name: 'Zoe' });
  assert.equal(people.list[2].name, 'Zoe');
  people.set(1204);
  assert.deepEqual([people.count, people.list], [1204, null]);
  people.rename({ id: 2, name: 'Anna' });
  assert.equal(people.list, null);
});

test('day clock: tells when the day has changed, and only then', () => {
  const clock = new FakeClock();
  const untilMidnight = new Date(clock.now()).setHours(24, 0, 0, 0) - clock.now();
  const dayClock = new DayClock(clock);
  let changes = 0;
  dayClock.observe(() => changes++);
  dayClock.start();
  clock.pass(untilMidnight - 1);
  assert.equal(changes, 0);
  clock.pass(31_000);
  assert.equal(changes, 1);
});
