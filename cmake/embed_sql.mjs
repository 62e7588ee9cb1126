// embed_sql.mjs SOURCE_DIR OUT.c OUT.h: writes migrations/*.sql and the named statements of src/store/sql/*.sql as C data,
// in the declarations of src/store/statements.h, and the names of the statements as an enum, store/statement_ids.h.
//
// A migration is a file NNNN_name.sql, numbered from 0001 without a gap. Its first line is "-- NNNN_name: what it is
// about"; a line "-- earlier: SHA-256" names an earlier wording of it that does the same. A statement begins with the lines
//   -- name: messages_exists
//   -- index: messages_room_seq
// (what its plan searches by, or "none" with a reason) and ends before the next comment that leads up to a name.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const [sourceDir, dataFile, idsFile] = process.argv.slice(2);
if (!idsFile) fail('usage: embed_sql.mjs SOURCE_DIR OUT.c OUT.h');

function fail(why) {
  console.error(`embed_sql: ${why}`);
  process.exit(1);
}

function sqlFiles(...path) {
  const dir = join(sourceDir, ...path);
  return readdirSync(dir)
    .filter((f) => f.endsWith('.sql'))
    .sort()
    .map((f) => join(dir, f));
}

/** A C string literal, one source line per line of text. */
function literal(text) {
  const quoted = text.split(/(?<=\n)/).map(
    (line) =>
      `"${line
        .replace(/[\\"]/g, '\\$&')
        .replace(/\n/g, '\\n')
        .replace(/\t/g, '\\t')
        .replace(/\?(?=\?)/g, '?" "')}"`,
  );
  return quoted.join('\n        ');
}

/** Leaves a file alone that holds this text already, so that nothing that includes it is compiled again. */
function writeIfChanged(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function readMigrations() {
  return sqlFiles('migrations').map((file, i) => {
    const bytes = readFileSync(file);
    const name = basename(file, '.sql');
    const version = Number(/^(\d{4})_[a-z0-9_]+$/.exec(name)?.[1] ?? fail(`${file}: the name must be NNNN_name.sql`));
    if (version !== i + 1) fail(`${file}: number ${i + 1} is missing or there twice`);
    const sql = bytes.toString('utf8');
    const about =
      new RegExp(`^-- ${name}: (.*\\S)`).exec(sql)?.[1] ??
      fail(`${file}: the first line must be "-- ${name}: what it is about"`);
    const earlier = [...sql.matchAll(/^-- earlier: ([0-9a-f]{64})$/gm)].map((found) => `${found[1]} `).join('');
    return { version, name, checksum: createHash('sha256').update(bytes).digest('hex'), sql, about, earlier };
  });
}

function readStatements() {
  const all = [];
  for (const file of sqlFiles('src', 'store', 'sql')) {
    let current = null;
    readFileSync(file, 'utf8')
      .split('\n')
      .forEach((line, i) => {
        const where = `${file}:${i + 1}`;
        const [, key, value] = /^-- (name|index): (.*\S)\s*$/.exec(line) ?? [];
        if (key === 'name') {
          if (!/^[a-z][a-z0-9_]*$/.test(value)) fail(`${where}: a name is written in snake_case`);
          if (all.some((s) => s.name === value)) fail(`${where}: ${value} is there twice`);
          all.push((current = { name: value, index: '', sql: '', where }));
        } else if (key === 'index') {
          if (!current || current.index) fail(`${where}: an index line belongs below a name line`);
          current.index = value;
        } else if (line.trim() && !line.startsWith('--')) {
          if (!current) fail(`${where}: SQL before the first name`);
          current.sql += `${line}\n`;
        }
      });
  }
  for (const s of all) {
    if (!s.index) fail(`${s.where}: ${s.name} has no index line`);
    if (!s.sql.trimEnd().endsWith(';')) fail(`${s.where}: ${s.name} does not end with a semicolon`);
  }
  return all;
}

const migrations = readMigrations();
const statements = readStatements();

writeIfChanged(
  idsFile,
  `/* Made by cmake/embed_sql.mjs: the statements that src/store/sql/ names. */
#ifndef HUBBUB_STORE_STATEMENT_IDS_H
#define HUBBUB_STORE_STATEMENT_IDS_H

enum statement {
${statements.map((s) => `    STATEMENT_${s.name},`).join('\n')}
    STATEMENT_COUNT
};

#endif
`,
);

writeFileSync(
  dataFile,
  `/* Made by cmake/embed_sql.mjs. */
#include "store/statements.h"

#pragma GCC diagnostic ignored "-Woverlength-strings"

const struct statement_source statement_sources[STATEMENT_COUNT] = {
${statements
  .map(
    (s) => `    [STATEMENT_${s.name}] = {
        "${s.name}",
        ${literal(s.index)},
        ${literal(s.sql)},
    },`,
  )
  .join('\n')}
};

const struct migration migrations[] = {
${migrations
  .map(
    (m) => `    {
        ${m.version},
        "${m.name}",
        "${m.checksum}",
        ${literal(m.sql)},
        ${literal(m.about)},
        "${m.earlier}",
    },`,
  )
  .join('\n')}
};

const size_t migrations_count = ${migrations.length};
`,
);
