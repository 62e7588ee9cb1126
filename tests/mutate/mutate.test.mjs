/* The mutants of small C files, and the hunt for those that a test does not notice. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { temporaryDirectory } from '../lib/server.mjs';
import { hunt } from './hunt.mjs';
import { mutantsOf, mutate } from './mutants.mjs';

const run = promisify(execFile);

/** One line of C, and what becomes of it; a leading `type:` puts it into a function that returns that. */
const SAMPLES = [
  ['void: x = a == b;', ['x = a != b;']],
  ['void: x = a < b->c;', ['x = a <= b->c;']],
  ['void: x = a << 2 >= b;', ['x = a << 3 >= b;', 'x = a << 2 > b;']],
  ['void: x = a < b ? a : b;', ['x = 0 ? a : b;', 'x = 1 ? a : b;'], 'of two equal ones either is the smaller'],
  ['void: if (a) f(b);', ['if (0) f(b);', 'if (1) f(b);']],
  ['void: if (f(a) && !b) c();', ['if (1 && !b) c();', 'if (0) c();', 'if (f(a) && 1) c();']],
  ['void: x = a && b || c[d];', ['x = 1 && b || c[d];', 'x = 0 || c[d];', 'x = a && 1 || c[d];', 'x = a && b || 0;']],
  ['void: while (more(a)) b++;', ['while (0) b++;'], 'and no loop without end'],
  ['void: for (; a > b;) c();', ['for (; 0;) c();', 'for (; a >= b;) c();']],
  ['void: for (;;) c();', []],
  ["void: x = 'a';", ["x = ('a' + 1);"]],
  ['void: x = 0x1fu;', ['x = (0x1fu + 1);']],
  ['void: char text[64], *more = a[3];', ['char text[64], *more = a[4];'], 'the size of an array is left alone'],
  ['void: struct s s = {0};', []],
  ['void: x = true;', ['x = false;']],
  ['void: if (a) return; b();', ['if (0) return; b();', 'if (1) return; b();', 'if (a) ; b();']],
  ['bool: return a;', ['return !(a);']],
  ['bool: return a != b;', ['return a == b;'], 'once is enough'],
  ['bool: return false;', ['return true;']],
  ['enum err: return OK;', ['return 1;']],
  ['enum err: return ERR_FULL;', ['return OK;']],
  ['static enum err: return f(a);', ['return (void)(f(a)), OK;']],
  ['const char *: return a->b;', ['return (void)(a->b), NULL;']],
  ['char *: return NULL;', []],
  ['size_t: return n;', ['return (n) + 1;']],
  ['int: return 4;', ['return 5;']],
  ['struct pair: return pair;', []],
  ['void: assert(a < 3);', []],
  ['void: puts("a == 1"); /* b < 2 */ // c > 3', []],
  ['enum { MOST = 8 };', ['enum { MOST = 9 };']],
  ['#define MOST (1 + \\\n  2)', []],
];

for (const [line, want, why] of SAMPLES) {
  test(`mutants of ${line}${why ? `: ${why}` : ''}`, () => {
    const [, type, code] = /^([\w *]+): (.*)$/.exec(line) ?? [];
    const [before, after] = type ? [`${type} f(int a)\n{\n`, '\n}\n'] : ['', '\n'];
    const text = before + (code ?? line) + after;
    const got = mutantsOf(text).map((mutant) => {
      assert.equal(mutant.line, type ? 3 : 1);
      const mutated = mutate(text, mutant);
      return mutated.slice(before.length, mutated.length - after.length);
    });
    assert.deepEqual(got, want);
  });
}

const GATE = `#include "gate.h"

/* Whether somebody may come in. */
int gate_opens(int age, int has_ticket)
{
    static const int ages[] = {18, 21};
    for (int i = 0; i < 2; i++)
        if (age < ages[i])
            return i;
    return has_ticket ? 3 : 2;
}
`;

const GATE_TEST = `#include "gate.h"

int main(void)
{
    return !(gate_opens(17, 1) == 0 && gate_opens(20, 1) == 1 && gate_opens(30, 1) == 3 && gate_opens(30, 0) == 2);
}
`;

async function gate() {
  const directory = temporaryDirectory();
  const write = (name, text) => writeFileSync(join(directory, name), text);
  write('gate.h', 'int gate_opens(int age, int has_ticket);\n');
  write('gate.c', GATE);
  write('test_gate.c', GATE_TEST);
  write('test_other.c', 'int main(void) { return 0; }\n');
  for (const name of ['gate', 'test_gate', 'test_other']) await run('cc', ['-c', `${name}.c`], { cwd: directory });
  await run('ar', ['rc', 'libgate.a', 'gate.o'], { cwd: directory });
  const linked = (name) => ({
    name: `unit/${name}`,
    directory,
    link: ['cc', `test_${name}.o`, '-o', name, 'libgate.a'],
  });
  const compile = { file: join(directory, 'gate.c'), directory, arguments: ['cc', '-std=c17', `-I${directory}`] };
  return { compile, scratch: join(directory, 'scratch'), tests: [linked('other'), linked('gate')] };
}

test('a hunt finds what no test notices', async () => {
  const { tests, tried } = await hunt({ ...(await gate()), jobs: 2 });
  assert.deepEqual(tests, ['unit/gate'], 'the other test does not use the file');
  const survivors = tried
    .filter(({ fate }) => fate === 'survived')
    .map(({ line, was, becomes }) => [line, was, becomes]);
  assert.deepEqual(survivors, [
    [6, '18', '19'],
    [6, '21', '22'],
    [8, '<', '<='],
  ]);
  const overrun = tried.find(({ line, becomes }) => line === 7 && becomes === '<=');
  assert.equal(overrun.fate, 'killed', 'what reads behind an array is noticed');
  assert.ok(tried.every(({ fate, by }) => fate === 'survived' || (fate === 'killed' && by === 'unit/gate')));
});

test('a hunt can be bounded', async () => {
  const { tried } = await hunt({ ...(await gate()), wanted: ({ line }) => line === 8, limit: 2 });
  assert.deepEqual(
    tried.map(({ line, becomes }) => [line, becomes]),
    [
      [8, '0'],
      [8, '1'],
    ],
  );
});

test('a test that fails without a mutation is refused', async () => {
  const made = await gate();
  const broken = { ...made.compile, arguments: [...made.compile.arguments, '-Di=age'] };
  await assert.rejects(hunt({ ...made, compile: broken }), /unit\/gate does not pass without a mutation/);
});
