/* A user's name within a sentence: the one that they have now. */
import { useApp } from '../context.js';
import { watch } from '../watch.js';

/** @param {{ user: import('../../lib/protocol.js').User }} props */
export function UserName({ user }) {
  const { persons } = useApp().chat;
  const { name } = watch(persons).of(user);
  /* The command line acts as the user with the id 0. */
  return user.id ? <bdi title={name}>{persons.nameOf(user)}</bdi> : <>Command line</>;
}
