/* What stands above and below the rows of the timeline: that more is on its way, how to ask for it again, and where the
 * room begins. */
import { useApp } from '../context.js';

/** @typedef {import('../../model/room.js').Room} Room */

export const UNLOADED = 'This room can’t be loaded until you’re connected again.';

export function MoreComing() {
  return (
    <div class="timeline__more" aria-hidden="true">
      <span class="spinner" />
    </div>
  );
}

/** Above the oldest row. @param {{ room: Room, isUnloaded: boolean }} props */
export function Beginning({ room, isUnloaded }) {
  const { chat } = useApp();
  const { timeline } = room;
  if (isUnloaded) return <p class="timeline__start">{UNLOADED}</p>;
  if (timeline.failed) {
    return (
      <div class="timeline__more">
        <button type="button" class="button button--small" onClick={() => chat.pager.retry(room)}>
          Load older messages
        </button>
      </div>
    );
  }
  return timeline.hasOlder || timeline.loading === 'page' ? <MoreComing /> : null;
}

/** Above the room's very first message. @param {{ room: Room }} props */
export function RoomStart({ room }) {
  const { chat } = useApp();
  return (
    <p class="timeline__start">
      This is the start of {room.kind === 'direct' && 'your conversation with '}
      <b dir="auto">{chat.titleOf(room)}</b>.
    </p>
  );
}
