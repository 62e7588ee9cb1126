/* What someone types is what others can read: only markup that formats is not shown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderMarkdown } from '../../www/lib/markdown.js';

const ENTITIES = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };
const plain = (html) => html.replace(/<[^>]*>/g, '').replace(/&\w+;/g, (entity) => ENTITIES[entity]);
/** The visible characters of a rendered text. */
const shown = (source) => plain(renderMarkdown(source)).replace(/\s/g, '');
const count = (text, pattern) => text.match(pattern)?.length ?? 0;

/* These are shown as they are typed, but for line ends and the like. */
const verbatim = [
  ['¯\\_(ツ)_/¯', 'a shrug'],
  ['C:\\_work\\.config\\(x86) and \\\\server\\share', 'paths of Windows'],
  ['C:\\temp\\*.txt and D:\\x\\*.md', 'with asterisks'],
  ['\\o/ \\m/ :\\ and a backslash at the end \\', 'more backslashes'],
  ['one\\\ntwo', 'a backslash at the end of a line'],
  ['a lone \\* and 2 \\# 3, \\(x\\), \\[a-z\\], \\{', 'backslashes before what formats nothing'],
  ['edit __init__.py and a__b__c and snake_case_name', 'names of programs'],
  ['5*3*2 = 30, a*b*c, 2 * 3 * 4', 'products'],
  ['**bold**s and re~~al~~ly', 'emphasis within a word'],
  ['**/*.js, src/**/*.ts, *.c *.h, f(*args, **kwargs), /*x*/', 'patterns and code'],
  ['*_* *.* ^_^ >_< -_- :*) kiss :* ***', 'faces'],
  ['>_<', 'a face at the start of a line'],
  ['>:(', 'another'],
  ['*', 'a correction mark'],
  ['-', 'a dash'],
  ['>', 'a sign alone'],
  ['- - -', 'a line of dashes'],
  ['5. five\n10. ten\n2026. What a year\n007) James', 'numbers of lists'],
  ['```', 'only backticks'],
  ['``` ```', 'code with nothing in it'],
  ['```\n```', 'a block with nothing in it'],
  ['~~~ nice ~~~\nhello', 'waves'],
  ['[](https://a.example) [x]() [\u200b](https://a.example)', 'links without an address or words'],
  ['Anna <anna@a.example> <https://a.example/x>', 'addresses in brackets'],
  ['http://www.example.org/?x=*', 'an asterisk at the end of an address'],
  ['https://a.example/%C3%A4_b_/*c*', 'an address as it was typed'],
  ['a | b\n1 | 2', 'no table without its line'],
];
for (const [source, why] of verbatim) {
  test(`shown as typed: ${why}`, () => assert.equal(shown(source), source.replace(/\s/g, '')));
}

const blocks = [
  ['```hello there\ncode\n```', '<pre><code>hello there\ncode\n</code></pre>', 'words behind the fence'],
  ['```js\nlet a;\n```', '<pre><small>js</small><code>let a;\n</code></pre>', 'a language is a label'],
  ['```npm install\nnpm start```', '<pre><code>npm install\nnpm start\n</code></pre>', 'a fence at the end of a line'],
  ['look: ```\na * b * c;\n``` please', '<p>look: <code>a * b * c;</code> please</p>', 'a fence behind words'],
  ['> quoted\nmy answer', '<blockquote>\n<p>quoted</p>\n</blockquote>\n<p>my answer</p>', 'the line after a quote'],
  ['- a\n- b\nThat is all.', '<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<p>That is all.</p>', 'the line after a list'],
  ['- a\n  more', '<ul>\n<li>a<br>\nmore</li>\n</ul>', 'an indented line is part of the item'],
  [
    '[x](https://a.example "a title")',
    '<p><a href="https://a.example" title="a title">x</a></p>',
    'the title of a link is its tooltip',
  ],
  ['`a\n  b`', '<p><code>a\n  b</code></p>', 'lines within code'],
  ['\\*a\\* \\_b\\_ \\`c\\` \\~~d~~', '<p>*a* _b_ `c` ~~d~~</p>', 'a backslash before what would format'],
  ['1\\. a', '<p>1. a</p>', 'likewise a list'],
  ['\\> a', '<p>&gt; a</p>', 'or a quote'],
  [
    '这是**重点**内容，**강조**는',
    '<p>这是<strong>重点</strong>内容，<strong>강조</strong>는</p>',
    'scripts without spaces',
  ],
  [
    '**https://a.example/**',
    '<p><strong><a href="https://a.example/">https://a.example/</a></strong></p>',
    'a strong address',
  ],
  [
    'a | b\n:-- | --:\n1 | `x\\|y` | 3\nend',
    '<div><table>\n<thead>\n<tr>\n<th align="left">a</th>\n<th align="right">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n' +
      '<td align="left">1</td>\n<td align="right"><code>x|y</code> | 3</td>\n</tr>\n</tbody>\n</table></div>\n<p>end</p>',
    'a table with a cell too many',
  ],
];
for (const [source, want, why] of blocks) {
  test(why, () =>
    assert.equal(
      renderMarkdown(source)
        .replace(/ (?:dir="\w+"|tabindex="0")/g, '')
        .trim(),
      want,
    ),
  );
}

test('each paragraph, item, cell and link finds its direction', () => {
  const source = 'a\n\n> b\n\n- c\n\n[d](https://a.example) https://a.example\n\ne | f\n--|--';
  const directed = renderMarkdown(source).match(/<\w+(?= [^>]*dir="auto")/g);
  assert.deepEqual(directed, ['<p', '<blockquote', '<li', '<p', '<a', '<th', '<th']);
  assert.match(renderMarkdown(source), /<a [^>]*dir="ltr">https:/);
  assert.match(renderMarkdown('https://a.example/\u202egpj.exe'), />https:\/\/a\.example\/%E2%80%AEgpj\.exe</);
});

test('however deep quotes and lists are, the text in them is shown', () => {
  for (const sign of ['>', '- ', '1. ', '> - ']) assert.match(renderMarkdown(`${sign.repeat(300)}text`), /text/, sign);
});

const FRAGMENTS = [
  ...['a', 'word', '7', 'ä', '字', 'שלום', '😀', '.', ',', '!', '"', "'", ':', '/', '&', '<', '#', '@', '=', '{', '|'],
  ...[
    '*',
    '**',
    '***',
    '_',
    '__',
    '~',
    '~~',
    '`',
    '``',
    '```',
    '~~~',
    '\\',
    '\\\\',
    '[',
    ']',
    '(',
    ')',
    '](',
    '>',
    '> ',
    '- ',
    '+ ',
    '* ',
    '1. ',
    '12) ',
  ],
  ...[
    '[w](https://a.example/N)',
    'https://a.example/y',
    '`c`',
    '**b**',
    '*i*',
    '~~s~~',
    '\n',
    '\n',
    '\n\n',
    ' ',
    ' ',
    '  ',
    '\n  ',
  ],
  ...['\na|b\n-|-\n', '```js\n', '\n```\n', '\n- x\n', '\n2. y\n', '\n> q\n'],
];

/** The same numbers every time. */
function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** Every visible character is shown, but for the markup that the elements stand for. */
function check(source) {
  const html = renderMarkdown(source);
  const text = plain(html);
  /* The addresses of links with words are markup. */
  const links = [...html.matchAll(/<a href="([^"]*)" dir="auto">/g)];
  const typed = links.reduce((rest, [, target]) => rest.replace(`](${target}`, ']('), source);
  const words = (any) => any.replace(/[\s*_~`\\>+\-[\]()|:]/g, '');
  assert.equal(words(text), words(typed), 'a word is lost, made up, or has changed its place');

  const has = (tag) => count(html, new RegExp(`<${tag}[ >]`, 'g'));
  const isCode = has('code') > 0;
  const isTable = has('table') > 0;
  const lost = (pattern) => count(typed, pattern) - count(text, pattern);
  const bullets = has('li') - count(html, /<li [^>]*value=/g);
  const strokes = 2 * has('em') + 4 * has('strong') + bullets;
  if (isTable) assert.ok(lost(/[*_+-]/g) >= strokes);
  else assert.equal(lost(/[*_+-]/g), strokes, 'strokes');
  if (!has('pre')) assert.equal(lost(/~/g), 4 * has('s'), 'tildes');
  if (!isCode) assert.equal(lost(/`/g), 0, 'backticks');
  if (!has('blockquote')) assert.equal(lost(/>/g), 0, 'signs');
  if (!isTable) assert.equal(lost(/[|:]/g), 0, 'bars');
  assert.equal(lost(/\[/g), links.length, 'opening brackets');
  assert.equal(lost(/\)/g), links.length, 'closing brackets');
  const isMention = /\\@/.test(source); // which is marked later
  if (lost(/\\/g) && !isMention)
    assert.notEqual(
      renderMarkdown(source.replaceAll('\\', '')),
      html,
      'a backslash that kept nothing from formatting is hidden',
    );
}

test('every visible character typed is shown, except markup that formats', () => {
  const roll = dice(7);
  for (let round = 0; round < 6_000; round++) {
    const source = Array.from({ length: 1 + roll(14) }, () => FRAGMENTS[roll(FRAGMENTS.length)])
      .map((fragment, index) => fragment.replace('N', `n${index}`)) // each link is told from the others
      .join('');
    try {
      check(source);
    } catch (error) {
      error.message = `${JSON.stringify(source)}: ${error.message}\n${renderMarkdown(source)}`;
      throw error;
    }
  }
});
