/* Who asks to be let into a closed room, for its moderators. */
import { useEffect, useState } from 'preact/hooks';
import { said } from '../../lib/said.js';
import { Avatar } from '../avatar.jsx';
import { useApp } from '../context.js';
import { Problem } from '../states.jsx';
import { attempt } from '../toast.jsx';
import { useAnswer } from '../use_answer.js';
import { watch } from '../watch.js';

/** @typedef {{ user: import('../../lib/protocol.js').User, text: string, at: number }} JoinRequest */

/** @param {{ room: import('../../model/room.js').Room }} props */
export function JoinRequests({ room }) {
  const { ask, chat } = useApp();
  const { requests: waiting } = watch(room);
  const { answer, problem, retry } = useAnswer(() => ask({ type: 'requests', room: room.id }), [room.id, waiting]);
  const [requests, setRequests] = useState(/** @type {JoinRequest[]} */ ([]));
  /* Those that are there stay while it is asked again. */
  useEffect(() => {
    if (answer) setRequests(answer.requests);
  }, [answer]);
  if (problem) return <Problem message={problem} onRetry={retry} />;
  if (!requests.length) return null;

  /** @param {import('../../lib/protocol.js').User} user @param {boolean} accept */
  async function reply(user, accept) {
    const name = chat.persons.nameOf(user);
    const done = accept ? said`${name} is a member now.` : said`${name} was not let in.`;
    if (await attempt(() => ask({ type: 'answer_request', room: room.id, user: user.id, accept }), done)) retry();
  }

  return (
    <section class="join-requests" aria-labelledby="join-requests-title">
      <h3 id="join-requests-title" class="join-requests__title">
        Asking to join
      </h3>
      <ul>
        {requests.map(({ user, text }) => (
          <li key={user.id} class="join-request">
            <Avatar user={user} small />
            <div class="join-request__main">
              <bdi class="join-request__name">{chat.persons.nameOf(user)}</bdi>
              {text && (
                <p class="join-request__text" dir="auto">
                  {text}
                </p>
              )}
              <div class="join-request__answers">
                <button type="button" class="button button--primary button--small" onClick={() => reply(user, true)}>
                  Accept<span class="visually-hidden"> {chat.persons.nameOf(user)}</span>
                </button>
                <button type="button" class="button button--small" onClick={() => reply(user, false)}>
                  Decline<span class="visually-hidden"> {chat.persons.nameOf(user)}</span>
                </button>
              </div>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
