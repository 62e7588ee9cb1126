/* Ctrl+K: to a room by a few letters of its name. Unread ones first, then those visited last. */
import { useState } from 'preact/hooks';
import { fuzzyScore } from '../lib/fuzzy.js';
import { roomRoute } from '../lib/route.js';
import { useApp } from './context.js';
import { closeDialog, Dialog } from './dialog.jsx';
import { ArchiveIcon, HashIcon } from './icons.jsx';
import { watch } from './watch.js';

const SHOWN_MAX = 12;

/** @param {import('../model/chat.js').Chat} chat @param {string} query */
function matches(chat, query) {
  const { recent } = chat.rooms;
  /* The open room is the last where one wants to go. */
  const places = [...recent.slice(1), ...[...chat.rooms.keys()].filter((id) => !recent.includes(id)), chat.current?.id];
  return [...chat.rooms.values()]
    .map((room) => ({ room, score: fuzzyScore(query, room.name) }))
    .filter(({ score }) => score > 0)
    .sort(
      (a, b) =>
        b.score - a.score ||
        Number(a.room.archived) - Number(b.room.archived) ||
        Number(b.room.unread > 0) - Number(a.room.unread > 0) ||
        places.indexOf(a.room.id) - places.indexOf(b.room.id),
    )
    .slice(0, SHOWN_MAX)
    .map(({ room }) => room);
}

export function Switcher() {
  const { chat, router } = useApp();
  watch(chat);
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const rooms = matches(chat, query);
  const index = Math.min(chosen, rooms.length - 1);

  /** @param {import('../model/room.js').Room} room */
  function go(room) {
    closeDialog();
    router.go(roomRoute(room));
  }

  /** Takes what stands in the field, which a fast writer has changed since it was drawn last. @param {string} value */
  function goTo(value) {
    const room = value === query ? rooms[index] : matches(chat, value)[0];
    if (room) go(room);
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown') setChosen((index + 1) % Math.max(rooms.length, 1));
    else if (event.key === 'ArrowUp') setChosen((index - 1 + rooms.length) % Math.max(rooms.length, 1));
    else if (event.key === 'Enter') goTo(/** @type {HTMLInputElement} */ (event.currentTarget).value);
    else return;
    event.preventDefault();
  }

  return (
    <Dialog name="switcher" title="Go to a room" hideTitle>
      <input
        class="switcher__input"
        placeholder="Go to a room"
        role="combobox"
        aria-label="Name of the room"
        aria-expanded="true"
        aria-controls="switcher-list"
        aria-autocomplete="list"
        aria-activedescendant={rooms[index] ? `switcher-${rooms[index].id}` : undefined}
        autofocus
        autoComplete="off"
        spellcheck={false}
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul class="switcher__list" id="switcher-list" role="listbox" aria-label="Rooms">
        {rooms.map((room, at) => (
          <li
            key={room.id}
            id={`switcher-${room.id}`}
            role="option"
            aria-selected={at === index}
            class={`switcher__room ${room.unread ? 'switcher__room--unread' : ''}`}
            onPointerMove={() => at !== index && setChosen(at)}
            onClick={() => go(room)}
          >
            {room.archived ? <ArchiveIcon /> : <HashIcon />}
            <span class="switcher__name" dir="auto">
              {room.name}
            </span>
            <span class="switcher__note">
              {room.archived ? 'archived' : room.unread ? `${room.unread} unread` : room === chat.current ? 'open' : ''}
            </span>
          </li>
        ))}
      </ul>
      {!rooms.length && (
        <p class="switcher__none" role="status">
          No room is called that. Try other letters.
        </p>
      )}
    </Dialog>
  );
}
