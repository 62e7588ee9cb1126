/* Which screen is shown: the chat, or one of the sign-in screens. Pure. */

/** @typedef {'wait' | 'set up' | 'guest' | 'sign in' | 'sign up' | 'invited already' | 'reset' | 'chat'} Screen */

/**
 * @param {object} facts
 * @param {import('./identity.js').IdentityState} facts.state
 * @param {import('../lib/protocol.js').Place | null} facts.place
 * @param {import('../lib/route.js').Route} facts.route
 * @param {boolean} facts.welcomed the rooms are known
 * @param {boolean} [facts.hadAccount] and was signed out of it
 * @returns {Screen}
 */
export function screenOf({ state, place, route, welcomed, hadAccount = false }) {
  if (state === 'unknown' || !place) return 'wait';
  if (state === 'not set up') return 'set up';
  if (route.page === 'reset') return 'reset';
  if (state === 'account') {
    if (route.page === 'invite') return 'invited already';
  } else {
    if (route.page === 'invite') return 'sign up';
    if (route.page === 'sign-up' && place.signup === 'open') return 'sign up';
    if (route.page === 'sign-in' || route.page === 'sign-up') return 'sign in';
    if (state === 'signed out') return place.guests && !hadAccount ? 'guest' : 'sign in';
  }
  return welcomed ? 'chat' : 'wait';
}
