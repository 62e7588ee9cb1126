/* Somebody in a list: what they are called today, and the user name where that is another. */
import { useApp } from '../context.js';
import { watch } from '../watch.js';

/** @param {{ user: import('../../lib/protocol.js').User, brief?: boolean }} props brief: without the user name */
export function Somebody({ user, brief = false }) {
  const { persons } = useApp().chat;
  const { name } = watch(persons).of(user);
  const called = persons.nameOf(user);
  if (!user.id) return <>Command line</>;
  return (
    <>
      <bdi title={name}>{called}</bdi>
      {!brief && called !== name && (
        <>
          {' '}
          <bdi class="user-name">{name}</bdi>
        </>
      )}
    </>
  );
}

/** @param {import('../../model/persons.js').Persons} persons @param {import('../../lib/protocol.js').User} user */
export const nameOf = (persons, user) => (user.id ? persons.nameOf(user) : 'Command line');
