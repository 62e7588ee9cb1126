/* A field in which one chooses one of many by a few letters of the name: they are asked for as one types. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { reasonOf } from '../../lib/refusal.js';
import { Avatar } from '../avatar.jsx';
import { useApp } from '../context.js';
import { CloseIcon } from '../icons.jsx';

const MOMENT_MS = 150;
const SHOWN_MAX = 8;

/** @typedef {{ id: number, label: string, note?: string, icon?: import('preact').ComponentChildren }} Option */

/**
 * @template {{ id: number }} Thing
 * @param {object} props
 * @param {string} props.label
 * @param {string} props.placeholder what it means that nothing is chosen
 * @param {Thing | null} props.value
 * @param {(thing: Thing) => Option} props.optionOf
 * @param {(text: string) => Promise<Thing[]>} props.search "": the first ones
 * @param {(thing: Thing | null) => void} props.onPick
 */
function Chooser({ label, placeholder, value, optionOf, search, onPick }) {
  const id = useId();
  const chosen = value ? optionOf(value).label : '';
  const [text, setText] = useState(chosen);
  const [isOpen, setShown] = useState(false);
  /** The same, at once: a fast writer presses Enter before the next drawing. */
  const isOpenNow = useRef(false);
  const [found, setFound] = useState({ text: '', things: /** @type {Thing[] | null} */ (null), problem: '' });
  const [index, setIndex] = useState(0);
  /** Enter was pressed before what is found for the present letters had come. */
  const isHasty = useRef(false);
  const turn = useRef(0);
  const timer = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));

  const setOpen = (/** @type {boolean} */ open) => setShown((isOpenNow.current = open));

  useEffect(() => setText(chosen), [chosen]);
  useEffect(
    () => () => {
      turn.current++;
      clearTimeout(timer.current);
    },
    [],
  );

  /** @param {string} wanted @param {number} delay_ms */
  function look(wanted, delay_ms) {
    const mine = ++turn.current;
    isHasty.current = false;
    setOpen(true);
    setIndex(0);
    clearTimeout(timer.current);
    timer.current = setTimeout(async () => {
      let things = /** @type {Thing[] | null} */ (null);
      let problem = '';
      try {
        things = (await search(wanted)).slice(0, SHOWN_MAX);
      } catch (error) {
        problem = reasonOf(error).message;
      }
      if (mine !== turn.current) return;
      if (isHasty.current && things?.length) return pick(things[0]);
      setFound({ text: wanted, things, problem });
    }, delay_ms);
  }

  function close() {
    turn.current++;
    isHasty.current = false;
    setOpen(false);
    setFound({ text: '', things: null, problem: '' });
    setText(chosen);
  }

  /** @param {Thing | null} thing */
  function pick(thing) {
    close();
    setText(thing ? optionOf(thing).label : '');
    onPick(thing);
  }

  /** @param {KeyboardEvent & { currentTarget: HTMLInputElement }} event */
  function onKeyDown(event) {
    const { key, isComposing, currentTarget } = event;
    const things = found.things ?? [];
    if (isComposing) return;
    const open = isOpenNow.current;
    if (key === 'Escape' && open) close();
    else if (key === 'ArrowDown' && !open) look('', 0);
    else if (key === 'ArrowDown') setIndex((index + 1) % Math.max(things.length, 1));
    else if (key === 'ArrowUp' && open) setIndex((index - 1 + things.length) % Math.max(things.length, 1));
    else if (key === 'Enter' && open) {
      if (found.things && found.text === currentTarget.value.trim()) things[index] && pick(things[index]);
      else isHasty.current = true;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const { things, problem } = found;
  const active = things?.[index];
  return (
    <div class="chooser">
      <label class="form__label" for={id}>
        {label}
      </label>
      <div class="chooser__field">
        <input
          id={id}
          class="field"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={isOpen}
          aria-controls={`${id}-list`}
          aria-activedescendant={isOpen && active ? `${id}-${active.id}` : undefined}
          autoComplete="off"
          spellcheck={false}
          placeholder={placeholder}
          value={text}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
            look(currentTarget.value.trim(), MOMENT_MS);
          }}
          onFocus={({ currentTarget }) => currentTarget.select()}
          onClick={() => !isOpen && look('', 0)}
          onKeyDown={onKeyDown}
          onBlur={close}
        />
        {value && (
          <button type="button" class="icon-button chooser__clear" onClick={() => pick(null)}>
            <CloseIcon />
            <span class="visually-hidden">
              {label}: {placeholder}
            </span>
          </button>
        )}
      </div>
      <ul class="chooser__list" id={`${id}-list`} role="listbox" aria-label={label} hidden={!isOpen || !things?.length}>
        {things?.map((thing, at) => {
          const { label: name, note, icon } = optionOf(thing);
          return (
            <li
              key={thing.id}
              id={`${id}-${thing.id}`}
              role="option"
              aria-selected={at === index}
              class="chooser__option"
              onPointerMove={() => at !== index && setIndex(at)}
              onPointerDown={(event) => event.preventDefault() /* the field keeps the focus */}
              onClick={() => pick(thing)}
            >
              {icon}
              <bdi class="chooser__name">{name}</bdi>
              {note && <bdi class="quiet">@{note}</bdi>}
            </li>
          );
        })}
      </ul>
      <p class="chooser__none" role="status">
        {isOpen && (problem || (things?.length === 0 && 'There is none of that name.'))}
      </p>
    </div>
  );
}

/** @typedef {import('../../lib/protocol.js').PersonInfo} PersonInfo */

/** What has no account: it acts as the user with the id 0. @type {PersonInfo} */
const COMMAND_LINE = { id: 0, name: 'Command line' };

/**
 * @param {object} props
 * @param {string} props.label
 * @param {PersonInfo | null} props.value
 * @param {(person: PersonInfo | null) => void} props.onPick
 * @param {boolean} [props.withSystem] the command line is one of them
 */
export function PersonChooser({ withSystem = false, ...rest }) {
  const { request, chat } = useApp();
  return (
    <Chooser
      {...rest}
      placeholder="Anybody"
      optionOf={(person) => {
        const label = person.id ? chat.persons.nameOf(person) : person.name;
        const { name } = chat.persons.of(person);
        return {
          id: person.id,
          label,
          note: label === name ? '' : name,
          icon: person.id ? <Avatar user={person} small /> : undefined,
        };
      }}
      search={async (query) => {
        const { people } = await request({ type: 'people', ...(query && { query }), limit: SHOWN_MAX });
        chat.persons.learn(...people);
        const isMeant = withSystem && COMMAND_LINE.name.toLowerCase().includes(query.toLowerCase());
        return isMeant ? [COMMAND_LINE, ...people] : people;
      }}
    />
  );
}

/**
 * @param {object} props
 * @param {string} props.label
 * @param {{ id: number, name: string } | null} props.value
 * @param {(room: { id: number, name: string } | null) => void} props.onPick
 */
export function RoomChooser(props) {
  const { request, chat } = useApp();
  return (
    <Chooser
      {...props}
      placeholder="Any room"
      optionOf={({ id, name }) => ({ id, label: name })}
      search={async (query) => {
        const { rooms } = await request({ type: 'rooms', ...(query && { query }), limit: SHOWN_MAX });
        /* Closed rooms are not listed; ours we know. */
        const closed = [...chat.rooms.values()].filter(
          ({ kind, name }) => kind === 'closed' && name.toLowerCase().includes(query.toLowerCase()),
        );
        return [...rooms, ...closed].map(({ id, name }) => ({ id, name }));
      }}
    />
  );
}
