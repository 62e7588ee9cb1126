/* A person in the list of a room's people, and a section of that list. */
import { untilWords } from '../../lib/durations.js';
import { statusOf } from '../../model/persons.js';
import { Avatar } from '../avatar.jsx';
import { useApp } from '../context.js';
import { MoreIcon } from '../icons.jsx';
import { Link } from '../link.jsx';
import { minute } from '../ui.js';
import { watch } from '../watch.js';

/** @typedef {import('../../lib/protocol.js').MemberInfo} MemberInfo */

/**
 * @param {object} props
 * @param {string} props.title
 * @param {number} props.count
 * @param {string} props.label of the list, for screen readers
 * @param {import('preact').ComponentChildren} props.children its rows; without any, nothing is drawn
 */
export function PeopleSection({ title, count, label, children }) {
  if (!count) return null;
  return (
    <section class="people__section">
      <h3>
        {title} <span class="people__number">{count.toLocaleString()}</span>
      </h3>
      <ul aria-label={label}>{children}</ul>
    </section>
  );
}

/**
 * @param {object} props
 * @param {import('../../lib/protocol.js').User} props.person
 * @param {import('../../model/online.js').PersonState | null} props.state null: not known
 * @param {MemberInfo} [props.member] the membership, if known
 * @param {(anchor: HTMLElement) => void} [props.onMenu]
 */
export function PersonRow({ person, state, member, onMenu }) {
  const { chat } = useApp();
  watch(chat.persons);
  void minute.value; /* a status and a mute can end by themselves */
  const now = Date.now();
  const name = chat.persons.nameOf(person);
  const status = statusOf(chat.persons.of(person), now);
  const isMe = person.id !== 0 && person.id === chat.me?.id;
  const isSilenced = (member?.muted_until ?? 0) > now;
  return (
    <li class={`person person--${state ?? 'offline'}`}>
      <span class="person__avatar">
        <Avatar user={person} small />
        <span class="person__dot" aria-hidden="true" />
      </span>
      <span class="person__names">
        <bdi class="person__name">
          {person.id && !chat.isGuest ? (
            <Link to={{ page: 'people', id: person.id }} class="person__link">
              {name}
            </Link>
          ) : (
            name
          )}
        </bdi>
        {status && <bdi class="person__status">{status}</bdi>}
        {(member?.room_role === 'moderator' || isSilenced) && (
          <span class="person__marks">
            {member?.room_role === 'moderator' && <span class="badge">Moderator</span>}
            {isSilenced && <span class="badge badge--danger">Muted {untilWords(member?.muted_until ?? 0, now)}</span>}
          </span>
        )}
      </span>
      {isMe && <span class="person__note">you</span>}
      {state === 'away' && <span class="person__note">away</span>}
      {onMenu && !isMe && (
        <button
          type="button"
          class="icon-button"
          aria-haspopup="menu"
          onClick={({ currentTarget }) => onMenu(currentTarget)}
        >
          <MoreIcon />
          <span class="visually-hidden">Actions for {name}</span>
        </button>
      )}
    </li>
  );
}
