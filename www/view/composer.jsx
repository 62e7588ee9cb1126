/* The composer. Its text is always stored as the draft of its room; only sending it or the writer removes it. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { said } from '../lib/said.js';
import { isBlank, plural } from '../lib/text.js';
import { shortMoment } from '../lib/time.js';
import { whyNotWrite } from '../model/permissions.js';
import { ComposerInstead } from './composer_instead.jsx';
import { useApp } from './context.js';
import { SendIcon } from './icons.jsx';
import { dialog, isTouch } from './ui.js';
import { watch } from './watch.js';

/** The remaining space is shown when it is less than this. */
const NEARLY_FULL_BYTES = 500;
/** The keyCode of an input method's key event, in browsers that end the composition before the event. */
const IME_KEY = 229;
const LINK = /^https?:\/\/[^\s()]+$/i;

/** A longer wait is shown as a time of day. */
const COUNTED_MS = 100_000;

/**
 * When the reader can post again; redraws every second until then; 0: now.
 * @param {import('../model/room.js').Room} room
 */
function useWait(room) {
  const { chat } = useApp();
  watch(chat.outbox);
  watch(room.timeline);
  const [, setTick] = useState(0);
  const until = chat.mayWriteAt(room);
  useEffect(() => {
    if (!until) return;
    const timer = setInterval(() => setTick((tick) => tick + 1), 1000);
    return () => clearInterval(timer);
  }, [until]);
  return until;
}

/** @param {number} until @param {boolean} isSilenced */
function waitWords(until, isSilenced) {
  const now = Date.now();
  const rest =
    until - now < COUNTED_MS
      ? `in ${plural(Math.max(Math.ceil((until - now) / 1000), 1), 'second')}`
      : `at ${shortMoment(until, now)}`;
  return isSilenced
    ? `A moderator has muted you in this room. You can post again ${rest}.`
    : `Slow mode: you can post again ${rest}.`;
}

/** @param {{ room: import('../model/room.js').Room }} props drawn with the room's id as key: each room has its own */
export function Composer({ room }) {
  const { chat } = useApp();
  watch(room);
  const waitUntil = useWait(room);
  const why = whyNotWrite(room, watch(chat).me);
  const title = chat.titleOf(room);
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const wasThere = useRef(false);
  const [text, setText] = useState(() => chat.drafts.of(room.id));
  /** Counts changes of the text that were not typed. Each makes a new field, as undo would bring back the old text. */
  const [changes, setChanges] = useState(0);
  const keepsFocus = useRef(false);
  const left = chat.server.roomLeft(text);

  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    const box = /** @type {HTMLElement} */ (element.parentElement);
    const { scrollTop } = element;
    box.style.minHeight = `${box.offsetHeight}px`; /* without it, the timeline would be laid out for the measurement, too */
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`; /* the style sheet sets the limit */
    element.scrollTop = scrollTop;
    box.style.minHeight = '';
  }, [text, why, changes]);

  useLayoutEffect(() => {
    if (keepsFocus.current) area.current?.focus();
  }, [changes]);

  /** @param {string} value @param {boolean} takesFocus */
  function replace(value, takesFocus) {
    keepsFocus.current = takesFocus || document.activeElement === area.current;
    setText(value);
    setChanges((count) => count + 1);
  }

  /* Another tab has sent or changed the draft that both show. */
  useEffect(
    () =>
      chat.drafts.observe(() => {
        const kept = chat.drafts.now(room.id);
        if (area.current && area.current.value !== kept) replace(kept, false);
      }),
    [],
  );

  /* Takes the focus at first, and after a dialog that opened before anything had the focus. */
  const isFree = dialog.value === null;
  useEffect(() => {
    const isNowhere = document.activeElement === document.body;
    if (!isTouch && isFree && (!wasThere.current || isNowhere)) area.current?.focus({ preventScroll: true });
    wasThere.current = true;
  }, [isFree]);

  if (why) return <ComposerInstead room={room} why={why} />;

  /** @param {string} value */
  function write(value) {
    setText(value);
    chat.drafts.keep(room.id, value);
  }

  /* Sends the text of the field itself: a fast writer has changed it since the last drawing. */
  function send() {
    const value = area.current?.value ?? '';
    if (isBlank(value) || chat.server.roomLeft(value) < 0 || chat.mayWriteAt(room)) return;
    chat.send(room, value);
    chat.drafts.keep(room.id, '');
    replace('', true);
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.key !== 'Enter' || event.isComposing || event.keyCode === IME_KEY) return;
    const makesLine = isTouch ? !event.ctrlKey && !event.metaKey : event.shiftKey || event.altKey;
    if (makesLine) return;
    event.preventDefault();
    send();
  }

  /** Pasting a link over words turns the words into a link. @param {ClipboardEvent} event */
  function onPaste(event) {
    const { value, selectionStart, selectionEnd } = /** @type {HTMLTextAreaElement} */ (event.currentTarget);
    const words = value.slice(selectionStart, selectionEnd);
    const link = event.clipboardData?.getData('text/plain').trim() ?? '';
    if (!words.trim() || /[[\]\n]/.test(words) || LINK.test(words) || !LINK.test(link)) return;
    event.preventDefault();
    /* Deprecated, but the only way that works with undo. */
    document.execCommand('insertText', false, `[${words}](${link})`);
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class={`composer__box ${left < 0 ? 'composer__box--full' : ''}`}>
        <textarea
          key={changes}
          ref={area}
          class="composer__text"
          rows={1}
          dir="auto"
          value={text}
          placeholder={said`Message ${title}`}
          aria-label={said`Message ${title}`}
          aria-invalid={left < 0 ? 'true' : undefined}
          aria-describedby="composer-left composer-wait"
          enterkeyhint={isTouch ? 'enter' : 'send'}
          onInput={(event) => {
            write(event.currentTarget.value);
            if (!isBlank(event.currentTarget.value)) chat.typed(room);
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        {/* A press must not take the focus from the text: that would close a phone's keyboard. */}
        <button
          type="submit"
          class="composer__send"
          disabled={isBlank(text) || left < 0 || waitUntil > 0}
          onPointerDown={(event) => event.preventDefault()}
        >
          <SendIcon />
          <span class="visually-hidden">Send</span>
        </button>
      </div>
      <p id="composer-left" class="composer__left" role={left < 0 ? 'alert' : undefined}>
        {left < 0 && `Too long: ${(-left).toLocaleString()} over the limit.`}
        {left >= 0 && left < NEARLY_FULL_BYTES && `${left.toLocaleString()} left`}
      </p>
      {waitUntil > 0 && (
        <p id="composer-wait" class="composer__wait">
          {waitWords(waitUntil, waitUntil === room.silencedUntil)}
        </p>
      )}
    </form>
  );
}
