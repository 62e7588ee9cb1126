/* A refusal names what is not there, in the words of the request, whether it does not exist or is not for the asker's eyes. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call, crew, post } from '../lib/accounts.mjs';
import { connect } from '../lib/client.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';

const server = await startServer({ t: { after }, settings: UNLIMITED });
const [owner, anna, ben] = await crew(server, 'anna', 'ben');
const { room: cellar } = await call(server, ben, 'create_room', { name: 'cellar', kind: 'closed' });

/** [verb, fields, sentence] */
const missing = [
  ['send', { id: 'm', room: 'nowhere', body: 'x' }, 'There is no room "nowhere".'],
  ['send', { id: 'm', room: 999, body: 'x' }, 'There is no room 999.'],
  ['history', { room: 'nowhere' }, 'There is no room "nowhere".'],
  ['members', { room: 'nowhere' }, 'There is no room "nowhere".'],
  ['people', { room: 'nowhere' }, 'There is no room "nowhere".'],
  ['send', { id: 'm', room: 'cellar', body: 'x' }, 'There is no room "cellar".'],
  ['members', { room: 'cellar' }, 'There is no room "cellar".'],
  ['members', { room: cellar }, `There is no room ${cellar}.`],
  ['add_member', { room: 'lobby', user: 'nobody' }, 'There is no user "nobody".'],
  ['add_member', { room: 'nowhere', user: 'nobody' }, 'There is no room "nowhere".'],
  ['block', { user: 'Kim "K" Lee' }, 'There is no user "Kim "K" Lee".'],
  ['person', { user: 9999 }, 'There is no user 9999.'],
  ['open_direct', { users: ['ben', 'nobody'] }, 'There is no user "nobody".'],
  ['block', { user: 'x\u202ey' }, 'There is no such user.'],
  ['block', { user: 'x'.repeat(300) }, 'There is no such user.'],
  ['report', { room: 'lobby', seq: 9999, reason: 'x' }, 'There is no such message, or it was deleted.'],
  ['delete', { room: 'lobby', seq: 9999 }, 'There is no such message.'],
  ['revoke_token', { token: 9999 }, 'You have no such token, or it is already revoked.'],
  ['end_session', { session: 9999 }, 'You have no such session.'],
];

test('over HTTP and over a connection', async (t) => {
  const client = await connect(server, { t, ...anna });
  for (const [type, fields, sentence] of missing) {
    const refused = await post(server, anna, type, fields);
    const { error: said } = refused.json();
    assert.deepEqual(
      [refused.status, said.code, said.message],
      [404, 'not_found', sentence],
      JSON.stringify([type, fields]),
    );
    const since = client.frames.length;
    client.text(JSON.stringify({ type, id: 'r', ...fields, ...(type === 'send' && { id: 'r' }) }));
    const error = await client.frame('error', {}, { since });
    const wanted = type === 'send' ? 'There is no such room.' : sentence;
    assert.deepEqual([error.code, error.message], ['not_found', wanted], JSON.stringify([type, fields]));
  }
  const words = async (...request) => (await post(server, owner, ...request)).json().error.message;
  assert.equal(await words('create_invite', { rooms: ['lobby', 'cell ar'] }), 'There is no room "cell ar".');
  assert.equal(await words('unban', { user: 'ben' }), 'This user is not banned.');
});

test('why an access token is not good for anything', async () => {
  const { token, token_id } = await call(server, anna, 'create_token', { name: 'bot', scope: 'write' });
  const who = { token };
  assert.ok((await call(server, who, 'people')).people.length > 0);
  await call(server, anna, 'revoke_token', { token: token_id });
  const says = async (text) => {
    const answer = await post(server, null, 'people', {}, { Authorization: `Bearer ${text}` });
    const { code, message } = answer.json().error ?? {};
    return [answer.status, code, message];
  };
  const revoked = [401, 'unauthorized', 'This access token was revoked.'];
  assert.deepEqual(await says(token), revoked);
  const other = (token.at(-1) === 'A' ? 'B' : 'A') + token.slice(1);
  for (const text of [other, 'x', ''])
    assert.deepEqual(await says(text), [401, 'unauthorized', 'This access token is not valid.']);
  const brief = await call(server, anna, 'create_token', {
    name: 'brief',
    scope: 'read',
    expires_ms: Date.now() + 86_400_000,
  });
  await server.sqlite(`UPDATE tokens SET expires_at = 1 WHERE id = ${brief.token_id}`);
  assert.deepEqual(await says(brief.token), [401, 'unauthorized', 'This access token has expired.']);

  await server.restart();
  assert.deepEqual(await says(token), revoked, 'known after a restart');
  await server.sqlite(`UPDATE revoked_tokens SET revoked_at = revoked_at - ${91 * 86_400_000}`);
  const { token_id: next } = await call(server, anna, 'create_token', { name: 'next', scope: 'read' });
  await call(server, anna, 'revoke_token', { token: next });
  assert.equal((await says(token))[2], 'This access token is not valid.', 'forgotten after 90 days');
  assert.deepEqual(await server.sqlite('SELECT count(*) AS n FROM revoked_tokens'), [{ n: 1 }]);
});
