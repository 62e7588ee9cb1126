/* Reported messages, and how the reports were handled. */
import { useRef, useState } from 'preact/hooks';
import { outcomeOf, remediesFor } from '../../model/admin/report.js';
import { Ago } from '../ago.jsx';
import { Avatar } from '../avatar.jsx';
import { confirm } from '../confirm.jsx';
import { useApp } from '../context.js';
import { Dialog } from '../dialog.jsx';
import { Form, TextField } from '../form.jsx';
import { BellOffIcon, BlockIcon, TrashIcon } from '../icons.jsx';
import { Listed, useListing } from '../list.jsx';
import { Section } from '../page.jsx';
import { Empty } from '../states.jsx';
import { attempt, say } from '../toast.jsx';
import { watch } from '../watch.js';
import { BanDialog, MuteDialog, REASON_MAX } from './ban.jsx';
import { MessageLink } from './message_link.jsx';
import { UserName } from './user_name.jsx';

/** @typedef {import('../../lib/protocol.js').ReportInfo} ReportInfo */
/** @typedef {import('../../model/listing.js').Listing<ReportInfo>} Reports */

export function ReportsTab() {
  const { reports } = useApp();
  const { label } = watch(reports);
  const [handled, setHandled] = useState(false);
  const first = useRef(/** @type {HTMLButtonElement | null} */ (null));
  return (
    <Section title="Reports">
      <div class="chips" role="group" aria-label="Which reports">
        <button type="button" class="chip" ref={first} aria-pressed={!handled} onClick={() => setHandled(false)}>
          Open{label && ` (${label})`}
        </button>
        <button type="button" class="chip" aria-pressed={handled} onClick={() => setHandled(true)}>
          Resolved
        </button>
      </div>
      {handled ? <Handled /> : <Waiting onHandled={() => first.current?.focus()} />}
    </Section>
  );
}

/** @param {{ onHandled: () => void }} props called after a report has left the list together with the focused button */
function Waiting({ onHandled }) {
  const { request, reports } = useApp();
  const { count } = watch(reports);
  const listing = /** @type {Reports} */ (useListing({ type: 'reports' }, { handled: false }, count));
  /** The actions taken on each report, for its outcome. */
  const done = useRef(/** @type {Map<number, string[]>} */ (new Map()));
  const [handling, setHandling] = useState(/** @type {ReportInfo | null} */ (null));

  /** @param {ReportInfo} report @param {string} what */
  const note = ({ id }, what) => void done.current.set(id, [...(done.current.get(id) ?? []), what]);

  /** @param {ReportInfo} report @param {string} outcome */
  async function handle(report, outcome) {
    await request({ type: 'handle_report', report: report.id, outcome });
    setHandling(null);
    listing.change(report.id, null);
    say('Report resolved.');
    requestAnimationFrame(onHandled);
  }

  return (
    <>
      <Listed of={listing} empty={<Empty>No open reports.</Empty>}>
        <ul class="reports" aria-label="Open reports">
          {listing.items.map((report) => (
            <li key={report.id} class="report">
              <Reported report={report} />
              <Remedies
                report={report}
                listing={listing}
                onDone={(what) => note(report, what)}
                onHandle={() => setHandling(report)}
              />
            </li>
          ))}
        </ul>
      </Listed>
      {handling && (
        <Dialog name="handle" title="What did you do about it?" onClose={() => setHandling(null)}>
          <Form action="Mark as resolved" onSubmit={({ outcome }) => handle(handling, outcome)}>
            <TextField
              name="outcome"
              label="Outcome"
              hint="Shown to other moderators."
              rows={2}
              value={outcomeOf(done.current.get(handling.id) ?? [])}
              maxBytes={REASON_MAX}
              autoFocus
            />
          </Form>
        </Dialog>
      )}
    </>
  );
}

function Handled() {
  const listing = /** @type {Reports} */ (useListing({ type: 'reports', cursor: 'before' }, { handled: true }));
  return (
    <Listed of={listing} empty={<Empty>No resolved reports yet.</Empty>}>
      <ul class="reports" aria-label="Resolved reports">
        {listing.items.map((report) => (
          <li key={report.id} class="report">
            <Reported report={report} />
            {report.handled_by && report.handled_at && (
              <p class="report__line">
                <span class="badge">Resolved</span> by <UserName user={report.handled_by} />,{' '}
                <Ago at={report.handled_at} />
                {report.outcome && (
                  <>
                    : <span dir="auto">{report.outcome}</span>
                  </>
                )}
              </p>
            )}
          </li>
        ))}
      </ul>
    </Listed>
  );
}

/** The message, its author and room, and who reported it. @param {{ report: ReportInfo }} props */
function Reported({ report: { author, room, room_name, seq, body, by, reason, at } }) {
  return (
    <>
      <div class="report__head">
        <Avatar user={author} small />
        <p>
          <b>
            <UserName user={author} />
          </b>{' '}
          <MessageLink room={{ id: room, name: room_name }} seq={seq} within />
        </p>
      </div>
      {body ? (
        <blockquote class="report__body" dir="auto" tabIndex={0}>
          {body}
        </blockquote>
      ) : (
        <p class="report__gone">This message was deleted.</p>
      )}
      <p class="report__line">
        Reported by <UserName user={by} />, <Ago at={at} />
        {reason && (
          <>
            : <span dir="auto">{reason}</span>
          </>
        )}
      </p>
    </>
  );
}

/**
 * @param {object} props
 * @param {ReportInfo} props.report
 * @param {Reports} props.listing
 * @param {(what: string) => void} props.onDone
 * @param {() => void} props.onHandle
 */
function Remedies({ report, listing, onDone, onHandle }) {
  const { request, chat } = useApp();
  const { me, rooms } = watch(chat);
  const author = watch(chat.persons).of(report.author);
  const [dialog, setDialog] = useState(/** @type {'mute' | 'ban' | null} */ (null));
  const may = remediesFor(report, { me, room: rooms.get(report.room) ?? null, author });
  const name = chat.persons.nameOf(author);

  async function remove() {
    const sure = await confirm({
      title: 'Delete this message?',
      text: "This can't be undone. It will be deleted for everyone.",
      action: 'Delete',
      danger: true,
    });
    if (
      !sure ||
      !(await attempt(() => request({ type: 'delete', room: report.room, seq: report.seq }), 'Message deleted.'))
    )
      return;
    onDone('deleted the message');
    /* Others can have reported the same message. */
    for (const { id, room, seq } of listing.items)
      if (room === report.room && seq === report.seq) listing.change(id, { body: '' });
  }

  /** @param {string} how */
  function finish(how) {
    setDialog(null);
    onDone(how);
    say(`You ${how}.`);
  }

  return (
    <div class="report__actions">
      {may.delete && (
        <button type="button" class="button button--small button--icon" onClick={remove}>
          <TrashIcon /> Delete message
        </button>
      )}
      {may.mute && (
        <button type="button" class="button button--small button--icon" onClick={() => setDialog('mute')}>
          <BellOffIcon /> Mute<span class="visually-hidden"> {name}</span>
        </button>
      )}
      {may.ban && (
        <button type="button" class="button button--small button--icon" onClick={() => setDialog('ban')}>
          <BlockIcon /> Ban<span class="visually-hidden"> {name}</span>
        </button>
      )}
      <button type="button" class="button button--small button--primary" onClick={onHandle}>
        Resolve
      </button>
      {dialog === 'mute' && (
        <MuteDialog
          user={author}
          room={{ id: report.room, name: report.room_name }}
          onDone={finish}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'ban' && (
        <BanDialog user={author} reason={report.reason} onDone={finish} onClose={() => setDialog(null)} />
      )}
    </div>
  );
}
