import { test } from 'node:test';
import { call, crew, signUp } from '../lib/accounts.mjs';
import { connect } from '../lib/client.mjs';
import { LOOKS } from './lib/axe.mjs';
import { stage } from './lib/people.mjs';
const only = process.env.LOOK;
for (const [look, options] of LOOKS) {
  if (only && look !== only) continue;
  test(look, async (t) => {
    const { server, open, owner } = await stage(t);
    const boss = await owner();
    const accounts = {};
    for (const name of ['anna', 'ben', 'cleo', 'dora', 'farid', 'gina']) accounts[name] = await signUp(server, name, { owner: boss });
    const as = (name, verb, fields) => call(server, accounts[name] ?? boss, verb, fields);
    await as('ben', 'set_profile', { display_name: 'Ben Ruiz', status_emoji: '🌱', status_text: 'in the garden', bio: 'Grows beans.\nKnows nothing of roses.' });
    await as('anna', 'set_profile', { display_name: 'Anna Berg' });
    for (const [name, kind, topic] of [['garden', 'open', 'What grows, what does not, and who waters it'], ['secret-plans', 'closed', ''], ['news', 'announcement', 'From the board'], ['kitchen', 'open', 'Recipes'], ['attic', 'open', '']]) await as('anna', 'create_room', { name, kind, topic });
    for (const who of ['ben', 'cleo', 'dora']) { await as(who, 'add_member', { room: 'garden' }); }
    await as('farid', 'create_room', { name: 'library', topic: 'Books' });
    await as('anna', 'add_member', { room: 'secret-plans', user: 'ben' });
    const ids = {};
    for (const r of (await as('anna', 'rooms', {})).rooms) ids[r.name] = r.id;
    await as('anna', 'set_membership', { room: 'garden', favourite: true });
    await as('anna', 'set_membership', { room: 'kitchen', section: 'Home' });
    await as('anna', 'set_membership', { room: 'attic', muted_until: 253402300799000 });
    await as('anna', 'archive_room', { room: 'attic', archived: false }).catch(() => {});
    let n = 0;
    const say = (who, room, body) => as(who, 'send', { id: `m${++n}${look}`, room, body });
    await say('ben', 'garden', 'Good morning. The seeds have come.');
    await say('ben', 'garden', 'Who is in the garden on Saturday?');
    await say('cleo', 'garden', 'I am, from ten. @anna, do you bring the key? Or @ben?');
    await as('anna', 'edit_room', { room: 'garden', topic: 'What grows, what does not, and who waters it all summer', slow_s: 0 });
    await say('dora', 'garden', 'I can bring **cake**.');
    const gone = await say('dora', 'garden', 'and this goes');
    await as('dora', 'delete', { room: 'garden', seq: gone.seq });
    await say('cleo', 'lobby', 'hello all');
    await say('dora', 'lobby', '@anna look at the garden');
    await say('dora', 'news', 'x').catch(() => {});
    await say('anna', 'news', 'The gate is painted.');
    const direct = await as('ben', 'open_direct', { users: ['anna'] });
    await say('ben', direct.room, 'Do you have a minute?');
    const group = await as('cleo', 'open_direct', { users: ['anna', 'dora', 'farid'] });
    await say('cleo', group.room, 'Cake on Sunday?');
    const clients = {};
    for (const who of ['ben', 'cleo']) { clients[who] = await connect(server, { t, cookie: accounts[who].cookie }); await clients[who].join('garden'); }
    const anna = await open(accounts.anna, { ...options, path: '/room/garden' });
    await anna.page.locator('.message').first().waitFor();
    const shot = async (name) => { await anna.page.waitForTimeout(350); await anna.page.screenshot({ path: `/tmp/roomshots/${look}-${name}.png` }); };
    await shot('1room');
    const mobile = options.isMobile;
    if (mobile) { await anna.page.getByRole('button', { name: /^Rooms/ }).click(); await anna.page.waitForTimeout(300); await shot('2drawer'); await anna.page.goBack(); }
    if (mobile) await anna.page.locator('.room-header__people').click();
    await anna.page.getByRole('button', { name: /^Members/ }).click();
    await anna.page.locator('.list--bare .list__item').first().waitFor();
    await shot('3members');
    await anna.page.locator(".people").getByRole("button", { name: "Menu of Ben Ruiz" }).click();
    await shot('4membermenu');
    await anna.page.keyboard.press('Escape');
    if (mobile) await anna.page.goBack();
    await anna.page.waitForTimeout(300);
    await anna.page.getByRole('button', { name: 'Menu of this room' }).click();
    await shot('5headermenu');
    await anna.page.getByRole('menuitem', { name: 'Room settings' }).click();
    await anna.page.getByRole('dialog').getByRole('textbox', { name: 'Topic' }).waitFor();
    await shot('6settings');
    await anna.page.keyboard.press('Escape');
    for (const [path, name, sel] of [['/rooms', '7rooms', '.list__item'], ['/people', '8people', '.list__item'], [`/people/${accounts.ben.user.id}`, '9profile', '.profile'], [`/direct/${direct.room}`, 'a-direct', '.message'], [`/direct/${group.room}`, 'b-group', '.message'], ['/room/library', 'c-lookon', '.composer--instead'], ['/room/nowhere', 'd-nowhere', '.ask-to-join'], ['/room/news', 'e-news', '.message']]) {
      await anna.page.goto(server.url + path);
      await anna.page.locator(sel).first().waitFor();
      await shot(name);
    }
    if (!mobile) {
      await anna.page.locator('.room-item', { hasText: 'kitchen' }).click({ button: 'right' });
      await shot('f-roommenu');
      await anna.page.keyboard.press('Escape');
      await anna.page.getByRole('button', { name: 'New message' }).click();
      await anna.page.keyboard.type('e');
      await anna.page.waitForTimeout(600);
      await anna.page.keyboard.press('Enter');
      await anna.page.waitForTimeout(400);
      await shot('g-newmessage');
      await anna.page.keyboard.press('Escape');
      await anna.page.getByRole('button', { name: 'Add a room' }).click();
      await anna.page.getByRole('menuitem', { name: 'Create a room' }).click();
      await shot('h-create');
      await anna.page.keyboard.press('Escape');
      await anna.page.keyboard.press('Control+k');
      await anna.page.getByRole('dialog').waitFor(); await anna.page.waitForTimeout(200); await anna.page.keyboard.type('in');
      await anna.page.waitForTimeout(500);
      await shot('i-switcher');
    } else {
      await anna.page.goto(server.url + '/room/garden');
      const m = anna.message('Good morning. The seeds have come.');
      await m.waitFor();
      await m.dispatchEvent('contextmenu', { bubbles: true, pointerType: 'touch', clientX: 50, clientY: 300 });
      await anna.page.waitForTimeout(100);
      await m.focus(); await anna.page.keyboard.press('Shift+F10');
      await shot('f-sheet');
    }
  });
}
