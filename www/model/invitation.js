/* Explains to the person who opens an invitation why it does not work. Pure. */

const NO_LONGER = 'This invitation is no longer valid';

/** @type {Record<NonNullable<import('../lib/protocol.js').Invitation['reason']>, { title: string, text: string }>} */
const WHYS = {
  expired: { title: NO_LONGER, text: 'It has expired. Ask for a new one.' },
  revoked: { title: NO_LONGER, text: 'It has been revoked. Ask for a new one.' },
  used_up: { title: NO_LONGER, text: 'It has already been used. Ask for a new one.' },
  unknown: {
    title: "This invitation doesn't exist",
    text: 'Check that you have the whole link, or ask for a new one.',
  },
  closed: { title: 'Sign-up is closed', text: 'No new accounts can be created here at the moment.' },
};

/** @param {import('../lib/protocol.js').Invitation['reason']} reason */
export const whyNotInvited = (reason) => WHYS[reason ?? 'unknown'];
