/* Over the timeline: the unread count with a button to the first unread message, and a button to the latest one. */
import { useApp } from '../context.js';
import { DownIcon, UpIcon } from '../icons.jsx';

/** @typedef {import('../../model/room.js').Room} Room */
/** @typedef {'above' | 'below'} Side */

/** @param {{ room: Room, side: Side, onJump: () => void }} props */
export function UnreadBar({ room, side, onJump }) {
  const { chat } = useApp();
  return (
    <div class="unread-bar">
      <button type="button" onClick={onJump}>
        {side === 'below' ? <DownIcon /> : <UpIcon />}
        {room.unread} unread, jump to first
      </button>
      <button type="button" onClick={() => chat.guide.markRead(room)}>
        Mark as read
      </button>
    </div>
  );
}

/** @param {{ unread: number, onJump: () => void }} props */
export function LatestPill({ unread, onJump }) {
  return (
    <button type="button" class={`pill ${unread ? 'pill--new' : ''}`} onClick={onJump}>
      <DownIcon />
      {unread ? `${unread} unread, jump to latest` : 'Jump to latest'}
    </button>
  );
}

/** @param {{ room: Room }} props */
export function NewLine({ room }) {
  const { chat } = useApp();
  return (
    <div class="new-line" data-line="new" aria-live="off">
      <span>New</span>
      {room.unread > 0 && (
        <button type="button" class="new-line__read" onClick={() => chat.guide.markRead(room)}>
          Mark as read
        </button>
      )}
    </div>
  );
}
