/* The list of bans. */
import { useState } from 'preact/hooks';
import { said } from '../../lib/said.js';
import { shortMoment } from '../../lib/time.js';
import { mayDoTo } from '../../model/admin/roles.js';
import { Ago } from '../ago.jsx';
import { Avatar } from '../avatar.jsx';
import { useApp } from '../context.js';
import { Dialog } from '../dialog.jsx';
import { List, useListing } from '../list.jsx';
import { Section } from '../page.jsx';
import { PeoplePicker, PersonNames } from '../people/picker.jsx';
import { Empty } from '../states.jsx';
import { attempt, say } from '../toast.jsx';
import { watch } from '../watch.js';
import { BanForm, confirmUnban } from './ban.jsx';
import { UserName } from './user_name.jsx';

/** @typedef {import('../../lib/protocol.js').BanInfo} BanInfo */
/** @typedef {import('../../lib/protocol.js').PersonInfo} PersonInfo */

export function BansTab() {
  const { request, chat } = useApp();
  const bans = /** @type {import('../../model/listing.js').Listing<BanInfo>} */ (
    useListing({ type: 'bans', cursor: 'before' })
  );
  const [isAdding, setAdding] = useState(false);

  /** @param {BanInfo} ban */
  async function lift({ id, user, hide }) {
    const name = chat.persons.nameOf(user);
    if (!(await confirmUnban(name, hide))) return;
    if (await attempt(() => request({ type: 'unban', user: user.id }), said`${name} is no longer banned.`))
      bans.change(id, null);
  }

  return (
    <Section title="Bans" about="Banned people can't sign in or return as the same guest.">
      <button type="button" class="button" onClick={() => setAdding(true)}>
        Ban a person
      </button>
      <List
        of={bans}
        label="Bans"
        empty={<Empty>Nobody is banned.</Empty>}
        draw={(ban) => <BanRow ban={ban} onLift={() => lift(ban)} />}
      />
      {isAdding && <NewBan onDone={() => bans.load()} onClose={() => setAdding(false)} />}
    </Section>
  );
}

/** @param {{ ban: BanInfo, onLift: () => void }} props */
function BanRow({ ban: { user, by, at, until_ms, reason, hide }, onLift }) {
  const { chat } = useApp();
  const { me } = watch(chat);
  const now = Date.now();
  const isOver = until_ms > 0 && until_ms <= now;
  const person = watch(chat.persons).of(user);
  return (
    <>
      <Avatar user={user} />
      <div class="list__main">
        <p class="list__title">
          <PersonNames person={person} />
          <span class={`badge ${isOver ? 'badge--quiet' : 'badge--danger'}`}>
            {isOver ? 'Ended' : until_ms ? `Until ${shortMoment(until_ms, now)}` : 'Permanent'}
          </span>
          {hide && <span class="badge badge--quiet">Messages hidden</span>}
        </p>
        {reason && (
          <p class="list__text" dir="auto">
            {reason}
          </p>
        )}
        <p class="list__about">
          <span>
            by <UserName user={by} />, <Ago at={at} />
          </span>
        </p>
      </div>
      {mayDoTo('unban', me, person) && (
        <button type="button" class="button button--small" onClick={onLift}>
          Unban<span class="visually-hidden"> {chat.persons.nameOf(user)}</span>
        </button>
      )}
    </>
  );
}

/** @param {{ onDone: () => void, onClose: () => void }} props */
function NewBan({ onDone, onClose }) {
  const { chat } = useApp();
  const { me } = watch(chat);
  const [chosen, setChosen] = useState(/** @type {PersonInfo[]} */ ([]));
  const [person] = chosen;
  return (
    <Dialog name="ban" title={person ? said`Ban ${chat.persons.nameOf(person)}` : 'Ban a person'} onClose={onClose}>
      {person ? (
        <BanForm
          user={person}
          onDone={(how) => {
            say(`You ${how}.`);
            onDone();
            onClose();
          }}
          aside={
            <button type="button" class="button" onClick={() => setChosen([])}>
              Someone else
            </button>
          }
        />
      ) : (
        <PeoplePicker
          label="Person"
          chosen={chosen}
          onChange={setChosen}
          most={1}
          isOffered={(other) => !other.banned && mayDoTo('ban', me, other)}
        />
      )}
    </Dialog>
  );
}
