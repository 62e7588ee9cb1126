/* Who is in the room. */
import { Avatar } from './avatar.jsx';
import { useApp } from './context.js';
import { CloseIcon } from './icons.jsx';
import { watch } from './watch.js';

/** @param {{ room: import('../model/room.js').Room }} props */
export function PeoplePanel({ room }) {
  const { chat, router } = useApp();
  watch(chat.persons);
  const { count, list } = watch(room.people);
  return (
    <aside class="people" id="people-panel" aria-labelledby="people-title" tabIndex={-1}>
      <header class="people__header">
        <h2 id="people-title">Here now</h2>
        <button type="button" class="icon-button people__close" onClick={() => router.closePanel()}>
          <CloseIcon />
          <span class="visually-hidden">Close the list of people</span>
        </button>
      </header>
      {list ? (
        <ul class="people__list">
          {list.map((person) => (
            <li key={person.id || person.name} class={`person person--${person.state}`}>
              <span class="person__avatar">
                <Avatar user={person} small />
                <span class="person__dot" aria-hidden="true" />
              </span>
              <span class="person__name" dir="auto">
                {chat.persons.nameOf(person)}
              </span>
              {person.id !== 0 && person.id === chat.me?.id && <span class="person__note">you</span>}
              {person.state === 'away' && <span class="person__note">away</span>}
            </li>
          ))}
        </ul>
      ) : (
        <p class="people__many">{count.toLocaleString()} people are here, too many to list.</p>
      )}
    </aside>
  );
}
