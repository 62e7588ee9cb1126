/* A name's initials on its colour. For the eyes only: the name itself stands beside it. */
import { avatarColour, initials } from '../lib/text.js';

/** @param {{ user: { id: number, name: string }, small?: boolean }} props */
export function Avatar({ user, small = false }) {
  return (
    <span class={`avatar avatar--${avatarColour(user)} ${small ? 'avatar--small' : ''}`} aria-hidden="true">
      {initials(user.name)}
    </span>
  );
}
