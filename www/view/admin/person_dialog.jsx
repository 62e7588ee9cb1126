/* A user as admins see them, with the actions on them. One dialog: each action replaces the overview. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { said } from '../../lib/said.js';
import { fullTime, isoTime, shortDate, shortMoment } from '../../lib/time.js';
import { isPowerful, mayDoTo, ROLE_NAMES, ROLES, rolesToGive } from '../../model/admin/roles.js';
import { hasAccount, may } from '../../model/permissions.js';
import { Avatar } from '../avatar.jsx';
import { confirm } from '../confirm.jsx';
import { useApp } from '../context.js';
import { CurrentPassword, FIELD_OF_WRONG_PASSWORD } from '../current_password.jsx';
import { Dialog } from '../dialog.jsx';
import { Form, SelectField } from '../form.jsx';
import { BlockIcon, KeyIcon, ListIcon, ShieldIcon } from '../icons.jsx';
import { useAction } from '../use_action.js';
import { useQuery } from '../use_query.js';
import { watch } from '../watch.js';
import { lookUp } from './audit_filter.js';
import { BanForm, confirmUnban } from './ban.jsx';
import { ShareLink } from './share_link.jsx';

/** @typedef {import('../../lib/protocol.js').PersonInfo} PersonInfo */
/** @typedef {'overview' | 'role' | 'ban' | 'reset'} Matter */

/** @param {{ person: PersonInfo, onClose: () => void }} props */
export function PersonDialog({ person: given, onClose }) {
  const { chat } = useApp();
  const person = watch(chat.persons).of(given);
  const name = chat.persons.nameOf(person);
  const [matter, setMatter] = useState(/** @type {Matter} */ ('overview'));
  const [done, setDone] = useState('');
  const finish = (/** @type {string} */ how) => {
    setDone(how);
    setMatter('overview');
  };
  const back = (
    <button type="button" class="button" onClick={() => setMatter('overview')}>
      Back
    </button>
  );
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  /* The element with the focus was part of the previous view. */
  useEffect(() => {
    const inside = box.current?.contains(document.activeElement);
    if (!inside) /** @type {HTMLElement | null | undefined} */ (box.current?.querySelector('select, button'))?.focus();
  }, [matter]);
  const titles = {
    overview: name,
    role: said`${name}'s role`,
    ban: said`Ban ${name}`,
    reset: said`Password reset link for ${name}`,
  };
  return (
    <Dialog name="person" title={titles[matter]} onClose={onClose}>
      <div ref={box}>
        {matter === 'overview' && (
          <Overview person={person} done={done} onDone={setDone} onMatter={setMatter} onClose={onClose} />
        )}
        {matter === 'role' && <RoleForm person={person} aside={back} onDone={finish} />}
        {matter === 'ban' && <BanForm user={person} aside={back} onDone={(how) => finish(`You ${how}.`)} />}
        {matter === 'reset' && <ResetLink person={person} back={back} />}
      </div>
    </Dialog>
  );
}

/**
 * @param {object} props
 * @param {PersonInfo} props.person
 * @param {string} props.done the action that has just been done
 * @param {(how: string) => void} props.onDone
 * @param {(matter: Matter) => void} props.onMatter
 * @param {() => void} props.onClose
 */
function Overview({ person, done, onDone, onMatter, onClose }) {
  const { request, chat, router } = useApp();
  const { me } = watch(chat);
  const { problem, carryOut } = useAction();
  const name = chat.persons.nameOf(person);
  const isBanned = person.banned === true;
  const can = {
    role: rolesToGive(me, person).length > 0,
    ban: !isBanned && mayDoTo('ban', me, person),
    unban: isBanned && mayDoTo('unban', me, person),
    reset: !isBanned && mayDoTo('create_reset', me, person),
    audit: may('audit', { me }),
  };

  async function unban() {
    if (!(await confirmUnban(name, person.hidden === true))) return;
    if (await carryOut(() => request({ type: 'unban', user: person.id }))) onDone(said`${name} is no longer banned.`);
  }

  /** @param {'actor' | 'user'} as */
  function audit(as) {
    lookUp({ [as]: person });
    onClose();
    router.go({ page: 'admin', tab: 'audit' });
  }

  return (
    <>
      <Facts person={person} />
      <p class="form__done" role="status">
        {done}
      </p>
      <p class="form__problem" role="alert">
        {problem}
      </p>
      {me?.id === person.id && <p class="form__hint">This is you.</p>}
      <div class="actions">
        {can.role && (
          <button type="button" class="button button--icon" onClick={() => onMatter('role')}>
            <ShieldIcon /> Change role
          </button>
        )}
        {can.reset && (
          <button type="button" class="button button--icon" onClick={() => onMatter('reset')}>
            <KeyIcon /> Create password reset link
          </button>
        )}
        {can.audit && (
          <>
            <button type="button" class="button button--icon" onClick={() => audit('actor')}>
              <ListIcon /> Their actions
            </button>
            <button type="button" class="button button--icon" onClick={() => audit('user')}>
              <ListIcon /> Actions about them
            </button>
          </>
        )}
        {can.ban && (
          <button type="button" class="button button--icon actions__danger" onClick={() => onMatter('ban')}>
            <BlockIcon /> Ban
          </button>
        )}
        {can.unban && (
          <button type="button" class="button button--icon" onClick={unban}>
            <BlockIcon /> Unban
          </button>
        )}
      </div>
    </>
  );
}

/** @param {{ person: PersonInfo }} props */
function Facts({ person }) {
  const { request, chat } = useApp();
  const { id, name, role = 'visitor', banned } = person;
  const { answer, problem } = useQuery(() => request({ type: 'person', user: id }), [id]);
  const { answer: bans } = useQuery(
    () => (banned ? request({ type: 'bans', user: id }) : Promise.resolve(null)),
    [id, banned],
  );
  /** @type {import('../../lib/protocol.js').BanInfo | undefined} */
  const ban = bans?.bans[0];
  return (
    <div class="person-facts">
      <Avatar user={person} />
      <dl class="facts">
        <dt>Username</dt>
        <dd>
          <bdi>{name}</bdi>
        </dd>
        <dt>Role</dt>
        <dd>{hasAccount(person) ? ROLE_NAMES[role] : 'Guest, without an account'}</dd>
        <dt>Joined</dt>
        <dd>
          {answer ? (
            <time dateTime={isoTime(answer.person.since)} title={fullTime(answer.person.since)}>
              {shortDate(answer.person.since)}
            </time>
          ) : (
            problem || '…'
          )}
        </dd>
        {banned && (
          <>
            <dt>Banned</dt>
            <dd>
              {ban ? (
                <>
                  {ban.until_ms ? `until ${shortMoment(ban.until_ms, Date.now())}` : 'permanently'}, by{' '}
                  <bdi>{chat.persons.nameOf(ban.by)}</bdi>
                </>
              ) : (
                'yes'
              )}
            </dd>
            {ban?.reason && (
              <>
                <dt>Reason</dt>
                <dd dir="auto">{ban.reason}</dd>
              </>
            )}
          </>
        )}
      </dl>
    </div>
  );
}

/** @param {{ person: PersonInfo, aside: import('preact').ComponentChildren, onDone: (how: string) => void }} props */
function RoleForm({ person, aside, onDone }) {
  const { request, chat } = useApp();
  const { me } = watch(chat);
  const first = useRef(rolesToGive(me, person)); /* as it was when the choice began */
  const roles = ROLES.filter(({ role }) => first.current.includes(role));
  const [chosen, setChosen] = useState(roles[0]?.role);
  const name = chat.persons.nameOf(person);
  return (
    <Form
      action="Save role"
      aside={aside}
      onSubmit={async ({ role }) => {
        if (!(await isSure(name, role, person))) throw new Error('Nothing was changed.');
        await request({ type: 'set_role', user: person.id, role });
        onDone(said`${name} now has the role ${ROLE_NAMES[/** @type {keyof typeof ROLE_NAMES} */ (role)]}.`);
      }}
    >
      <SelectField
        name="role"
        label="New role"
        value={chosen}
        hint={roles.find(({ role }) => role === chosen)?.about}
        options={roles.map(({ role }) => ({ value: role, label: ROLE_NAMES[role] }))}
        onChange={(role) => setChosen(/** @type {typeof chosen} */ (role))}
      />
      <p class="form__hint">
        Current role: <b>{ROLE_NAMES[person.role ?? 'member']}</b>
      </p>
    </Form>
  );
}

/** @param {string} name @param {import('../../lib/protocol.js').Role} role @param {PersonInfo} person */
async function isSure(name, role, person) {
  if (isPowerful(role)) {
    const text =
      role === 'owner'
        ? 'Owners have full access and can remove your role.'
        : 'Admins can view the audit log, change roles and create password reset links.';
    return confirm({ title: said`Make ${name} an ${role}?`, text, action: said`Make ${role}`, danger: true });
  }
  if (isPowerful(person.role ?? 'member')) {
    const was = person.role === 'owner' ? 'an owner' : 'an admin';
    return confirm({
      title: said`${name} is ${was}`,
      text: "They lose that role's permissions immediately.",
      action: 'Change role',
      danger: true,
    });
  }
  return true;
}

/** @param {{ person: PersonInfo, back: import('preact').ComponentChildren }} props */
function ResetLink({ person, back }) {
  const { api } = useApp();
  const [code, setCode] = useState('');
  if (code) {
    return (
      <>
        <p class="confirm__text">Send it to them through a channel you trust. It won't be shown again.</p>
        <ShareLink to={{ page: 'reset', code }} what="the password reset link" />
        <div class="confirm__actions">{back}</div>
      </>
    );
  }
  return (
    <Form
      action="Create link"
      aside={back}
      fieldOf={FIELD_OF_WRONG_PASSWORD}
      onSubmit={async ({ current }) => setCode(await api.createReset({ user: person.id, current }))}
    >
      <p class="form__hint">
        They can use it to choose a new password. It works once, for one day. Anyone else with the link can sign in as
        them. It doesn't replace two-factor authentication.
      </p>
      <CurrentPassword />
    </Form>
  );
}
