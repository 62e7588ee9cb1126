/* Links from a message to profiles: the author's picture and name, and mentioned names. Their text can be selected, so
 * they are not anchors: browsers start no selection in an element that takes the focus from the pointer. */
import { isMention } from '../../lib/mention.js';
import { useApp } from '../context.js';
import { Link } from '../link.jsx';
import { attempt } from '../toast.jsx';

/** @typedef {import('../context.js').AppContext} AppContext */
/** @typedef {import('../../lib/protocol.js').User} User */

/** A visitor has no profile, and guests see none. @param {AppContext} app @param {User} user */
const hasProfile = ({ chat }, user) => user.id !== 0 && !chat.isGuest;

/** Whether a click is the end of a selection made with the pointer. @param {Element} element */
function hasSelected(element) {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(element, true);
}

/**
 * Around a picture whose name stands beside it.
 * @param {{ user: User, children: import('preact').ComponentChildren }} props
 */
export function ProfilePicture({ user, children }) {
  const app = useApp();
  return (
    <span class="message__face" aria-hidden="true">
      {hasProfile(app, user) ? (
        <Link to={{ page: 'people', id: user.id }} class="profile-link" tabIndex={-1}>
          {children}
        </Link>
      ) : (
        children
      )}
    </span>
  );
}

/** Not reachable by Tab: a message is one stop, and its menu has the profile, too. @param {{ user: User }} props */
export function ProfileName({ user }) {
  const app = useApp();
  if (!hasProfile(app, user)) return <>{user.name}</>;
  return (
    <span
      class="profile-link"
      role="link"
      onClick={({ currentTarget }) => hasSelected(currentTarget) || app.router.go({ page: 'people', id: user.id })}
    >
      {user.name}
    </span>
  );
}

/** Makes links of the marked names in a message, except those that mean everybody. @param {HTMLElement} body */
export function linkMentions(body) {
  for (const mark of /** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll('mark.mention'))) {
    if (isMention(nameIn(mark), null)) continue;
    mark.setAttribute('role', 'link');
    mark.tabIndex = 0;
  }
}

/** @param {Event} event */
const mentionAt = ({ target }) =>
  target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest('mark[role="link"]')) : null;

/**
 * Listeners of a message's text for events on mentioned names.
 * @param {AppContext} app
 */
export const mentionEvents = (app) => ({
  /* The pointer must not give it the focus: then no selection would start. */
  onPointerDown(/** @type {Event} */ event) {
    const mark = mentionAt(event);
    mark?.removeAttribute('tabindex');
    const restore = () => mark?.setAttribute('tabindex', '0');
    for (const end of ['pointerup', 'pointercancel', 'dragend'])
      if (mark) addEventListener(end, restore, { once: true });
  },
  onClick(/** @type {Event} */ event) {
    const mark = mentionAt(event);
    if (mark && !hasSelected(mark)) openProfile(app, nameIn(mark));
  },
  onKeyDown(/** @type {KeyboardEvent} */ event) {
    const mark = event.key === 'Enter' ? mentionAt(event) : null;
    if (!mark) return;
    event.preventDefault();
    openProfile(app, nameIn(mark));
  },
});

/** @param {AppContext} app @param {string} name */
async function openProfile({ request, chat, router }, name) {
  const answer = await attempt(() => request({ type: 'person', user: name }));
  if (!answer) return;
  chat.persons.learn(answer.person);
  router.go({ page: 'people', id: answer.person.id });
}

/** @param {Element} mark */
const nameIn = (mark) => (mark.textContent ?? '').replace(/^@/, '');
