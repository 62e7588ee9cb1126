/* The menu of a message. */
import { pathOf, roomRoute } from '../lib/route.js';
import { said } from '../lib/said.js';
import { may, mayDelete } from '../model/permissions.js';
import { confirm } from './confirm.jsx';
import { copy } from './copy.jsx';
import { CopyIcon, FlagIcon, LinkIcon, PeopleIcon, SayIcon, TrashIcon, UnreadIcon } from './icons.jsx';
import { showModal } from './modal.jsx';
import { openDirect } from './people/new_message.jsx';
import { popUp } from './pop_up.jsx';
import { ReportDialog } from './report_dialog.jsx';
import { attempt, say } from './toast.jsx';

/** @typedef {import('../model/rows.js').MessageRow} MessageRow */

/**
 * @param {import('./context.js').AppContext} app
 * @param {import('../model/room.js').Room} room
 * @param {MessageRow} row a message that is sent
 * @param {HTMLElement} anchor
 */
export function openMessageMenu(app, room, row, anchor) {
  const { chat, request } = app;
  const { author, body, own } = row;
  const seq = /** @type {number} */ (row.seq);
  const facts = { me: chat.me, room };
  /** @type {import('../lib/route.js').Route} */
  const route = { ...roomRoute(room), seq };

  const put = async (/** @type {string} */ text, /** @type {string} */ done) => {
    const isDone = await copy(text);
    say(isDone ? done : "Your browser doesn't let this page copy text.", { isProblem: !isDone });
  };
  const remove = async () => {
    const title = own ? 'Delete your message?' : said`Delete ${author.name}'s message?`;
    const text = "This can't be undone. It will be deleted for everyone.";
    if (!(await confirm({ title, text, action: 'Delete', danger: true }))) return;
    attempt(() => request({ type: 'delete', room: room.id, seq }));
  };

  popUp({
    label: said`Message from ${author.name}`,
    anchor,
    items: [
      { label: 'Copy text', icon: <CopyIcon />, onSelect: () => put(body, 'Text copied.') },
      {
        label: 'Copy link',
        icon: <LinkIcon />,
        onSelect: () => put(location.origin + pathOf(route), 'Link copied.'),
      },
      may('mark_unread', facts) && {
        label: 'Mark as unread',
        icon: <UnreadIcon />,
        onSelect: () => attempt(() => chat.reading.markUnread(room, seq)),
      },
      !own &&
        author.id !== 0 &&
        room.kind !== 'direct' &&
        may('open_direct', facts) && {
          label: said`Message ${author.name}`,
          icon: <SayIcon />,
          line: true,
          onSelect: () => openDirect(app, author.id),
        },
      author.id !== 0 &&
        may('person', facts) && {
          label: 'Profile',
          icon: <PeopleIcon />,
          onSelect: () => app.router.go({ page: 'people', id: author.id }),
        },
      !own &&
        may('report', facts) && {
          label: 'Report…',
          icon: <FlagIcon />,
          onSelect: () => showModal(() => <ReportDialog room={room} seq={seq} author={author.name} body={body} />),
        },
      mayDelete(author, facts) && { label: 'Delete…', icon: <TrashIcon />, line: true, danger: true, onSelect: remove },
    ],
  });
}
