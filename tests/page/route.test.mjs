import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRoom, pathOf, roomRoute, routeIn } from '../../www/lib/route.js';
import { screenOf } from '../../www/model/screen.js';

const HOME = { page: 'home' };

for (const [path, want] of [
  ['/', HOME],
  ['', HOME],
  ['/room/lobby', { page: 'room', name: 'lobby' }],
  ['/room/lobby/', { page: 'room', name: 'lobby' }],
  ['/room/caf%C3%A9%20%26%20co', { page: 'room', name: 'café & co' }],
  ['/room/a%2Fb', { page: 'room', name: 'a/b' }],
  ['/room/%zz', HOME],
  ['/room/', HOME],
  ['/room/a/b', HOME],
  ['/room/a/43', { page: 'room', name: 'a', seq: 43 }],
  ['/room/7', { page: 'room', id: 7 }],
  ['/room/7/43', { page: 'room', id: 7, seq: 43 }],
  ['/room/a/0', HOME],
  ['/room/a/43/1', HOME],
  ['/direct/5/43', { page: 'direct', id: 5, seq: 43 }],
  ['/direct/5', { page: 'direct', id: 5 }],
  ['/direct/0', HOME],
  ['/direct/5x', HOME],
  ['/direct', HOME],
  ['/people', { page: 'people' }],
  ['/people/8', { page: 'people', id: 8 }],
  ['/people/ben', { page: 'people' }],
  ['/people/8/9', HOME],
  ['/rooms', { page: 'rooms' }],
  ['/settings', { page: 'settings', tab: 'profile' }],
  ['/settings/tokens', { page: 'settings', tab: 'tokens' }],
  ['/settings/nonsense', { page: 'settings', tab: 'profile' }],
  ['/admin/audit', { page: 'admin', tab: 'audit' }],
  ['/admin', { page: 'admin', tab: 'people' }],
  ['/invite/k7p2q', { page: 'invite', code: 'k7p2q' }],
  ['/invite', HOME],
  ['/reset/a%2Fb', { page: 'reset', code: 'a/b' }],
  ['/sign-in', { page: 'sign-in' }],
  ['/sign-up', { page: 'sign-up' }],
  ['/constructor', HOME],
  ['/settings/constructor', { page: 'settings', tab: 'profile' }],
]) {
  test(`address: ${path || '(empty)'}`, () => assert.deepEqual(routeIn(path), want));
}

test('every route has an address that leads back', () => {
  const names = ['lobby', 'a/b', 'ünï çødé', '100%', '#?&', '..'];
  for (const route of [
    HOME,
    ...names.map((name) => ({ page: 'room', name })),
    ...names.map((code) => ({ page: 'invite', code })),
    { page: 'direct', id: 12 },
    { page: 'direct', id: 12, seq: 1 },
    { page: 'room', name: 'a/b', seq: 43 },
    { page: 'people' },
    { page: 'people', id: 3 },
    { page: 'rooms' },
    { page: 'admin', tab: 'bans' },
    { page: 'settings', tab: 'sessions' },
    { page: 'sign-in' },
  ]) {
    assert.deepEqual(routeIn(pathOf(route)), route);
  }
});

test('a listed room is found by its name, a closed one and a direct conversation by their ids', () => {
  assert.equal(pathOf(roomRoute({ id: 1, name: 'lobby', kind: 'open' })), '/room/lobby');
  assert.equal(pathOf(roomRoute({ id: 1, name: 'lobby' })), '/room/lobby');
  assert.equal(pathOf(roomRoute({ id: 3, name: 'news', kind: 'announcement' })), '/room/news');
  assert.equal(pathOf(roomRoute({ id: 7, name: 'secret', kind: 'closed' })), '/room/7');
  assert.equal(pathOf({ ...roomRoute({ id: 7, name: 'secret', kind: 'closed' }), seq: 43 }), '/room/7/43');
  assert.equal(pathOf(roomRoute({ id: 5, name: '', kind: 'direct' })), '/direct/5');
  assert.deepEqual(
    ['/', '/room/a', '/direct/5', '/people', '/settings'].map((path) => isRoom(routeIn(path))),
    [true, true, true, false, false],
  );
});

const place = (more) => ({ name: 'Garden', set_up: true, signup: 'invite', guests: false, version: '1', ...more });
for (const [state, more, path, want] of [
  ['unknown', {}, '/', 'wait'],
  ['not set up', {}, '/invite/x', 'set up'],
  ['signed out', {}, '/', 'sign in'],
  ['signed out', {}, '/room/lobby', 'sign in'],
  ['signed out', { guests: true }, '/room/lobby', 'guest'],
  ['signed out', { guests: true }, '/sign-in', 'sign in'],
  ['signed out', {}, '/sign-up', 'sign in'],
  ['signed out', { signup: 'open' }, '/sign-up', 'sign up'],
  ['signed out', {}, '/invite/x', 'sign up'],
  ['signed out', {}, '/reset/x', 'reset'],
  ['guest', {}, '/', 'chat'],
  ['guest', {}, '/sign-in', 'sign in'],
  ['guest', {}, '/invite/x', 'sign up'],
  ['account', {}, '/', 'chat'],
  ['account', {}, '/sign-in', 'chat'],
  ['account', {}, '/invite/x', 'invited already'],
  ['account', {}, '/reset/x', 'reset'],
]) {
  test(`screen: ${state}, ${JSON.stringify(more)}, at ${path}`, () => {
    assert.equal(screenOf({ state, place: place(more), route: routeIn(path), welcomed: true }), want);
  });
}

test('screen: who was signed out of an account is not asked to be a guest, unless they want to', () => {
  const facts = { state: 'signed out', place: place({ guests: true }), welcomed: true, hadAccount: true };
  assert.equal(screenOf({ ...facts, route: HOME }), 'sign in');
  assert.equal(screenOf({ ...facts, route: routeIn('/invite/x') }), 'sign up');
});

test('screen: nothing is shown before it is known what there is', () => {
  assert.equal(screenOf({ state: 'account', place: place(), route: HOME, welcomed: false }), 'wait');
  assert.equal(screenOf({ state: 'signed out', place: null, route: HOME, welcomed: false }), 'wait');
});
