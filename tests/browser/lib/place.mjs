/* A place in which everybody has a role, and what one does on its administration's pages.
 *
 *     const { enter, accounts } = await place(t);
 *     const anna = await enter(accounts.anna, { path: '/admin/bans' }); */
import { call, crew } from '../../lib/accounts.mjs';
import { UNLIMITED } from '../../lib/server.mjs';
import { stage } from './people.mjs';

const CLOSED = { ...UNLIMITED, allow_guests: 'no' };
export const DAY_MS = 86_400_000;

export const pathOf = (person) => new URL(person.page.url()).pathname;
export const rowsOf = (person, list) => person.page.getByRole('list', { name: list }).getByRole('listitem');
export const entries = (person) => person.page.getByRole('table', { name: 'Audit' }).locator('tbody').getByRole('row');
export const dialogOf = (person, name) => person.page.getByRole('dialog', { name });
export const told = (person, text) => person.page.getByRole('status').filter({ hasText: text }).waitFor();

/** The names of the pages, without what waits there. */
export async function tabsOf(person) {
  const links = person.page.getByRole('navigation', { name: 'Administration' }).getByRole('link');
  await links.first().waitFor();
  return links.evaluateAll((all) => all.map(({ firstChild }) => firstChild.textContent));
}

/** Presses a button of the dialog that asks. */
export async function sure(person, action) {
  await person.page.locator('.dialog--confirm').getByRole('button', { name: action, exact: true }).click();
}

export async function openAdmin(person, tab) {
  await person.page.goto(`${new URL(person.page.url()).origin}/admin/${tab}`);
  await person.page.locator('.page__content').waitFor();
}

/** A place with an owner, an admin, a moderator and two members; each with a page when asked for. */
export async function place(t, options) {
  const set = await stage(t, { settings: CLOSED, rooms: ['garden'], ...options });
  const [owner, anna, mo, ben, cleo] = await crew(set.server, 'anna', 'mo', 'ben', 'cleo');
  await call(set.server, owner, 'set_role', { user: 'anna', role: 'admin' });
  await call(set.server, owner, 'set_role', { user: 'mo', role: 'moderator' });
  for (const account of [ben, cleo]) await call(set.server, account, 'add_member', { room: 'garden' });
  let sent = 0;
  const enter = async (account, more) => {
    const person = await set.open(account, more);
    await person.page.locator('.room-header, .page__header').first().waitFor();
    await person.settle();
    return person;
  };
  const say = async (account, body, room = 'garden') =>
    (await call(set.server, account, 'send', { id: `said-${++sent}`, room, body })).seq;
  return { ...set, enter, say, accounts: { owner, anna, mo, ben, cleo } };
}
