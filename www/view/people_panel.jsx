/* The people of a room, online and offline. */
import { said } from '../lib/said.js';
import { plural } from '../lib/text.js';
import { useApp } from './context.js';
import { CloseIcon } from './icons.jsx';
import { Members } from './people/members.jsx';
import { PeopleSection, PersonRow } from './people/person_row.jsx';
import { watch } from './watch.js';

/** @typedef {import('../model/room.js').Room} Room */

/** @param {{ room: Room }} props drawn with the room's id as key */
export function PeoplePanel({ room }) {
  const { chat, router } = useApp();
  const List = room.kind === 'direct' ? Conversation : chat.isGuest ? OnlineOnly : Members;
  return (
    <aside class="people" id="people-panel" aria-labelledby="people-title" tabIndex={-1}>
      <header class="people__header">
        <h2 id="people-title">People</h2>
        <button type="button" class="icon-button people__close" onClick={() => router.closePanel()}>
          <CloseIcon />
          <span class="visually-hidden">Close the list of people</span>
        </button>
      </header>
      <List room={room} />
    </aside>
  );
}

/** Guests see only members who are online. @param {{ room: Room }} props */
function OnlineOnly({ room }) {
  watch(room);
  const { count, list } = watch(room.people);
  return (
    <div class="people__scroller">
      {list ? (
        <PeopleSection title="Online" count={count} label={said`Online in ${room.name}`}>
          {list.map((person) => (
            <PersonRow key={person.id || person.name} person={person} state={person.state} />
          ))}
        </PeopleSection>
      ) : (
        <p class="people__many">{plural(count, 'person is', 'people are')} online, too many to list.</p>
      )}
    </div>
  );
}

/** @param {{ room: Room }} props */
function Conversation({ room }) {
  const { chat } = useApp();
  watch(room);
  const online = watch(chat.online);
  const people = room.between.map((person) => ({
    person,
    state: person.id === chat.me?.id ? /** @type {const} */ ('active') : (online.of(person.id) ?? 'offline'),
  }));
  return (
    <div class="people__scroller">
      {[
        { title: 'Online', some: people.filter(({ state }) => state !== 'offline') },
        { title: 'Offline', some: people.filter(({ state }) => state === 'offline') },
      ].map(({ title, some }) => (
        <PeopleSection key={title} title={title} count={some.length} label={title}>
          {some.map(({ person, state }) => (
            <PersonRow key={person.id} person={person} state={state} />
          ))}
        </PeopleSection>
      ))}
    </div>
  );
}
