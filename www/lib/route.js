/* What the address bar says, both ways. Pure.
 *
 *      /                   home: the room that was open last
 *      /room/NAME          /direct/ID          a listed room by its name; a direct conversation by its id
 *      /room/ID                                a closed room, as several may have its name; no room is called by digits alone
 *      /room/NAME/SEQ      /direct/ID/SEQ      a message there
 *      /people             /people/ID          everybody; one of them
 *      /rooms              the rooms that the reader can join
 *      /settings/TAB       /admin/TAB          (see TABS)
 *      /invite/CODE        /reset/CODE         links that were handed out
 *      /sign-in            /sign-up            ways in */

/**
 * @typedef {{ page: 'home' } | { page: 'room', name?: string, id?: number, seq?: number } | { page: 'direct', id: number, seq?: number }
 *   | { page: 'people', id?: number } | { page: 'rooms' }
 *   | { page: 'settings', tab: string } | { page: 'admin', tab: string }
 *   | { page: 'invite', code: string } | { page: 'reset', code: string } | { page: 'sign-in' } | { page: 'sign-up' }} Route
 */

/** The first of each is the default. */
export const TABS = {
  settings: ['profile', 'account', 'sessions', 'tokens', 'appearance'],
  admin: ['people', 'invitations', 'rooms', 'bans', 'reports', 'audit', 'settings'],
};

/** @type {Route} */
export const HOME = { page: 'home' };

/**
 * Includes the id, which the address of a listed room leaves out: it tells rooms of the same name apart.
 * @param {{ id: number, name: string, kind?: string }} room
 * @returns {Extract<Route, { page: 'room' | 'direct' }>}
 */
export function roomRoute({ id, name, kind }) {
  if (kind === 'direct') return { page: 'direct', id };
  return kind === 'closed' ? { page: 'room', id } : { page: 'room', name, id };
}

/**
 * @param {Route} route
 * @returns {string}
 */
export function pathOf(route) {
  switch (route.page) {
    case 'home':
      return '/';
    case 'room':
      return `/room/${encodeURIComponent(route.name ?? `${route.id}`)}${route.seq ? `/${route.seq}` : ''}`;
    case 'direct':
      return `/direct/${route.id}${route.seq ? `/${route.seq}` : ''}`;
    case 'people':
      return route.id === undefined ? '/people' : `/people/${route.id}`;
    case 'settings':
    case 'admin':
      return `/${route.page}/${route.tab}`;
    case 'invite':
    case 'reset':
      return `/${route.page}/${encodeURIComponent(route.code)}`;
    default:
      return `/${route.page}`;
  }
}

/**
 * @param {string} path
 * @returns {Route} home when the path means nothing
 */
export function routeIn(path) {
  const parts = partsOf(path);
  const [page, what, third] = parts ?? [];
  const id = numberIn(what);
  const seq = numberIn(third);
  const hasSeq = seq !== undefined && (page === 'room' || page === 'direct');
  if (!parts || parts.length > (hasSeq ? 3 : 2)) return HOME;
  switch (page) {
    case 'room':
      return what ? { page, ...(id ? { id } : { name: what }), ...(hasSeq && { seq }) } : HOME;
    case 'direct':
      return id ? { page, id, ...(hasSeq && { seq }) } : HOME;
    case 'people':
      return id ? { page, id } : { page };
    case 'rooms':
    case 'sign-in':
    case 'sign-up':
      return { page };
    case 'settings':
    case 'admin':
      return { page, tab: TABS[page].find((tab) => tab === what) ?? TABS[page][0] };
    case 'invite':
    case 'reset':
      return what ? { page, code: what } : HOME;
    default:
      return HOME;
  }
}

/**
 * Whether it shows a room: the one that it names, or the default one.
 * @param {Route} route
 * @returns {route is Extract<Route, { page: 'home' | 'room' | 'direct' }>}
 */
export function isRoom(route) {
  return route.page === 'home' || route.page === 'room' || route.page === 'direct';
}

/**
 * The address of a user's picture. The picture at an address never changes.
 * @param {number} id
 * @param {number} version
 */
export const avatarPath = (id, version) => `/api/v1/avatar/${id}?v=${version}`;

/** An id or a seq. @param {string | undefined} text */
const numberIn = (text) => (/^[1-9]\d{0,15}$/.test(text ?? '') ? Number(text) : undefined);

/** @param {string} path @returns {string[] | null} null: it is broken */
function partsOf(path) {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return null;
  }
}
