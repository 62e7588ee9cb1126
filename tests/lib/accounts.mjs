/* Accounts, for tests: how the owner and others come to a session.
 *
 *     const owner = await signIn(server);
 *     const anna = await signUp(server, 'anna');          // by an invitation of the owner's
 *     const client = await enter(server, t, anna);
 *     const answer = await call(server, anna, 'create_room', { name: 'garden' }); */
import assert from 'node:assert/strict';
import { connect } from './client.mjs';
import { NEED_PASSWORD } from './documented.mjs';
import { ask, cookieOf, postJson } from './http.mjs';
import { OWNER } from './server.mjs';
import { within } from './wait.mjs';

/** For everybody who is made here. */
export const PASSWORD = 'a password for tests';

/** How soon a live connection has to end when its session has. */
const ENDS_WITHIN_MS = 1000;

/** A call that was refused. */
export class CallRefused extends Error {
  constructor(name, answer) {
    const error = answer.json().error ?? {};
    super(`${name} was answered ${answer.status} ${error.code}: ${error.message}`);
    Object.assign(this, { status: answer.status, code: error.code, retryAfterMs: error.retry_after_ms, answer });
  }
}

/** How a request says who makes it: by cookie, or by `token`. */
export function identity(who) {
  if (!who) return {};
  return who.token ? { Authorization: `Bearer ${who.token}` } : { Cookie: who.cookie };
}

/** POST /api/v1/NAME, as our page does, with the password where it is needed; whatever it answers. @param {{ cookie?: string, token?: string } | null} who */
export function post(server, who, name, fields = {}, headers = {}) {
  const all = NEED_PASSWORD.includes(name) && who?.cookie ? { current: who.password ?? PASSWORD, ...fields } : fields;
  return postJson(server, `/api/v1/${name}`, JSON.stringify(all), { ...identity(who), ...headers });
}

/** The same: its JSON, or CallRefused. */
export async function call(server, who, name, fields, headers) {
  const answer = await post(server, who, name, fields, headers);
  if (answer.status >= 300) throw new CallRefused(name, answer);
  return answer.text ? answer.json() : null;
}

/** Why a call is refused; fails when it is not. @param {Promise<any>} made by call() */
export async function refusedCall(made) {
  const answer = await made.catch((error) => error);
  if (answer instanceof CallRefused) return answer;
  throw answer instanceof Error ? answer : new Error(`not refused, but answered with ${JSON.stringify(answer)}`);
}

/** Who one is: what GET /api/v1/me answers. */
export function me(server, who, headers = {}) {
  return ask(server, '/api/v1/me', { headers: { ...identity(who), ...headers } });
}

/** The status of that: 200, or 401 where one is nobody (any more). */
export async function known(server, who) {
  return (await me(server, who)).status;
}

async function session(server, name, fields, headers) {
  const answer = await post(server, null, name, fields, headers);
  if (answer.status >= 300) throw new CallRefused(name, answer);
  return { user: answer.json().user, cookie: cookieOf(answer), password: fields.password, answer };
}

/** Signs somebody in, the owner when nobody is named. */
export function signIn(server, name = OWNER.name, { password = PASSWORD, code, headers } = {}) {
  return session(server, 'sign_in', { name, password, code }, headers);
}

/** An account by an invitation of its own. `owner` saves signing in once more. */
export async function signUp(server, name, { owner, rooms = [], headers, ...more } = {}) {
  const { code } = await call(server, owner ?? (await signIn(server)), 'create_invite', { max_uses: 1, rooms });
  return session(server, 'sign_up', { name, password: PASSWORD, invite: code, ...more }, headers);
}

/** Several accounts of these names, and the owner in front. */
export async function crew(server, ...names) {
  const owner = await signIn(server);
  const made = [];
  for (const name of names) made.push(await signUp(server, name, { owner }));
  return [owner, ...made];
}

/** Waits for the end of a connection whose session, token or guest has ended. */
export async function isEnded(client, reason = 'session ended') {
  assert.deepEqual(await within(client.closed, `a close: ${reason}`, ENDS_WITHIN_MS), { code: 1008, reason });
}

/** That a connection goes on. */
export const isAlive = (client) => client.request('ping');

/** A live connection of somebody who has signed in, or of a guest. */
export function enter(server, t, who, options) {
  return connect(server, { t, cookie: who.cookie, ...options });
}
