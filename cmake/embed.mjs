// embed.mjs WWW_DIR OUT.c: writes the files of the built page as C data, in the declarations of src/http/assets.h.
//
// Each file is there as it is and, when that is shorter, as gzip makes it. Its entity tag comes from the SHA-256 of its bytes, so the same
// page gives the same program. A file under assets/ whose name ends in a hash of its content (as esbuild names them) may be kept for
// ever by browsers. Array elements are written as short as C allows; that is what makes them quick to compile.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

const [wwwDir, outFile] = process.argv.slice(2);
if (!outFile) fail('usage: embed.mjs WWW_DIR OUT.c');

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

/** A hash as esbuild (base32) or others (hexadecimal) put it behind the last dash of a name. */
const HASHED = /^\/assets\/.*-([A-Z2-7]{8}|[0-9a-f]{8,64})\.[a-z0-9]+$/;

function fail(why) {
  console.error(`embed: ${why}`);
  process.exit(1);
}

function filesBelow(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('base64url').slice(0, 27);

function array(name, bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 40) lines.push(Array.from(bytes.subarray(at, at + 40)).join(','));
  return `static const unsigned char ${name}[${Math.max(bytes.length, 1)}] = {${lines.join(',\n') || 0}};\n`;
}

function embed(file, index) {
  const path = `/${relative(wwwDir, file).replaceAll('\\', '/')}`;
  if (!/^[\w./-]+$/.test(path)) fail(`${path}: such a name would need encoding in an address`);
  const type = TYPES[extname(path)] ?? fail(`${path}: what is its type? Add it to ${import.meta.url}`);
  const bytes = readFileSync(file);
  const packed = gzipSync(bytes, { level: 9 });
  packed[9] = 255; // the byte that tells the operating system: the same everywhere
  const useful = packed.length < bytes.length;
  const tag = sha256(bytes);
  const gzip = useful ? `"\\"${tag}-gz\\"", gzip_${index}, ${packed.length}` : 'NULL, NULL, 0';
  return {
    path,
    data: array(`bytes_${index}`, bytes) + (useful ? array(`gzip_${index}`, packed) : ''),
    row: `    {"${path}", "${type}", "\\"${tag}\\"", bytes_${index}, ${bytes.length}, ${gzip}, ${HASHED.test(path)}},\n`,
  };
}

const byPath = (a, b) => (a.path < b.path ? -1 : 1);
const assets = filesBelow(wwwDir).map(embed).sort(byPath);
if (!assets.some(({ path }) => path === '/index.html')) fail(`there is no index.html in ${wwwDir}`);

writeFileSync(
  outFile,
  `/* Made by cmake/embed.mjs from the built page. */
#include "http/assets.h"

${assets.map(({ data }) => data).join('')}
const struct asset assets_table[] = {
${assets.map(({ row }) => row).join('')}};
const size_t assets_count = sizeof assets_table / sizeof assets_table[0];
`,
);
