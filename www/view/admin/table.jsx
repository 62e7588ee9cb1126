/* A table; on a narrow screen each row is a card with labelled cells. */
import { Listed } from '../list.jsx';
import { watch } from '../watch.js';

/**
 * @template Item
 * @typedef {object} Column
 * @property {string} title
 * @property {(item: Item) => import('preact').ComponentChildren} draw null: empty
 * @property {'main' | 'wide' | 'name' | 'number' | 'narrow' | 'actions'} [kind] main: the head of the card; wide: no word of usual
 *   length is broken; name: no name of usual length is; narrow: nothing is
 */

/* The roles are explicit: some browsers drop the table's role when it is laid out as cards. */

/**
 * @template Item
 * @param {object} props
 * @param {string} props.label
 * @param {Column<Item>[]} props.columns
 * @param {Item[]} props.rows
 * @param {(item: Item) => string | number} props.keyOf
 * @param {boolean} [props.busy]
 */
export function Table({ label, columns, rows, keyOf, busy = false }) {
  return (
    <table class="table" role="table" aria-label={label} aria-busy={busy}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ title, kind }) => (
            <th key={title} role="columnheader" scope="col" class={classOf(kind)}>
              {kind === 'actions' ? <span class="visually-hidden">{title}</span> : title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row" class="table__row">
            {columns.map(({ title, kind, draw }) => (
              <td
                key={title}
                role="cell"
                class={classOf(kind)}
                data-title={kind === 'main' || kind === 'actions' ? undefined : title}
              >
                {draw(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** @param {string | undefined} kind */
const classOf = (kind) => `table__cell ${kind ? `table__cell--${kind}` : ''}`;

/**
 * A table of a list that is loaded page by page.
 * @template {{ id: number }} Item
 * @param {object} props
 * @param {import('../../model/listing.js').Listing<Item>} props.of
 * @param {string} props.label
 * @param {Column<Item>[]} props.columns
 * @param {import('preact').ComponentChildren} props.empty an <Empty>
 */
export function ListedTable({ of: listing, label, columns, empty }) {
  const { items, state } = watch(listing);
  return (
    <Listed of={listing} empty={empty}>
      <Table label={label} columns={columns} rows={items} keyOf={({ id }) => id} busy={state === 'loading'} />
    </Listed>
  );
}
