/* The page's table of events is the one that the server is made from. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LINES } from '../../www/lib/event_kinds.js';
import { noticeOf } from '../../www/model/notices.js';

const table = readFileSync(new URL('../../src/base/event_kinds.def', import.meta.url), 'utf8');
const rows = [...table.matchAll(/^EVENT\(\w+, *(\w+), *\w+, *(\w+)\)/gm)].map(([, word, line]) => [word, line]);

test('the page knows each kind of event, and makes of it what the table says', () => {
  assert.equal(rows.length, table.match(/^EVENT\(/gm).length, 'each row is one that this test can read');
  assert.deepEqual(Object.entries(LINES), rows);
});

test('each kind but a message is told in words', () => {
  const user = { id: 8, name: 'Ben' };
  for (const [type] of rows.filter(([word]) => word !== 'message')) {
    assert.match(
      noticeOf(
        { type, room: 1, seq: 2, at: 3, actor: { id: 7, name: 'Anna' }, user, name: 'foyer', target: 1 },
        (of) => of.name,
      ),
      /\w/,
      type,
    );
  }
});
