import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderMarkdown } from '../../www/lib/markdown.js';

/** Directions have a test of their own. */
const render = (source) =>
  renderMarkdown(source)
    .replace(/ dir="\w+"/g, '')
    .trim();

const renders = [
  ['hello', '<p>hello</p>'],
  ['one\ntwo', '<p>one<br>\ntwo</p>', 'a line end is a line end'],
  ['one\n\ntwo', '<p>one</p>\n<p>two</p>'],
  ['**bold** *it* ~~gone~~ `code`', '<p><strong>bold</strong> <em>it</em> <s>gone</s> <code>code</code></p>'],
  ['- a\n- b', '<ul>\n<li>a</li>\n<li>b</li>\n</ul>'],
  ['3. a\n4. b', '<ol start="3">\n<li value="3"><span>3.</span> a</li>\n<li value="4"><span>4.</span> b</li>\n</ol>'],
  ['> said', '<blockquote>\n<p>said</p>\n</blockquote>'],
  ['```\nlet a = 1 < 2;\n```', '<pre tabindex="0"><code>let a = 1 &lt; 2;\n</code></pre>'],
  ['```\n  two  spaces\n```', '<pre tabindex="0"><code>  two  spaces\n</code></pre>', 'white space stays'],
  ['[here](https://example.org/a?b=c&d)', '<p><a href="https://example.org/a?b=c&amp;d">here</a></p>'],
  ['https://example.org/x', '<p><a href="https://example.org/x">https://example.org/x</a></p>'],
  ['write to a@example.org', '<p>write to <a href="mailto:a@example.org">a@example.org</a></p>'],
  ['# not a heading', '<p># not a heading</p>'],
  ['text\n---', '<p>text<br>\n---</p>'],
  ['see main.rs and notes.md', '<p>see main.rs and notes.md</p>', 'files are not hosts'],
  ['    indented', '<p>indented</p>'],
  ['[a]: https://example.org', '<p>[a]: <a href="https://example.org">https://example.org</a></p>', 'no line vanishes'],
  ['&lt; stays &amp; as written', '<p>&amp;lt; stays &amp;amp; as written</p>'],
];
for (const [source, want, why = ''] of renders) {
  test(`${JSON.stringify(source)} ${why}`, () => assert.equal(render(source), want));
}

const attacks = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<a href="javascript:alert(1)">x</a>',
  '<!-- --><b>bold</b>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\tscript:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](<javascript:alert(1)>)',
  '[x]( javascript:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](vbscript:msgbox(1))',
  '[x](//evil.example)',
  '[x](/room/lobby)',
  '[x](file:///etc/passwd)',
  '<javascript:alert(1)>',
  '<https://a"onmouseover="alert(1)>',
  '[x](https://a"onmouseover="alert(1))',
  '[x](https://a "title\\" onmouseover=alert(1)")',
  '![x](https://tracker.example/pixel.png)',
  '![x](x"onerror="alert(1))',
  '`<script>alert(1)</script>`',
  '```"><script>alert(1)</script>\n<script>alert(1)</script>\n```',
  '```js"><img src=x onerror=alert(1)>\nx\n```',
  '[<img src=x onerror=alert(1)>](https://example.org)',
  'https://example.org/"><script>alert(1)</script>',
  "https://example.org/'onclick='alert(1)",
  '[a][b]\n\n[b]: javascript:alert(1)',
  'ftp://example.org javascript:alert(1) data:text/html,x',
];
/* What the renderer makes may only be these tags with these attributes. The sanitiser says the same, in a browser. */
const ALLOWED = [
  /<\/?(?:p|em|strong|s|ul|li|blockquote|code|pre|small|span)>/g,
  /<br>/g,
  /<ol(?: start="\d+")?>|<\/ol>/g,
  /<pre tabindex="0">/g,
  /<a href="(?:https?:\/\/|mailto:)[^"<>]*"(?: title="[^"<>]*")?>|<\/a>/g,
];
for (const source of attacks) {
  test(`stays text: ${JSON.stringify(source)}`, () => {
    const html = renderMarkdown(source);
    const rest = ALLOWED.reduce((left, tag) => left.replace(tag, ''), html.replace(/ dir="(?:auto|ltr)"/g, ''));
    assert.doesNotMatch(rest, /[<>]/, html);
    assert.doesNotMatch(html, /<[^>]*(?:javascript|vbscript|data|file|ftp):/i, html);
    assert.match(html, /\w/, 'and is not swallowed');
  });
}

test('what is deep or long ends in time', () => {
  const started = performance.now();
  for (const source of [
    '>'.repeat(5000),
    '*'.repeat(5000),
    '['.repeat(5000),
    '- '.repeat(3000),
    '`'.repeat(9999),
    'a@'.repeat(8000),
  ]) {
    renderMarkdown(source);
  }
  assert.ok(performance.now() - started < 5_000);
});
