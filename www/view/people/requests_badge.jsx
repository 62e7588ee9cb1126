/* The number of requests to join a room, for users who can answer them. */
import { plural } from '../../lib/text.js';
import { AddPersonIcon } from '../icons.jsx';

/** @param {{ count: number }} props */
export function RequestsBadge({ count }) {
  if (!count) return null;
  return (
    <span class="requests-badge">
      <AddPersonIcon />
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      <span class="visually-hidden">, {plural(count, 'request')} to join</span>
    </span>
  );
}
