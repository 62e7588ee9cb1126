/* People in front of browsers: each has a browser profile of their own, in one Chromium.
 *
 *     const { server, enter } = await stage(t);
 *     const anna = await enter('Anna');
 *     await anna.say('hello');
 *
 * Whatever the page complains about (an error, a warning, something that the content security policy refused) fails the test. */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { chromium } from 'playwright-core';
import { PASSWORD, signIn, signUp } from '../../lib/accounts.mjs';
import { connect, guest } from '../../lib/client.mjs';
import { ROOT, startServer, UNLIMITED } from '../../lib/server.mjs';
import { PATIENCE_MS, until } from '../../lib/wait.mjs';

export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 390, height: 844 };

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const SCREENSHOTS = join(ROOT, 'build/screenshots');
/** What Chromium says by itself while the server is away, or answers that nobody is known. */
const EXPECTED =
  /WebSocket connection to|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_INTERNET_DISCONNECTED|status of (?:401|409|503)/;

/** What it says when a call is refused, which the page says better. Pictures are not calls: theirs have to be there. */
const REFUSED = /status of 4\d\d/;
const CALL = /\/api\/v1\/(?!avatar)/;

/** One for all tests of a file. @type {Promise<import('playwright-core').Browser> | undefined} */
let launched;
after(async () => (await launched)?.close());

/**
 * Until asking gives this (or a text that the expression fits): what a page shows comes a moment after what causes it.
 * @template T
 * @param {() => T | Promise<T>} ask
 * @param {T | RegExp} want
 * @param {string} [why]
 */
export async function becomes(ask, want, why) {
  let got;
  const fits = async () => {
    got = await ask();
    return want instanceof RegExp ? want.test(String(got)) : isDeepStrictEqual(got, want);
  };
  try {
    await until(fits, why ?? 'what is wanted of the page');
  } catch (error) {
    if (want instanceof RegExp) assert.match(String(got), want, why);
    else assert.deepEqual(got, want, why);
    throw error;
  }
}

class Person {
  constructor(name, context, page, touch, problems = []) {
    this.name = name;
    this.touch = touch;
    this.context = context;
    this.page = page;
    this.problems = problems;
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => this.problems.push(String(error)));
    page.on('console', (line) => {
      if (!['error', 'warning'].includes(line.type()) || EXPECTED.test(line.text())) return;
      if (REFUSED.test(line.text()) && CALL.test(line.location().url)) return;
      this.problems.push(line.text());
    });
  }

  get composer() {
    return this.page.locator('.composer__text');
  }

  get nameField() {
    return this.page.getByRole('textbox', { name: 'Your name' });
  }

  get rows() {
    return this.page.locator('.message');
  }

  /** The message that has this text and no other. */
  message(text) {
    return this.page.locator('.message', { has: this.page.getByText(text, { exact: true }) });
  }

  async say(text) {
    await this.composer.fill(text);
    if (this.touch) await this.page.getByRole('button', { name: 'Send' }).tap();
    else await this.composer.press('Enter');
  }

  /** Waits until the message is there, and sent when it is one's own. */
  async sees(text) {
    await this.page.locator('.message--sent', { has: this.page.getByText(text, { exact: true }) }).waitFor();
  }

  /** The texts of all messages that are drawn, from the top. */
  bodies() {
    return this.page.locator('.message__body').evaluateAll((bodies) => bodies.map((body) => body.textContent.trim()));
  }

  /** Opens a room through the list. */
  async open(room) {
    await this.page.locator('.room-link', { hasText: room }).click();
    await this.arrives(room);
  }

  /** Waits for the room, or the page, of this name. */
  async heading(name) {
    await this.page.locator('h1', { hasText: name }).waitFor();
  }

  /** Likewise, after an address or a link has led there. */
  async arrives(name) {
    await this.heading(name);
    await this.settle();
  }

  /** Until the focus is where a room puts it when it opens: what is pressed before that may go elsewhere. */
  async settle() {
    if (this.touch) return;
    await this.until('the focus in the composer', () => {
      const composer = document.querySelector('.composer__text');
      if (innerWidth < 700) return true; /* one comes from the list of rooms, whose button has it then */
      return composer
        ? document.activeElement === composer
        : document.activeElement !== document.body || !document.querySelector('.page__title');
    });
  }

  /** What is written in the fields that are called so. @param {Record<string, string>} values by label */
  async fill(values) {
    for (const [label, value] of Object.entries(values))
      await this.page.getByRole('textbox', { name: label }).fill(value);
  }

  async press(button) {
    await this.page.getByRole('button', { name: button, exact: true }).click();
  }

  /** Through the screen that asks for it. */
  async signIn(name, password = PASSWORD) {
    await this.fill({ Username: name, Password: password });
    await this.press('Sign in');
  }

  /** What is said to be wrong with a field, and that it has the focus. */
  async problemWith(label, text) {
    await this.page
      .getByRole('alert')
      .filter({ hasText: text || /\S/ })
      .waitFor();
    await this.until(
      `the focus on ${label}, at fault`,
      (wanted) => {
        const field = document.activeElement;
        const told = (field.getAttribute('aria-describedby') ?? '')
          .split(' ')
          .map((id) => document.getElementById(id)?.textContent);
        return (
          field.labels?.[0]?.textContent === wanted.label &&
          field.getAttribute('aria-invalid') === 'true' &&
          told.some((words) => words?.includes(wanted.text))
        );
      },
      { label, text },
    );
  }

  /** One's own menu at the foot of the sidebar. */
  async choose(item) {
    await this.page.locator('.sidebar__me').click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  async screenshot(name) {
    await mkdir(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: 'disabled' });
  }

  /** Until this is true in the page; `what` names it when it is not. */
  until(what, condition, argument) {
    return until(() => this.page.evaluate(condition, argument), `${what}, before ${this.name}`);
  }

  /** The same person, in another tab of the same browser, with the same address. */
  async another() {
    const other = new Person(this.name, this.context, await this.context.newPage(), this.touch, this.problems);
    await other.page.goto(this.page.url());
    await other.page.locator('.room-header').waitFor();
    await other.settle();
    return other;
  }

  async leave() {
    await this.context.close();
  }
}

/**
 * A server, a browser, and a way in. All is gone at the end of the test.
 * @param {import('node:test').TestContext} t
 * @param {object} [options]
 * @param {Record<string, string | number>} [options.settings]
 * @param {string[]} [options.rooms] made besides the lobby
 * @param {boolean} [options.owned] false: the server asks for an owner first
 */
export async function stage(t, { settings = UNLIMITED, rooms = [], owned = true } = {}) {
  const server = await startServer({ t, settings, owned });
  for (const room of rooms) {
    const { code, stderr } = await server.command('room', 'add', room);
    assert.equal(code, 0, stderr);
  }
  const browser = await (launched ??= chromium.launch({ executablePath: EXECUTABLE, args: FLAGS }));
  const people = [];
  t.after(async () => {
    for (const { context } of people) await context.close();
    for (const { name, problems } of people) assert.deepEqual(problems, [], `the page of ${name}`);
  });

  /** A page on the server, as it opens for somebody who has never been here; or who has the cookie, `KEY=VALUE`. */
  async function visit(name, { path = '/', viewport = WIDE, cookie, ...options } = {}) {
    const context = await browser.newContext({ viewport, locale: 'en-GB', timezoneId: 'Europe/Berlin', ...options });
    if (cookie) {
      const cut = cookie.indexOf('=');
      const identity = { name: cookie.slice(0, cut), value: cookie.slice(cut + 1), url: server.url };
      await context.addCookies([{ ...identity, httpOnly: true, sameSite: 'Lax' }]);
    }
    const person = new Person(name, context, await context.newPage(), options.hasTouch ?? false);
    people.push(person);
    await person.page.goto(server.url + path);
    return person;
  }

  /** Somebody with a name, in the lobby or wherever the path leads. */
  async function enter(name, options = {}) {
    const { cookie } = await guest(server, name);
    const person = await visit(name, { ...options, cookie });
    await person.page.locator('.room-header').waitFor();
    await person.settle();
    return person;
  }

  let ownersSession;
  /** Whom tests/lib/accounts.mjs takes for the owner. */
  const owner = () => (ownersSession ??= signIn(server));

  /** A page of somebody who is signed in: what signIn() and signUp() of tests/lib/accounts.mjs give. */
  async function open(account, options = {}) {
    const person = await visit(account.user.name, { ...options, cookie: account.cookie });
    person.account = account;
    return person;
  }

  /** Somebody with an account, by an invitation of the owner's, in the lobby or wherever the path leads. */
  async function member(name, options = {}) {
    const person = await open(await signUp(server, name, { owner: await owner() }), options);
    await person.page.locator('.room-header, .page__header').first().waitFor();
    await person.settle();
    return person;
  }

  /** Somebody who writes without a page. */
  async function write(name, bodies, room = 'lobby') {
    const client = await connect(server, { t, name });
    for (const body of bodies) await client.send(room, body);
    return client;
  }

  return { server, visit, enter, write, owner, open, member };
}

export const numbered = (first, last) =>
  Array.from({ length: last - first + 1 }, (_, index) => `number ${first + index}`);
