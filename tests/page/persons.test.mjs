import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Listing } from '../../www/model/listing.js';
import { Persons, statusOf } from '../../www/model/persons.js';
import { settled } from './lib/fakes.mjs';

test('shown is the display name, or else the user name, as it is today', () => {
  const persons = new Persons();
  const ben = { id: 8, name: 'ben' };
  assert.equal(persons.nameOf(ben), 'ben');
  persons.learn({ id: 8, name: 'ben', display_name: 'Ben Ruiz', role: 'member' });
  assert.equal(persons.nameOf(ben), 'Ben Ruiz');
  persons.learn({ id: 8, name: 'benjamin', role: 'member' });
  assert.equal(persons.nameOf(ben), 'benjamin', 'what an entry does not say is not so');
  assert.equal(persons.nameOf({ id: 0, name: 'visitor-3', display_name: '' }), 'visitor-3');
  assert.equal(persons.nameOf({ id: -1, name: 'deleted guest' }), 'Deleted guest');
});

test('tells only when something is new', () => {
  const persons = new Persons();
  let changes = 0;
  persons.observe(() => changes++);
  const anna = { id: 7, name: 'anna', avatar: 2, room_role: 'member' };
  persons.learn(anna);
  persons.learn(anna, { ...anna, room_role: 'moderator' }, { id: 0, name: 'visitor-1' });
  assert.equal(changes, 1);
  assert.deepEqual(persons.find(7), { id: 7, name: 'anna', avatar: 2 });
  assert.equal(persons.find(0), undefined);
});

test('a mention is better than nothing, and no more', () => {
  const persons = new Persons();
  persons.mention({ id: 8, name: 'ben' });
  assert.equal(persons.find(8).name, 'ben');
  persons.learn({ id: 8, name: 'benjamin' });
  persons.mention({ id: 8, name: 'ben' });
  assert.equal(persons.find(8).name, 'benjamin');
});

test("a name is somebody's as long as they have it; one that nobody is known by is asked after once", async () => {
  const asked = [];
  const persons = new Persons(async (who) => {
    asked.push(who);
    if (who !== 'Cleo') throw null;
    return { id: 9, name: 'cleo' };
  });
  persons.mention({ id: 7, name: 'Anna' });
  persons.learn({ id: 8, name: 'ben' });
  const names = '@anna, @ben, @Cleo and @nobody';
  assert.equal(persons.namedIn(names), 'anna ben  ');
  for (const name of ['anna', 'Cleo', 'nobody', 'Cleo', 'room']) persons.wonderName(name);
  await settled();
  assert.deepEqual(asked, ['Cleo', 'nobody']);
  assert.equal(persons.namedIn(names), 'anna ben Cleo ');
  persons.learn({ id: 8, name: 'benjamin' });
  assert.ok(!persons.hasName('ben'));
});

test('whoever is shown and not known is asked after: once, a few at a time, and again on the next connection', async () => {
  const asked = [];
  const persons = new Persons(
    (id) =>
      new Promise((resolve, reject) =>
        asked.push({ id, resolve: () => resolve({ id, name: `n${id}`, avatar: 1 }), reject }),
      ),
  );
  for (const id of [1, 2, 3, 4, 5, 1, 0]) persons.wonder(id);
  assert.deepEqual(
    asked.map(({ id }) => id),
    [1, 2, 3],
  );
  asked[0].resolve();
  await settled();
  assert.deepEqual(
    asked.map(({ id }) => id),
    [1, 2, 3, 4],
  );
  assert.equal(persons.find(1).avatar, 1);
  asked[1].reject(null);
  await settled();
  persons.wonder(2);
  assert.deepEqual(
    asked.map(({ id }) => id),
    [1, 2, 3, 4, 5],
    'not again by itself',
  );
  for (const { resolve } of asked.slice(2)) resolve();
  await settled();
  persons.connected();
  persons.wonder(3);
  assert.deepEqual(
    asked.map(({ id }) => id),
    [1, 2, 3, 4, 5, 2],
  );
});

for (const [person, want] of [
  [{}, ''],
  [{ status_emoji: '🌱', status_text: 'outside' }, '🌱 outside'],
  [{ status_text: 'outside' }, 'outside'],
  [{ status_emoji: '🌱', status_until: 1000 }, ''],
  [{ status_emoji: '🌱', status_until: 1001 }, '🌱'],
]) {
  test(`status at 1000: ${JSON.stringify(person)}`, () =>
    assert.equal(statusOf({ id: 1, name: 'a', ...person }, 1000), want));
}

/** A listing whose answers are given by hand. */
function listingWith(options) {
  const asked = [];
  const listing = new Listing({
    type: 'people',
    request: (frame) => new Promise((resolve, reject) => asked.push({ frame, resolve, reject })),
    ...options,
  });
  const answer = async (ids, more = false, at = asked.length - 1) => {
    asked[at].resolve({ type: 'people', people: ids.map((id) => ({ id, name: `n${id}` })), more });
    await settled();
  };
  return { listing, asked, answer, ids: () => listing.items.map(({ id }) => id) };
}

test('a listing: a page, then more from the last one on', async () => {
  const { listing, asked, answer, ids } = listingWith({ limit: 2 });
  assert.equal(listing.state, 'idle');
  listing.load({ query: 'an' });
  assert.equal(listing.state, 'loading');
  await answer([1, 2], true);
  assert.deepEqual([listing.state, listing.hasMore, ids()], ['ready', true, [1, 2]]);
  listing.loadMore();
  assert.deepEqual(asked[1].frame, { type: 'people', query: 'an', after: 2, limit: 2 });
  await answer([2, 3]);
  assert.deepEqual([listing.state, listing.hasMore, ids()], ['ready', false, [1, 2, 3]], 'nobody twice');
  await listing.loadMore();
  assert.equal(asked.length, 2);
});

test('a listing: the newest question counts, whichever answer comes first', async () => {
  const { listing, asked, answer, ids } = listingWith();
  listing.load({ query: 'a' });
  listing.load({ query: 'an' });
  await answer([2], false, 1);
  await answer([1], false, 0);
  assert.deepEqual(ids(), [2]);
  assert.equal(asked[1].frame.query, 'an');
});

test('a listing: a page that fails leaves what there is, and can be asked for again', async () => {
  const { listing, asked, answer, ids } = listingWith({ cursor: 'before' });
  listing.load();
  asked[0].reject({ type: 'error', code: 'forbidden', message: 'Not for you.' });
  await settled();
  assert.deepEqual([listing.state, listing.problem], ['failed', 'Not for you.']);
  listing.retry();
  await answer([9, 8], true);
  listing.loadMore();
  asked[2].reject(null);
  await settled();
  assert.deepEqual([listing.state, ids()], ['failed', [9, 8]]);
  listing.retry();
  assert.equal(asked[3].frame.before, 8);
  await answer([7]);
  assert.deepEqual([listing.state, ids()], ['ready', [9, 8, 7]]);
});

test('a listing: what became of one of them', async () => {
  const { listing, answer, ids } = listingWith();
  listing.load();
  await answer([1, 2, 3]);
  listing.change(2, { name: 'other' });
  listing.change(3, null);
  assert.deepEqual([ids(), listing.items[1].name], [[1, 2], 'other']);
});

test('a listing: asked for again it is as long as it was, up to what a page can have', async () => {
  const { listing, asked, answer } = listingWith({ limit: 2 });
  listing.load({ query: 'an' });
  await answer([1, 2], true);
  listing.loadMore();
  await answer([3, 4], true);
  listing.load();
  assert.deepEqual(asked[2].frame, { type: 'people', query: 'an', limit: 4 });
  await answer(
    Array.from({ length: 300 }, (_, index) => index + 1),
    true,
  );
  listing.load();
  assert.equal(asked[3].frame.limit, 200);
  listing.load({});
  assert.deepEqual(asked[4].frame, { type: 'people', limit: 2 }, 'but not when it is another one');
});

test('a listing: when the last one of those that are there is gone, the next ones come by themselves', async () => {
  const { listing, asked, answer, ids } = listingWith({ limit: 2 });
  listing.load();
  await answer([1, 2], true);
  listing.change(1, null);
  assert.equal(asked.length, 1);
  listing.change(2, null);
  assert.deepEqual([listing.state, asked.length, asked[1].frame.after], ['loading', 2, undefined]);
  await answer([3], false);
  listing.change(3, null);
  assert.deepEqual([listing.state, ids(), asked.length], ['ready', [], 2]);
});

test('a listing: its items can have another name than the question', async () => {
  const { listing, asked, ids } = listingWith({ type: 'person', list: 'rooms' });
  listing.load({ user: 8 });
  asked[0].resolve({ type: 'person', person: { id: 8, name: 'Ben' }, rooms: [{ id: 4 }], more: true });
  await settled();
  assert.deepEqual([ids(), listing.hasMore, listing.answer.person.name], [[4], true, 'Ben']);
});
