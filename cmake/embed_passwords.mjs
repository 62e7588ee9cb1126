// embed_passwords.mjs LIST.json OUT.c: writes the most common passwords as C data, in the declarations of
// src/account/common_passwords.h.
//
// LIST.json is an array of passwords, the most common first. It has to hold at least the 10,000 that are to be refused.
// Those that are shorter than a password may be are refused for that already, so they are left out, and there is room
// for all the others of the list. Letters are folded to lower case, and the table is sorted by bytes, for bisection.
import { readFileSync, writeFileSync } from 'node:fs';

const LEAST_PASSWORDS = 10_000;
const LEAST_CHARACTERS = 10; // PASSWORD_MIN: the compiler compares

const [listFile, outFile] = process.argv.slice(2);
if (!outFile) fail('usage: embed_passwords.mjs LIST.json OUT.c');

function fail(why) {
  console.error(`embed_passwords: ${why}`);
  process.exit(1);
}

const list = JSON.parse(readFileSync(listFile, 'utf8'));
if (!Array.isArray(list) || list.length < LEAST_PASSWORDS) {
  fail(`${listFile} is no list of ${LEAST_PASSWORDS} passwords`);
}
const strange = list.find((p) => typeof p !== 'string' || !/^[ -~]+$/.test(p));
if (strange !== undefined) fail(`${JSON.stringify(strange)}: only ASCII is expected, as only that is folded`);

const long = list.filter((p) => p.length >= LEAST_CHARACTERS).map((p) => p.toLowerCase());
const sorted = [...new Set(long)].sort(); // ASCII: by code units is by bytes
if (sorted.length === 0) fail(`${listFile} has no password of ${LEAST_CHARACTERS} characters`);

writeFileSync(
  outFile,
  `/* Made by cmake/embed_passwords.mjs. */
#include "account/common_passwords.h"
#include "account/password.h"

_Static_assert(PASSWORD_MIN == ${LEAST_CHARACTERS}, "embed_passwords.mjs leaves out what is shorter");

const char *const common_passwords[] = {
${sorted.map((p) => `    "${p.replace(/[\\"]/g, '\\$&').replaceAll('??', '?""?')}",\n`).join('')}};
const size_t common_passwords_count = sizeof common_passwords / sizeof common_passwords[0];
`,
);
