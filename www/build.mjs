/* Builds the page: node www/build.mjs --out DIR
 *
 * DIR then holds index.html, favicon.svg, manifest.webmanifest, and under assets/ the bundles with a hash of their content in
 * their names, so that a browser may keep them for ever. The same sources give the same bytes. */
import { build } from 'esbuild';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

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

/** @param {(typeof bundles)[number]} bundle @returns {Promise<string>} the path of what was made, as the page names it */
async function bundle({ entry, format }) {
  const { metafile } = await build({
    entryPoints: [join(source, entry)],
    absWorkingDir: source,
    outdir: out,
    entryNames: 'assets/[name]-[hash]',
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
  const [made] = Object.keys(metafile.outputs);
  return `/${relative(out, resolve(source, made)).replaceAll('\\', '/')}`;
}

await rm(join(out, 'assets'), { recursive: true, force: true });
await mkdir(out, { recursive: true });
const made = await Promise.all(bundles.map(bundle));
let page = await readFile(join(source, 'index.html'), 'utf8');
bundles.forEach(({ reference }, index) => {
  if (!page.includes(`"${reference}"`)) throw new Error(`index.html does not refer to ${reference}`);
  page = page.replace(`"${reference}"`, `"${made[index]}"`);
});
await writeFile(join(out, 'index.html'), page);
await Promise.all(copied.map((name) => copyFile(join(source, name), join(out, name))));
