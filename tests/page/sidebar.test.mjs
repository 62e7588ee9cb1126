import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Room } from '../../www/model/room.js';
import { Sidebar, positionsAfterMove } from '../../www/model/sidebar.js';
import { FakeClock, fakeStorage } from './lib/fakes.mjs';

/** Rooms as NAME or [NAME, what is not as usual]. */
function sidebarOf(list, { isGuest = false, storage = fakeStorage() } = {}) {
  const clock = new FakeClock();
  const rooms = new Map();
  const made = { rooms, current: null };
  made.add = (name, more = {}) => {
    const id = rooms.size + 1;
    const info = { id, name, kind: 'open', last_seq: 0, archived: false, role: 'member', ...more };
    const room = new Room(info, clock);
    if (!isGuest) room.belong(info);
    rooms.set(id, room);
    return room;
  };
  for (const each of list) made.add(...(Array.isArray(each) ? each : [each]));
  made.sidebar = new Sidebar({
    rooms,
    current: () => made.current,
    titleOf: ({ name }) => name,
    isGuest: () => isGuest,
    storage,
  });
  made.sketch = () =>
    made.sidebar.sections.map(({ title, rooms: inside }) =>
      `${title}: ${inside.map(({ name }) => name).join(' ')}`.trim(),
    );
  made.named = (name) => [...rooms.values()].find((room) => room.name === name);
  return made;
}

test("sections: favourites, one's own by name, rooms, direct ones, archived", () => {
  const made = sidebarOf([
    'zoo',
    ['lobby', { favourite: true }],
    ['ben', { kind: 'direct' }],
    ['cleo', { kind: 'direct', favourite: true, section: 'Work' }],
    ['plans', { section: 'Work' }],
    ['beds', { section: 'home' }],
    ['old', { archived: true, favourite: true }],
    ['gone', { kind: 'direct', hidden: true }],
    ['looked at', { role: undefined }],
  ]);
  assert.deepEqual(made.sketch(), [
    'Favourites: cleo lobby',
    'home: beds',
    'Work: plans',
    'Rooms: zoo',
    'Direct messages: ben',
    'Archived: old',
  ]);
  assert.deepEqual(made.sidebar.ownSections, ['home', 'Work']);
  made.current = made.named('gone');
  assert.ok(made.sketch().includes('Direct messages: gone ben'), 'a hidden one while it is open');
});

test("what one can add to is there when it is empty; a guest has rooms alone, in the server's order", () => {
  assert.deepEqual(sidebarOf([]).sketch(), ['Rooms:', 'Direct messages:']);
  assert.deepEqual(sidebarOf(['b', 'a', ['c', { archived: true }]], { isGuest: true }).sketch(), [
    'Rooms: b a',
    'Archived: c',
  ]);
});

test('rooms by the place that they were given, then by name; numbers as numbers', () => {
  const made = sidebarOf(['room 10', 'Room 9', 'ärger', ['last', { position: 2048 }], ['first', { position: 1024 }]]);
  assert.deepEqual(made.sketch()[0], 'Rooms: first last ärger Room 9 room 10');
});

test('direct ones by what was said last; the newest conversation first where that is not known', () => {
  const made = sidebarOf([
    ['a', { kind: 'direct', active_ms: 5 }],
    ['b', { kind: 'direct' }],
    ['c', { kind: 'direct' }],
  ]);
  assert.equal(made.sketch()[1], 'Direct messages: a c b');
  made.named('b').spoken(9);
  made.named('b').spoken(3);
  assert.equal(made.sketch()[1], 'Direct messages: b a c');
});

test('nothing moves under the pointer; what is new comes at the end', () => {
  const made = sidebarOf([
    ['a', { kind: 'direct', active_ms: 2 }],
    ['b', { kind: 'direct', active_ms: 1 }],
  ]);
  made.sidebar.hold(true);
  made.named('b').spoken(3);
  made.add('c', { kind: 'direct', active_ms: 4 });
  assert.equal(made.sketch()[1], 'Direct messages: a b c');
  made.sidebar.hold(false);
  assert.equal(made.sketch()[1], 'Direct messages: c b a');
});

test('a room that is moved by hand has its new place at once, also when the pointer comes before the server has answered', () => {
  const made = sidebarOf(['a', 'b', ['c', { position: 1024 }]]);
  assert.deepEqual(made.sketch()[0], 'Rooms: c a b');
  made.named('b').moveTo(512);
  made.sidebar.hold(true);
  assert.deepEqual(made.sketch()[0], 'Rooms: b c a');
  made.sidebar.hold(false);
  made.named('b').moveTo(0);
  assert.deepEqual(made.sketch()[0], 'Rooms: c a b', 'and back, when it was refused');
});

test('collapsed sections are remembered; junk is not', () => {
  const storage = fakeStorage();
  const { sidebar } = sidebarOf([], { storage });
  sidebar.toggle('rooms');
  sidebar.toggle('own Work');
  sidebar.toggle('rooms');
  assert.deepEqual([...sidebarOf([], { storage }).sidebar.collapsed], ['own Work']);
  storage.write('collapsed', [1, 'rooms', null]);
  assert.deepEqual([...sidebarOf([], { storage }).sidebar.collapsed], ['rooms']);
  storage.write('collapsed', 'x');
  assert.equal(sidebarOf([], { storage }).sidebar.collapsed.size, 0);
});

const moves = [
  [[0, 0, 0], 2, 0, [[2, 1024]], 'to the top of rooms without a place'],
  [
    [0, 0, 0],
    0,
    1,
    [
      [1, 1024],
      [0, 2048],
    ],
    'down: all above get a place',
  ],
  [[1024, 2048, 3072], 2, 1, [[2, 1536]], 'between two that have one'],
  [[1024, 2048, 0], 0, 1, [[0, 3072]], 'behind the last that has one'],
  [
    [1024, 1025, 0],
    2,
    1,
    [
      [2, 2048],
      [1, 3072],
    ],
    'no room between: in steps again',
  ],
  [
    [1, 2048],
    1,
    0,
    [
      [1, 1024],
      [0, 2048],
    ],
    'no room above',
  ],
  [[1024, 2048, 3072], 0, 2, [[0, 4096]], 'to the end'],
];
for (const [positions, from, to, want, why] of moves) {
  test(`moving: ${why}`, () => {
    const rooms = positions.map((position, id) => ({ id, position }));
    const given = positionsAfterMove(rooms, from, to);
    assert.deepEqual(
      given.map(({ id, position }) => [id, position]),
      want,
    );
    for (const { id, position } of given) rooms[id].position = position;
    const order = positions.map((_, id) => id);
    order.splice(to, 0, ...order.splice(from, 1));
    const sorted = [...rooms].sort((a, b) => (a.position || Infinity) - (b.position || Infinity) || a.id - b.id);
    assert.deepEqual(
      sorted.map(({ id }) => id),
      order,
      'stands where it was put',
    );
  });
}
