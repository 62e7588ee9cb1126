/* Shown instead of a room: it is being looked up, does not exist, the reader is no longer in it, or there is none at
 * all. */
import { roomRoute } from '../lib/route.js';
import { useApp } from './context.js';
import { Link } from './link.jsx';
import { MenuButton } from './room_header.jsx';
import { RoomIcon, RoomKindWords } from './room_icon.jsx';
import { AskByName } from './rooms/ask_by_name.jsx';
import { CreateRoom } from './rooms/create_room.jsx';
import { showModal } from './modal.jsx';
import { Loading, Problem } from './states.jsx';
import { watch } from './watch.js';

/** @param {{ title: string, children: import('preact').ComponentChildren }} props */
function Instead({ title, children }) {
  return (
    <>
      <header class="room-header">
        <MenuButton />
        <h1 class="room-header__name">{title}</h1>
      </header>
      <div class="empty">{children}</div>
    </>
  );
}

export function NoRoom() {
  const { chat, router } = useApp();
  const { visit, isGuest } = watch(chat);
  const { wanted, wantedSeq, wantedId, lost, lookUp } = visit;
  const isDirect = router.route.value.page === 'direct';
  if (lost) return <Lost lost={lost} />;
  if (lookUp?.state === 'looking') {
    return (
      <Instead title={lookUp.name || (isDirect ? 'Conversation' : 'Room')}>
        <Loading />
      </Instead>
    );
  }
  if (lookUp?.state === 'failed') {
    return (
      <Instead title={lookUp.name || (isDirect ? 'Conversation' : 'Room')}>
        <Problem message={lookUp.problem} onRetry={() => chat.open(wanted, wantedSeq, wantedId)} />
      </Instead>
    );
  }
  if (lookUp?.state === 'several')
    return <Several name={lookUp.name} rooms={lookUp.rooms ?? []} seq={wantedSeq ?? undefined} />;
  if (typeof wanted === 'number' && isDirect) {
    return (
      <Instead title="No such conversation">
        <p>This conversation doesn't exist, or you're not part of it.</p>
        <Elsewhere />
      </Instead>
    );
  }
  if (typeof wanted === 'number') {
    return (
      <Instead title="No such room">
        <p>This room doesn't exist{!isGuest && ", or it's private"}.</p>
        {!isGuest && <AskByName key={wanted} id={wanted} />}
        <Elsewhere isPrimary={isGuest} />
      </Instead>
    );
  }
  if (wanted !== null) {
    return (
      <Instead title="No such room">
        <p>
          There's no room called <b dir="auto">{wanted}</b>
          {!isGuest && ", or it's private"}.
        </p>
        {!isGuest && <AskByName key={wanted} name={wanted} />}
        <Elsewhere isPrimary={isGuest} />
      </Instead>
    );
  }
  return isGuest ? (
    <Instead title="No rooms">
      <p>There are no public rooms for guests.</p>
    </Instead>
  ) : (
    <Instead title="No rooms">
      <p>You haven't joined any rooms yet.</p>
      <Elsewhere />
    </Instead>
  );
}

/**
 * The reader chooses: if the name opened one of them, anyone could make a room that gets messages meant for another.
 * @param {{ name: string, rooms: NonNullable<import('../model/visit.js').LookUp['rooms']>, seq?: number }} props
 */
function Several({ name, rooms, seq }) {
  return (
    <Instead title="Which room?">
      <p>
        There are several rooms called <b dir="auto">{name}</b>.
      </p>
      <ul class="several-rooms">
        {rooms.map((room) => (
          <li key={room.id}>
            <Link to={{ page: 'room', id: room.id, seq }} class="button">
              <RoomIcon room={room} />
              <bdi>{room.name}</bdi>
              <RoomKindWords room={room} />
              <span>
                (number {room.id}
                {room.topic && ': '}
                <bdi>{room.topic}</bdi>)
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Instead>
  );
}

/** @param {{ lost: NonNullable<import('../model/visit.js').Visit['lost']> }} props */
function Lost({ lost: { name, why, by } }) {
  const { chat } = useApp();
  const room = <b dir="auto">{name}</b>;
  const words = {
    removed: (
      <>
        {by ? <bdi>{chat.persons.nameOf(by)}</bdi> : 'A moderator'} removed you from {room}.
      </>
    ),
    left: <>You left {room}.</>,
    gone: <>You're no longer in {room}.</>,
  };
  return (
    <Instead title={name}>
      <p role="alert">
        {words[why]} {why !== 'left' && 'Your draft has been saved.'}
      </p>
      <Elsewhere />
    </Instead>
  );
}

/** Links to other rooms and pages. @param {{ isPrimary?: boolean }} props */
function Elsewhere({ isPrimary = true }) {
  const { chat, router } = useApp();
  const [first] = chat.sidebar.order.filter(({ archived }) => !archived);
  return (
    <div class="empty__actions">
      {first && (
        <button
          type="button"
          class={`button ${isPrimary ? 'button--primary' : ''}`}
          onClick={() => router.go(roomRoute(first))}
        >
          Go to {chat.titleOf(first)}
        </button>
      )}
      {!chat.isGuest && (
        <button type="button" class="button" onClick={() => router.go({ page: 'rooms' })}>
          Browse rooms
        </button>
      )}
      {!chat.isGuest && !first && (
        <button type="button" class="button" onClick={() => showModal(() => <CreateRoom />)}>
          Create a room
        </button>
      )}
    </div>
  );
}
