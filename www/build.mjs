/* Builds the page: node www/build.mjs --out DIR
 *
 * DIR then holds index.html, favicon.svg, manifest.webmanifest, and under assets/ the bundles, and the licences of the packages
 * in them, with a hash of their content in their names, so that a browser may keep them for ever. The same sources give the
 * same bytes. What the page imports only when it is wanted (view/pages.jsx) is a bundle of its own; what it shares with the rest is
 * one as well, which index.html names, so that the browser fetches it along with the first. */
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import './make_rules.mjs'; // before anything is bundled

const source = dirname(fileURLToPath(import.meta.url));

/** What index.html refers to, and the source of each. boot_theme runs before the first paint, so it is no module. */
const bundles = [
  { reference: '/app.js', entry: 'app.jsx', format: 'esm' },
  { reference: '/boot_theme.js', entry: 'boot_theme.js', format: 'iife' },
  { reference: '/app.css', entry: 'css/app.css', format: undefined },
];
const copied = ['favicon.svg', 'manifest.webmanifest'];

const { values } = parseArgs({ options: { out: { type: 'string' } } });
if (!values.out) {
  console.error('usage: node www/build.mjs --out DIR');
  process.exit(2);
}
const out = resolve(values.out);

/**
 * @param {(typeof bundles)[number]} bundle
 * @returns {Promise<{ reference: string, path: string, needed: string[], sources: string[] }>} the path is what the page is to name
 *   instead; `needed`: the paths of what it imports at once
 */
async function bundle({ reference, entry, format }) {
  const { metafile } = await build({
    entryPoints: [join(source, entry)],
    absWorkingDir: source,
    outdir: out,
    entryNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/[name]-[hash]',
    splitting: format === 'esm',
    bundle: true,
    minify: true,
    format: /** @type {any} */ (format),
    target: ['chrome109', 'firefox115', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    alias: { entities: join(source, 'lib/no_entities.js') },
    legalComments: 'eof',
    charset: 'utf8',
    metafile: true,
    logLevel: 'warning',
  });
  const { inputs, outputs } = metafile;
  const made = /** @type {string} */ (Object.keys(outputs).find((output) => outputs[output].entryPoint === entry));
  /** @type {Set<string>} */
  const needed = new Set();
  const collect = (/** @type {string} */ output) => {
    for (const { path, kind } of outputs[output].imports) {
      if (kind !== 'import-statement' || needed.has(path)) continue;
      needed.add(path);
      collect(path);
    }
  };
  collect(made);
  const pathOf = (/** @type {string} */ output) => `/${relative(out, resolve(source, output))}`;
  return { reference, path: pathOf(made), needed: [...needed].map(pathOf), sources: Object.keys(inputs) };
}

/**
 * The licences of all packages that went into the page, which ask to come along.
 * @param {string[]} sources
 */
async function licences(sources) {
  const folders = sources.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  const parts = await Promise.all(
    [...new Set(folders)].sort().map(async (folder) => {
      const path = resolve(source, folder);
      const { name, version } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
      const files = (await readdir(path)).filter((file) => /^licen[cs]e/i.test(file)).sort();
      if (!files.length) throw new Error(`${name} brings no licence`);
      const texts = await Promise.all(files.map((file) => readFile(join(path, file), 'utf8')));
      return `${name} ${version}\n\n${texts.join('\n').trim()}\n`;
    }),
  );
  const text = parts.join(`\n${'-'.repeat(80)}\n\n`);
  const path = `/assets/licences-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.txt`;
  await writeFile(join(out, path), text);
  return { reference: '/licences.txt', path };
}

await rm(join(out, 'assets'), { recursive: true, force: true });
await mkdir(out, { recursive: true });
const made = await Promise.all(bundles.map(bundle));
let page = await readFile(join(source, 'index.html'), 'utf8');
for (const { reference, path } of [...made, await licences(made.flatMap(({ sources }) => sources))]) {
  if (!page.includes(`"${reference}"`)) throw new Error(`index.html does not refer to ${reference}`);
  page = page.replace(`"${reference}"`, `"${path}"`);
}
const preloads = made
  .flatMap(({ needed }) => needed)
  .map((path) => `    <link rel="modulepreload" href="${path}" />\n`);
page = page.replace('  </head>', `${preloads.join('')}  </head>`);
await writeFile(join(out, 'index.html'), page);
await Promise.all(copied.map((name) => copyFile(join(source, name), join(out, name))));
