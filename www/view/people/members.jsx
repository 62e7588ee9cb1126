/* Who belongs to a room, page by page, and what those who may can do about each. */
import { useEffect } from 'preact/hooks';
import { quietUntil, SILENCE_CHOICES, untilWords } from '../../lib/quiet.js';
import { said } from '../../lib/said.js';
import { may } from '../../model/may.js';
import { Avatar } from '../avatar.jsx';
import { confirm } from '../confirm.jsx';
import { useApp } from '../context.js';
import { AddPersonIcon, BellOffIcon, LeaveIcon, MoreIcon, PeopleIcon, SayIcon, ShieldIcon } from '../icons.jsx';
import { Link } from '../link.jsx';
import { List, useListing } from '../list.jsx';
import { showModal } from '../modal.jsx';
import { popUp } from '../pop_up.jsx';
import { Empty } from '../states.jsx';
import { attempt } from '../toast.jsx';
import { minute } from '../ui.js';
import { watch } from '../watch.js';
import { AddMembers } from './add_members.jsx';
import { JoinRequests } from './join_requests.jsx';
import { openDirect } from './new_message.jsx';

/** @typedef {import('../../lib/protocol.js').MemberInfo} MemberInfo */
/** @typedef {import('../../model/room.js').Room} Room */

/** @param {{ room: Room }} props */
export function Members({ room }) {
  const app = useApp();
  const { chat } = app;
  const { memberCount, requests } = watch(room);
  const listing = /** @type {import('../../model/listing.js').Listing<MemberInfo>} */ (useListing({ type: 'members' }, { room: room.id }));
  void minute.value; /* silence ends by itself */
  const facts = { me: chat.me, room };

  /* Somebody came or went: the list is another one. */
  useEffect(() => {
    if (listing.state === 'ready' && memberCount !== listing.answer.count) listing.load();
  }, [memberCount]);
  useEffect(() => {
    if (listing.state !== 'ready') return;
    chat.persons.learn(...listing.items);
    if (room.memberCount !== listing.answer.count) room.become({ memberCount: listing.answer.count });
  }, [listing.answer]);

  return (
    <div class="people__scroller">
      {requests > 0 && <JoinRequests room={room} />}
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
      <List
        of={listing}
        label={said`Members of ${room.name}`}
        class="list--bare"
        empty={<Empty>Nobody belongs to this room.</Empty>}
        draw={(member) => <Member member={member} onMenu={(anchor) => openMemberMenu(app, room, listing, member, anchor)} />}
      />
    </div>
  );
}

/** @param {{ member: MemberInfo, onMenu: (anchor: HTMLElement) => void }} props */
function Member({ member, onMenu }) {
  const { chat } = useApp();
  const now = Date.now();
  const isSilenced = (member.muted_until ?? 0) > now;
  const name = chat.persons.nameOf(member);
  return (
    <>
      <Avatar user={member} small />
      <span class="person__names">
        <Link to={{ page: 'people', id: member.id }} class="person__link">
          <bdi>{name}</bdi>
        </Link>
        {(member.room_role === 'moderator' || isSilenced || member.id === chat.me?.id) && (
          <span class="person__marks">
            {member.id === chat.me?.id && <span class="person__note">you</span>}
            {member.room_role === 'moderator' && <span class="badge">Moderator</span>}
            {isSilenced && <span class="badge badge--danger">Silenced {untilWords(member.muted_until ?? 0, now)}</span>}
          </span>
        )}
      </span>
      {member.id !== chat.me?.id && (
        <button type="button" class="icon-button" aria-haspopup="menu" onClick={({ currentTarget }) => onMenu(currentTarget)}>
          <MoreIcon />
          <span class="visually-hidden">Menu of {name}</span>
        </button>
      )}
    </>
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
  const { chat, ask, router } = app;
  const name = chat.persons.nameOf(member);
  const facts = { me: chat.me, room, target: member };
  const isModerator = member.room_role === 'moderator';
  const isSilenced = (member.muted_until ?? 0) > Date.now();
  const about = { room: room.id, user: member.id };

  const setRole = async () => {
    /** @type {import('../../lib/protocol.js').RoomRole} */
    const role = isModerator ? 'member' : 'moderator';
    const done = isModerator ? said`${name} is a moderator of this room no longer.` : said`${name} is a moderator of this room now.`;
    if (await attempt(() => ask({ type: 'set_room_role', ...about, role }), done)) listing.change(member.id, { room_role: role });
  };
  const silence = async (/** @type {number} */ until_ms) => {
    const done = until_ms ? said`${name} cannot write here ${untilWords(until_ms, Date.now())}.` : said`${name} may write again.`;
    if (await attempt(() => ask({ type: 'mute', ...about, until_ms }), done)) listing.change(member.id, { muted_until: until_ms });
  };
  const remove = async () => {
    const text =
      room.kind === 'closed'
        ? 'They do not see it any more, until somebody adds them again.'
        : 'They can join it again. To keep them out, mute or ban them.';
    if (!(await confirm({ title: said`Remove ${name} from ${room.name}?`, text, action: 'Remove', danger: true }))) return;
    if (await attempt(() => ask({ type: 'remove_member', ...about }), said`${name} is removed.`)) listing.change(member.id, null);
  };

  popUp({
    label: name,
    anchor,
    items: [
      { label: 'Message', icon: <SayIcon />, onSelect: () => openDirect(app, member.id) },
      { label: 'Profile', icon: <PeopleIcon />, onSelect: () => router.go({ page: 'people', id: member.id }) },
      may('set_room_role', facts) && {
        label: isModerator ? 'Take the moderator role' : 'Make moderator',
        icon: <ShieldIcon />,
        line: true,
        onSelect: setRole,
      },
      may('mute', facts) &&
        (isSilenced
          ? { label: 'Let them write again', icon: <SayIcon />, onSelect: () => silence(0) }
          : {
              label: 'Silence…',
              icon: <BellOffIcon />,
              onSelect: () =>
                popUp({
                  label: said`Silence ${name}`,
                  anchor,
                  items: SILENCE_CHOICES.map(({ value, label }) => ({
                    label,
                    onSelect: () => silence(quietUntil(value, Date.now())),
                  })),
                }),
            }),
      may('remove_member', facts) && { label: 'Remove…', icon: <LeaveIcon />, line: true, danger: true, onSelect: remove },
    ],
  });
}
