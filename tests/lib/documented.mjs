/* The tables and examples of src/proto/README.md as data: a test that walks them walks what is added there, too. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERBS } from '../../cmake/verbs.mjs';
import { ROOT } from './server.mjs';

const page = readFileSync(join(ROOT, 'src/proto/README.md'), 'utf8');

/** The rows of a table, each a list of its cells, found by how its first line begins. */
function table(...head) {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => `${line}\n`.startsWith(`| ${head.join(' | ')}`));
  if (start < 0) throw new Error(`src/proto/README.md has no table | ${head.join(' | ')}`);
  const end = lines.findIndex((line, i) => i > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) =>
    line
      .slice(1, line.lastIndexOf('|'))
      .split('|')
      .map((cell) => cell.trim()),
  );
}

const codes = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code);

/** What has an address of its own: `{ method, path, fields }`, a field as `code?` where it may be left out. */
export const HTTP_CALLS = table('call', 'fields', 'answer').flatMap(([call, takes]) => {
  const [, method, path] = call.match(/^`(\w+) ([^`]+)`$/);
  if (path.endsWith('/NAME')) return []; // stands for the requests below
  const fields = codes(takes).filter((field) => /^\w+\??$/.test(field));
  return [{ method, path: path.replace(/\/ID$|\?.*$/, ''), fields }];
});

function fieldsOf(cell) {
  const fields = codes(cell);
  return {
    needs: fields.filter((field) => !field.endsWith('?')),
    takes: fields.filter((field) => field.endsWith('?')).map((field) => field.slice(0, -1)),
  };
}

const commands = table('request', 'fields |\n');
const lists = table('request', 'fields', 'answer');

/** @type {Map<string, { needs: string[], takes: string[] }>} what each request has besides `type` and `id` */
export const REQUESTS = new Map([...commands, ...lists].map(([name, fields]) => [codes(name)[0], fieldsOf(fields)]));

/** Those that need a live connection: they are no calls under /api/v1. */
export const LIVE_ONLY = VERBS.filter(({ how, flags }) => how === 'LIVE' && !flags.has('OVER_HTTP')).map(
  ({ name }) => name,
);

/** The requests that are calls under /api/v1 as well. */
export const REQUEST_CALLS = [...REQUESTS.keys()].filter((name) => !LIVE_ONLY.includes(name));

/** @type {Map<string, string>} which scope of a token each request needs */
export const SCOPES = new Map(table('request', 'anywhere').map((cells) => [codes(cells[0])[0], cells[5]]));

/** Those that no token is good for. */
export const NEED_SESSION = [...SCOPES].filter(([, scope]) => /session|password/.test(scope)).map(([name]) => name);

/** Those that need a session and the current password: over HTTP only. */
export const NEED_PASSWORD = [...SCOPES].filter(([, scope]) => scope === 'password').map(([name]) => name);

/** @type {Map<string, object>} the first example of each request, without `type`, `id` and the password in it */
export const EXAMPLES = new Map();
for (const [, text] of page.matchAll(/^```json client\n(.*?)\n```$/gms)) {
  const { type, id, current, ...fields } = JSON.parse(text);
  if (!EXAMPLES.has(type)) EXAMPLES.set(type, fields);
}

const orNever = (cell) => cell || 'never';

/**
 * The table "Who may do what": in the columns of roles the least that may, or `never`.
 * @type {Map<string, { anywhere: string, asMember: string, asModerator: string, oneself: string, scope: string,
 *   lowerOnly: boolean, audited: boolean }>}
 */
export const PERMISSIONS = new Map(
  table('request', 'anywhere').map(([name, anywhere, asMember, asModerator, oneself, scope, lowerOnly, audited]) => [
    codes(name)[0],
    {
      anywhere: orNever(anywhere),
      asMember: orNever(asMember),
      asModerator: orNever(asModerator),
      oneself: orNever(oneself),
      scope,
      lowerOnly: lowerOnly === 'yes',
      audited: audited === 'yes',
    },
  ]),
);

/** The codes of errors. */
export const ERROR_CODES = table('code', 'meaning').flatMap(([code]) => codes(code));
