/* The audit tells who did what to whom, when and from where: in the program, and to whoever asks the database. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call, crew, enter, refusedCall, signIn } from '../lib/accounts.mjs';
import { randomId } from '../lib/client.mjs';
import { NEED_PASSWORD, PERMISSIONS } from '../lib/documented.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';

const server = await startServer({ t: { after }, settings: UNLIMITED });
const [owner, anna, ben, dora] = await crew(server, 'Anna', 'Ben', 'Dora');
await call(server, owner, 'set_role', { user: anna.user.id, role: 'moderator' });

test('the audit has each audited verb: who, whom, where, from where', async (t) => {
  const { room } = await call(server, owner, 'create_room', { name: 'audited', kind: 'closed' });
  const [boss, target] = [await enter(server, t, owner), ben.user.id];
  const by = (type, fields) =>
    NEED_PASSWORD.includes(type) ? call(server, owner, type, fields) : boss.request(type, fields);
  const wanted = []; // [verb, whom, where, seq]
  const audited = async (type, fields, { user, room: where = fields?.room, seq } = {}) => {
    const ack = await by(type, fields);
    wanted.push([type, user, where, seq === true ? ack.seq : seq]);
    return ack;
  };
  const inRoom = { room, user: target };
  await audited('add_member', inRoom, { user: target, seq: true });
  await audited('set_room_role', { ...inRoom, role: 'moderator' }, { user: target });
  await audited('set_room_role', { ...inRoom, role: 'member' }, { user: target });
  await audited('mute', { ...inRoom, until_ms: Date.now() + 60_000 }, { user: target });
  await audited('mute', { ...inRoom, until_ms: 0 }, { user: target });
  const { seq } = await call(server, ben, 'send', { id: randomId(), room, body: 'to be deleted' });
  await call(server, owner, 'report', { room, seq });
  const { report } = await call(server, ben, 'report', { room, seq });
  await audited('handle_report', { report }, { room });
  await audited('delete', { room, seq }, { user: target, seq });
  await audited('rename_room', { room, name: 'audited too' }, { seq: true });
  await audited('edit_room', { room, topic: 'written down' }, { seq: true });
  await audited('archive_room', { room, archived: true }, { seq: true });
  await audited('archive_room', { room, archived: false }, { seq: true });
  await audited('remove_member', inRoom, { user: target, seq: true });
  await call(server, dora, 'request_join', { room });
  await audited('answer_request', { room, user: dora.user.id, accept: true }, { user: dora.user.id, seq: true });
  await audited('set_role', { user: target, role: 'moderator' }, { user: target });
  await audited('set_role', { user: target, role: 'member' }, { user: target });
  await audited('ban', { user: target, reason: 'for the record' }, { user: target });
  await audited('unban', { user: target }, { user: target });
  ben.cookie = (await signIn(server, 'Ben')).cookie;
  const { invite } = await audited('create_invite', {});
  await audited('edit_invite', { invite, label: 'for the record' });
  await audited('revoke_invite', { invite });
  const self = owner.user.id;
  const { token_id: token } = await audited('create_token', { name: 'bot', scope: 'read' }, { user: self });
  await audited('revoke_token', { token }, { user: self });
  await signIn(server);
  const { sessions } = await by('sessions');
  await audited('end_session', { session: sessions.find(({ current }) => !current).id }, { user: self });
  await audited('end_other_sessions', {}, { user: self });
  await audited('create_reset', { user: target }, { user: target });
  await audited('set_place', { name: 'Hubbub' });
  await audited('rename', { name: 'boss' }, { user: self });
  await audited('rename', { name: 'owner' }, { user: self });
  const { room: another } = await by('create_room', { name: 'audited last' });
  wanted.push(['create_room', undefined, another, undefined]);

  const { audit } = await call(server, owner, 'audit', { actor: owner.user.id, limit: 200 });
  const entries = audit.reverse().slice(-wanted.length);
  assert.deepEqual(
    entries.map(({ verb, user, room: where, seq: what }) => [verb, user?.id, where, what]),
    wanted,
  );
  const names = { [target]: 'Ben', [dora.user.id]: 'Dora', [self]: 'owner' };
  for (const { by: who, at, address, detail, user } of entries) {
    assert.deepEqual([who.id, who.name, address], [owner.user.id, 'owner', '127.0.0.1']);
    assert.ok(Math.abs(at - Date.now()) < 60_000);
    assert.equal(typeof detail, 'object');
    if (user) assert.equal(user.name, names[user.id]);
  }
  const detailOf = (verb) => entries.find((entry) => entry.verb === verb).detail;
  assert.equal(detailOf('ban').reason, 'for the record');
  assert.deepEqual(detailOf('set_role'), { from: 'member', to: 'moderator' });
  assert.equal(detailOf('rename_room').name, 'audited too');
  assert.deepEqual(detailOf('rename'), { from: 'owner', to: 'boss' });
  assert.equal(detailOf('edit_room').topic, 'written down');
  const missing = [...PERMISSIONS].filter(([verb, row]) => row.audited && !wanted.some(([done]) => done === verb));
  assert.deepEqual(
    missing.map(([verb]) => verb),
    [],
    'this test has left none out',
  );

  const rows = (await server.sqlite('SELECT * FROM audit_log')).slice(-wanted.length);
  assert.deepEqual(
    rows.map((row) => [row.who, row.did, row.to_whom, row.message, row.address]),
    wanted.map(([verb, user, , what]) => ['owner', verb, names[user] ?? '', what ?? null, '127.0.0.1']),
  );
  const ban = rows.find((row) => row.did === 'ban');
  assert.match(ban.time, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  assert.match(ban.detail, /for the record/);
  assert.equal(rows[0].room, 'audited too');
});

test('the audit is asked by actor, user, room, verb, and page by page', async () => {
  await call(server, anna, 'ban', { user: dora.user.id });
  await call(server, anna, 'unban', { user: dora.user.id });
  await call(server, anna, 'ban', { user: ben.user.id });
  await call(server, anna, 'unban', { user: ben.user.id });
  const ask = async (fields) => (await call(server, owner, 'audit', { limit: 200, ...fields })).audit;
  const all = await ask({});
  assert.ok(all.length > 30);
  assert.deepEqual(
    all.map(({ id }) => id),
    all.map(({ id }) => id).sort((a, b) => b - a),
    'newest first',
  );
  const { room } = all.find((entry) => entry.verb === 'rename_room');
  for (const [fields, has] of [
    [{ verb: 'ban' }, (entry) => entry.verb === 'ban'],
    [{ actor: anna.user.id }, (entry) => entry.by.id === anna.user.id],
    [{ user: 'Dora' }, (entry) => entry.user?.id === dora.user.id],
    [{ room }, (entry) => entry.room === room],
    [
      { verb: 'ban', actor: anna.user.id, user: ben.user.id },
      (e) => e.verb === 'ban' && e.by.id === anna.user.id && e.user.id === ben.user.id,
    ],
    [{ verb: 'ban', room }, () => false],
    [{ user: 'nobody' }, () => false],
  ]) {
    const wanted = all.filter(has);
    if (fields.verb !== 'ban' || !fields.room) assert.ok(wanted.length > 0 || fields.user === 'nobody');
    assert.deepEqual(await ask(fields), wanted, JSON.stringify(fields));
  }
  const pages = [];
  for (let more = true, before; more;) {
    const page = await call(server, owner, 'audit', { limit: 7, ...(before && { before }) });
    pages.push(...page.audit);
    ({ more } = page);
    before = page.audit.at(-1).id;
  }
  assert.deepEqual(pages.slice(0, all.length), all);
  assert.equal((await refusedCall(call(server, anna, 'audit'))).code, 'forbidden', 'it is for admins');
});

test("what takes no power is not written down: to join, to leave, to delete what is one's own", async (t) => {
  const newest = async () => (await call(server, owner, 'audit', { limit: 1 })).audit[0].id;
  const { room } = await call(server, anna, 'create_room', { name: 'plain' });
  const before = await newest();
  dora.cookie = (await signIn(server, 'Dora')).cookie;
  const client = await enter(server, t, dora);
  await client.request('add_member', { room });
  await client.request('delete', { room, seq: (await client.send(room, 'oops')).seq });
  await client.request('remove_member', { room });
  assert.equal(await newest(), before);
});

test('whatever way in was used, it says who it was and from where', async (t) => {
  const place = await startServer({ t, settings: UNLIMITED });
  const [boss, kim] = await crew(place, 'kim');
  const far = (address) => ({ 'X-Forwarded-For': address });
  const { token } = await call(place, boss, 'create_token', { name: 'of the boss', scope: 'admin' }, far('192.0.2.1'));
  const live = await enter(place, t, boss, { headers: far('192.0.2.2') });
  await live.request('ban', { user: 'kim', reason: 'a live connection' });
  await call(place, boss, 'unban', { user: 'kim' }, far('2001:db8::3'));
  await call(place, { token }, 'ban', { user: 'kim', reason: 'a token' }, far('192.0.2.4'));
  assert.equal((await place.command('user', 'unban', 'kim')).code, 0);
  assert.equal((await place.command('user', 'reset', 'kim')).code, 0);
  assert.equal((await place.command('user', 'role', 'kim', 'moderator')).code, 0);
  const { audit } = await call(place, boss, 'audit', { user: kim.user.id });
  const seen = audit.reverse().map(({ verb, by, address }) => [verb, by.name, address ?? '']);
  assert.deepEqual(seen.slice(-6), [
    ['ban', 'owner', '192.0.2.2'],
    ['unban', 'owner', '2001:db8::3'],
    ['ban', 'owner', '192.0.2.4'],
    ['unban', 'admin', ''],
    ['create_reset', 'admin', ''],
    ['set_role', 'admin', ''],
  ]);
});
