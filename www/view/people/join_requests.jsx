/* Requests to join a private room, for its moderators. */
import { said } from '../../lib/said.js';
import { Avatar } from '../avatar.jsx';
import { useApp } from '../context.js';
import { Listed, useListing } from '../list.jsx';
import { attempt } from '../toast.jsx';
import { watch } from '../watch.js';

/** @param {{ room: import('../../model/room.js').Room }} props */
export function JoinRequests({ room }) {
  const { request, chat } = useApp();
  const { requests: waiting } = watch(room);
  const requests =
    /** @type {import('../../model/listing.js').Listing<import('../../lib/protocol.js').JoinRequest>} */ (
      useListing({ type: 'requests' }, { room: room.id }, waiting)
    );
  if (!requests.items.length && requests.state !== 'failed') return null;

  /** @param {import('../../lib/protocol.js').JoinRequest} request @param {boolean} accept */
  async function reply({ id, user }, accept) {
    const name = chat.persons.nameOf(user);
    const done = accept ? said`${name} was added.` : said`${name}'s request was declined.`;
    if (await attempt(() => request({ type: 'answer_request', room: room.id, user: user.id, accept }), done))
      requests.change(id, null);
  }

  return (
    <section class="join-requests" aria-labelledby="join-requests-title">
      <h3 id="join-requests-title" class="join-requests__title">
        Requests to join
      </h3>
      <Listed of={requests} empty={null}>
        <ul>
          {requests.items.map((request) => (
            <li key={request.id} class="join-request">
              <Avatar user={request.user} small />
              <div class="join-request__main">
                <bdi class="join-request__name">{chat.persons.nameOf(request.user)}</bdi>
                {request.text && (
                  <p class="join-request__text" dir="auto">
                    {request.text}
                  </p>
                )}
                <div class="join-request__answers">
                  <button
                    type="button"
                    class="button button--primary button--small"
                    onClick={() => reply(request, true)}
                  >
                    Accept<span class="visually-hidden"> {chat.persons.nameOf(request.user)}</span>
                  </button>
                  <button type="button" class="button button--small" onClick={() => reply(request, false)}>
                    Decline<span class="visually-hidden"> {chat.persons.nameOf(request.user)}</span>
                  </button>
                </div>
              </div>
            </li>
          ))}
        </ul>
      </Listed>
    </section>
  );
}
