import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFileSync } from 'node:fs';
import { foldName, mentionsIn, mentionsMe, peopleIn, personIn } from '../../www/lib/mention.js';

const cases = [
  ['hello @anna', ['anna'], 'a name'],
  ['@Anna and @ben.', ['Anna', 'ben'], 'without the full stop'],
  ['@anna.berg-2_x, hi', ['anna.berg-2_x'], 'all that a name may have'],
  ['@anna.-. and @-x', ['anna', '-x'], 'dots and dashes at its end do not belong to it'],
  ['mail anna@example.org', [], 'an address'],
  ['(@anna) "@ben" @@cleo', ['anna', 'ben', 'cleo'], 'behind a mark'],
  ['é@anna a_@ben', [], 'behind a letter or an underscore in a word'],
  ['say `@anna` to her', [], 'in code'],
  ['say ``a ` @anna`` and @ben', ['ben'], 'in code with backticks in it'],
  ['a ` alone, @anna', ['anna'], 'a backtick alone begins no code'],
  ['one `\n\n@anna ` here', ['anna'], 'code does not reach beyond its paragraph'],
  ['```\n@anna\n```\n@ben', ['ben'], 'in a block of code'],
  ['~~~ js\n@anna\n~~~\n@ben', ['ben'], 'in another'],
  ['```@anna\n@ben```\n@cleo', ['cleo'], 'words behind the fence, and a fence behind words'],
  ['see ```\n@anna\n``` @ben', ['ben'], 'a fence behind words, which is code in a paragraph'],
  ['~~~ nice ~~~\n@anna', ['anna'], 'tildes at both ends of a line'],
  ['```\n@anna', [], 'in one that does not end'],
  ['\\@anna', [], 'behind a backslash'],
  ['> @anna\n- @ben', ['anna', 'ben'], 'in quotes and lists'],
  ['@Ünal @名前', ['Ünal', '名前'], 'letters of all languages'],
  ['@', [], 'nobody'],
];
for (const [text, want, why] of cases) test(`mentions: ${why}`, () => assert.deepEqual(mentionsIn(text), want));

/** The rows that the server's test has too. */
const shared = readFileSync(new URL('../lib/mentions.inc', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((row) => JSON.parse(row.replace(/^ROW\((.*)\)$/, '[$1]')));
const words = (text) => text.split(' ').filter(Boolean);
for (const [text, people, want, why] of shared)
  test(`people: ${why}`, () => {
    const isPerson = (name) => words(people).map(foldName).includes(name);
    const found = mentionsIn(text).map((name) => personIn(name, isPerson));
    assert.deepEqual(found.filter(Boolean), words(want));
  });

test('in text that is shown there is no Markdown', () => {
  const isPerson = (name) => name === 'ben';
  assert.deepEqual(
    peopleIn('`@ben` @Ben, @anna \\@ben', isPerson).map(({ index, name }) => [index, name]),
    [
      [1, 'ben'],
      [7, 'Ben'],
      [20, 'ben'],
    ],
  );
});

test('who is meant', () => {
  const me = { id: 7, name: 'Anna' };
  for (const text of ['@anna', '@ANNA!', '@room', '@Here', '@everyone']) assert.ok(mentionsMe(text, me), text);
  for (const text of ['@ann', '@anna2', '@ben', 'anna', '`@anna`', '@rooms']) assert.ok(!mentionsMe(text, me), text);
  assert.ok(!mentionsMe('@anna', null));
});
