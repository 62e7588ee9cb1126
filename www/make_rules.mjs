/* Makes model/verb_rules.js, what the page knows of the protocol's verbs: who may use each. From src/proto/verbs.def, the
 * one table of them. Whatever imports the page needs this to have run: the build, tsc and the tests do it first. */
import { readFileSync, writeFileSync } from 'node:fs';
import { VERBS } from '../cmake/verbs.mjs';

const made = new URL('model/verb_rules.js', import.meta.url);

/** @param {import('../cmake/verbs.mjs').Verb} verb */
function ruleOf({ anywhere, asMember, asModerator, oneself, flags }) {
  const rule = {
    anywhere,
    member: asMember,
    moderator: asModerator,
    self: oneself,
    lower: flags.has('OUTRANKS'),
    notInDirect: flags.has('NOT_IN_DIRECT'),
  };
  return Object.fromEntries(Object.entries(rule).filter(([, value]) => value));
}

const rows = VERBS.map((verb) => `  ${verb.name}: ${JSON.stringify(ruleOf(verb))},\n`).join('');
const text = `/* Made by www/make_rules.mjs from src/proto/verbs.def. */

/** @typedef {${VERBS.map(({ name }) => `'${name}'`).join(' | ')}} Verb */

/** @type {Record<Verb, import('./permissions.js').Rule>} */
export const RULES = {
${rows}};
`;

/* Nothing is built anew because of a file that is as it was. */
let before = '';
try {
  before = readFileSync(made, 'utf8');
} catch (error) {
  if (error.code !== 'ENOENT') throw error;
}
if (text !== before) writeFileSync(made, text);
