/* Ctrl+K: goes to a room or person by a few letters of the name. Unread rooms first, then those visited last, then
 * people without a conversation. */
import { useState } from 'preact/hooks';
import { fuzzyScore } from '../lib/fuzzy.js';
import { roomRoute } from '../lib/route.js';
import { hasAccount } from '../model/permissions.js';
import { Avatar } from './avatar.jsx';
import { useApp } from './context.js';
import { closeDialog, Dialog } from './dialog.jsx';
import { openDirect } from './people/new_message.jsx';
import { PersonNames, usePeople } from './people/picker.jsx';
import { RoomIcon, RoomKindWords } from './room_icon.jsx';
import { useListbox } from './use_listbox.js';
import { watch } from './watch.js';

/** @typedef {import('../model/room.js').Room} Room */
/** @typedef {import('../lib/protocol.js').PersonInfo} PersonInfo */
/** @typedef {{ key: string, room: Room } | { key: string, person: PersonInfo }} Match */

const SHOWN_MAX = 12;
const PEOPLE_MAX = 6;

/** @param {import('../model/chat.js').Chat} chat @param {string} query @returns {Room[]} */
function roomsLike(chat, query) {
  const { recent } = chat.rooms;
  /* The open room comes last: the reader is already there. */
  const places = [
    ...recent.slice(1),
    ...chat.sidebar.order.map(({ id }) => id).filter((id) => !recent.includes(id)),
    chat.current?.id,
  ];
  const placeOf = (/** @type {Room} */ { id }) => (places.includes(id) ? places.indexOf(id) : Infinity);
  return [...chat.rooms.values()]
    .map((room) => ({ room, score: fuzzyScore(query, chat.titleOf(room)) }))
    .filter(({ score }) => score > 0)
    .sort(
      (a, b) =>
        b.score - a.score ||
        Number(a.room.archived) - Number(b.room.archived) ||
        Number(b.room.unread > 0) - Number(a.room.unread > 0) ||
        placeOf(a.room) - placeOf(b.room) ||
        0,
    )
    .slice(0, SHOWN_MAX)
    .map(({ room }) => room);
}

export function Switcher() {
  const { chat } = useApp();
  const [query, setQuery] = useState('');
  return chat.isGuest ? (
    <SwitcherBox query={query} onQuery={setQuery} people={[]} />
  ) : (
    <SwitcherWithPeople query={query} onQuery={setQuery} />
  );
}

/** @param {{ query: string, onQuery: (query: string) => void }} props */
function SwitcherWithPeople({ query, onQuery }) {
  const { chat } = useApp();
  const { people } = usePeople(query.trim());
  const me = chat.me?.id ?? 0;
  const strangers = (people ?? []).filter(
    (person) => hasAccount(person) && !person.banned && chat.rooms.directWith(person.id, me) === null,
  );
  /* The answer can still be the one to an earlier text. */
  const fitting = strangers.filter(
    ({ name, display_name }) => fuzzyScore(query, name) || fuzzyScore(query, display_name ?? ''),
  );
  return <SwitcherBox query={query} onQuery={onQuery} people={query.trim() ? fitting.slice(0, PEOPLE_MAX) : []} />;
}

/** @param {{ query: string, onQuery: (query: string) => void, people: PersonInfo[] }} props */
function SwitcherBox({ query, onQuery, people }) {
  const app = useApp();
  const { chat, router } = app;
  watch(chat);
  const where = chat.isGuest ? 'Go to a room' : 'Go to a room or person';
  /** @type {Match[]} */
  const matches = [
    ...roomsLike(chat, query).map((room) => ({ key: `room-${room.id}`, room })),
    ...people.map((person) => ({ key: `person-${person.id}`, person })),
  ];
  const listbox = useListbox({ options: matches, keyOf: ({ key }) => key, onPick: go, answered: query.trim() });

  /** @param {Match} match */
  function go(match) {
    closeDialog();
    if ('room' in match) router.go(roomRoute(match.room));
    else openDirect(app, match.person.id);
  }

  return (
    <Dialog name="switcher" title={where} hideTitle>
      <input
        {...listbox.field}
        class="switcher__input"
        placeholder={where}
        aria-label={chat.isGuest ? 'Search rooms' : 'Search rooms and people'}
        autofocus
        value={query}
        onInput={(event) => {
          onQuery(event.currentTarget.value);
          listbox.reset();
        }}
        onKeyDown={listbox.onKeyDown}
      />
      <ul {...listbox.list} class="switcher__list" aria-label={chat.isGuest ? 'Rooms' : 'Rooms and people'}>
        {matches.map((match, at) => (
          <li
            key={match.key}
            {...listbox.optionProps(match, at)}
            class={`switcher__room ${'room' in match && match.room.unread ? 'switcher__room--unread' : ''}`}
          >
            {'room' in match ? <RoomMatch room={match.room} /> : <PersonMatch person={match.person} />}
          </li>
        ))}
      </ul>
      {!matches.length && (
        <p class="switcher__none" role="status">
          {chat.isGuest ? 'No matches.' : 'No matching room or person.'}
        </p>
      )}
    </Dialog>
  );
}

/** @param {{ room: Room }} props */
function RoomMatch({ room }) {
  const { chat } = useApp();
  return (
    <>
      <RoomIcon room={room} />
      <bdi class="switcher__name">{chat.titleOf(room)}</bdi>
      <RoomKindWords room={room} />
      <span class="switcher__note">
        {room.archived
          ? 'archived'
          : room.unread
            ? `${room.unread.toLocaleString()} unread`
            : room === chat.current
              ? 'current'
              : ''}
      </span>
    </>
  );
}

/** @param {{ person: PersonInfo }} props */
function PersonMatch({ person }) {
  return (
    <>
      <Avatar user={person} size="tiny" />
      <span class="switcher__name">
        <PersonNames person={person} />
      </span>
      <span class="switcher__note switcher__note--action">message</span>
    </>
  );
}
