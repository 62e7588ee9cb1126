/* The layers of the program and of the page, as data, held against every #include and every import. Who needs an exception changes the
 * design first, and then this table. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Each layer of src/ and the layers that it may include, besides itself. `top` is src/ itself: main, admin, config, the wiring. */
const layers = {
  base: [],
  proto: ['base'],
  store: ['base'],
  log: ['base', 'store'],
  hub: ['base'],
  net: ['base'],
  chat: ['base', 'proto', 'store', 'log', 'hub'],
  transport: ['base', 'proto', 'hub', 'net', 'chat'],
  http: ['base', 'proto', 'net', 'chat', 'transport'],
  top: ['base', 'proto', 'store', 'log', 'hub', 'net', 'chat', 'transport', 'http'],
};

/** Headers of packages, and who may see them: layers, or single files. */
const packages = [
  [/^civetweb\.h$/, ['http']],
  [/^sqlite3\.h$/, ['store']],
  [/^cjson\//, ['proto']],
  [/^sodium\.h$/, ['base']],
  [/^liboath\//, ['chat']],
  [/^unicode\//, ['base']],
  [/^uthash\.h$/, ['base/keyed_uthash.h']],
];

/** Headers of C and of Linux: every layer may include these. Whatever is in neither list is a library that nobody has decided on. */
const system = new RegExp(
  `^(${[
    'assert|ctype|errno|inttypes|limits|locale|math|setjmp|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string',
    'strings|threads|time|dirent|fcntl|getopt|grp|ifaddrs|netdb|poll|pthread|pwd|sched|semaphore|spawn|syslog|termios|unistd|malloc',
    'arpa/\\w+|linux/\\w+|net/\\w+|netinet/\\w+|sys/\\w+',
  ].join('|')})\\.h$`,
);

/** Headers that the build makes. */
const made = ['store/statement_ids.h'];

/** What the core takes from outside (base/env.h), so that a simulation can drive it from one seed on one thread. */
const core = ['hub', 'log', 'chat', 'store'];
const outside = [
  'time',
  'clock_gettime',
  'gettimeofday',
  'random',
  'rand',
  'getrandom',
  'arc4random',
  'sleep',
  'usleep',
  'nanosleep',
  'pthread_create',
];
/** The threads of the store, around code that runs without them; the check of the pages, which decides nothing; and those of the slow hash, without which nobody signs in. */
const threads = ['store/writer.c', 'store/reader.c', 'store/checker.c', 'chat/password.c'];

/** Each folder of www/, the folders that it may import, the packages, and the names of the browser that it must not touch. */
const dom = [
  'document',
  'window',
  'navigator',
  'location',
  'history',
  'localStorage',
  'sessionStorage',
  'addEventListener',
  'customElements',
];
const speaking = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'];
/** Names of the browser that are words of ours as well (a room's history, what fetches a person): these are the browser's where they are used. */
const ambiguous = /^(history\s*\.|fetch\s*\()/;
const page = {
  lib: { folders: [], packages: ['markdown-it'], never: [...dom, ...speaking] },
  model: { folders: ['lib'], packages: [], never: [...dom, ...speaking] },
  net: { folders: ['lib', 'model'], packages: [], never: ['document', 'customElements'] },
  view: { folders: ['lib', 'model'], packages: ['preact', '@preact/signals', 'dompurify', 'uqr'], never: speaking },
};

const withoutComments = (text) => text.replace(/\/\*[^]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*/g, '$1');
const withoutStrings = (text) => text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""');

const layerOf = (path) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : 'top');

/** What is wrong with a C file, as lines for people; `path` is relative to src/. */
function faultsOfC(path, text) {
  const layer = layerOf(path);
  if (!layers[layer]) return [`${path}: there is no layer ${layer}`];
  const faults = [];
  const code = withoutComments(text);
  for (const [, quote, name] of code.matchAll(/^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]/gm)) {
    if (quote === '"') {
      const to = layerOf(name);
      if (!existsSync(join(ROOT, 'src', name)) && !made.includes(name))
        faults.push(`${path}: "${name}" is not below src/`);
      else if (to !== layer && !layers[layer].includes(to))
        faults.push(`${path}: layer ${layer} may not include "${name}"`);
      else if (to !== layer && /internal\.h$/.test(name)) faults.push(`${path}: "${name}" is internal to ${to}`);
    } else {
      const found = packages.find(([pattern]) => pattern.test(name));
      if (!found && !system.test(name)) faults.push(`${path}: <${name}> is of no package that the design names`);
      if (found && !found[1].includes(layer) && !found[1].includes(path))
        faults.push(`${path}: only ${found[1].join(', ')} may include <${name}>`);
    }
  }
  if (core.includes(layer) && !threads.includes(path)) {
    for (const [, name] of withoutStrings(code).matchAll(/(?<![\w.>])(\w+)\s*\(/g)) {
      if (outside.includes(name)) faults.push(`${path}: the core does not call ${name}() itself`);
    }
  }
  return faults;
}

/** The same for a module of the page; `path` is relative to www/. */
function faultsOfPage(path, text) {
  const rules = page[layerOf(path)];
  if (!rules) return []; /* app.jsx and its like wire everything */
  const folder = layerOf(path);
  const faults = [];
  const code = withoutComments(text);
  const names = '[\\w*{},$\\s]+\\sfrom\\s*';
  const imports = code.matchAll(
    new RegExp(
      `^\\s*(?:import\\s*(?:${names})?|export\\s*${names})['"]([^'"]+)['"]|\\bimport\\(\\s*['"]([^'"]+)['"]`,
      'gm',
    ),
  );
  for (const [, still, lazy] of imports) {
    const name = still ?? lazy;
    if (name.startsWith('.')) {
      const to = layerOf(normalize(join(dirname(path), name)));
      if (to !== folder && !rules.folders.includes(to)) faults.push(`${path}: ${folder}/ may not import ${name}`);
    } else if (!rules.packages.some((known) => name === known || name.startsWith(`${known}/`))) {
      faults.push(`${path}: ${folder}/ may not import ${name}`);
    }
  }
  const bare = withoutStrings(code);
  for (const { 1: name, index } of bare.matchAll(/(?<![\w.$#])([A-Za-z]\w*)\b(?!\s*:)/g)) {
    const ours = (name === 'history' || name === 'fetch') && !ambiguous.test(bare.slice(index, index + 40));
    if (rules.never.includes(name) && !ours) faults.push(`${path}: ${folder}/ does not touch ${name}`);
  }
  return faults;
}

function files(folder, pattern) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path, pattern);
    return pattern.test(entry.name) ? [path] : [];
  });
}

function faultsBelow(folder, pattern, faultsOf) {
  const root = join(ROOT, folder);
  const found = files(root, pattern);
  assert.ok(found.length > 20, `only ${found.length} files below ${folder}/`);
  return found.flatMap((path) => faultsOf(relative(root, path), readFileSync(path, 'utf8')));
}

test('the C files keep to their layers', () => {
  assert.deepEqual(faultsBelow('src', /\.[ch]$/, faultsOfC), []);
});

test('the modules of the page keep to theirs', () => {
  assert.deepEqual(faultsBelow('www', /\.jsx?$/, faultsOfPage), []);
});

test('no layer can reach itself through others', () => {
  const reach = (from, seen = new Set()) => {
    for (const to of layers[from]) if (!seen.has(to)) reach(to, seen.add(to));
    return seen;
  };
  for (const layer of Object.keys(layers)) assert.ok(!reach(layer).has(layer), layer);
});

/** [path, text, what must be said of it (none: it is fine)] */
const samples = [
  [faultsOfC, 'chat/x.c', '#include "base/err.h"\n#include "base/keyed_uthash.h"\n#include <sys/stat.h>\n'],
  [faultsOfC, 'chat/x.c', '#include <uthash.h>\n', /only base\/keyed_uthash.h may include/],
  [faultsOfC, 'config.c', '#include "base/err.h"\n#include "config.h"\n'],
  [faultsOfC, 'base/x.c', '#include "config.h"\n', /layer base may not include "config.h"/],
  [faultsOfC, 'hub/x.c', '  #  include "store/store.h"\n', /layer hub may not include "store\/store.h"/],
  [faultsOfC, 'store/x.c', '#include "err.h"\n', /"err.h" is not below src/],
  [faultsOfC, 'chat/x.c', '#include <sqlite3.h>\n', /only store may include <sqlite3.h>/],
  [faultsOfC, 'chat/x.c', '#include <cjson/cJSON.h>\n', /only proto may include/],
  [faultsOfC, 'net/x.c', '#include <civetweb.h>\n', /only http may include/],
  [faultsOfC, 'http/x.c', '#include <sodium.h>\n', /only base may include/],
  [faultsOfC, 'proto/x.c', '#include <unicode/uchar.h>\n', /only base may include/],
  [faultsOfC, 'base/x.c', '#include <curl/curl.h>\n', /of no package/],
  [faultsOfC, 'odd/x.c', '', /no layer odd/],
  [
    faultsOfC,
    'chat/x.c',
    '/* #include <sqlite3.h> */ // time(0)\nint at_time(int time);\nx = e->random(1); puts("time(0)");\n',
  ],
  [faultsOfC, 'chat/x.c', 'int64_t now = time(NULL);\n', /does not call time/],
  [faultsOfC, 'net/x.c', 'int64_t now = time(NULL);\n'],
  [faultsOfC, 'store/x.c', 'pthread_create(&t, NULL, f, NULL);\n', /does not call pthread_create/],
  [
    faultsOfPage,
    'view/x.jsx',
    "import { h } from 'preact';\nimport { useState } from 'preact/hooks';\nimport { Room } from '../model/room.js';\n",
  ],
  [faultsOfPage, 'model/x.js', "import { h } from 'preact';\n", /model\/ may not import preact/],
  [faultsOfPage, 'net/x.js', "import { signal } from '@preact/signals';\n", /net\/ may not import/],
  [
    faultsOfPage,
    'model/x.js',
    "import {\n  connect,\n} from '../net/connection.js';\n",
    /model\/ may not import ..\/net/,
  ],
  [faultsOfPage, 'model/x.js', "const m = await import('../view/app.jsx');\n", /may not import ..\/view/],
  [faultsOfPage, 'lib/x.js', "export * from '../model/room.js';\n", /lib\/ may not import/],
  [faultsOfPage, 'lib/x.js', "import '../view/app.jsx';\n", /lib\/ may not import/],
  [faultsOfPage, 'lib/x.js', "export const from = 'x';\nexport { a };\nconst b = 'y';\n"],
  [
    faultsOfPage,
    'model/x.js',
    "/** @param {import('../net/connection.js').C} c of the document */\nconst o = { window: 1, s: 'document' }; o.window = 2; // window\n",
  ],
  [faultsOfPage, 'model/x.js', 'document.title = title;\n', /does not touch document/],
  [faultsOfPage, 'model/x.js', 'const socket = new WebSocket(url);\n', /does not touch WebSocket/],
  [faultsOfPage, 'view/x.jsx', 'await fetch(url);\n', /view\/ does not touch fetch/],
];

test('the rules see what they are for', () => {
  for (const [faultsOf, path, text, said] of samples) {
    const faults = faultsOf(path, text).join('\n');
    if (said) assert.match(faults, said, `${path}: ${text}`);
    else assert.equal(faults, '', `${path}: ${text}`);
  }
});
