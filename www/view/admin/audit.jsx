/* Who did what to whom, when, and from where. */
import { fullTime, isoTime, shortMoment } from '../../lib/time.js';
import { detailsOf, VERBS, verbName } from '../../model/admin/audit.js';
import { useApp } from '../context.js';
import { useListing } from '../list.jsx';
import { Section } from '../page.jsx';
import { Empty } from '../states.jsx';
import { watch } from '../watch.js';
import { EVERYTHING, fieldsOf, filter } from './audit_filter.js';
import { PersonChooser, RoomChooser } from './chooser.jsx';
import { MessageLink } from './message_link.jsx';
import { ListedTable } from './table.jsx';
import { UserName } from './user_name.jsx';

/** @typedef {import('../../lib/protocol.js').AuditEntry} AuditEntry */

export function AuditTab() {
  const { dayClock } = useApp();
  watch(dayClock); /* dates change at midnight */
  const wanted = filter.value;
  const isFiltered = Object.keys(fieldsOf(wanted)).length > 0;
  const entries = /** @type {import('../../model/listing.js').Listing<AuditEntry>} */ (
    useListing({ type: 'audit', cursor: 'before' }, fieldsOf(wanted))
  );
  return (
    <Section title="Audit log" about="Administrative and account actions, newest first. The log can't be edited.">
      <Filters />
      <ListedTable
        of={entries}
        label="Audit log"
        columns={COLUMNS}
        empty={
          isFiltered ? (
            <Empty action="Show everything" onAction={() => (filter.value = EVERYTHING)}>
              No matching entries.
            </Empty>
          ) : (
            <Empty>No entries yet.</Empty>
          )
        }
      />
    </Section>
  );
}

function Filters() {
  const { actor, user, room, verb } = filter.value;
  const change = (/** @type {Partial<import('./audit_filter.js').AuditFilter>} */ what) =>
    (filter.value = { ...filter.value, ...what });
  const isFiltered = Object.keys(fieldsOf(filter.value)).length > 0;
  return (
    <div class="filters" role="search" aria-label="Filter the audit log">
      <PersonChooser label="Actor" value={actor} withSystem onPick={(person) => change({ actor: person })} />
      <PersonChooser label="Target" value={user} onPick={(person) => change({ user: person })} />
      <div>
        <label class="form__label" for="audit-verb">
          Action
        </label>
        <select
          id="audit-verb"
          class="field field--select"
          onInput={(event) => change({ verb: event.currentTarget.value })}
        >
          <option value="" selected={!verb}>
            Any action
          </option>
          {Object.entries(VERBS).map(([name, label]) => (
            <option key={name} value={name} selected={name === verb}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <RoomChooser label="Room" value={room} onPick={(found) => change({ room: found })} />
      {isFiltered && (
        <button type="button" class="button button--small filters__clear" onClick={() => (filter.value = EVERYTHING)}>
          Show everything
        </button>
      )}
    </div>
  );
}

/** @type {import('./table.jsx').Column<AuditEntry>[]} */
const COLUMNS = [
  { title: 'Time, IP address', draw: ({ at, address }) => <Moment at={at} address={address} /> },
  { title: 'Action', kind: 'main', draw: ({ verb }) => verbName(verb) },
  { title: 'Actor', kind: 'name', draw: ({ by }) => <UserName user={by} /> },
  { title: 'Target', kind: 'wide', draw: (entry) => about(entry) },
  { title: 'Details', kind: 'wide', draw: (entry) => details(entry) },
];

/** With the IP address; "" for none. @param {{ at: number, address: string }} props */
function Moment({ at, address }) {
  return (
    <div class="moment">
      <time dateTime={isoTime(at)} title={fullTime(at)}>
        {shortMoment(at, Date.now())}
      </time>
      {address && <span class="moment__address">{address}</span>}
    </div>
  );
}

/** @param {AuditEntry} entry */
function about({ by, user, room, room_name = '', seq, verb }) {
  const isAboutOther = user !== undefined && user.id !== by.id;
  if (!isAboutOther && !room) return null;
  return (
    <>
      {isAboutOther && <UserName user={user} />}
      {isAboutOther && room && ' '}
      {room && (
        <MessageLink
          room={{ id: room, name: room_name }}
          seq={verb === 'delete' ? seq : undefined}
          within={isAboutOther}
        />
      )}
    </>
  );
}

/** @param {AuditEntry} entry */
function details(entry) {
  const all = detailsOf(entry, (at) => shortMoment(at, Date.now()));
  if (!all.length) return null;
  return (
    <ul class="details">
      {all.map(({ key, value }) => (
        <li key={key}>
          <span class="details__key">{key}:</span> <bdi>{value}</bdi>
        </li>
      ))}
    </ul>
  );
}
