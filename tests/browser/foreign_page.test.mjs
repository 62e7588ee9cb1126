/* Pages of other sites, opened in the browser of somebody who is signed in here: what they try, the server or the
 * browser refuses. They are on another port of the same host, which a browser takes for the same *site* and sends the
 * cookie from, SameSite or not; and on another host, which it takes for a foreign one. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { call, me } from '../lib/accounts.mjs';
import { stage } from './lib/people.mjs';

/** The cookie is the host's, whatever the port. */
const SITES = { 'another port of the host': '127.0.0.1', 'another host': 'localhost' };

/** A web server with one empty page, at an origin of its own. @param {import('node:test').TestContext} t */
async function foreignServer(t) {
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8').end('<!doctype html><title>Nice kittens</title>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  t.after(() => server.close());
  return server.address().port;
}

/** Somebody who is signed in, with a page of another site open beside ours. */
async function lured(t, host) {
  const { server, member } = await stage(t);
  const anna = await member('anna');
  const page = await anna.context.newPage();
  await page.goto(`http://${host}:${await foreignServer(t)}/`);
  const changes = async () => (await server.sqlite('SELECT number FROM applied'))[0].number;
  return { server, anna, page, changes, before: await changes() };
}

/** The calls that would hurt most, as they would be made. */
const ATTACKS = {
  send: { id: 'stolen', room: 'lobby', body: 'buy my kittens' },
  set_profile: { display_name: 'Stolen' },
  create_token: { name: 'mine', scope: 'admin' },
  end_other_sessions: {},
  sign_out: {},
  set_password: { current: 'a password for tests', password: 'a password of mine' },
};

const FORMS = [
  ['send', 'text/plain'],
  ['set_password', 'text/plain'],
  ['sign_out', 'text/plain'],
  ['send', 'application/x-www-form-urlencoded'],
  ['sign_out', 'multipart/form-data'],
];

/** A picture of one pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Whatever was tried: nothing has changed, and anna is who and where she was. */
async function isUnharmed({ server, anna, changes, before }) {
  assert.equal(await changes(), before, 'something was changed');
  assert.equal((await me(server, anna.account)).json().user.name, 'anna');
  await anna.say('I am still here');
  await anna.sees('I am still here');
}

for (const [where, host] of Object.entries(SITES)) {
  test(`fetch() from ${where} changes nothing and reads nothing`, async (t) => {
    const scene = await lured(t, host);
    const { server, page } = scene;
    for (const [name, fields] of Object.entries(ATTACKS)) {
      const url = `${server.url}/api/v1/${name}`;
      const tried = await page.evaluate(
        async ([address, body]) => {
          const outcomes = [];
          for (const mode of ['cors', 'no-cors'])
            for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
              const options = { method: 'POST', mode, credentials: 'include', headers: { 'Content-Type': type }, body };
              const answer = await fetch(address, options).catch((error) => error);
              outcomes.push(answer instanceof Response ? answer.type : answer.name);
            }
          navigator.sendBeacon(address, new Blob([body], { type: 'text/plain' }));
          return outcomes;
        },
        [url, JSON.stringify(fields)],
      );
      for (const outcome of tried) assert.match(outcome, /^(TypeError|opaque)$/, `${name}: ${outcome}`);
    }
    const read = await page.evaluate(async (base) => {
      const seen = [];
      for (const path of ['/api/v1/me', '/api/v1/place', '/', '/healthz'])
        for (const mode of ['cors', 'no-cors']) {
          const answer = await fetch(base + path, { mode, credentials: 'include' }).catch((error) => error);
          seen.push(answer instanceof Response ? `${answer.type} ${await answer.text()}`.trim() : answer.name);
        }
      return seen;
    }, server.url);
    for (const text of read) assert.match(text, /^(TypeError|opaque)$/);
    await isUnharmed(scene);
  });

  test(`a form from ${where} changes nothing, whatever it says it is`, async (t) => {
    const scene = await lured(t, host);
    const { server, page } = scene;
    const home = page.url();
    for (const [name, enctype] of FORMS) {
      await page.goto(home);
      /* A form of plain text is NAME=VALUE: with this name and value, that is JSON. */
      const json = JSON.stringify({ ...ATTACKS[name], filler: '=' });
      const [key, value] = [json.slice(0, json.lastIndexOf('=')), json.slice(json.lastIndexOf('=') + 1)];
      const action = `${server.url}/api/v1/${name}`;
      const answered = page.waitForResponse(action);
      await page.evaluate(
        ([to, type, field, text]) => {
          const form = Object.assign(document.createElement('form'), { action: to, method: 'post', enctype: type });
          form.append(Object.assign(document.createElement('input'), { name: field, value: text }));
          document.body.append(form);
          form.submit();
        },
        [action, enctype, key, value],
      );
      await page.waitForURL(action);
      assert.equal((await answered).status(), 403, `${name} as ${enctype}`);
    }
    await isUnharmed(scene);
  });

  test(`pictures, scripts, frames and links from ${where} neither change nor show anything`, async (t) => {
    const scene = await lured(t, host);
    const { server, anna, page } = scene;
    const { id } = anna.account.user;
    await call(server, anna.account, 'set_profile', { avatar: PNG });
    scene.before = await scene.changes();
    const loaded = await page.evaluate(
      async ([base, user]) => {
        const load = (tag, key, address) =>
          new Promise((resolve) => {
            const element = Object.assign(document.createElement(tag), { [key]: address });
            element.onload = () => resolve(`${tag} ${address} was loaded`);
            element.onerror = () => resolve(null);
            document.body.append(element);
          });
        const tries = [];
        for (const path of [`/api/v1/avatar/${user}`, '/api/v1/me', '/api/v1/sign_out', '/api/v1/send?body=x'])
          tries.push(load('img', 'src', base + path), load('script', 'src', base + path));
        tries.push(load('img', 'src', `${base}/favicon.svg`));
        return (await Promise.all(tries)).filter(Boolean);
      },
      [server.url, id],
    );
    assert.deepEqual(loaded, []);

    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    const framed = page.waitForResponse(`${server.url}/`);
    const shown = page.evaluate(async (address) => {
      const frame = Object.assign(document.createElement('iframe'), { src: address });
      const done = new Promise((resolve) => {
        frame.onload = resolve;
      });
      document.body.append(frame);
      await done;
    }, `${server.url}/`);
    assert.match((await framed).headers()['content-security-policy'], /frame-ancestors 'none'/);
    await shown;
    assert.deepEqual(asked, [`${server.url}/`], 'our page stands in a frame of theirs, with what it loads');

    const linked = await page.goto(`${server.url}/api/v1/sign_out`);
    assert.equal(linked?.status(), 405, 'a link');
    await isUnharmed(scene);
  });

  test(`a live connection from ${where} is refused`, async (t) => {
    const scene = await lured(t, host);
    const { server, page } = scene;
    const handshakes = (await server.metrics()).get('hubbub_connections_total');
    const seen = await page.evaluate(
      (address) =>
        new Promise((resolve) => {
          const events = [];
          const socket = new WebSocket(address, 'hubbub.v1');
          socket.onopen = () => events.push('open');
          socket.onmessage = ({ data }) => resolve([...events, data]);
          socket.onclose = ({ code }) => resolve([...events, code]);
        }),
      server.wsUrl,
    );
    assert.deepEqual(seen, [1006]);
    assert.equal((await server.metrics()).get('hubbub_connections_total'), handshakes);
    await isUnharmed(scene);
  });
}

test('what is refused to others is no more than what our own page may do', async (t) => {
  const { server, anna, changes, before } = await lured(t, '127.0.0.1');
  const sent = await anna.page.evaluate(async (body) => {
    const options = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body };
    const answer = await fetch('/api/v1/send', options);
    const beside = new WebSocket(`ws://${location.host}/ws`, 'hubbub.v1');
    const first = await new Promise((resolve) => {
      beside.onmessage = ({ data }) => resolve(JSON.parse(data));
    });
    beside.close();
    return [answer.status, first.type, first.user.name];
  }, JSON.stringify(ATTACKS.send));
  assert.deepEqual(sent, [200, 'welcome', 'anna']);
  assert.ok((await changes()) > before);
  const { events } = await call(server, anna.account, 'history', { room: 'lobby', limit: 1 });
  assert.equal(events[0].body, ATTACKS.send.body);
});
