/* The members of a room, online and offline, with a menu for users who can manage them. */
import { useEffect } from 'preact/hooks';
import { SHORT_MUTE_CHOICES, untilOf, untilWords } from '../../lib/durations.js';
import { said } from '../../lib/said.js';
import { plural } from '../../lib/text.js';
import { may } from '../../model/permissions.js';
import { confirm } from '../confirm.jsx';
import { useApp } from '../context.js';
import { AddPersonIcon, BellOffIcon, LeaveIcon, PeopleIcon, SayIcon, ShieldIcon } from '../icons.jsx';
import { Listed, useListing } from '../list.jsx';
import { showModal } from '../modal.jsx';
import { popUp } from '../pop_up.jsx';
import { attempt } from '../toast.jsx';
import { watch } from '../watch.js';
import { AddMembers } from './add_members.jsx';
import { JoinRequests } from './join_requests.jsx';
import { openDirect } from './new_message.jsx';
import { PeopleSection, PersonRow } from './person_row.jsx';

/** @typedef {import('../../lib/protocol.js').MemberInfo} MemberInfo */
/** @typedef {import('../../model/room.js').Room} Room */
/** @typedef {import('../../model/online.js').PersonState} PersonState */

const PAGE = 100;
/** How many are loaded automatically. */
const LISTED_MAX = 400;

/** @param {{ room: Room }} props */
export function Members({ room }) {
  const app = useApp();
  const { chat } = app;
  const { memberCount, requests } = watch(room);
  const { list, count } = watch(room.people);
  /* Entries are stored when the answer arrives: later, they would overwrite newer ones. */
  const request = async (/** @type {import('../../lib/protocol.js').ClientFrame} */ frame) => {
    const answer = await app.request(frame);
    chat.persons.learn(...answer.members);
    return answer;
  };
  const listing = /** @type {import('../../model/listing.js').Listing<MemberInfo>} */ (
    useListing({ type: 'members', limit: PAGE, request }, { room: room.id })
  );
  const facts = { me: chat.me, room };

  /* Someone joined or left: the list has changed. */
  useEffect(() => {
    if (listing.state === 'ready' && memberCount !== listing.answer.count) listing.load();
  }, [memberCount]);
  useEffect(() => {
    if (listing.state !== 'ready') return;
    if (room.memberCount !== listing.answer.count) room.become({ memberCount: listing.answer.count });
  }, [listing.answer]);

  /* Menus of people who are online need their listed entry. */
  useEffect(() => {
    if (listing.state === 'ready' && listing.hasMore && listing.items.length < LISTED_MAX) listing.loadMore();
  }, [listing.state]);

  const members = new Map(listing.items.map((member) => [member.id, member]));
  /* Guests who look at the room are not counted as members. */
  const online = new Set(list?.map(({ id }) => id).filter((id) => members.has(id)));
  const others = listing.items.filter(({ id }) => !online.has(id));
  const row = (/** @type {import('../../lib/protocol.js').User} */ person, /** @type {PersonState | null} */ state) => {
    const member = members.get(person.id);
    const openMenu = (/** @type {HTMLElement} */ anchor) =>
      member && openMemberMenu(app, room, listing, member, anchor);
    return (
      <PersonRow
        key={person.id || person.name}
        person={person}
        state={state}
        member={member}
        onMenu={member && openMenu}
      />
    );
  };

  return (
    <div class="people__scroller">
      {requests > 0 && <JoinRequests key={room.id} room={room} />}
      {may('add_member', facts) && !room.archived && (
        <button
          type="button"
          class="people__add"
          onClick={() => showModal(() => <AddMembers room={room} onAdded={() => listing.load()} />)}
        >
          <AddPersonIcon />
          Add people
        </button>
      )}
      {!list && <p class="people__many">{plural(count, 'person is', 'people are')} online, too many to list.</p>}
      {list && (
        <PeopleSection title="Online" count={list.length} label={said`Online in ${room.name}`}>
          {list.map((person) => row(person, person.state))}
        </PeopleSection>
      )}
      <Listed of={listing} empty={null}>
        <PeopleSection
          title={list ? 'Offline' : 'Members'}
          count={Math.max((memberCount ?? 0) - online.size, others.length)}
          label={list ? said`Offline in ${room.name}` : said`Members of ${room.name}`}
        >
          {others.map((member) => row(member, list ? 'offline' : null))}
        </PeopleSection>
      </Listed>
    </div>
  );
}

/**
 * @param {import('../context.js').AppContext} app
 * @param {Room} room
 * @param {import('../../model/listing.js').Listing<MemberInfo>} listing
 * @param {MemberInfo} member
 * @param {HTMLElement} anchor
 */
function openMemberMenu(app, room, listing, member, anchor) {
  const { chat, request, router } = app;
  const name = chat.persons.nameOf(member);
  const facts = { me: chat.me, room, target: member };
  const isModerator = member.room_role === 'moderator';
  const isSilenced = (member.muted_until ?? 0) > Date.now();
  const about = { room: room.id, user: member.id };

  const setRole = async () => {
    /** @type {import('../../lib/protocol.js').RoomRole} */
    const role = isModerator ? 'member' : 'moderator';
    const done = isModerator ? said`${name} is no longer a moderator.` : said`${name} is now a moderator.`;
    if (await attempt(() => request({ type: 'set_room_role', ...about, role }), done))
      listing.change(member.id, { room_role: role });
  };
  const silence = async (/** @type {number} */ until_ms) => {
    const done = until_ms
      ? said`${name} is muted in this room ${untilWords(until_ms, Date.now())}.`
      : said`${name} can post again.`;
    if (await attempt(() => request({ type: 'mute', ...about, until_ms }), done))
      listing.change(member.id, { muted_until: until_ms });
  };
  const remove = async () => {
    const text =
      room.kind === 'closed'
        ? 'They lose access until someone adds them again.'
        : 'They can join again. To keep them out, mute or ban them.';
    if (!(await confirm({ title: said`Remove ${name} from ${room.name}?`, text, action: 'Remove', danger: true })))
      return;
    if (await attempt(() => request({ type: 'remove_member', ...about }), said`${name} was removed.`))
      listing.change(member.id, null);
  };

  popUp({
    label: name,
    anchor,
    items: [
      { label: 'Message', icon: <SayIcon />, onSelect: () => openDirect(app, member.id) },
      { label: 'Profile', icon: <PeopleIcon />, onSelect: () => router.go({ page: 'people', id: member.id }) },
      may('set_room_role', facts) && {
        label: isModerator ? 'Remove as moderator' : 'Make moderator',
        icon: <ShieldIcon />,
        line: true,
        onSelect: setRole,
      },
      may('mute', facts) &&
        (isSilenced
          ? { label: 'Unmute', icon: <SayIcon />, onSelect: () => silence(0) }
          : {
              label: 'Mute…',
              icon: <BellOffIcon />,
              onSelect: () =>
                popUp({
                  label: said`Mute ${name}`,
                  anchor,
                  items: SHORT_MUTE_CHOICES.map(({ value, label }) => ({
                    label,
                    onSelect: () => silence(untilOf(value, Date.now())),
                  })),
                }),
            }),
      may('remove_member', facts) && {
        label: 'Remove…',
        icon: <LeaveIcon />,
        line: true,
        danger: true,
        onSelect: remove,
      },
    ],
  });
}
