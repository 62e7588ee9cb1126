/* A person's profile: bio, shared rooms, and actions. */
import { roomRoute } from '../../lib/route.js';
import { fullTime, isoTime, shortDate } from '../../lib/time.js';
import { ROLE_NAMES } from '../../model/admin/roles.js';
import { STATE_WORDS } from '../../model/online.js';
import { may } from '../../model/permissions.js';
import { statusOf } from '../../model/persons.js';
import { PersonDialog } from '../admin/person_dialog.jsx';
import { Avatar } from '../avatar.jsx';
import { confirm } from '../confirm.jsx';
import { useApp } from '../context.js';
import { BlockIcon, EditIcon, SayIcon, ShieldIcon } from '../icons.jsx';
import { Link } from '../link.jsx';
import { Listed, useListing } from '../list.jsx';
import { closeModal, showModal } from '../modal.jsx';
import { Page, Section } from '../page.jsx';
import { RoomIcon, RoomKindWords } from '../room_icon.jsx';
import { Loading, Problem } from '../states.jsx';
import { attempt } from '../toast.jsx';
import { watch } from '../watch.js';
import { openDirect } from './new_message.jsx';

/** @typedef {import('../../lib/protocol.js').PersonInfo} PersonInfo */
/** @typedef {import('../../model/listing.js').Listing<import('../../lib/protocol.js').RoomInfo>} Rooms */

/** @param {{ id: number }} props */
export function ProfilePage({ id }) {
  const { request, chat } = useApp();
  watch(chat.persons);
  const askAndLearn = async (/** @type {import('../../lib/protocol.js').ClientFrame} */ frame) => {
    const answer = await request(frame);
    chat.persons.learn(answer.person);
    return answer;
  };
  const rooms = /** @type {Rooms} */ (
    useListing({ type: 'person', list: 'rooms', request: askAndLearn }, { user: id })
  );
  const { answer, state, problem } = rooms;
  const known = chat.persons.find(id);
  return (
    <Page title={known ? chat.persons.nameOf(known) : 'Profile'}>
      {answer ? (
        <Profile person={answer.person} rooms={rooms} />
      ) : state === 'failed' ? (
        <Problem message={problem} onRetry={() => rooms.retry()} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

/** @param {{ person: PersonInfo & { bio?: string, since?: number, state?: import('../../model/online.js').PersonState }, rooms: Rooms }} props */
function Profile({ person: known, rooms }) {
  const app = useApp();
  const { chat, router } = app;
  const { me, blocked, persons } = watch(chat);
  const person = { ...known, ...watch(persons).of(known) };
  const { bio, since } = known;
  const { role = 'member', name, id } = person;
  const called = persons.nameOf(person);
  const status = statusOf(person, Date.now());
  const isMe = id === me?.id;
  const state = watch(chat.online).of(id) ?? known.state;
  const isBlocked = blocked.has(id);
  const shared = rooms.items.filter(({ kind }) => kind !== 'direct');

  async function block() {
    const text =
      "Their messages are collapsed, their mentions don't notify you, and they can't message you directly. They won't be told.";
    if (!isBlocked && !(await confirm({ title: `Block ${called}?`, text, action: 'Block', danger: true }))) return;
    attempt(() => chat.block(id, !isBlocked), isBlocked ? `You unblocked ${called}.` : `You blocked ${called}.`);
  }

  return (
    <>
      <div class="profile">
        <Avatar user={person} size="large" />
        <div class="profile__main">
          <p class="profile__name">
            <bdi>{called}</bdi>
          </p>
          <p class="profile__about">
            <bdi>@{name}</bdi>
            <span class={`badge ${role === 'member' ? 'badge--quiet' : ''}`}>{ROLE_NAMES[role]}</span>
            {state && (
              <span>
                {state !== 'offline' && <span class={`presence-dot presence-dot--${state}`} aria-hidden="true" />}
                {STATE_WORDS[state]}
              </span>
            )}
            {person.banned && <span class="badge badge--danger">Banned</span>}
            {isBlocked && <span class="badge badge--danger">Blocked by you</span>}
          </p>
          {status && (
            <p class="profile__status" dir="auto">
              {status}
            </p>
          )}
        </div>
      </div>
      {bio && (
        <p class="profile__bio" dir="auto">
          {bio}
        </p>
      )}
      <div class="profile__actions">
        {role !== 'guest' && !person.banned && (
          <button type="button" class="button button--primary button--icon" onClick={() => openDirect(app, id)}>
            <SayIcon /> {isMe ? 'Notes to yourself' : 'Message'}
          </button>
        )}
        {isMe && (
          <button
            type="button"
            class="button button--icon"
            onClick={() => router.go({ page: 'settings', tab: 'profile' })}
          >
            <EditIcon /> Change your profile
          </button>
        )}
        {!isMe && may('block', { me }) && (
          <button type="button" class="button button--icon" onClick={block}>
            <BlockIcon /> {isBlocked ? 'Unblock' : 'Block'}
          </button>
        )}
        {!isMe && may('ban', { me, target: person }) && (
          <button
            type="button"
            class="button button--icon"
            onClick={() => showModal(() => <PersonDialog person={person} onClose={closeModal} />)}
          >
            <ShieldIcon /> Moderate
          </button>
        )}
      </div>
      {since !== undefined && since > 0 && (
        <p class="profile__since">
          Joined{' '}
          <time dateTime={isoTime(since)} title={fullTime(since)}>
            {shortDate(since)}
          </time>
        </p>
      )}
      {!isMe && (
        <Section title="Rooms you share">
          {shared.length || rooms.hasMore ? (
            <Listed of={rooms} empty={null}>
              <ul class="list">
                {shared.map((room) => (
                  <li key={room.id} class="list__item list__item--low">
                    <span class="list__icon">
                      <RoomIcon room={room} />
                    </span>
                    <Link to={roomRoute(room)} class="list__link">
                      <bdi>{room.name}</bdi>
                    </Link>
                    <RoomKindWords room={room} />
                  </li>
                ))}
              </ul>
            </Listed>
          ) : (
            <p class="section__about">None.</p>
          )}
        </Section>
      )}
    </>
  );
}
