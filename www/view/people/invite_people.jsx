/* Inviting people in one step: the dialog opens with a working link. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { INVITE_CHOICES, untilOf } from '../../lib/durations.js';
import { said } from '../../lib/said.js';
import { may } from '../../model/permissions.js';
import { InviteLabel } from '../admin/invite_label.jsx';
import { ShareLink } from '../admin/share_link.jsx';
import { useApp } from '../context.js';
import { Dialog } from '../dialog.jsx';
import { Link } from '../link.jsx';
import { closeModal } from '../modal.jsx';
import { Loading, Problem } from '../states.jsx';
import { useAction } from '../use_action.js';

const USUAL = '7d';

/** @typedef {{ id: number, code: string, choice: string }} Made */

/** @param {{ room: import('../../model/room.js').Room | null }} props room: newcomers join it at once */
export function InvitePeople({ room }) {
  const { request, chat } = useApp();
  const [made, setMade] = useState(/** @type {Made | null} */ (null));
  const [isBusy, setBusy] = useState(false);
  const { problem, carryOut } = useAction();
  const leadsTo = room && may('add_member', { me: chat.me, room }) ? room : null;
  const isThere = useRef(true);
  /** The saved label: a link that replaces another one keeps it. */
  const label = useRef('');

  /** Creates a link with this expiry, and revokes the previous one. @param {string} choice */
  async function make(choice) {
    setBusy(true);
    await carryOut(async () => {
      const wanted = {
        type: 'create_invite',
        expires_ms: untilOf(choice, Date.now()),
        max_uses: 0,
        rooms: leadsTo ? [leadsTo.id] : [],
        label: label.current,
      };
      const { invite, code } = await request(wanted);
      if (isThere.current) setMade({ id: invite, code, choice });
      if (made) await request({ type: 'revoke_invite', invite: made.id });
    });
    if (isThere.current) setBusy(false);
  }

  useEffect(() => {
    make(USUAL);
    return () => void (isThere.current = false);
  }, []);

  return (
    <Dialog
      name="invite"
      title={leadsTo ? said`Invite people to ${leadsTo.name}` : 'Invite people'}
      onClose={closeModal}
    >
      {!made && (problem ? <Problem message={problem} onRetry={() => make(USUAL)} /> : <Loading />)}
      {made && (
        <>
          <p class="confirm__text">
            Anyone with this link can create an account{leadsTo && said` and join ${leadsTo.name}`}.
          </p>
          <ShareLink key={made.code} to={{ page: 'invite', code: made.code }} what="the invitation" />
          <InviteLabel invite={made.id} value={label.current} onSaved={(saved) => void (label.current = saved)} />
          <div class="form__row invite__expiry">
            <label class="form__label" for="invite-expiry">
              Link expires
            </label>
            <select
              id="invite-expiry"
              class="field field--select"
              aria-describedby="invite-expiry-hint"
              disabled={isBusy}
              value={made.choice}
              onInput={(event) => make(event.currentTarget.value)}
            >
              {INVITE_CHOICES.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
            <p class="form__hint" id="invite-expiry-hint">
              Changing this creates a new link, and this one stops working.
            </p>
            <p class="form__problem" role="alert">
              {problem}
            </p>
          </div>
          <div class="confirm__actions confirm__actions--apart">
            <Link to={{ page: 'admin', tab: 'invitations' }} onGo={closeModal}>
              All invitations
            </Link>
            <button type="button" class="button button--primary" onClick={closeModal}>
              Done
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}
