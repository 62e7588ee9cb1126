// verbs.mjs: the rows of src/proto/verbs.def as data, and the names of their fields, for the page's build, the protocol's
// document and the tests.
//
// The file is C macros, one call a row. Only the columns that C does not keep to itself are read: the columns MAY, NEEDS
// and TAKES are found by their names, so that a new column of C's needs no change here.
import { readFileSync } from 'node:fs';

const read = (name) => readFileSync(new URL(`../src/proto/${name}`, import.meta.url), 'utf8');

/** The arguments of a call, split at the commas that stand in no inner call: "A, F(B, C)" gives A and F(B, C). */
function split(args) {
  const parts = [''];
  let depth = 0;
  for (const c of args) {
    depth += (c === '(') - (c === ')');
    if (c === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += c;
  }
  return parts.map((part) => part.trim());
}

/** The arguments of the inner call NAME(...) among these; none for NAME(NONE). */
function inner(args, name) {
  const found = args.find((arg) => arg.startsWith(`${name}(`));
  if (!found) throw new Error(`verbs.def: a row without ${name}: ${args.join(', ')}`);
  return split(found.slice(name.length + 1, -1)).filter((arg) => arg !== 'NONE');
}

const word = (name) => name.toLowerCase();

/**
 * `how`: LIVE (a live connection carries it out), CALL (it goes through the log), QUERY (it is a list). The four columns
 * say from which role on, or null: never. `flags` are without their prefix, as in AUDITED; `needs` and `takes` are the
 * names of fields in request_fields.c, as in AFTER_SEQ.
 * @typedef {object} Verb
 * @property {string} name
 * @property {'LIVE' | 'CALL' | 'QUERY'} how
 * @property {string | null} anywhere
 * @property {string | null} asMember
 * @property {string | null} asModerator
 * @property {string | null} oneself
 * @property {string} scope what a token needs
 * @property {Set<string>} flags
 * @property {string[]} needs
 * @property {string[]} takes
 */

/** @param {string} text @returns {Verb[]} in the order of the file */
export function parseVerbs(text) {
  const rows = [...text.matchAll(/^(LIVE|CALL|QUERY)\((.*)\)$/gm)];
  const begun = text.match(/^(LIVE|CALL|QUERY)\(/gm)?.length ?? 0;
  if (!begun || rows.length !== begun) throw new Error('verbs.def: a row is one line');
  return rows.map(([, how, line]) => {
    const args = split(line);
    const [anywhere, asMember, asModerator, oneself] = inner(args, 'MAY').map((role) =>
      role === 'NEVER' ? null : word(role),
    );
    const [scope, flags] = args.slice(args.findIndex((arg) => arg.startsWith('MAY(')) + 1);
    return {
      name: args[1],
      how: /** @type {Verb['how']} */ (how),
      anywhere,
      asMember,
      asModerator,
      oneself,
      scope: word(scope),
      flags: new Set(flags === '0' ? [] : flags.split('|').map((flag) => flag.trim().replace(/^VERB_/, ''))),
      needs: inner(args, 'NEEDS'),
      takes: inner(args, 'TAKES'),
    };
  });
}

export const VERBS = parseVerbs(read('verbs.def'));

/**
 * What NEEDS and TAKES speak of, from request_fields.c, whose rows begin with [AFTER_SEQ] = {"after", FIELD_OWN_NUMBER:
 * the name in JSON and the kind, here OWN_NUMBER.
 * @type {Map<string, { name: string, kind: string }>}
 */
export const FIELDS = new Map(
  [...read('request_fields.c').matchAll(/^ *\[(\w+)\] = \{"(\w+)", FIELD_(\w+),/gm)].map(([, field, name, kind]) => [
    field,
    { name, kind },
  ]),
);
