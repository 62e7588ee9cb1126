/* A link to a room or message, for users who can open it. */
import { useApp } from '../context.js';
import { Link } from '../link.jsx';
import { watch } from '../watch.js';

/**
 * @param {object} props
 * @param {{ id: number, name: string }} props.room name "": a direct conversation
 * @param {number} [props.seq]
 * @param {boolean} [props.within] after a name: "Ben in garden"
 */
export function MessageLink({ room: { id, name }, seq, within = false }) {
  const { chat } = useApp();
  const isOurs = watch(chat).rooms.has(id);
  const before = within ? 'in ' : '';
  if (name) {
    return (
      <Link to={{ page: 'room', id, seq }}>
        {before}
        <bdi>{name}</bdi>
      </Link>
    );
  }
  return isOurs ? (
    <Link to={{ page: 'direct', id, seq }}>{before}a conversation with you</Link>
  ) : (
    <>{before}a direct conversation</>
  );
}
