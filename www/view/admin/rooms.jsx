/* All rooms that are listed, and the closed ones that one belongs to. */
import { useMemo, useState } from 'preact/hooks';
import { systemClock } from '../../lib/clock.js';
import { roomRoute } from '../../lib/route.js';
import { hasLetters } from '../../model/admin/room_choice.js';
import { may } from '../../model/may.js';
import { Room } from '../../model/room.js';
import { confirm } from '../confirm.jsx';
import { useApp } from '../context.js';
import { MoreIcon } from '../icons.jsx';
import { Link } from '../link.jsx';
import { useListing } from '../list.jsx';
import { Menu } from '../menu.jsx';
import { showModal } from '../modal.jsx';
import { Section } from '../page.jsx';
import { RoomIcon, RoomKindWords } from '../room_icon.jsx';
import { CreateRoom } from '../rooms/create_room.jsx';
import { RoomSettings } from '../rooms/room_settings.jsx';
import { Empty } from '../states.jsx';
import { attempt } from '../toast.jsx';
import { watch } from '../watch.js';
import { SearchField } from './search_field.jsx';
import { ListedTable, Table } from './table.jsx';

/** @typedef {import('../../lib/protocol.js').RoomInfo} RoomInfo */

/** @type {Record<string, string>} */
const KINDS = { open: 'Open', closed: 'Closed', announcement: 'Announcements' };

export function RoomsTab() {
  const { chat } = useApp();
  const { rooms } = watch(chat);
  const [query, setQuery] = useState('');
  const listed = /** @type {import('../../model/listing.js').Listing<RoomInfo & { id: number }>} */ (useListing({ type: 'rooms' }, query ? { query } : {}));
  const closed = [...rooms.values()].filter(({ kind, name }) => kind === 'closed' && hasLetters(name, query));
  const onChange = () => void listed.load();
  const columns = useMemo(() => columnsWith(onChange), []);

  return (
    <>
      <Section title="Rooms">
        <div class="filters filters--line">
          <SearchField label="Search rooms" onSearch={setQuery} />
          <button type="button" class="button" onClick={() => showModal(() => <CreateRoom />)}>
            New room
          </button>
        </div>
        <ListedTable
          of={listed}
          label="Rooms"
          columns={columns}
          empty={<Empty>{query ? 'No listed room is called that.' : 'There are no rooms yet.'}</Empty>}
        />
      </Section>
      {closed.length > 0 && (
        <Section title="Closed rooms that you belong to" about="Other closed rooms are known to their members only.">
          <Table label="Closed rooms" columns={columns.filter(({ title }) => title !== 'Members')} rows={closed.map(infoOf)} keyOf={({ id }) => id} />
        </Section>
      )}
    </>
  );
}

/** What the list of rooms would say of it. @param {Room} room @returns {RoomInfo} */
const infoOf = ({ id, name, kind, archived, locked, slowSeconds, topic, history, timeline }) => ({
  id,
  name,
  kind,
  archived,
  locked,
  slow_s: slowSeconds,
  topic,
  history,
  last_seq: timeline.lastSeq,
});

/**
 * @param {() => void} onChange
 * @returns {import('./table.jsx').Column<RoomInfo>[]}
 */
const columnsWith = (onChange) => [
  {
    title: 'Room',
    kind: 'main',
    draw: (room) => (
      <Link to={roomRoute(room)} class="room-name">
        <RoomIcon room={room} />
        <bdi>{room.name}</bdi>
        <RoomKindWords room={room} />
      </Link>
    ),
  },
  { title: 'Kind', kind: 'narrow', draw: ({ kind = 'open' }) => KINDS[kind] },
  { title: 'State', draw: (room) => states(room) },
  { title: 'Members', kind: 'number', draw: ({ members }) => members?.toLocaleString() },
  { title: 'Entries', kind: 'number', draw: ({ last_seq }) => <span title="Messages, and whatever else has happened in it">{last_seq.toLocaleString()}</span> },
  { title: 'Actions', kind: 'actions', draw: (room) => <RoomDeeds info={room} onChange={onChange} /> },
];

/** @param {RoomInfo} room */
function states({ archived, locked, slow_s }) {
  if (!archived && !locked && !slow_s) return null;
  return (
    <span class="badges">
      {archived && <span class="badge badge--quiet">Archived</span>}
      {locked && <span class="badge badge--quiet">Locked</span>}
      {slow_s ? <span class="badge badge--quiet">Slow mode</span> : null}
    </span>
  );
}

/** @param {{ info: RoomInfo, onChange: () => void }} props */
function RoomDeeds({ info, onChange }) {
  const { ask, chat, router } = useApp();
  const { me, rooms } = watch(chat);
  const { id, name, archived } = info;
  const room = useMemo(() => rooms.get(id) ?? looseRoom(info), [info]);

  async function archive() {
    const title = `Archive ${name}?`;
    if (!archived && !(await confirm({ title, text: 'It can still be read, and opened again. Nobody can write in it.', action: 'Archive' }))) return;
    const done = archived ? `${name} is open again.` : `${name} is archived.`;
    if (await attempt(() => ask({ type: 'archive_room', room: id, archived: !archived }), done)) onChange();
  }

  return (
    <Menu
      class="icon-button"
      label={`What to do with ${name}`}
      items={[
        { label: 'Go there', onSelect: () => router.go(roomRoute(info)) },
        may('edit_room', { me, room }) && {
          label: 'Name and settings',
          onSelect: () => showModal(() => <RoomSettings room={room} onSaved={onChange} />),
        },
        may('archive_room', { me, room }) && { label: archived ? 'Open again' : 'Archive', line: true, onSelect: archive },
      ]}
    >
      <MoreIcon />
    </Menu>
  );
}

/** One that we do not belong to, as what the settings take. @param {RoomInfo} info */
function looseRoom(info) {
  const room = new Room(info, systemClock);
  room.belong(info);
  return room;
}
