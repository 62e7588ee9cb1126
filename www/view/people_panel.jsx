/* The people of a room: who is here now, and who belongs to it. */
import { useState } from 'preact/hooks';
import { statusOf } from '../model/persons.js';
import { plural } from '../lib/text.js';
import { Avatar } from './avatar.jsx';
import { useApp } from './context.js';
import { CloseIcon } from './icons.jsx';
import { Link } from './link.jsx';
import { Members } from './people/members.jsx';
import { RequestsBadge } from './people/requests_badge.jsx';
import { minute } from './ui.js';
import { watch } from './watch.js';

/** @typedef {import('../model/room.js').Room} Room */

/** @param {{ room: Room }} props drawn with the room's id as key */
export function PeoplePanel({ room }) {
  const { chat, router } = useApp();
  watch(chat.persons);
  const { memberCount, kind, requests } = watch(room);
  const { count } = watch(room.people);
  const [tab, setTab] = useState(/** @type {'here' | 'members'} */ ('here'));
  const hasMembers = !chat.isGuest && kind !== 'direct';
  const shown = hasMembers ? tab : 'here';
  const title = hasMembers || kind === 'direct' ? 'People' : 'Here now';
  const tabs = /** @type {const} */ ([
    ['here', 'Here now', count],
    ['members', 'Members', memberCount ?? 0],
  ]);
  return (
    <aside class="people" id="people-panel" aria-labelledby="people-title" tabIndex={-1}>
      <header class="people__header">
        <h2 id="people-title" class={hasMembers ? 'visually-hidden' : undefined}>
          {title}
        </h2>
        {hasMembers && (
          <div class="people__tabs" role="group" aria-labelledby="people-title">
            {tabs.map(([name, label, number]) => (
              <button key={name} type="button" class="people__tab" aria-pressed={shown === name} onClick={() => setTab(name)}>
                {label}
                {number > 0 && <span class="people__number">{number.toLocaleString()}</span>}
                {name === 'members' && <RequestsBadge count={requests} />}
              </button>
            ))}
          </div>
        )}
        <button type="button" class="icon-button people__close" onClick={() => router.closePanel()}>
          <CloseIcon />
          <span class="visually-hidden">Close the list of people</span>
        </button>
      </header>
      {shown === 'here' ? <HereNow room={room} /> : <Members room={room} />}
    </aside>
  );
}

/** @param {{ room: Room }} props */
function HereNow({ room }) {
  const { chat } = useApp();
  watch(chat.persons);
  watch(room);
  const { count } = watch(room.people);
  const list = room.kind === 'direct' ? conversationOf(room) : room.people.list;
  void minute.value; /* a status ends by itself */
  if (!list) return <p class="people__many">{plural(count, 'person is', 'people are')} here, too many to list.</p>;
  if (!list.length) return <p class="people__many">Nobody is here at the moment.</p>;
  return (
    <ul class="people__list">
      {list.map((person) => {
        const status = statusOf(chat.persons.of(person), Date.now());
        return (
          <li key={person.id || person.name} class={`person person--${person.state ?? 'absent'}`}>
            <span class="person__avatar">
              <Avatar user={person} small />
              <span class="person__dot" aria-hidden="true" />
            </span>
            <span class="person__names">
              <bdi class="person__name">
                {person.id && !chat.isGuest ? (
                  <Link to={{ page: 'people', id: person.id }} class="person__link">
                    {chat.persons.nameOf(person)}
                  </Link>
                ) : (
                  chat.persons.nameOf(person)
                )}
              </bdi>
              {status && <bdi class="person__status">{status}</bdi>}
            </span>
            {person.id !== 0 && person.id === chat.me?.id && <span class="person__note">you</span>}
            {person.state === 'away' && <span class="person__note">away</span>}
          </li>
        );
      })}
    </ul>
  );
}

/**
 * All who are in a direct conversation, whether they look at it or not.
 * @param {Room} room
 * @returns {(import('../lib/protocol.js').User & { state?: 'active' | 'away' })[]}
 */
function conversationOf({ between, people }) {
  return between.map((person) => ({ ...person, state: people.list?.find(({ id }) => id === person.id)?.state }));
}
