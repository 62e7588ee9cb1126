/* What people write stays text: in messages, names, rooms and addresses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomes, stage } from './lib/people.mjs';

const BODIES = [
  '<script>window.hacked = 1</script>',
  '<img src=x onerror="window.hacked = 1">',
  '<svg onload="window.hacked = 1"></svg>',
  '<iframe srcdoc="<script>parent.hacked = 1</script>"></iframe>',
  '<style>body { display: none }</style>',
  '<form action="https://evil.example"><input name="x"></form>',
  '<a href="javascript:window.hacked = 1">link</a>',
  '[link](javascript:window.hacked=1)',
  '[link](JAVASCRIPT:window.hacked=1)',
  '[link](data:text/html,<script>window.hacked=1</script>)',
  '[link](vbscript:x) [link](//evil.example) [link](/room/lobby)',
  '![image](https://evil.example/pixel.png)',
  '[link](https://example.org/"onmouseover="window.hacked=1)',
  '<math><mtext><table><mglyph><style><img src=x onerror="window.hacked = 1"></style></mglyph></table></mtext></math>',
  '```"><img src=x onerror=window.hacked=1>\n<img src=x onerror=window.hacked=1>\n```',
  '`<img src=x onerror=window.hacked=1>`',
  '[<img src=x onerror=window.hacked=1>](https://example.org)',
  '{{constructor.constructor("window.hacked = 1")()}} ${window.hacked = 1}',
  '\u202egnp.exe \u200b end',
];
const NAMES = ['<b>Bold</b>', '<img src=x onerror=hacked=1>', '"onfocus="hacked=1', '&lt;Ben&gt;'];

test('messages, names and rooms stay text', async (t) => {
  const rooms = ['<i>attic</i>', '"><img src=x onerror=hacked=1>'];
  const { server, enter, write } = await stage(t);
  /* A server may refuse such a name for a room; those that it takes must be harmless. */
  for (const room of rooms) await server.command('room', 'add', room);
  const anna = await enter('Anna');
  for (const name of NAMES) {
    /* Likewise for people. */
    await write(name, [`I am ${name}`, ...BODIES]).catch((error) =>
      assert.ok([400, 409].includes(error.status), error),
    );
  }
  const ben = await write('Ben', BODIES);
  await ben.send('lobby', 'the last');
  await anna.sees('the last');
  await ben.join('lobby');
  ben.post({ type: 'typing', room: 1 });

  const found = await anna.page.evaluate(() => {
    const allowed = new Set(['p', 'br', 'em', 'strong', 's', 'a', 'ul', 'ol', 'li', 'blockquote', 'code', 'pre']);
    const attributes = new Set(['href', 'dir', 'tabindex', 'target', 'rel']);
    const strange = [];
    const links = [];
    for (const element of document.querySelectorAll('.message__body *')) {
      const names = element.getAttributeNames();
      if (!allowed.has(element.localName) || names.some((name) => !attributes.has(name)))
        strange.push(element.outerHTML);
      if (element.localName === 'a') links.push(element.href);
    }
    const outside = [
      ...document.querySelectorAll(
        '.message__author *, .person__name *, .room-link__name *, h1 *:not(bdi, span, svg, path), h1 bdi *',
      ),
    ];
    return { strange, links, outside: outside.map(({ outerHTML }) => outerHTML), hacked: 'hacked' in window };
  });
  assert.deepEqual(found.strange, []);
  assert.deepEqual(found.outside, []);
  assert.equal(found.hacked, false);
  for (const link of found.links) assert.match(link, /^https:\/\/(?:example\.org|evil\.example)\//);
  for (const link of await anna.page.locator('.message__body a').all()) {
    await becomes(() => link.getAttribute('rel'), 'noopener noreferrer nofollow');
    await link.hover();
  }
  assert.equal(await anna.page.evaluate(() => 'hacked' in window), false);
  const texts = await anna.bodies();
  for (const body of BODIES.slice(0, 10)) assert.ok(texts.includes(body.trim()), `${body} is there, as it was written`);
});

test('own pending messages and drafts are text too', async (t) => {
  const { server, enter } = await stage(t);
  const anna = await enter('Anna');
  await anna.say('ready');
  await anna.sees('ready');
  await server.stop();
  for (const body of BODIES.slice(0, 8)) await anna.say(body);
  await anna.page.locator('.message--waiting').nth(7).waitFor();
  await becomes(
    () => anna.page.locator('.message__body').locator('script, img, svg, iframe, style, form, input').count(),
    0,
  );
  assert.equal(await anna.page.evaluate(() => 'hacked' in window), false);
  await server.start();
  await anna.until('all sent', () => document.querySelectorAll('.message--sent').length === 9);
});

test('an address cannot bring anything in', async (t) => {
  const { enter } = await stage(t);
  const anna = await enter('Anna', { path: `/room/${encodeURIComponent('<img src=x onerror=hacked=1>')}` });
  await anna.page.getByText("There's no room called <img src=x onerror=hacked=1>").waitFor();
  assert.equal(await anna.page.evaluate(() => 'hacked' in window), false);
});

test('the page holds to its content security policy', async (t) => {
  const { server, enter } = await stage(t);
  const { headers } = await fetch(server.url);
  const policy = headers.get('content-security-policy');
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-/);
  const anna = await enter('Anna');
  const ran = await anna.page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.hacked = 1';
    document.body.append(script);
    return 'hacked' in window;
  });
  assert.equal(ran, false);
  assert.equal(anna.problems.length, 1, 'which Chromium reports');
  anna.problems.length = 0;
});
