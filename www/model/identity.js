/* Who this browser is, as far as the server knows.
 *
 *                      ┌──► not set up ──set up──┐
 *      unknown ──ask───┼──► signed out ──sign in, sign up──► account
 *                      │       ▲   └──── a name ──► guest ──────┘
 *                      └──► guest, account ──session ended, banned, signed out──► signed out
 *
 * Drafts and unsent messages belong to their writer: they survive the end of a session, and are deleted when another
 * user signs in. */
import { Observable } from '../lib/observable.js';
import { reasonOf } from '../lib/refusal.js';

/** @typedef {import('../lib/protocol.js').PersonInfo} PersonInfo */
/** @typedef {import('../lib/protocol.js').Place} Place */
/** @typedef {'unknown' | 'not set up' | 'signed out' | 'guest' | 'account'} IdentityState */

/**
 * Why a user was signed out.
 * @typedef {object} SignedOutReason
 * @property {'session_ended' | 'banned' | 'forgotten'} why forgotten: the server no longer knows this guest
 * @property {string} message the server's own words; "" when it said none
 */

const OWNER_KEY = 'owner';

const NO_COOKIE =
  "Your browser doesn't keep this site's cookies, so you can't stay signed in. Allow cookies for this site and sign in again.";

export class Identity extends Observable {
  /** @type {IdentityState} */
  state = 'unknown';
  /** @type {Place | null} */
  place = null;
  /** @type {PersonInfo | null} */
  user = null;
  /** The id of this browser's session; 0: none. */
  session = 0;
  /** The account has a second factor. */
  totp = false;
  /** The scope of this session. @type {import('../lib/protocol.js').Scope} */
  scope = 'admin';
  /** @type {SignedOutReason | null} */
  signedOutReason = null;
  /** A sign-in is under way; it ends the connection of the previous user. */
  #entering = false;
  /** The server's last answer was that it does not know this browser. */
  #isUnknown = false;
  #needs;

  /**
   * @param {object} needs
   * @param {Omit<typeof import('../net/api.js'), 'ApiError' | 'call'>} needs.api
   * @param {import('../lib/storage.js').JsonStorage} needs.shared storage of all tabs
   * @param {import('../lib/storage.js').JsonStorage} needs.tab storage of this tab
   * @param {(user: PersonInfo) => void} needs.onUser who we are, or our new name
   * @param {(what: 'shared' | 'tab') => void} needs.forget deletes another user's data in that storage
   * @param {(known: boolean) => void} needs.connect begins a live connection; known: we have just asked who we are
   * @param {() => void} needs.disconnect
   * @param {() => void} needs.restart reloads the page: everything in it is another user's
   */
  constructor(needs) {
    super();
    this.#needs = needs;
  }

  /** The workspace requires a second factor of this user; until they have one, they have a member's permissions. */
  get needsTotp() {
    const { role } = this.user ?? {};
    return this.state === 'account' && !this.totp && this.scope !== 'admin' && (role === 'admin' || role === 'owner');
  }

  get isKnown() {
    return this.state === 'guest' || this.state === 'account';
  }

  /**
   * Asks the server.
   * @returns {Promise<boolean>} whether there may be a live connection. Rejects with an ApiError when the server does not say
   */
  async identify() {
    const { api } = this.#needs;
    this.#isUnknown = false;
    const [place, me] = await Promise.allSettled([api.place(), api.me()]);
    if (place.status === 'rejected') throw place.reason;
    this.place = place.value;
    if (!this.place.set_up) return this.#become('not set up');
    if (me.status === 'fulfilled') return this.#know(me.value);
    const { code, message } = reasonOf(me.reason);
    if (code === 'not_set_up') return this.#become('not set up');
    if (code === 'banned') return this.#lose({ why: 'banned', message });
    if (me.reason.status !== 401) throw me.reason;
    this.#isUnknown = true;
    if (!this.isKnown) return this.#become('signed out');
    return this.#lose({ why: this.state === 'account' ? 'session_ended' : 'forgotten', message: '' });
  }

  /**
   * The server has ended the live connection. This also happens when another user has signed in in another tab.
   * @param {'session_ended' | 'banned'} why
   */
  async ended(why) {
    if (!this.isKnown || this.#entering) return;
    const [me] = await Promise.allSettled([this.#needs.api.me()]);
    if (!this.isKnown || this.#entering) return;
    if (me.status === 'fulfilled' && me.value.user.id !== this.user?.id) this.#know(me.value);
    else {
      const { code, message } = reasonOf(me.status === 'rejected' ? me.reason : null);
      const isForgotten = this.state === 'guest' && why === 'session_ended';
      this.#lose({ why: isForgotten ? 'forgotten' : why, message: code === 'banned' ? message : '' });
    }
  }

  /** The user becomes a new visitor. */
  moveOn() {
    this.signedOutReason = null;
    this.changed();
  }

  /** The server takes us for another user: asks again who we are. */
  recheckIdentity() {
    this.#needs.disconnect();
    this.#needs.connect(false);
  }

  /** @param {Parameters<typeof import('../net/api.js').setup>[0]} fields */
  setUp(fields) {
    return this.#enter(() => this.#needs.api.setup(fields));
  }

  /** @param {Parameters<typeof import('../net/api.js').signIn>[0]} fields */
  signIn(fields) {
    return this.#enter(() => this.#needs.api.signIn(fields));
  }

  /** @param {Parameters<typeof import('../net/api.js').signUp>[0]} fields */
  signUp(fields) {
    return this.#enter(() => this.#needs.api.signUp(fields));
  }

  /** Becomes a guest, or renames the guest. @param {string} name */
  async takeGuestName(name) {
    const { api, onUser } = this.#needs;
    if (this.state !== 'guest') return this.#enter(() => api.takeGuestName(name));
    const user = await api.takeGuestName(name);
    if (user.id !== this.user?.id) return this.#enter(async () => {});
    this.user = user;
    onUser(user);
    this.changed();
  }

  /**
   * Turns the second factor on.
   * @param {Parameters<typeof import('../net/api.js').confirmTotp>[0]} fields
   * @returns {Promise<string[]>} recovery codes
   */
  async confirmTotp(fields) {
    const codes = await this.#needs.api.confirmTotp(fields);
    const mayMore = this.needsTotp;
    this.totp = true;
    this.changed();
    if (mayMore) this.recheckIdentity();
    return codes;
  }

  /** @param {string} password */
  async stopTotp(password) {
    await this.#needs.api.stopTotp({ password });
    this.totp = false;
    this.changed();
  }

  /** Ends this browser's session, and deletes drafts and unsent messages. */
  async signOut() {
    const { api, disconnect, forget, restart } = this.#needs;
    try {
      await (this.state === 'guest' ? api.forgetGuest() : api.signOut());
    } catch (error) {
      if (/** @type {{ status?: number }} */ (error).status !== 401) throw error; /* the session had already ended */
    }
    disconnect();
    forget('shared');
    forget('tab');
    this.#own(null);
    restart();
  }

  /** @param {() => Promise<unknown>} call which gives this browser a new cookie. Rejects when the browser does not keep it */
  async #enter(call) {
    const { connect, disconnect } = this.#needs;
    this.#entering = true;
    try {
      await call();
      disconnect();
      if (await this.identify()) connect(true);
      else if (this.#isUnknown) throw Object.assign(new Error(NO_COOKIE), { code: 'no_cookie' });
    } finally {
      this.#entering = false;
    }
  }

  /** @param {import('../lib/protocol.js').Me} me @returns {boolean} */
  #know({ user, session, totp, scope }) {
    const { onUser, restart } = this.#needs;
    const state = user.role === 'guest' || user.role === 'visitor' ? 'guest' : 'account';
    const was = this.user;
    const isOther = was !== null && was.id !== user.id;
    /* To this page, a forgotten guest who comes back is the same person. */
    const isStranger = isOther && !(isGuest(was) && state === 'guest');
    this.#clearAfterOthers(user.id);
    this.#own({ id: user.id, account: state === 'account' });
    if (isStranger) {
      restart();
      return false;
    }
    Object.assign(this, { user, session, totp, scope, signedOutReason: null });
    onUser(user);
    this.#become(state);
    return true;
  }

  /** @param {number} id */
  #clearAfterOthers(id) {
    for (const where of /** @type {const} */ (['shared', 'tab'])) {
      const owner = /** @type {{ id?: number, account?: boolean } | undefined} */ (this.#needs[where].read(OWNER_KEY));
      if (owner?.account && owner.id !== id) this.#needs.forget(where);
    }
  }

  /** @param {{ id: number, account: boolean } | null} owner whose drafts and messages are stored here */
  #own(owner) {
    for (const where of /** @type {const} */ (['shared', 'tab']))
      this.#needs[where].write(OWNER_KEY, owner ?? undefined);
  }

  /**
   * @param {SignedOutReason} signedOutReason
   * @returns {false}
   */
  #lose(signedOutReason) {
    this.signedOutReason = signedOutReason;
    this.session = 0;
    this.#needs.disconnect();
    return this.#become('signed out');
  }

  /** @param {IdentityState} state @returns {false} */
  #become(state) {
    this.state = state;
    this.changed();
    return false;
  }

  /** For a StorageEvent: somebody signed in or out in another tab. @param {string | null} key */
  static isOwner(key) {
    return key === `hubbub.${OWNER_KEY}`;
  }
}

/** @param {PersonInfo} user */
function isGuest({ role }) {
  return role === 'guest' || role === 'visitor';
}
