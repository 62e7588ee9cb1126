/* Every page of the administration and what opens there, as it looks: nothing sticks out, and axe-core finds nothing wrong. */
import { test } from 'node:test';
import { call, PASSWORD } from '../lib/accounts.mjs';
import { check, LOOKS } from './lib/axe.mjs';
import { NARROW } from './lib/people.mjs';
import { DAY_MS, openAdmin, place, rowsOf } from './lib/place.mjs';

for (const [look, options] of LOOKS) {
  test(`${look}: every page, and what opens there`, async (t) => {
    const { server, open, say, accounts } = await place(t, { rooms: ['garden', 'announcements'] });
    const { owner, anna, ben, cleo } = accounts;
    await call(server, owner, 'set_profile', { display_name: 'Olga Sommer' });
    await call(server, owner, 'edit_room', { room: 'announcements', kind: 'announcement', slow_s: 10 });
    await call(server, owner, 'create_room', { name: 'board', kind: 'closed' });
    const person = await open(owner, { ...options, path: '/admin/bans' });
    const picture = async (name) => {
      await check(person, name);
      await person.screenshot(`${look}-admin-${name}`);
    };
    await person.page.getByText('Nobody is banned.').waitFor();
    await picture('nothing');
    const seq = await say(ben, 'You are all **idiots**, and your tomatoes are too.\n\nSo there.');
    await say(cleo, 'x'.repeat(300), 'lobby');
    await call(server, anna, 'report', { room: 'garden', seq, reason: 'This is rude.' });
    await call(server, anna, 'report', {
      room: 'lobby',
      seq: await say(cleo, 'https://example.org/'.repeat(90), 'lobby'),
    });
    await call(server, anna, 'handle_report', {
      report: (await call(server, anna, 'reports', {})).reports[1].id,
      outcome: 'Spoke with cleo.',
    });
    await call(server, owner, 'ban', {
      user: 'cleo',
      reason: 'Spam, again and again',
      until_ms: Date.now() + DAY_MS,
      hide: true,
    });
    await call(server, owner, 'create_invite', { max_uses: 10, expires_ms: Date.now() + 7 * DAY_MS, rooms: [2] });
    for (const [tab, text] of [
      ['people', '@owner'],
      ['invitations', 'adds to garden'],
      ['rooms', 'Slow mode'],
      ['bans', 'Spam, again and again'],
      ['reports', 'This is rude.'],
      ['audit', '127.0.0.1'],
      ['settings', 'listening_ports'],
    ]) {
      await openAdmin(person, tab);
      await person.page.getByText(text).first().waitFor();
      await picture(tab);
    }
    await openAdmin(person, 'reports');
    await person.page.getByRole('button', { name: 'Resolved', exact: true }).first().click();
    await rowsOf(person, 'Resolved reports').first().waitFor();
    await picture('handled');
    await openAdmin(person, 'audit');
    await person.page.getByRole('combobox', { name: 'Actor' }).click();
    await person.page.getByRole('option').nth(3).waitFor();
    await picture('chooser');
    await openAdmin(person, 'people');
    await person.press('Manage cleo');
    await person.page.getByText('Spam, again and again').waitFor();
    await picture('person');
    await person.page.keyboard.press('Escape');
    await person.press('Manage ben');
    await person.press('Change role');
    await picture('role');
    await person.press('Back');
    await person.press('Ban');
    await picture('ban');
    await person.press('Back');
    await person.press('Create password reset link');
    await person.fill({ 'Your password': PASSWORD });
    await person.press('Create link');
    await person.page.locator('.qr-code').waitFor();
    await picture('password-link');
    await openAdmin(person, 'invitations');
    await person.press('New invitation');
    await person.page.getByRole('checkbox', { name: 'garden' }).waitFor();
    await picture('new-invitation');
    if (options.viewport === NARROW) return;
    await person.page.keyboard.press('Escape');
    await person.page.locator('.sidebar__me').click();
    await person.page.getByRole('menu').waitFor();
    await picture('menu');
  });
}
