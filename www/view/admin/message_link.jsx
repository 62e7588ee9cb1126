/* The way to a message in its room, for whoever may go there. */
import { useApp } from '../context.js';
import { Link } from '../link.jsx';
import { watch } from '../watch.js';

/** @param {{ room: { id: number, name: string }, seq?: number }} props name "": a direct conversation */
export function MessageLink({ room: { id, name }, seq }) {
  const { chat } = useApp();
  const isOurs = watch(chat).rooms.has(id);
  if (name) {
    return (
      <Link to={{ page: 'room', name, seq }}>
        in <bdi>{name}</bdi>
      </Link>
    );
  }
  return isOurs ? <Link to={{ page: 'direct', id, seq }}>in a conversation with you</Link> : <>in a direct conversation</>;
}
