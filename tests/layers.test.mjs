/* The rooms of the program and the layers of the page, as data, held against every #include and every import. Who needs an exception
 * changes the design first, and then this table. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const below = ['base', 'proto', 'store', 'hub', 'rules'];
const chat = [...below, 'apply', 'directory', 'chat/core', 'chat/admit', 'chat/session'];

/** Each room (folder) of src/, and the rooms, or single headers, that it may include besides itself. `top` is src/ itself: the wiring. */
const rooms = {
  base: [],
  proto: ['base'],
  store: ['base'],
  log: ['base', 'store'],
  hub: ['base'],
  net: ['base'],
  rules: ['base', 'proto', 'store', 'hub/frame.h'],
  apply: ['base', 'proto', 'store', 'rules', 'hub/frame.h'],
  directory: ['base', 'proto', 'store', 'rules'],
  'chat/core': [...below, 'log', 'apply'],
  'chat/admit': [...below, 'directory', 'chat/core'],
  account: [...below, 'apply', 'directory', 'chat/core', 'chat/admit'],
  'chat/session': [...below, 'directory', 'chat/core', 'chat/admit'],
  'chat/submit': [...chat, 'account'],
  'chat/announce': [...chat, 'account'],
  'chat/query': [...chat, 'account', 'chat/announce'],
  chat: [...chat, 'log', 'account', 'chat/submit', 'chat/announce', 'chat/query'],
  transport: ['base', 'proto', 'hub', 'net', 'chat/core', 'chat/session/session_io.h', 'chat/session_life.h'],
  http: [
    'base',
    'proto',
    'net',
    'rules',
    'directory',
    'chat/core',
    'chat/admit',
    'account',
    'chat/submit/call.h',
    'chat/query/query.h',
    'transport',
  ],
  config: ['base', 'proto'],
  cli: [
    'base',
    'proto',
    'store',
    'hub',
    'rules',
    'apply',
    'directory',
    'chat/core',
    'chat/admit',
    'account',
    'chat/submit/call.h',
  ],
};
rooms.top = Object.keys(rooms);

/** Headers of packages, and who may see them: layers, or single files. */
const packages = [
  [/^civetweb\.h$/, ['http']],
  [/^sqlite3\.h$/, ['store']],
  [/^cjson\//, ['proto']],
  [/^sodium\.h$/, ['base']],
  [/^liboath\//, ['rules']],
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
const core = ['hub', 'log', 'store', 'rules', 'apply', 'directory', 'account', 'chat'];
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
const threads = ['store/writer.c', 'store/reader.c', 'store/checker.c', 'account/password.c'];

/** What decides in apply/ is the command and the database, nothing else, so that two nodes that apply the same log hold the same data. */
const deterministic = {
  rooms: ['apply'],
  headers:
    /^(base\/(env|secret|task)\.h|pthread\.h|time\.h|sys\/(time|random|socket)\.h|net\/.*|arpa\/.*|netinet\/.*|poll\.h|unistd\.h)$/,
  calls: /^(env_\w+|secret_\w+|pthread_\w+|clock|rand_r|drand48|getentropy|socket|send|sendmsg|recv|getpid|getenv)$/,
};

/** So many files of one room may include one another in a circle; none of different rooms may. */
const CIRCLE_MAX = 3;

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

const roomOf = (path) => (path.includes('/') ? dirname(path) : 'top');
const layerOf = (path) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : 'top');

/** [is it in quotes, name] of each #include. */
function includesOf(code) {
  return [...code.matchAll(/^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]/gm)].map(([, quote, name]) => [
    quote === '"',
    name,
  ]);
}

/** What is wrong with an #include of one of our own headers; empty: nothing. */
function faultOfInclude(path, name) {
  const room = roomOf(path);
  const to = roomOf(name);
  if (!existsSync(join(ROOT, 'src', name)) && !made.includes(name)) return `${path}: "${name}" is not below src/`;
  if (to !== room && !rooms[room].includes(to) && !rooms[room].includes(name))
    return `${path}: ${room} may not include "${name}"`;
  if (to !== room && /(internal|for_tests)\.h$/.test(name)) return `${path}: "${name}" is internal to ${to}`;
  return '';
}

/** What is wrong with a C file, as lines for people; `path` is relative to src/. */
function faultsOfC(path, text) {
  const room = roomOf(path);
  if (!rooms[room]) return [`${path}: there is no room ${room}`];
  const faults = [];
  const code = withoutComments(text);
  const decides = deterministic.rooms.includes(room);
  for (const [isOurs, name] of includesOf(code)) {
    const found = packages.find(([pattern]) => pattern.test(name));
    if (isOurs) faults.push(faultOfInclude(path, name));
    else if (!found && !system.test(name)) faults.push(`${path}: <${name}> is of no package that the design names`);
    else if (found && !found[1].includes(room) && !found[1].includes(path))
      faults.push(`${path}: only ${found[1].join(', ')} may include <${name}>`);
    if (decides && deterministic.headers.test(name))
      faults.push(`${path}: ${room} decides alike everywhere, so it may not include ${name}`);
  }
  for (const [, name] of withoutStrings(code).matchAll(/(?<![\w.>])(\w+)\s*\(/g)) {
    if (core.includes(layerOf(path)) && !threads.includes(path) && outside.includes(name))
      faults.push(`${path}: the core does not call ${name}() itself`);
    if (decides && deterministic.calls.test(name))
      faults.push(`${path}: ${room} decides alike everywhere, so it may not call ${name}()`);
  }
  return faults.filter(Boolean);
}

/** A C file and its header are one: the path without the ending. */
const pairOf = (path) => path.replace(/\.[ch]$/, '');

/** Which pair includes which, as a map of sets; `texts` is [path, text] of each file. */
function graphOf(texts) {
  const graph = new Map(texts.map(([path]) => [pairOf(path), new Set()]));
  for (const [path, text] of texts)
    for (const [isOurs, name] of includesOf(withoutComments(text)))
      if (isOurs && name.endsWith('.h') && graph.has(pairOf(name)) && pairOf(name) !== pairOf(path))
        graph.get(pairOf(path)).add(pairOf(name));
  return graph;
}

/** The circles of a graph (Tarjan's strongly connected components of more than one): each a sorted list of pairs. */
function circlesOf(graph) {
  const seen = new Map(); /* pair -> { index, low } */
  const stack = [];
  const circles = [];
  const visit = (pair) => {
    const here = { index: seen.size, low: seen.size, isOpen: true };
    seen.set(pair, here);
    stack.push(pair);
    for (const to of graph.get(pair)) {
      if (!seen.has(to)) visit(to);
      if (seen.get(to).isOpen) here.low = Math.min(here.low, seen.get(to).low);
    }
    if (here.low !== here.index) return;
    const circle = stack.splice(stack.indexOf(pair));
    for (const each of circle) seen.get(each).isOpen = false;
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const pair of graph.keys()) if (!seen.has(pair)) visit(pair);
  return circles;
}

/** What is wrong with the circles of these files. */
function faultsOfCircles(texts) {
  return circlesOf(graphOf(texts)).flatMap((circle) => {
    const names = circle.join(', ');
    if (new Set(circle.map(roomOf)).size > 1) return [`a circle of different rooms: ${names}`];
    return circle.length > CIRCLE_MAX ? [`a circle of ${circle.length} files: ${names}`] : [];
  });
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

const textsOf = (folder, pattern) =>
  files(join(ROOT, folder), pattern).map((path) => [relative(join(ROOT, folder), path), readFileSync(path, 'utf8')]);

test('the C files keep to their rooms', () => {
  assert.deepEqual(faultsBelow('src', /\.[ch]$/, faultsOfC), []);
});

test('no circle joins two rooms, and none many files', () => {
  const texts = textsOf('src', /\.[ch]$/);
  assert.ok(texts.length > 300);
  assert.deepEqual(faultsOfCircles(texts), []);
});

test('what decides reaches no clock, no randomness and no socket, not even through other headers', () => {
  const texts = new Map(textsOf('src', /\.[ch]$/));
  const reach = (path, from) => {
    for (const [isOurs, name] of includesOf(withoutComments(texts.get(path) ?? ''))) {
      assert.ok(!isOurs || !deterministic.headers.test(name), `${from} reaches ${name} through ${path}`);
      if (isOurs && !reached.has(name)) reach(name, reached.add(name) && from);
    }
  };
  const reached = new Set();
  for (const path of texts.keys()) if (deterministic.rooms.includes(roomOf(path))) reach(path, path);
  assert.ok(reached.has('store/store.h'));
});

test('the modules of the page keep to theirs', () => {
  assert.deepEqual(faultsBelow('www', /\.jsx?$/, faultsOfPage), []);
});

test('no room can reach itself through others', () => {
  const reach = (from, seen = new Set()) => {
    for (const to of rooms[from].map((name) => (name.endsWith('.h') ? roomOf(name) : name)))
      if (!seen.has(to)) reach(to, seen.add(to));
    return seen;
  };
  for (const room of Object.keys(rooms)) assert.ok(!reach(room).has(room), room);
});

/** [path, text, what must be said of it (none: it is fine)] */
const samples = [
  [faultsOfC, 'chat/x.c', '#include "base/err.h"\n#include "base/keyed_uthash.h"\n#include <sys/stat.h>\n'],
  [faultsOfC, 'chat/x.c', '#include <uthash.h>\n', /only base\/keyed_uthash.h may include/],
  [faultsOfC, 'config.c', '#include "base/err.h"\n#include "config/config.h"\n'],
  [faultsOfC, 'base/x.c', '#include "config/config.h"\n', /base may not include "config\/config.h"/],
  [faultsOfC, 'hub/x.c', '  #  include "store/store.h"\n', /hub may not include "store\/store.h"/],
  [faultsOfC, 'store/x.c', '#include "err.h"\n', /"err.h" is not below src/],
  [faultsOfC, 'chat/x.c', '#include <sqlite3.h>\n', /only store may include <sqlite3.h>/],
  [faultsOfC, 'chat/x.c', '#include <cjson/cJSON.h>\n', /only proto may include/],
  [faultsOfC, 'net/x.c', '#include <civetweb.h>\n', /only http may include/],
  [faultsOfC, 'http/x.c', '#include <sodium.h>\n', /only base may include/],
  [faultsOfC, 'proto/x.c', '#include <unicode/uchar.h>\n', /only base may include/],
  [faultsOfC, 'base/x.c', '#include <curl/curl.h>\n', /of no package/],
  [faultsOfC, 'odd/x.c', '', /no room odd/],
  [
    faultsOfC,
    'chat/x.c',
    '/* #include <sqlite3.h> */ // time(0)\nint at_time(int time);\nx = e->random(1); puts("time(0)");\n',
  ],
  [faultsOfC, 'chat/x.c', 'int64_t now = time(NULL);\n', /does not call time/],
  [faultsOfC, 'net/x.c', 'int64_t now = time(NULL);\n'],
  [faultsOfC, 'chat/core/x.c', 'int64_t now = time(NULL);\n', /does not call time/],
  [
    faultsOfC,
    'chat/core/x.c',
    '#include "chat/session/session.h"\n',
    /chat\/core may not include "chat\/session\/session.h"/,
  ],
  [faultsOfC, 'chat/query/x.c', '#include "chat/submit/call_internal.h"\n', /chat\/query may not include/],
  [faultsOfC, 'chat/submit/x.c', '#include "account/account_internal.h"\n', /is internal to account/],
  [faultsOfC, 'chat/submit/x.c', '#include "account/for_tests.h"\n', /is internal to account/],
  [faultsOfC, 'apply/x.c', '#include "hub/frame.h"\n#include "store/store.h"\n'],
  [faultsOfC, 'apply/x.c', '#include "hub/hub.h"\n', /apply may not include "hub\/hub.h"/],
  [faultsOfC, 'apply/x.c', '#include "base/env.h"\n', /may not include base\/env.h/],
  [faultsOfC, 'apply/x.c', '#include "base/secret.h"\n', /may not include base\/secret.h/],
  [faultsOfC, 'apply/x.c', '#include <sys/socket.h>\n', /may not include sys\/socket.h/],
  [faultsOfC, 'apply/x.c', '#include <pthread.h>\n', /may not include pthread.h/],
  [faultsOfC, 'apply/x.c', '#include "chat/session/session.h"\n', /apply may not include/],
  [faultsOfC, 'apply/x.c', 'int64_t now = env_wall_ms(e);\n', /may not call env_wall_ms/],
  [faultsOfC, 'apply/x.c', 'env_random(e, id, 8);\n', /may not call env_random/],
  [faultsOfC, 'apply/x.c', 'int64_t now = time(NULL);\n', /does not call time/],
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

/** A file that includes these. */
const including = (path, ...names) => [path, names.map((name) => `#include "${name}"\n`).join('')];

test('a circle is seen', () => {
  const straight = [
    including('a/x.c', 'a/x.h', 'a/y.h'),
    including('a/x.h'),
    including('a/y.c', 'a/y.h', 'b/z.h'),
    including('a/y.h'),
    including('b/z.h'),
  ];
  assert.deepEqual(faultsOfCircles(straight), []);
  const across = [...straight, including('b/z.c', 'b/z.h', 'a/x.h')];
  assert.deepEqual(faultsOfCircles(across), ['a circle of different rooms: a/x, a/y, b/z']);
  const three = [
    including('a/x.c', 'a/y.h'),
    including('a/y.c', 'a/z.h'),
    including('a/z.h', 'a/x.h'),
    including('a/x.h'),
    including('a/y.h'),
  ];
  assert.deepEqual(circlesOf(graphOf(three)), [['a/x', 'a/y', 'a/z']]);
  assert.deepEqual(faultsOfCircles(three), []);
  const four = [...three, including('a/w.h', 'a/x.h'), including('a/y.h', 'a/w.h')];
  assert.deepEqual(faultsOfCircles(four), ['a circle of 4 files: a/w, a/x, a/y, a/z']);
  const two = [
    including('a/x.h', 'a/y.h'),
    including('a/y.h', 'a/x.h'),
    including('a/v.h', 'a/x.h', 'b/z.h'),
    including('b/z.h', 'a/y.h'),
  ];
  assert.deepEqual(circlesOf(graphOf(two)), [['a/x', 'a/y']]);
});
