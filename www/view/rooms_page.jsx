/* The listed rooms: description, number of members, and a button to join. Access to a private room is requested by
 * name; admins see private rooms in the list. */
import { useState } from 'preact/hooks';
import { roomRoute } from '../lib/route.js';
import { plural } from '../lib/text.js';
import { isOutside, may } from '../model/permissions.js';
import { useApp } from './context.js';
import { PlusIcon } from './icons.jsx';
import { Link } from './link.jsx';
import { List, useListing } from './list.jsx';
import { showModal } from './modal.jsx';
import { Page, Section } from './page.jsx';
import { RoomIcon, RoomKindWords } from './room_icon.jsx';
import { addOneself } from './rooms/add_oneself.js';
import { AskByName } from './rooms/ask_by_name.jsx';
import { CreateRoom } from './rooms/create_room.jsx';
import { SearchField } from './search_field.jsx';
import { Empty } from './states.jsx';
import { attempt } from './toast.jsx';
import { watch } from './watch.js';

/** @typedef {import('../lib/protocol.js').RoomInfo} RoomInfo */

export function RoomsPage() {
  const { chat } = useApp();
  const { isGuest, me } = watch(chat);
  const create = may('create_room', { me }) && (
    <button type="button" class="button button--icon button--small" onClick={() => showModal(() => <CreateRoom />)}>
      <PlusIcon /> Create a room
    </button>
  );
  return (
    <Page title="Rooms" actions={create}>
      {isGuest ? <Empty>You're here as a guest. With an account you can join and create rooms.</Empty> : <Listed />}
    </Page>
  );
}

function Listed() {
  const { chat } = useApp();
  const [query, setQuery] = useState('');
  const listing = /** @type {import('../model/listing.js').Listing<RoomInfo>} */ (
    useListing({ type: 'rooms' }, { query })
  );
  const managesAll = may('add_member', { me: watch(chat).me });
  return (
    <>
      <Section>
        <SearchField label="Search rooms" onSearch={setQuery} />
        <List
          of={listing}
          label="Rooms"
          draw={(info) => <ListedRoom info={info} />}
          empty={
            query ? (
              <Empty>
                No room found.
                {!managesAll && " If it's private, request access below using its exact name."}
              </Empty>
            ) : (
              <Empty
                action={may('create_room', { me: chat.me }) ? 'Create a room' : undefined}
                onAction={() => showModal(() => <CreateRoom />)}
              >
                No rooms yet.
              </Empty>
            )
          }
        />
      </Section>
      {!managesAll && (
        <Section title="Private rooms" about="Private rooms aren't listed. If you know the name, you can ask to join.">
          <AskByName />
        </Section>
      )}
    </>
  );
}

/** @param {{ info: RoomInfo }} props */
function ListedRoom({ info }) {
  const app = useApp();
  const { request, chat, router } = app;
  const [isBusy, setBusy] = useState(false);
  const { name, topic, description, members = 0, archived, kind = 'open' } = info;
  const { me, rooms } = watch(chat);
  const membership = rooms.get(info.id)?.membership ?? null;
  const isOurs = membership !== null;
  const isHidden = isOutside({ kind, membership });

  async function join() {
    setBusy(true);
    const ack = await attempt(() => request({ type: 'add_member', room: info.id }));
    setBusy(false);
    if (ack) router.go(roomRoute(info));
  }

  return (
    <>
      <span class="list__icon">
        <RoomIcon room={info} />
      </span>
      <div class="list__main">
        <p class="list__title">
          {isHidden ? (
            <bdi>{name}</bdi>
          ) : (
            <Link to={roomRoute(info)} class="list__link">
              <bdi>{name}</bdi>
            </Link>
          )}
          <RoomKindWords room={info} />
          {isOurs && <span class="badge badge--quiet">Joined</span>}
          {archived && <span class="badge badge--quiet">Archived</span>}
        </p>
        <p class="list__about">
          <span>{plural(members, 'member')}</span>
          {topic && <bdi class="list__topic">{topic}</bdi>}
        </p>
        {description && (
          <p class="list__about list__about--long" dir="auto">
            {description}
          </p>
        )}
      </div>
      {isHidden ? (
        may('add_member', { me, room: { kind, membership } }) && (
          <button type="button" class="button button--small" onClick={() => addOneself(app, info)}>
            Join…<span class="visually-hidden"> {name}</span>
          </button>
        )
      ) : isOurs || archived ? (
        <button type="button" class="button button--small" onClick={() => router.go(roomRoute(info))}>
          Open<span class="visually-hidden"> {name}</span>
        </button>
      ) : (
        <button type="button" class="button button--primary button--small" disabled={isBusy} onClick={join}>
          Join<span class="visually-hidden"> {name}</span>
        </button>
      )}
    </>
  );
}
