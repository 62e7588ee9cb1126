// readme_tables.mjs: writes the tables of src/proto/README.md that say nothing but what verbs.def does: what each request
// takes, and who may use it. `./dev format` runs it; unit/proto/readme_tables checks them.
import { readFileSync, writeFileSync } from 'node:fs';
import { FIELDS, VERBS } from './verbs.mjs';

function nameOf(field) {
  return FIELDS.get(field)?.name ?? fail(`request_fields.c has no row for ${field}`);
}

function fail(why) {
  console.error(`readme_tables: ${why}`);
  process.exit(1);
}

const row = (cells) => `|${cells.map((cell) => (cell ? ` ${cell} |` : ' |')).join('')}\n`;

function fieldsRow({ name, needs, takes }) {
  const fields = [...needs.map(nameOf), ...takes.map((field) => `${nameOf(field)}?`)];
  return row([`\`${name}\``, fields.map((field) => `\`${field}\``).join(', ')]);
}

function rightsRow({ name, anywhere, asMember, asModerator, oneself, scope, flags }) {
  const yes = (flag) => (flags.has(flag) ? 'yes' : '');
  return row([`\`${name}\``, anywhere, asMember, asModerator, oneself, scope, yes('OUTRANKS'), yes('AUDITED')]);
}

/** The tables, by their first line. */
const tables = {
  '| request | fields |': VERBS.filter(({ how }) => how !== 'QUERY').map(fieldsRow),
  '| request | anywhere | as a member | as its moderator | about oneself | scope | lower only | audited |':
    VERBS.map(rightsRow),
};

const file = new URL('../src/proto/README.md', import.meta.url);
const before = readFileSync(file, 'utf8');
let text = before;
for (const [head, rows] of Object.entries(tables)) {
  const start = text.indexOf(`\n${head}\n`) + 1;
  if (!start) fail(`README.md has no table that begins with ${head}`);
  const body = text.indexOf('\n', text.indexOf('\n', start) + 1) + 1; // after the line of dashes
  const end = /^(?!\|)/m.exec(text.slice(body)).index + body;
  text = text.slice(0, body) + rows.join('') + text.slice(end);
}
if (text !== before) writeFileSync(file, text);
