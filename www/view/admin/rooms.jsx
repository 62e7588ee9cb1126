/* All rooms except direct conversations. Private rooms of others can be managed, but not read. */
import { useMemo, useState } from 'preact/hooks';
import { systemClock } from '../../lib/clock.js';
import { roomRoute } from '../../lib/route.js';
import { said } from '../../lib/said.js';
import { isOutside, may } from '../../model/permissions.js';
import { Room } from '../../model/room.js';
import { confirm } from '../confirm.jsx';
import { useApp } from '../context.js';
import { MoreIcon } from '../icons.jsx';
import { Link } from '../link.jsx';
import { useListing } from '../list.jsx';
import { Menu } from '../menu.jsx';
import { showModal } from '../modal.jsx';
import { Section } from '../page.jsx';
import { AddMembers } from '../people/add_members.jsx';
import { RoomIcon, RoomKindWords } from '../room_icon.jsx';
import { addOneself } from '../rooms/add_oneself.js';
import { CreateRoom } from '../rooms/create_room.jsx';
import { RoomSettings } from '../rooms/room_settings.jsx';
import { SearchField } from '../search_field.jsx';
import { Empty } from '../states.jsx';
import { attempt } from '../toast.jsx';
import { watch } from '../watch.js';
import { ListedTable } from './table.jsx';

/** @typedef {import('../../lib/protocol.js').RoomInfo} RoomInfo */

/** @type {Record<string, string>} */
const KINDS = { open: 'Public', closed: 'Private', announcement: 'Announcements' };

export function RoomsTab() {
  const [query, setQuery] = useState('');
  const listed = /** @type {import('../../model/listing.js').Listing<RoomInfo & { id: number }>} */ (
    useListing({ type: 'rooms' }, query ? { query } : {})
  );
  const onChange = () => void listed.load();
  const columns = useMemo(() => columnsWith(onChange), []);

  return (
    <Section title="Rooms" about="You can manage private rooms you're not in, but not read them.">
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
        empty={<Empty>{query ? 'No matches.' : 'No rooms yet.'}</Empty>}
      />
    </Section>
  );
}

/**
 * @param {() => void} onChange
 * @returns {import('./table.jsx').Column<RoomInfo>[]}
 */
const columnsWith = (onChange) => [
  {
    title: 'Room',
    kind: 'main',
    draw: (info) => <RoomName info={info} />,
  },
  { title: 'Kind', kind: 'narrow', draw: ({ kind = 'open' }) => KINDS[kind] },
  { title: 'State', draw: (room) => states(room) },
  { title: 'Members', kind: 'number', draw: ({ members }) => members?.toLocaleString() },
  { title: 'Events', kind: 'number', draw: (info) => <Entries info={info} /> },
  { title: 'Actions', kind: 'actions', draw: (room) => <RoomActions info={room} onChange={onChange} /> },
];

/** The room of the reader's list, or else one made from the entry. @param {RoomInfo} info */
function useRoom(info) {
  const { rooms } = watch(useApp().chat);
  const known = rooms.get(info.id);
  return useMemo(() => known ?? looseRoom(info), [known, info]);
}

/** @param {{ info: RoomInfo }} props */
function RoomName({ info }) {
  const room = useRoom(info);
  const name = (
    <>
      <RoomIcon room={info} />
      <bdi>{info.name}</bdi>
      <RoomKindWords room={info} />
    </>
  );
  if (isOutside(room)) return <span class="room-name">{name}</span>;
  return (
    <Link to={roomRoute(info)} class="room-name room-name--link">
      {name}
    </Link>
  );
}

/** The number of events; not known for private rooms of others. @param {{ info: RoomInfo }} props */
function Entries({ info }) {
  if (isOutside(useRoom(info))) return null;
  return <span title="Messages and other events">{info.last_seq.toLocaleString()}</span>;
}

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
function RoomActions({ info, onChange }) {
  const app = useApp();
  const { request, chat, router } = app;
  const { me } = watch(chat);
  const { id, name, archived } = info;
  const room = useRoom(info);
  const isHidden = isOutside(room);

  async function archive() {
    const title = said`Archive ${name}?`;
    if (
      !archived &&
      !(await confirm({
        title,
        text: 'It stays readable, but nobody can post. You can unarchive it later.',
        action: 'Archive',
      }))
    )
      return;
    const done = archived ? said`${name} unarchived.` : said`${name} archived.`;
    if (await attempt(() => request({ type: 'archive_room', room: id, archived: !archived }), done)) onChange();
  }

  return (
    <Menu
      class="icon-button"
      label={said`Actions for ${name}`}
      items={[
        !isHidden && { label: 'Open', onSelect: () => router.go(roomRoute(info)) },
        may('edit_room', { me, room }) && {
          label: 'Name and settings',
          onSelect: () => showModal(() => <RoomSettings room={room} onSaved={onChange} />),
        },
        isHidden &&
          may('add_member', { me, room }) && {
            label: 'Add people…',
            onSelect: () => showModal(() => <AddMembers room={room} onAdded={onChange} />),
          },
        isHidden && may('add_member', { me, room }) && { label: 'Join…', onSelect: () => addOneself(app, info) },
        may('archive_room', { me, room }) && {
          label: archived ? 'Unarchive' : 'Archive',
          line: true,
          onSelect: archive,
        },
      ]}
    >
      <MoreIcon />
    </Menu>
  );
}

/** A room that is not in the reader's list. @param {RoomInfo} info */
function looseRoom(info) {
  const room = new Room(info, systemClock);
  room.belong(info);
  return room;
}
